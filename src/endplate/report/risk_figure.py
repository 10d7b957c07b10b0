"""Adverse events of a plan: how many patients have them with and without the drug, and over the weeks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from endplate.report.colours import GRID, INK, MUTED, SERIES
from endplate.report.risk_words import event_name, percent
from endplate.report.style import label_lines, styled
from endplate.safety.joined import DAYS, Answer, Event

__all__ = ["risk_figure"]

_WEEK, _CURVES = 7.0, 5
_BLAMED, _OPEN, _TAKEN = "#b34a00", "#0072b2", "#9aa1a8"
_LEAST = 0.1  # of 100 patients: a curve below is not drawn
_GAP, _ASIDE = 0.06, 0.3


@styled
def risk_figure(answer: Answer) -> Figure:
    """Left: share of patients because of the drug, and under placebo. Right: share who have an event on each day.

    Parameters
    ----------
    answer
        Of `endplate.safety.join`. Events that nobody has by the model are left out.
    """
    shown = [one for one in answer.events if one.blamed or one.origin == "counts"]
    figure = Figure(figsize=(10.5, 1.9 + 0.3 * max(len(shown), 6)), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=(1, 1))
    _shares(left, shown)
    _weeks(right, shown)
    total = answer.total
    words = f"because of the drug: at least one event in {percent(total.any)} of 100 patients"
    figure.supxlabel(f"{words}; {total.days.middle:.2g} days with an event on average", color=MUTED, fontsize=8.5)
    return figure


def _shares(axes: Axes, shown: Sequence[Event]) -> None:
    for row, one in enumerate(reversed(shown)):
        colour = _colour(one)
        low, middle, high = (100 * value for value in (one.added.low, one.added.middle, one.added.high))
        axes.plot([low, high], [row, row], color=colour, linewidth=2.2, solid_capstyle="round")
        axes.plot(middle, row, "D" if one.origin != "counts" else "o", color=colour, markersize=5)
        axes.plot(100 * one.placebo.middle, row, "|", color=INK, markersize=8, markeredgewidth=1.4)
    axes.axvline(0.0, color=INK, linewidth=0.8)
    axes.set_yticks(range(len(shown)), [event_name(one.event) for one in reversed(shown)])
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=True, axis="x")
    axes.set_xlabel("patients because of the drug [%], 90 % interval")
    axes.set_xlim(*_limits(shown))
    marks = [
        Line2D([], [], color=_BLAMED, marker="D", label="model"),
        Line2D([], [], color=_BLAMED, marker="o", label="trials"),
        Line2D([], [], color=_OPEN, marker="o", label="as under placebo"),
        Line2D([], [], color=_TAKEN, marker="o", label="other products or regions"),
        Line2D([], [], color=INK, marker="|", linestyle="", markersize=8, label="under placebo"),
    ]
    axes.legend(handles=marks, loc="lower center", bbox_to_anchor=(0.4, 1.0), ncols=3, frameon=False, fontsize=8)


def _colour(one: Event) -> str:
    if not one.own:
        return _TAKEN
    return _BLAMED if one.blamed else _OPEN


def _limits(shown: Sequence[Event]) -> tuple[float, float]:
    """Wide enough for what is known of the product; what is taken over may run off."""
    known = [one for one in shown if one.own] or list(shown)
    low = min((100 * one.added.low for one in known), default=-1.0)
    high = max((100 * max(one.added.high, one.placebo.middle) for one in known), default=1.0)
    room = 0.08 * (high - low)
    return min(low - room, -1.0), high + room


def _weeks(axes: Axes, shown: Sequence[Event]) -> None:
    blamed = [one for one in shown if one.own and one.blamed]
    total = 100 * np.sum([one.prevalence for one in blamed], axis=0) if blamed else np.zeros_like(DAYS)
    axes.fill_between(DAYS / _WEEK, total, color=GRID, linewidth=0)
    drawn = sorted(blamed, key=lambda one: -max(one.prevalence))[:_CURVES]
    names: list[tuple[float, float, str, str]] = []
    for colour, one in zip(SERIES, drawn, strict=False):
        curve = 100 * np.asarray(one.prevalence)
        if curve.max() < _LEAST:
            continue
        axes.plot(DAYS / _WEEK, curve, color=colour)
        # The name stands where the curve has fallen to half.
        top = int(curve.argmax())
        half = top + int(np.argmax(np.append(curve[top:], 0.0) <= 0.5 * curve[top]))
        at = min(half, len(DAYS) // 2)
        names.append((DAYS[at] / _WEEK + _ASIDE, float(curve[at]), event_name(one.event), colour))
    axes.set_xlabel("weeks after the treatment")
    axes.set_ylabel("patients with it because of the drug [%]")
    axes.set_xlim(0.0, DAYS[-1] / _WEEK)
    axes.set_ylim(0.0, max(1.12 * float(np.max(total)), 1.0))
    axes.grid(visible=True)
    if not names:
        axes.text(0.5, 0.5, "nothing is laid to the drug", transform=axes.transAxes, ha="center", color=MUTED)
        return
    label_lines(axes, names, gap=_GAP)
    top = int(total.argmax())
    axes.annotate("all of them", (DAYS[top] / _WEEK, float(total[top])), color=MUTED, fontsize=8.5, va="bottom")
