"""Decades: creases against the checks of the model, atrophy beside what was measured, and a life with bands.

`years_checks.png`, `years_atrophy.png` and `years.png` beside this file.

Run:  python docs/figures/years.py
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from evidence import BLUE, ORANGE
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from endplate.case import REGIONS, Habits, Patient, Plan, Skin
from endplate.case.file import parse_case, write_template
from endplate.course import Course, simulate
from endplate.course.engine import prepare
from endplate.evidence import load
from endplate.life import Life, Lifetime, Schedule, follow_life, follow_lives, read_years
from endplate.life.body import pattern_of
from endplate.report.colours import INK, MUTED, SERIES
from endplate.report.style import styled, write_png
from endplate.report.years import timeline

HERE = Path(__file__).parent
LIBRARY = load()
CASE = parse_case(write_template("glabella-20u"))
# Depths at 38, 50 and 60 years that the growth is fitted to, assumed; of twins treated every 21 to 26 weeks to 38,
# the check of the design [mm].
UNTREATED, TREATED = ((38, 0.13), (50, 0.36), (60, 0.54)), (0.04, 0.06)
WEEKS = (26, 21, 12)
WEEK, LIVES = 7.0, 500
PEOPLE = (
    ("frowns twice as often, or skin twice as prone", {"skin": Skin(proneness=2.0)}),
    ("twice the sun", {"habits": Habits(sun=2.0)}),
    ("30 pack-years", {"habits": Habits(smoking=30.0)}),
    ("menopause at 40", {"menopause": 40.0}),
    ("typical", {}),
    ("frowns half as often", {"habits": Habits(frowning=0.5)}),
)
FALLS = {30: "observed.irregularity.static_day30", 90: "observed.irregularity.static_day90"}


def untreated(age: float, until: float, **changes: Any) -> Lifetime:
    """A life without sessions."""
    patient = replace(CASE.patient, age=age, **changes)
    return follow_life(Life("", patient, CASE.plan, until, Schedule(age, until, pauses=((age, until),))))


def lives(weeks: float, pattern: Any, age: float = 25.0, until: float = 38.0) -> Lifetime:
    """A life with sessions."""
    schedule = Schedule(age, until, every=WEEK * weeks)
    life = Life("", replace(CASE.patient, age=age), CASE.plan, until, schedule, antibodies=False)
    return follow_life(life, pattern=pattern)


@styled
def checks() -> Figure:
    """Creases at rest: untreated life, twins, one treatment, and what a person is like."""
    figure = Figure(figsize=(10.2, 7.2), layout="constrained")
    whole, twins, once, people = figure.subplots(2, 2).ravel()
    _whole(whole, untreated(20.0, 80.0))
    _twins(twins)
    _once(once)
    _people(people)
    return figure


def _whole(axes: Axes, found: Lifetime) -> None:
    axes.plot(found.age, found.depth_rest.untreated[:, 0], color=ORANGE, label="model")
    ages, depths = zip(*UNTREATED, strict=True)
    axes.plot(ages, depths, "s", color=INK, label="assumed depths")
    row = LIBRARY["observed.lines_manifest_age"].value
    axes.axvline(row, color=MUTED, linestyle=(0, (4, 2)), linewidth=1)
    axes.annotate("not manifest before 40\n(Luebberding 2014, calibration)", (row + 0.8, 0.6), color=MUTED, fontsize=8)
    onset = found.manifest(found.severity_rest.untreated[:, 0])
    assert onset is not None
    axes.plot(onset, found.depth_rest.untreated[found.at(onset), 0], "o", color=ORANGE)
    axes.annotate(f"a mild line: {onset:.0f} years", (onset + 1.2, 0.165), color=ORANGE, fontsize=8)
    axes.legend(frameon=False, loc="upper left", fontsize=8)
    _labelled(axes, "Untreated frown lines at rest", "age [years]", "depth [mm]")


def _twins(axes: Axes) -> None:
    pattern = pattern_of(Life("", CASE.patient, CASE.plan, 60.0, Schedule(45.0, 60.0), antibodies=False))
    courses = [lives(weeks, pattern) for weeks in WEEKS]
    axes.plot(courses[0].age, courses[0].depth_rest.untreated[:, 0], color=ORANGE, label="untreated twin")
    for weeks, found, colour in zip(WEEKS, courses, (BLUE, SERIES[2], SERIES[3]), strict=True):
        axes.plot(found.age, found.depth_rest.treated[:, 0], color=colour, linewidth=1.2, label=f"every {weeks} weeks")
    axes.fill_between([37.4, 38.0], *TREATED, color=INK, alpha=0.5, linewidth=0, label="design, 21–26 weeks")
    axes.axhline(0.1, color=MUTED, linestyle=(0, (4, 2)), linewidth=1)
    axes.annotate("seen from about here on (assumed)", (25.3, 0.104), color=MUTED, fontsize=8)
    axes.legend(frameon=False, loc="upper left", bbox_to_anchor=(0, 0.69), fontsize=8)
    _labelled(axes, "Twins from 25 to 38", "age [years]", "depth at rest [mm]")


def _once(axes: Axes) -> None:
    days = np.arange(0.0, 366.0)
    course = simulate(CASE.plan, Patient(age=48.0), days=days)
    depth = np.asarray(course.depth_rest)[:, REGIONS.index("glabella"), 0]
    twin = simulate(Plan(CASE.plan.product, ()), Patient(age=48.0), days=days)
    bare = np.asarray(twin.depth_rest)[:, REGIONS.index("glabella"), 0]
    axes.plot(days, 100 * (depth / depth[0] - 1), color=BLUE, label="treated once at 48")
    axes.plot(days, 100 * (bare / bare[0] - 1), color=ORANGE, label="untreated")
    seen = [LIBRARY[name].value for name in FALLS.values()]
    axes.plot(list(FALLS), seen, "s", color=INK, label="published, calibration (n 21)")
    axes.legend(frameon=False, fontsize=8, loc="lower right")
    _labelled(axes, "One treatment: lines at rest", "day", "change [%]")


def _people(axes: Axes) -> None:
    for (name, change), colour in zip(PEOPLE, (*SERIES[:4], INK, SERIES[5]), strict=True):
        found = untreated(30.0, 70.0, **change)
        wide = 2.2 if name == "typical" else 1.3
        axes.plot(found.age, found.depth_rest.untreated[:, 0], color=colour, linewidth=wide, label=name)
    axes.legend(frameon=False, fontsize=8)
    _labelled(axes, "What a person is like (untreated)", "age [years]", "depth at rest [mm]")


def _labelled(axes: Axes, title: str, x: str, y: str) -> None:
    axes.set(xlabel=x, ylabel=y)
    axes.set_title(title)
    axes.grid(visible=True)
    axes.margins(x=0.01)


@styled
def atrophy() -> Figure:
    """Mass of muscles after one session and after years of them."""
    figure = Figure(figsize=(10.2, 3.7), layout="constrained")
    once, again = figure.subplots(1, 2, sharey=True)
    days = np.arange(0.0, 366.0)
    for pattern, muscle, colour, name in (
        ("masseter-48u", "masseter.left", SERIES[2], "masseter, 48 U on both sides"),
        ("glabella-20u", "corrugator_supercilii.left", BLUE, "corrugator, 20 U into the glabella"),
    ):
        case = parse_case(write_template(pattern))
        course = simulate(case.plan, case.patient, days=days)
        _mass(once, course, muscle, colour, name)
        _again(again, case.plan, muscle, colour)
    row = LIBRARY["observed.edb_peak_atrophy_day"]
    once.axvline(row.value, color=INK, linestyle=(0, (4, 2)), linewidth=1)
    once.annotate("largest atrophy of a foot muscle,\nday 42 (Hamjian 1994)", (row.value + 4, 61), fontsize=8)
    stiff = [LIBRARY[f"observed.jaw_stiffness.masseter_{when}"] for when in ("before", "week3")]
    share = 100 * stiff[1].value / stiff[0].value
    once.plot(21, share, "D", color=SERIES[2], markerfacecolor="white")
    once.annotate("stiffness of the masseter at rest,\nnot its mass (Mierzwa 2022)", (70, share + 2.5), fontsize=8)
    once.plot([21, 68], [share, share + 5], color=MUTED, linewidth=0.7)
    once.legend(frameon=False, fontsize=8, loc="lower right")
    again.annotate("last session at three years", (3.1, 66), fontsize=8, color=MUTED)
    again.axvline(3.0, color=MUTED, linestyle=(0, (4, 2)), linewidth=1)
    _labelled(once, "After one session", "day", "mass of the muscle [% of untreated]")
    _labelled(again, "Every 12 weeks for three years, then none", "year", "")
    once.set_ylim(55, 103)
    return figure


def _mass(axes: Axes, course: Course, muscle: str, colour: str, name: str) -> None:
    mass = 100 * np.asarray(course.trophic)[:, course.muscle(muscle), 0]
    axes.plot(np.asarray(course.days), mass, color=colour, label=f"{name}: least on day {int(mass.argmin())}")


def _again(axes: Axes, plan: Plan, muscle: str, colour: str) -> None:
    given = [replace(one, day=84.0 * n) for n in range(13) for one in plan.injections]
    days = np.arange(0.0, 5 * 365.25, 2.0)
    course = simulate(Plan(plan.product, tuple(given)), CASE.patient, days=days)
    axes.plot(days / 365.25, 100 * np.asarray(course.trophic)[:, course.muscle(muscle), 0], color=colour)


def upper_face() -> Figure:
    """The example, with bands over lives."""
    life = read_years(HERE.parents[1] / "examples" / "years_upper_face.toml").life
    return timeline(follow_life(life), follow_lives(life, LIVES))


def main(names: Sequence[str] = ("years_checks", "years_atrophy", "years")) -> None:
    """Draw all."""
    prepare()
    for name, draw in zip(names, (checks, atrophy, upper_face), strict=True):
        write_png(draw(), HERE / f"{name}.png")


if __name__ == "__main__":
    main()
