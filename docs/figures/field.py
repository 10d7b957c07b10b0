"""Draw the field of effect beside published sweat halos: `field.png` beside this file."""

from __future__ import annotations

from pathlib import Path

import curves
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from endplate.report.colours import INK, MUTED, OKABE_ITO
from endplate.report.style import styled, write_png

FOLDER = Path(__file__).parent
LIMITS = {"disc": ("fluid stays in the sheet", OKABE_ITO["blue"]), "ball": ("ball", OKABE_ITO["vermillion"])}
DOSES = np.geomspace(0.5, 20.0, 25)
# Doses of ona per point that the studies gave [U], as far as they are told.
STUDIED = np.linspace(2.0, 5.0, 7)
CONCENTRATION = 100.0
PRODUCTS = {
    "abo": ["abo_anhidrosis", "abo_hypohidrosis", "abo_halo"],
    "inco": ["inco_halo"],
    "rima": ["rima_halo"],
}


@styled
def draw() -> Figure:
    """Area by dose, area by volume, and doses of equal halos."""
    figure = Figure(figsize=(11.5, 3.7), layout="constrained")
    by_dose, by_volume, by_product = figure.subplots(1, 3)
    areas(by_dose)
    volumes(by_volume)
    products(by_product)
    return figure


def areas(axes: Axes) -> None:
    """Area of the halo by dose."""
    for limit, (words, colour) in LIMITS.items():
        for volume, dashes in ((0.05, "--"), (0.1, "-")):
            found = [curves.sweat_halo("ona", volume, dose, limit=limit) for dose in DOSES]
            axes.plot(DOSES, found, dashes, color=colour, label=f"{words}, {volume:g} mL")
    axes.set_xscale("log", base=2)
    axes.set_xticks([0.5, 1, 2, 5, 10, 20], ["½", "1", "2", "5", "10", "20"])
    axes.minorticks_off()
    axes.set_xlabel("onabotulinumtoxinA in one point [U]")
    axes.set_ylabel("sweat halo [mm²]")
    axes.set_title("Area grows with the logarithm of dose")
    axes.grid(visible=True)
    axes.legend(frameon=False, fontsize=8)


def volumes(axes: Axes) -> None:
    """Area at five times the volume over that at the smaller one."""
    for limit, (words, colour) in LIMITS.items():
        pairs = [[curves.sweat_halo("ona", volume, dose, limit=limit) for volume in (0.25, 0.05)] for dose in DOSES]
        ratio = np.array([wide / narrow if narrow else np.nan for wide, narrow in pairs])
        axes.plot(DOSES, ratio, color=colour, label=words)
    guide = curves.LIBRARY["observed.spread.area_ratio_volume"].value
    axes.plot(5.0, guide, "o", color=INK, markersize=7, markerfacecolor="white")
    axes.annotate("forehead, 5 U (recalled)", (5.0, guide), xytext=(9, 0), textcoords="offset points", va="center")
    axes.axhline(1, color=MUTED, linewidth=0.8)
    axes.set_xscale("log", base=2)
    axes.set_xticks([0.5, 1, 2, 5, 10, 20], ["½", "1", "2", "5", "10", "20"])
    axes.minorticks_off()
    axes.set_xlabel("onabotulinumtoxinA in one point [U]")
    axes.set_ylabel("area in 0.25 mL over that in 0.05 mL")
    axes.set_title("Five times the volume")
    axes.set_ylim(0, None)
    axes.grid(visible=True)
    axes.legend(frameon=False, fontsize=8, loc="lower right")


def products(axes: Axes) -> None:
    """Doses with the halo of 2 to 5 U of ona, over those of ona."""
    for row, (product, names) in enumerate(PRODUCTS.items()):
        for shift, (limit, (_, colour)) in zip((-0.12, 0.12), LIMITS.items(), strict=True):
            found = [curves.dose_of_equal_halo(product, dose, CONCENTRATION, limit=limit) / dose for dose in STUDIED]
            if np.isfinite(found).any():
                low, high = 0.97 * np.nanmin(found), 1.03 * np.nanmax(found)
                axes.plot([row + shift] * 2, [low, high], color=colour, linewidth=7, solid_capstyle="butt", alpha=0.75)
            elif limit == "disc":
                axes.annotate("model: no halo\nup to 100-fold", (row, 2.9), ha="center", color=MUTED, fontsize=8.5)
        for shift, name in zip(np.linspace(-0.3, 0.3, len(names)) if len(names) > 1 else [0.3], names, strict=True):
            one = curves.LIBRARY[f"observed.spread.area_ratio_ona.{name}"]
            low, high = one.low or one.value, one.high or one.value
            axes.errorbar(
                row + shift,
                one.value,
                [[one.value - low], [high - one.value]],
                color=INK,
                marker="o",
                markersize=6,
                markerfacecolor="white",
                capsize=3,
            )
    axes.set_yscale("log", base=2)
    axes.set_yticks([1, 1.5, 2, 3, 4], ["1", "1.5", "2", "3", "4"])
    axes.minorticks_off()
    axes.set_xticks(range(len(PRODUCTS)), [f"{one}botulinum-\ntoxin" for one in PRODUCTS])
    axes.set_xlim(-0.5, len(PRODUCTS) - 0.5)
    axes.set_ylim(0.85, 4)
    axes.set_ylabel("units per unit of ona for the same halo")
    axes.set_title(f"Products at {CONCENTRATION:g} U/mL: bars model, dots published")
    axes.grid(visible=True, axis="y")


if __name__ == "__main__":
    write_png(draw(), FOLDER / "field.png", dpi=130)
