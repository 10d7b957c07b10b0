"""Draw effects beside the wanted one beside published rates: `lid_ptosis.png` and `neck.png` beside this file."""

from __future__ import annotations

import runpy
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from endplate.case import Injection, Patient, Plan, anatomy, product
from endplate.case.file import parse_case, write_template
from endplate.course.engine import prepare
from endplate.evidence import load
from endplate.population.effects import Effect, effects
from endplate.population.happening import Record
from endplate.report.colours import INK, MUTED, OKABE_ITO
from endplate.report.style import styled, write_png

FOLDER = Path(__file__).parent
LIBRARY = load()
PATIENTS = 512
FIT = SimpleNamespace(**runpy.run_path(str(FOLDER.parents[1] / "calibration" / "spread.py")))
MODEL, EXTRA = OKABE_ITO["blue"], OKABE_ITO["orange"]
# Dose and volume of strabismus are those of the label: 1.25-5 U in 0.05-0.15 mL; the needle is guided to the belly.
RECTUS_DOSE, RECTUS_VOLUME = 2.5, 0.1
RECTI = {"superior": "superior", "medial": "medial", "lateral": "lateral", "inferior": "inferior"}
NECK_BOUNDS = (0.15, LIBRARY["effect.neck_loss"].value, 0.3)


def pattern(name: str) -> Plan:
    """The plan of a label pattern."""
    return parse_case(write_template(name)).plan


def lowered(plan: Plan, by: float) -> Plan:
    """The lateral corrugator points moved down [mm]."""
    return replace(
        plan,
        injections=tuple(
            replace(one, site=(one.site[0], one.site[1] - by, one.site[2])) if "lateral" in (one.name or "") else one
            for one in plan.injections
        ),
    )


def thinned(plan: Plan, fold: float) -> Plan:
    """The same doses in more fluid."""
    return replace(plan, injections=tuple(replace(one, volume=fold * one.volume) for one in plan.injections))


@cache
def lid_plans() -> dict[str, Plan]:
    """The plans whose lids are looked at."""
    label = pattern("glabella-20u")
    return {
        "label points": label,
        "lateral points 5 mm lower": lowered(label, 5.0),
        "five times the volume": thinned(label, 5.0),
        "forehead and glabella, 40 U": pattern("forehead-glabella-40u"),
        "beside the eyes, 24 U": pattern("lateral-canthus-24u"),
    }


# Published rows beside the plans; the first is the calibration row.
LID_ROWS = {
    "label points": ["observed.lid_ptosis.glabella", "observed.lid_ptosis.first_trial"],
    "forehead and glabella, 40 U": ["observed.lid_ptosis.forehead_glabella"],
    "beside the eyes, 24 U": ["observed.lid_ptosis.lateral_canthus"],
}


@cache
def lid(name: str) -> Effect:
    """Lid ptosis after one of the plans."""
    return effects(lid_plans()[name], Patient(), count=PATIENTS)["lid_ptosis"]


@cache
def rectus(name: str) -> Effect:
    """Lid ptosis after an injection into one straight eye muscle."""
    site = anatomy().sites[f"{name}_rectus.left.belly"].tip
    shot = Injection(site, dose=RECTUS_DOSE, volume=RECTUS_VOLUME, day=0.0, name=f"{name}_rectus.left.belly")
    return effects(Plan(product("ona"), (shot,)), Patient(), count=PATIENTS)["lid_ptosis"]


@cache
def neck(dose: float) -> tuple[Record, Record]:
    """Dysphagia and weakness of the neck after a dose of abobotulinumtoxinA."""
    found = FIT.seen(FIT.neck_plan(dose), PATIENTS // 2)
    return found["dysphagia"], found["neck_weakness"]


def dysphagia(dose: float) -> float:
    """Share of patients with dysphagia, by the model or the empirical remainder."""
    background, slope = (LIBRARY[f"remainder.throat_{name}"].value for name in ("background", "slope"))
    return FIT.rate(neck(dose)[0], background, slope)


@styled
def draw_lid() -> Figure:
    """Ptosis after plans of the upper face, and after strabismus injections."""
    figure = Figure(figsize=(11.0, 4.2), layout="constrained")
    face, eye = figure.subplots(1, 2, width_ratios=[1.5, 1])
    for row, name in enumerate(reversed(lid_plans())):
        found = lid(name)
        bar(face, row, found)
        for number, key in enumerate(LID_ROWS.get(name, [])):
            published(face, row - 0.3 - 0.12 * number, key, filled="first" not in key and name == "label points")
    face.set_yticks(range(len(lid_plans())), list(reversed(lid_plans())))
    face.set_title("Drooping lid after plans of the upper face")
    for row, name in enumerate(reversed(RECTI)):
        found = rectus(name)
        bar(eye, row, found, remainder=False)
        eye.annotate(f"{100 * found.probability:.1f} %", (found.high, row), xytext=(6, 0), va="center", **_POINTS)
    eye.set_yticks(range(len(RECTI)), [f"{name} rectus" for name in reversed(RECTI)])
    eye.set_title(f"After {RECTUS_DOSE:g} U into a rectus: predicted, no row fitted")
    for axes in (face, eye):
        axes.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0, symbol=" %"))
        axes.set_xlim(0, None)
        axes.grid(visible=True, axis="x")
        axes.set_xlabel("patients with a lid that falls by 2 mm or more")
    words = (
        "Blue: model, dot with 90 % interval of the draw. Hatched: empirical remainder, one slope, fitted to the "
        "filled circle. Circles: published with 95 % interval, any ptosis."
    )
    figure.supxlabel(words, color=MUTED, fontsize=8.5, x=0.01, ha="left")
    return figure


@styled
def draw_neck() -> Figure:
    """Dysphagia and weakness of the neck by dose."""
    figure = Figure(figsize=(9.5, 3.9), layout="constrained")
    throat, weak = figure.subplots(1, 2, sharex=True)
    doses = list(FIT.THROAT)
    for axes, key in ((throat, "dysphagia"), (weak, "neck_weakness")):
        for dose in (0.0, *doses):
            one = LIBRARY[f"observed.poewe.{key}_{dose:g}"]
            filled = INK if one.use == "calibration" and dose else "white"
            errors = [[one.value - (one.low or 0.0)], [(one.high or 1.0) - one.value]]
            axes.errorbar(
                dose, one.value, errors, color=INK, marker="o", markersize=6, markerfacecolor=filled, capsize=3
            )
        axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0, symbol=" %"))
        axes.set_ylim(-0.02, 0.95)
        axes.set_xlabel("abobotulinumtoxinA in the neck [U]")
        axes.grid(visible=True)
    start = -np.expm1(-LIBRARY["remainder.throat_background"].value)
    throat.plot([0.0, *doses], [start, *map(dysphagia, doses)], color=EXTRA, label="model and empirical remainder")
    throat.plot([0.0, *doses], [0.0, *(neck(dose)[0].has.mean() for dose in doses)], color=MODEL, label="model alone")
    throat.set_title("Dysphagia")
    for bound, dashes in zip(NECK_BOUNDS, ("--", "-", ":"), strict=True):
        shares = [0.0, *((neck(dose)[1].largest >= bound).mean() for dose in doses)]
        fitted = ", fitted" if dashes == "-" else ""
        words = f"model, weak from a loss of {100 * bound:g} % on{fitted}"
        weak.plot([0.0, *doses], shares, dashes, color=MODEL, label=words, alpha=1.0 if fitted else 0.6)
    weak.set_title("Weakness of the neck")
    for axes in (throat, weak):
        axes.legend(frameon=False, fontsize=8, loc="upper left")
    words = (
        "Circles: a trial of 74 patients with 95 % intervals; the filled ones were fitted, one number in each panel."
    )
    figure.supxlabel(words, color=MUTED, fontsize=8.5, x=0.01, ha="left")
    return figure


def bar(axes: Axes, row: float, found: Effect, *, remainder: bool = True) -> None:
    """One plan: the model's share with its interval, and the remainder on top of it."""
    if remainder:
        style = {"facecolor": "none", "edgecolor": EXTRA, "hatch": "////", "linewidth": 0.8}
        axes.barh(row, found.remainder, left=found.probability, height=0.36, **style)
        axes.annotate(
            f"{100 * found.total:.1f} %", (max(found.total, found.high), row), xytext=(6, 0), va="center", **_POINTS
        )
    axes.plot([found.low, found.high], [row, row], color=MODEL, linewidth=3.5, alpha=0.5)
    axes.plot(found.probability, row, "o", color=MODEL, markersize=6)


def published(axes: Axes, row: float, key: str, *, filled: bool) -> None:
    """A published share with its interval."""
    one = LIBRARY[key]
    errors = [[one.value - (one.low or 0.0)], [(one.high or one.value) - one.value]]
    face = INK if filled else "white"
    axes.errorbar(one.value, row, xerr=errors, color=INK, marker="o", markersize=5, markerfacecolor=face, capsize=2.5)


_DOT = {"color": INK, "markersize": 6, "capsize": 3}
_POINTS = {"textcoords": "offset points", "color": MUTED}

if __name__ == "__main__":
    prepare()
    write_png(draw_lid(), FOLDER / "lid_ptosis.png", dpi=130)
    write_png(draw_neck(), FOLDER / "neck.png", dpi=130)
