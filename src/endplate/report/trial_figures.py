"""Figures of a trial: rates at visits with bands, and curves of those who keep or notice the effect."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from endplate.report.colours import INK, SERIES
from endplate.report.style import day_axis, label_lines, styled
from endplate.trial import TrialResult, endpoint
from endplate.trial.result import Curve

__all__ = ["FEW", "event_curves", "rate_curves"]

_SIZE = (5.4, 3.5)
_CAP = 2.5
# A curve of fewer patients than these has no band: it could lie anywhere.
FEW = 10


@styled
def rate_curves(result: TrialResult, name: str) -> Figure:
    """Rates at the visits: points with the 95 % interval of the sample, bands that hold 90 % of trials."""
    figure = Figure(figsize=_SIZE, layout="constrained")
    axes = figure.add_subplot()
    for arm, colour in zip(result.arms, SERIES, strict=False):
        _band(axes, arm.curves[name], colour)
    for arm, colour in zip(result.arms, SERIES, strict=False):
        rows = arm.curves[name].rows
        days, rates = [row.day for row in rows], np.array([row.rate for row in rows])
        edges = np.abs(np.array([row.confidence for row in rows]).T - rates)
        axes.errorbar(days, rates, edges, color=colour, marker="o", markersize=4.5, capsize=_CAP, linewidth=1.4)
    _finish(axes, result, name)
    axes.set_ylabel("responders [%]")
    return figure


@styled
def event_curves(result: TrialResult, name: str) -> Figure:
    """Share of patients who still have, or have noticed, the effect; steps fall or rise at visits."""
    figure = Figure(figsize=_SIZE, layout="constrained")
    axes = figure.add_subplot()
    lasts = endpoint(name).lasts
    for arm, colour in zip(result.arms, SERIES, strict=False):
        curve = arm.curves[name]
        start = 1.0 if lasts else 0.0
        days = [0.0, *(row.day for row in curve.rows)]
        dashes = (0, (2, 1.5)) if curve.rows[0].size < FEW else "-"
        rates = [start, *(row.rate for row in curve.rows)]
        axes.step(days, rates, where="post", color=colour, linestyle=dashes)
        if curve.rows[0].size < FEW:
            continue
        edges = [(start, start), *(row.prediction for row in curve.rows)]
        low, high = np.array(edges).T
        axes.fill_between(days, low, high, step="post", color=colour, alpha=0.14, linewidth=0)
    axes.axhline(0.5, color=INK, linewidth=0.8, linestyle=(0, (4, 2)))
    _finish(axes, result, name)
    axes.set_ylabel("still with the effect [%]" if lasts else "have noticed an effect [%]")
    return figure


def _band(axes: Axes, curve: Curve, colour: str) -> None:
    days = [row.day for row in curve.rows]
    low, high = np.array([row.prediction for row in curve.rows]).T
    axes.fill_between(days, low, high, color=colour, alpha=0.14, linewidth=0)


def _finish(axes: Axes, result: TrialResult, name: str) -> None:
    """Axes, and names of the arms beside their lines."""
    rows = [arm.curves[name].rows for arm in result.arms]
    axes.set_ylim(-0.06, 1.04)
    axes.yaxis.set_major_formatter(PercentFormatter(1.0, symbol=""))
    last = max(row.day for one in rows for row in one)
    day_axis(axes, np.array([0.0, last * 1.28]))
    labels = [
        (one[-1].day + 0.015 * last, one[-1].rate, _name(arm.name, one[0].size), colour)
        for arm, one, colour in zip(result.arms, rows, SERIES, strict=False)
    ]
    label_lines(axes, labels, gap=0.075)


def _name(arm: str, size: float) -> str:
    """The arm, and how few count where they are few."""
    return arm if size >= FEW else f"{arm} (n {size:.0f})"
