"""Curves over time: force, lines of the skin, grades, lid and brow."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter
from numpy.typing import NDArray

from endplate.course import Course
from endplate.outcome import COLUMNS, EFFORTS, FWS, RATERS
from endplate.report.colours import GRADE_COLOURS, INK, MUTED, SERIES
from endplate.report.names import pair_name, region_name
from endplate.report.style import day_axis, label_lines, styled
from endplate.report.summary import AffectedMuscle

__all__ = ["brow_curves", "depth_curves", "force_curves", "grade_areas", "lid_curves"]

Array = NDArray[np.float64]
Curve = tuple[str, Array]
_MOST_CURVES = len(SERIES)
_FEW_CURVES = 4
_MOST_POINTS = 200
_SIZE = (5.4, 3.5)
_SAME = 1e-3  # curves that differ by less than this share of the axis are one curve to the eye


@styled
def force_curves(course: Course, muscles: Sequence[AffectedMuscle], *, patient: int = 0) -> Figure:
    """Force of the most affected muscles over time, labelled at the lines."""
    figure, axes = _single((7.6, 3.9))
    curves = [
        (pair_name(one.names), np.asarray(course.force)[:, course.muscle(one.names[0]), patient])
        for one in muscles[:_MOST_CURVES]
    ]
    axes.set(ylim=(0, 1.04), ylabel="force at maximum effort [% of untreated]")
    _curves(axes, course, curves, gap=0.062)
    axes.yaxis.set_major_formatter(PercentFormatter(1.0, symbol=""))
    return figure


@styled
def depth_curves(course: Course, regions: Sequence[tuple[str, ...]], *, effort: str, patient: int = 0) -> Figure:
    """Depth of the lines of some regions at rest or at maximum effort."""
    figure, axes = _single(_SIZE)
    depth = np.asarray(course.depth_rest if effort == "rest" else course.depth_effort)[..., patient]
    curves = _merged([(region_name(names), depth[:, course.regions.index(names[0])]) for names in regions])
    room = 1.12 if len(curves) <= _FEW_CURVES else 1.3
    axes.set_ylim(0, room * max(float(curve.max()) for _, curve in curves))
    _curves(axes, course, curves, gap=0.09)
    axes.set_ylabel("depth at rest [mm]" if effort == "rest" else "depth at maximum effort [mm]")
    return figure


@styled
def grade_areas(course: Course, region: str, *, patient: int = 0) -> Figure:
    """Probability of each grade of one region, for both efforts and both raters."""
    figure = Figure(figsize=(5.4, 4.6), layout="constrained")
    panels = figure.subplots(len(EFFORTS), len(RATERS), sharex=True, sharey=True)
    grades = np.asarray(course.grade)[:, course.regions.index(region), ..., patient]
    days = np.asarray(course.days, float)
    for e, effort in enumerate(reversed(EFFORTS)):
        for r, rater in enumerate(RATERS):
            axes = panels[e, r]
            _areas(axes, days, grades[:, EFFORTS.index(effort), r])
            where = "at rest" if effort == "rest" else "at maximum effort"
            axes.set_title(f"{rater}, {where}", fontsize=8.5, fontweight="normal")
            day_axis(axes, days, most=5)
            axes.label_outer()
    figure.supylabel("probability of the grade [%]", fontsize=9)
    return figure


@styled
def lid_curves(course: Course, ptosis: float, *, patient: int = 0) -> Figure:
    """Position of the upper lids, and where ptosis begins."""
    figure, axes = _single(_SIZE)
    lid = np.asarray(course.lid)[..., patient]
    bound = float(lid[0, 0]) - ptosis
    axes.axhline(bound, color=INK, linewidth=0.9, linestyle=(0, (4, 2)))
    axes.annotate(
        "ptosis below this line",
        (0.99, bound),
        xycoords=("axes fraction", "data"),
        xytext=(0, 3),
        textcoords="offset points",
        ha="right",
        fontsize=8.5,
    )
    axes.set_ylim(min(bound, float(lid.min())) - 0.4, float(lid.max()) + 0.5)
    _curves(axes, course, _merged([("upper lid, left", lid[:, 0]), ("upper lid, right", lid[:, 1])]), gap=0.09)
    axes.set_ylabel("lid margin to light reflex, MRD1 [mm]")
    return figure


@styled
def brow_curves(course: Course, *, patient: int = 0) -> Figure:
    """Change of brow height, by side and column."""
    figure, axes = _single(_SIZE)
    brow = np.asarray(course.brow)[..., patient]
    curves: list[Curve] = []
    for c, column in enumerate(COLUMNS):
        curves += _merged([(f"{column}, {side}", brow[:, s, c]) for s, side in enumerate(("left", "right"))])
    axes.axhline(0.0, color=MUTED, linewidth=0.9)
    span = max(0.5, 1.25 * float(np.abs(brow).max()))
    axes.set_ylim(-span, span)
    _curves(axes, course, curves, gap=0.08)
    axes.set_ylabel("change of brow height [mm], up is positive")
    return figure


def _single(size: tuple[float, float]) -> tuple[Figure, Axes]:
    figure = Figure(figsize=size, layout="constrained")
    return figure, figure.add_subplot()


def _curves(axes: Axes, course: Course, curves: Sequence[Curve], *, gap: float) -> None:
    """Lines with their names beside them, and a mark for each session."""
    days = np.asarray(course.days, float)
    for (_, curve), colour in zip(curves, SERIES, strict=False):
        axes.plot(days, curve, color=colour)
    day_axis(axes, days)
    for session in course.sessions:
        axes.plot(
            session, 1.0, marker="v", markersize=6, color=INK, transform=axes.get_xaxis_transform(), clip_on=False
        )
    _label(axes, days, curves, after=max(course.sessions, default=float(days[0])), gap=gap)


def _label(axes: Axes, days: Array, curves: Sequence[Curve], *, after: float, gap: float) -> None:
    """Names on the lines, on the day after the last session on which the lines are farthest apart."""
    values = np.stack([curve for _, curve in curves])
    first = after + 0.06 * np.ptp(days)
    inner = np.flatnonzero((days >= first) & (days <= max(first, after + 0.45 * (days[-1] - after))))
    ordered = np.sort(values[:, inner], axis=0)
    # Lines farther apart than two labels gain nothing from more.
    apart = np.minimum(np.diff(ordered, axis=0), 2 * gap * np.ptp(axes.get_ylim())).sum(axis=0)
    at = int(inner[apart.argmax()]) if len(inner) else 0
    labels = [
        (float(days[at]), float(curve[at]), name, colour) for (name, curve), colour in zip(curves, SERIES, strict=False)
    ]
    label_lines(axes, labels, gap=gap)


def _merged(curves: Sequence[Curve]) -> list[Curve]:
    """Left and right as one curve where the eye cannot tell them apart."""
    span = max(float(np.ptp(np.concatenate([curve for _, curve in curves]))), 1e-9)
    kept: list[Curve] = []
    for name, curve in curves:
        if kept and name.endswith("right") and float(np.abs(curve - kept[-1][1]).max()) <= _SAME * span:
            kept[-1] = (kept[-1][0].removesuffix("left") + "both sides", curve)
        else:
            kept.append((name, curve))
    return kept


def _areas(axes: Axes, days: Array, probability: Array) -> None:
    """Stacked areas, none below; each grade is named where it is likeliest."""
    thin = len(days) // _MOST_POINTS + 1
    days, probability = days[::thin], probability[::thin]
    axes.stackplot(days, 100 * probability.T, colors=GRADE_COLOURS, edgecolor="white", linewidth=0.4)
    top = 100 * np.cumsum(probability, axis=1)
    for grade, name in enumerate(FWS):
        share = probability[:, grade]
        inner = np.where((days > 0.12 * days[-1]) & (days < 0.88 * days[-1]), share, -1.0)
        at = int(inner.argmax())
        if share[at] > 0.22:
            axes.annotate(
                name,
                (days[at], top[at, grade] - 50 * share[at]),
                ha="center",
                va="center",
                fontsize=8,
                color="white" if grade == len(FWS) - 1 else INK,
            )
    axes.set_ylim(0, 100)
