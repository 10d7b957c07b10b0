"""Indices of sensitivity as bars with intervals, one panel for each outcome."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from endplate.report.colours import INK, MUTED, OKABE_ITO
from endplate.report.style import styled, write_png
from endplate.trial.vary import OUTCOMES, Outcome

if TYPE_CHECKING:
    from endplate.trial.sensitivity import Index, Sensitivity

__all__ = ["MOST_BARS", "sensitivity_figure", "write_sensitivity"]

MOST_BARS = 10
_WIDTH, _BAR, _EDGES = 10.5, 0.3, 1.35
_ALONE, _WHOLE = OKABE_ITO["blue"], OKABE_ITO["sky blue"]


def write_sensitivity(found: Sensitivity, path: Path) -> None:
    """The figure as a PNG file."""
    write_png(sensitivity_figure(found), path)


@styled
def sensitivity_figure(found: Sensitivity) -> Figure:
    """The largest indices of each outcome; whiskers hold 95 %."""
    rows = min(MOST_BARS, len(found.factors))
    figure = Figure(figsize=(_WIDTH, _EDGES + _BAR * rows), layout="constrained")
    panels = figure.subplots(1, len(OUTCOMES))
    for axes, outcome in zip(panels, OUTCOMES, strict=True):
        _bars(axes, found, outcome)
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=2, frameon=False)
    varied = f"{len(found.factors)} entries varied over their ranges, {found.runs:,} runs of {found.patients} patients"
    figure.suptitle(f"{found.method}: {found.endpoint}, {found.arm} ({varied})", x=0.01, ha="left", fontsize=9.5)
    return figure


def _bars(axes: Axes, found: Sensitivity, outcome: Outcome) -> None:
    shares = found.method == "Sobol"
    rows = found.of(outcome.name)[:MOST_BARS][::-1]
    place = np.arange(len(rows))
    if shares:
        _draw(axes, place + 0.19, rows, whole=True, label="with all interplay, S$_T$")
        _draw(axes, place - 0.19, rows, whole=False, label="alone, S$_1$")
        axes.set_xlabel("share of the variance [1]")
        axes.set_xticks([0, 0.5, 1])
        axes.set_xlim(0, max(1.0, *(one.whole + (one.whole_error or 0) for one in rows)))
    else:
        _draw(axes, place, rows, whole=False, label="mean absolute effect of walking through the range, µ*")
        axes.set_xlabel(f"effect [{outcome.unit}]")
        axes.set_xlim(0, None)
    axes.set_yticks(place, [one.entry for one in rows])
    axes.tick_params(axis="y", length=0, labelcolor=INK)
    _, typical, low, _, high = next(one for one in found.centre if one[0] == outcome.name)
    axes.set_title(f"{outcome.name}\n", color=INK)
    span = f"{typical:.0f} {outcome.unit}; runs from {low:.0f} to {high:.0f}"
    axes.text(0, 1.02, span, transform=axes.transAxes, color=MUTED, fontsize=8)


def _draw(axes: Axes, place: np.ndarray, rows: list[Index], *, whole: bool, label: str) -> None:
    values = np.array([one.whole if whole else one.alone for one in rows])
    errors = np.array([(one.whole_error if whole else one.alone_error) or 0.0 for one in rows])
    height = 0.36 if rows and rows[0].whole_error is not None else 0.6
    axes.barh(place, np.maximum(values, 0), height, color=_WHOLE if whole else _ALONE, label=label)
    axes.errorbar(values, place, xerr=errors, fmt="none", ecolor=INK, elinewidth=0.8, capsize=1.8)
