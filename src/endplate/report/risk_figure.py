"""Adverse events of a plan: how much oftener than under placebo, and over the weeks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from endplate.report.risk_words import event_name
from endplate.report.style import styled
from endplate.safety.risk import Risk

__all__ = ["risk_figure"]

_WEEK = 7.0
_WEEKS = 12
_BLAMED, _OPEN, _TAKEN = "#b34a00", "#0072b2", "#9aa1a8"
_KEY = ((_BLAMED, "laid to the drug"), (_OPEN, "as under placebo"), (_TAKEN, "from other products"))
_CURVES = 5


@styled
def risk_figure(risks: Sequence[Risk]) -> Figure:
    """Left: share of patients beyond placebo with its interval. Right: share who have an event on each day.

    Parameters
    ----------
    risks
        Of `endplate.safety.risks`.
    """
    figure = Figure(figsize=(10.0, 1.2 + 0.34 * max(len(risks), 6)), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=(3, 2))
    _differences(left, risks)
    _course(right, risks)
    return figure


def _differences(axes: Axes, risks: Sequence[Risk]) -> None:
    for row, one in enumerate(reversed(risks)):
        colour = _TAKEN if not one.own else _BLAMED if one.blamed else _OPEN
        low, middle, high = (100 * value for value in (one.added.low, one.added.middle, one.added.high))
        axes.plot([low, high], [row, row], color=colour, linewidth=2.0, solid_capstyle="round")
        axes.plot(middle, row, "o", color=colour, markersize=5)
    axes.axvline(0.0, color="#1b1f23", linewidth=0.8)
    axes.set_yticks(range(len(risks)), [event_name(one.event) for one in reversed(risks)])
    axes.set_xlabel("patients beyond placebo [%], 90 % interval")
    axes.set_xlim(*_limits(risks))
    for colour, words in (
        (_BLAMED, "laid to the drug"),
        (_OPEN, "as under placebo"),
        (_TAKEN, "from other products"),
    ):
        axes.plot([], [], "o-", color=colour, label=words)
    axes.legend(
        loc="upper center", bbox_to_anchor=(0.5, 1.0 + 0.5 / max(len(risks), 6)), ncols=3, frameon=False, fontsize=8
    )


def _limits(risks: Sequence[Risk]) -> tuple[float, float]:
    """Wide enough for what trials of the product counted; what is taken over may run off."""
    known = [one for one in risks if one.own] or list(risks)
    low = min((100 * one.added.low for one in known), default=-1.0)
    high = max((100 * one.added.high for one in known), default=1.0)
    room = 0.15 * (high - low)
    return min(low - room, -1.0), high + room


def _course(axes: Axes, risks: Sequence[Risk]) -> None:
    days = np.linspace(0.0, _WEEKS * _WEEK, 400)
    drawn = [one for one in risks if one.own and one.blamed and one.lasting is not None][:_CURVES]
    for one in drawn:
        curve = 100 * one.prevalence(days)
        axes.plot(days / _WEEK, curve, label=event_name(one.event))
    axes.set_xlabel("weeks after the treatment")
    axes.set_ylabel("patients with it because of the drug [%]")
    axes.set_xlim(0.0, _WEEKS)
    axes.set_ylim(bottom=0.0)
    if drawn:
        axes.legend(frameon=False, fontsize=8)
    else:
        axes.text(0.5, 0.5, "nothing is laid to the drug", transform=axes.transAxes, ha="center", color=_TAKEN)
