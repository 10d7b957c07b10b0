"""Figures of patients of one drawn trial: best change of each, and the course of severity."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import PercentFormatter

from endplate.report.colours import GRADE_COLOURS, INK, MUTED, SERIES
from endplate.report.style import day_axis, label_lines, styled
from endplate.trial import RATERS, Trial
from endplate.trial.cycles import ArmCycles
from endplate.trial.sample import ReportedArm

__all__ = ["cycle_figure", "severity_course", "waterfall"]

_PANEL, _HEIGHT, _WIDEST = 2.9, 2.9, 11.0
_QUARTILES, _TAILS = (25, 75), (5, 95)
_GRADES = ("none", "mild", "moderate", "severe")


@styled
def waterfall(trial: Trial, drawn: Sequence[ReportedArm], *, rater: str = "investigator") -> Figure:
    """Best change of each patient's grade at any visit, one bar a patient, the largest fall first."""
    width = min(_PANEL * len(drawn), _WIDEST)
    figure = Figure(figsize=(max(width, 1.6 * _PANEL), _HEIGHT), layout="constrained")
    panels = np.atleast_1d(figure.subplots(1, len(drawn), sharey=True))
    for axes, arm in zip(panels, drawn, strict=True):
        _bars(axes, trial, arm, RATERS.index(rater))
    panels[0].set_ylabel(f"best change of the {rater}'s grade")
    shown = sorted({int(one) for arm in drawn for one in arm.patients.first[RATERS.index(rater)]})
    handles = [Patch(facecolor=GRADE_COLOURS[one], edgecolor=MUTED, linewidth=0.4) for one in shown]
    names = [f"{_GRADES[one]} at baseline" for one in shown]
    figure.legend(handles, names, loc="outside lower center", ncols=len(shown), frameon=False)
    return figure


def _bars(axes: Axes, trial: Trial, arm: ReportedArm, rater: int) -> None:
    best, first = arm.patients.best_change(rater, trial.timing.visits), arm.patients.first[rater]
    came = np.isfinite(best)
    best, first = best[came], first[came]
    order = np.lexsort((-first, -best))
    colours = [GRADE_COLOURS[int(one)] for one in first[order]]
    place = 100 * (np.arange(len(best)) + 0.5) / max(len(best), 1)
    axes.bar(place, -best[order], 100 / max(len(best), 1), color=colours, linewidth=0)
    # A bar of no height would look like a patient who is missing.
    level = order[best[order] == 0]
    axes.scatter(place[best[order] == 0], np.zeros(len(level)), s=1.2, color=MUTED, zorder=3)
    axes.axhline(0, color=INK, linewidth=0.7)
    axes.set_ylim(-3.2, 1.2)
    axes.set_yticks(range(-3, 2), ["−3", "−2", "−1", "0", "+1"])
    axes.set_xlim(0, 100)
    axes.set_xlabel("patients, best first [%]")
    axes.set_title(arm.name)
    two = 100 * np.mean(best >= 2) if len(best) else 0.0
    words = f"n {len(best)}: {two:.0f} % two grades\nbetter at some visit"
    axes.text(0.97, 0.04, words, transform=axes.transAxes, ha="right", color=INK, fontsize=8)


@styled
def severity_course(trial: Trial, drawn: Sequence[ReportedArm]) -> Figure:
    """Latent severity of the patients of each arm: median, the middle half, and nine of ten."""
    figure = Figure(figsize=(6.4, 3.5), layout="constrained")
    axes = figure.add_subplot()
    days, labels = np.array([0.0, *trial.days]), []
    for arm, colour in zip(drawn, SERIES, strict=False):
        severity = np.concatenate([arm.patients.before[None], arm.patients.severity])
        for edges, alpha in ((_TAILS, 0.10), (_QUARTILES, 0.22)):
            low, high = np.percentile(severity, edges, axis=1)
            axes.fill_between(days, low, high, color=colour, alpha=alpha, linewidth=0)
        median = np.median(severity, axis=1)
        axes.plot(days, median, color=colour, linewidth=1.6)
        labels.append((1.015 * days[-1], float(median[-1]), arm.name, colour))
    axes.set_ylim(-0.1, 3.75)
    axes.set_yticks(range(4), [f"{grade} {name}" for grade, name in enumerate(_GRADES)])
    axes.set_ylabel("severity at maximum effort [grade]")
    day_axis(axes, np.array([0.0, 1.25 * days[-1]]))
    label_lines(axes, labels, gap=0.28)
    return figure


@styled
def cycle_figure(arms: Sequence[ArmCycles]) -> Figure:
    """Left: who has not been treated again, cycle by cycle; right: responders of each cycle with 95 % intervals."""
    figure = Figure(figsize=(9.6, 3.3), layout="constrained")
    waiting, responders = figure.subplots(1, 2, width_ratios=(1.35, 1))
    longest = max((day for arm in arms for cycle in arm.cycles for day in cycle.days), default=84.0)
    for place, (arm, colour) in enumerate(zip(arms, SERIES, strict=False)):
        for cycle in arm.cycles:
            if cycle.again:
                # A curve ends with the last who was treated again: later days were not reached by all.
                days, left = [0.0, *cycle.days], [1.0, *cycle.waiting]
                label = arm.name if cycle.number == 1 else None
                alpha = 1.0 / cycle.number**0.7
                waiting.step(days, left, where="post", color=colour, alpha=alpha, linewidth=1.6, label=label)
        known = [cycle for cycle in arm.cycles if cycle.assessed]
        rates = np.array([cycle.responders / cycle.assessed for cycle in known])
        edges = np.abs(np.array([cycle.confidence for cycle in known]).T - rates)
        shift = 0.14 * (place - 0.5 * (len(arms) - 1))
        numbers = np.array([cycle.number for cycle in known]) + shift
        responders.errorbar(numbers, rates, edges, color=colour, marker="o", markersize=4.5, capsize=2.5, linewidth=1.2)
    waiting.legend(frameon=False, loc="upper right")
    waiting.set_ylabel("not yet treated again [%]")
    waiting.set_title("Time to the next treatment (first cycle darkest)")
    day_axis(waiting, np.array([0.0, longest]))
    responders.set_ylabel("grade 0 or 1 by the investigator [%]")
    responders.set_title("Responders after each treatment")
    responders.set_xlabel("treatment")
    responders.set_xticks(sorted({cycle.number for arm in arms for cycle in arm.cycles}))
    for axes in (waiting, responders):
        axes.set_ylim(-0.03, 1.04)
        axes.yaxis.set_major_formatter(PercentFormatter(1.0, symbol=""))
    return figure
