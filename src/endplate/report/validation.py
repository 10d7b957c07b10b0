"""Predictions for a table of trials as plain data, and predicted against observed as a figure."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from endplate.fit import Prediction, Validation, summarise
from endplate.report.words import DISCLAIMER

__all__ = ["predicted_observed", "save_figure", "validation_document"]

_DIGITS = 4
_PLACEBO, _ACTIVE, _TIMES = "#7f7f7f", "#0072b2", "#d55e00"
_SETTINGS: Any = {"font.size": 9, "axes.spines.top": False, "axes.spines.right": False}


def validation_document(found: Validation) -> dict[str, Any]:
    """Summary, parts by product, endpoint and day, and every row, as plain data."""
    told = found.predictions
    reasons: dict[str, list[int]] = {}
    for one in told:
        if one.reason is not None:
            reasons.setdefault(one.reason, []).append(one.row.line)
    return {
        "summary": summarise(told) | {"draws": found.draws, "posterior": dict(found.posterior.facts)},
        "by_product": _parts(told, lambda one: one.row.product),
        "by_endpoint": _parts(told, lambda one: one.row.endpoint),
        "by_day": _parts(told, _day),
        "by_confidence": _parts(told, lambda one: one.row.confidence or "not told"),
        "not_predicted": reasons,
        "rows": [_row(one) for one in told],
    }


def _day(one: Prediction) -> str:
    return "median time" if one.timed else "none" if one.row.day is None else f"{one.row.day:g}"


def _parts(told: tuple[Prediction, ...], key: Callable[[Prediction], str]) -> dict[str, dict[str, Any]]:
    names = dict.fromkeys(key(one) for one in told)
    return {name: summarise([one for one in told if key(one) == name]) for name in names}


def _row(one: Prediction) -> dict[str, Any]:
    row = one.row
    return {
        "line": row.line,
        "trial_id": row.trial,
        "sub_study": row.study,
        "year": row.year,
        "indication": row.indication,
        "product": row.product,
        "dose_u": row.dose,
        "endpoint": row.endpoint,
        "time_days": row.day,
        "unit": "day" if one.timed else "percent",
        "predicted": _rounded(one.predicted),
        "low": _rounded(one.low),
        "high": _rounded(one.high),
        "observed": row.value,
        "error": _rounded(one.error),
        "inside": one.inside,
        "confidence": row.confidence,
        "reason": one.reason,
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, _DIGITS)


def predicted_observed(found: Validation) -> Figure:
    """Predicted rates with 90 % intervals against what was reported, and median times beside them."""
    with mpl.rc_context(_SETTINGS):
        figure = Figure(figsize=(9.2, 4.8), layout="constrained")
        rates, times = figure.subplots(1, 2)
        told = [one for one in found.predictions if one.predicted is not None and one.row.value is not None]
        _points(rates, [one for one in told if not one.timed and one.row.placebo], colour=_PLACEBO, name="placebo arms")
        _points(
            rates, [one for one in told if not one.timed and not one.row.placebo], colour=_ACTIVE, name="active arms"
        )
        _points(times, [one for one in told if one.timed], colour=_TIMES, name="median times")
        for axes, unit, what in ((rates, "%", "responder rate"), (times, "days", "median time to an event")):
            _square(axes, unit=unit, what=what)
        summary = summarise(found.predictions)
        error, inside = summary["mean_absolute_error_points"], summary["coverage_90"]
        if error is not None and inside is not None:
            rates.set_title(f"active arms: mean absolute error {error:.1f} points", loc="left", fontsize=9)
            times.set_title(f"{inside:.0%} of all rows in their 90 % interval", loc="left", fontsize=9)
        figure.supxlabel(DISCLAIMER, fontsize=7, color="#555555")
    return figure


def _points(axes: Any, some: list[Prediction], *, colour: str, name: str) -> None:
    if not some:
        return
    x = [one.row.value for one in some]
    y = [one.predicted for one in some]
    below = [one.predicted - one.low for one in some]  # pyright: ignore[reportOperatorIssue, reportOptionalOperand]
    above = [one.high - one.predicted for one in some]  # pyright: ignore[reportOperatorIssue, reportOptionalOperand]
    style = {"fmt": "o", "ms": 3.5, "lw": 0.8, "color": colour, "ecolor": colour, "alpha": 0.75}
    axes.errorbar(x, y, yerr=[below, above], label=f"{name} ({len(some)})", **style)


def _square(axes: Any, *, unit: str, what: str) -> None:
    low, high = (0.0, 100.0) if unit == "%" else (0.0, max(axes.get_xlim()[1], axes.get_ylim()[1]))
    axes.plot([low, high], [low, high], color="black", lw=0.8, zorder=0)
    axes.set(xlim=(low, high), ylim=(low, high), aspect="equal")
    axes.set(xlabel=f"reported {what} ({unit})", ylabel=f"predicted, 90 % interval ({unit})")
    if axes.get_legend_handles_labels()[0]:
        axes.legend(frameon=False, loc="upper left", fontsize=8)


def save_figure(figure: Figure, path: Path) -> None:
    """Write a figure as PNG."""
    figure.savefig(path, format="png", dpi=160)
