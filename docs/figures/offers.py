"""What a peptide cream can do, and how other offers come and go: `offers.png` beside this file.

Run:  python docs/figures/offers.py
"""

from __future__ import annotations

from pathlib import Path

import jax
import matplotlib as mpl
import numpy as np
from evidence import BLUE, GREEN, LOOK, ORANGE, PURPLE, RED, panels
from matplotlib.axes import Axes

from endplate.case import Given, Patient, Plan, product
from endplate.course import ClosedForm, Course, default_parameters, simulate
from endplate.course.peptide import peptide_forecast
from endplate.evidence import load
from endplate.report.colours import INK, MUTED
from endplate.units import convert

HERE = Path(__file__).parent
LIBRARY = load()
AGE, MONTH = 50.0, convert(1, "month", to="day")
NOTHING = Plan(product("ona"), ())
TITLE = "Other offers: what a peptide cream would need, what moisture does, and how long the rest lasts"
NOTE = (
    "Left: share of the applied peptide that gets to the end plates, against the loss of force, with full inhibition "
    "granted (concentration that halves release recalled, not verified). Middle: glabella of a woman of 50; band: the "
    "published range of moisturising alone. Right: one treatment on day 0, or daily use for a year; dashed: the size "
    "is assumed. Fading is mostly assumed. No number here is tuned to an outcome of these creams."
)


def change(days: np.ndarray, *given: Given) -> np.ndarray:
    """Depth of the line at rest of the glabella over that without the offers, less 1 [%]."""
    with_, without = (_course(days, *one) for one in (given, ()))
    return 100 * np.asarray(with_.depth_rest / without.depth_rest - 1)[:, 0, 0]


def _course(days: np.ndarray, *given: Given) -> Course:
    return simulate(NOTHING, Patient(age=AGE), days=days, offers=given, spread=ClosedForm())


def draw_permeation(axes: Axes) -> None:
    """Loss of force by permeation, with what is published and what 10 % would take."""
    p = default_parameters(product("ona"))
    shares = np.geomspace(1e-5, 1, 200)
    losses = [100 * peptide_forecast(p, permeation=share).loss for share in shares]
    found = peptide_forecast(p)
    axes.plot(100 * shares, losses, color=BLUE)
    axes.axvline(100 * found.permeation, color=ORANGE, lw=2)
    axes.plot(100 * found.needed, 100 * found.wanted, "o", color=RED, ms=9, zorder=5)
    times = found.needed / found.permeation
    needed = f"10 % of force: {100 * found.needed:.2g} %\nwould have to get there,\n{times:.0f} times as much"
    axes.annotate(
        needed, (100 * found.needed, 10), (0.013, 34), color=RED, arrowprops={"arrowstyle": "-", "color": RED}
    )
    axes.text(0.012, 85, "reaches the living\nepidermis, in vitro;\nnone in the dermis", color="#8a5f00", va="top")
    axes.set(xscale="log", title="Peptide cream, 10 %", ylabel="loss of force [%]", ylim=(0, 100))
    axes.set(xlabel="share of what is applied that gets to the end plates [%]")
    print(f"published bound: loss {100 * found.loss:.2g} %; for 10 %: {100 * found.needed:.2g} %")


def draw_cream(axes: Axes) -> None:
    """The cream for half a year: moisture, and nothing of nerves."""
    days, until = np.arange(0.0, 280.0, 1.0), 196.0
    cream, vehicle = (change(days, Given(name, 14.0, until)) for name in ("acetyl_hexapeptide_8", "moisturiser"))
    size = LIBRARY["offer.moisturiser.hydration.size"]
    axes.fill_between(days, 100 * size.low * (vehicle / vehicle.min()), 0, color=BLUE, alpha=0.15, lw=0)
    axes.plot(days, vehicle, color=BLUE, lw=6, alpha=0.45, label="moisturiser")
    axes.plot(days, cream, color=RED, lw=2, label="the same with 10 % of the peptide")
    axes.axvspan(14, until, ymin=0.97, color=MUTED, alpha=0.5, lw=0)
    axes.text((14 + until) / 2, -1.7, "used twice a day", ha="center", color=INK, fontsize=11)
    axes.set(title="Line at rest, cream alone", xlabel="day", ylabel="change of depth [%]", ylim=(-35, 1.5))
    axes.legend(loc="lower right", bbox_to_anchor=(1.0, 0.12))
    print(f"largest difference of peptide and vehicle: {np.abs(cream - vehicle).max():.2g} points")


def draw_rest(axes: Axes) -> None:
    """Depth at rest over five years after one treatment or a year of use."""
    days = np.arange(0.0, 5 * 365.0, 10.0)
    drawn = (
        (Given("filler", 0.0), BLUE, "hyaluronic filler", "-"),
        (Given("laser", 0.0), GREEN, "laser resurfacing", "-"),
        (Given("radiofrequency", 0.0), PURPLE, "radiofrequency", "-"),
        (Given("retinoid", 0.0, 365.0), ORANGE, "retinoid for a year", "--"),
        (Given("ultrasound", 0.0), RED, "focused ultrasound", "--"),
        (Given("sunscreen", 0.0), INK, "sunscreen, daily", "-"),
    )
    for given, colour, label, dash in drawn:
        curve = change(days, given)
        axes.plot(days / 365, curve, dash, color=colour, label=label)
        print(f"{label}: lowest {curve.min():.1f} %, after 5 years {curve[-1]:.1f} %")
    axes.set(title="Line at rest, other offers", xlabel="year", ylabel="change of depth [%]", ylim=(-70, 3))
    axes.legend(loc="lower right")


def main() -> None:
    """Print the numbers and draw the figure."""
    mpl.rcParams.update(LOOK)
    figure, axes = panels(TITLE, NOTE, widths=(1.0, 1.0, 1.15))
    for draw, place in zip((draw_permeation, draw_cream, draw_rest), axes, strict=True):
        draw(place)
    figure.savefig(HERE / "offers.png", dpi=110)


if __name__ == "__main__":
    jax.config.update("jax_enable_x64", val=True)
    main()
