"""What is injected where, how far it reaches, and what it leaves of the muscles' force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import LinearSegmentedColormap, Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, Patch
from numpy.typing import NDArray

from endplate.case import Muscle
from endplate.case.muscle import Point
from endplate.course.field import Field
from endplate.report.colours import INK, OKABE_ITO
from endplate.report.face_map import draw_muscle, draw_rim, forwardness, is_deep, leader, middle
from endplate.report.names import muscle_name
from endplate.report.outline import FRONT, outline, sheet
from endplate.report.style import HALO, styled

__all__ = ["FORCE_COLOURS", "treatment_map"]

Array = NDArray[np.float64]
# Full force has the colour of paper, no force that of Okabe and Ito's blue, darkened.
FORCE_COLOURS = LinearSegmentedColormap.from_list(
    "force", [(0.0, "#00304f"), (0.3, OKABE_ITO["blue"]), (0.65, "#6fb1d8"), (0.9, "#c3dbeb"), (1.0, "#f6f2ec")]
)
_TOXIN = OKABE_ITO["vermillion"]
_SPARED, _NAMED = 0.99, 0.95
_NAMES = 40.0  # mm of margin for names
_TENTH, _HALF = 0.1, 0.5
_WIDTH = 6.6
_MARGIN = 8.0
_FEW = 8  # injections that are labelled one by one even if their doses agree


@styled
def treatment_map(field: Field, force: Mapping[str, float], *, muscles: Sequence[Muscle]) -> Figure:
    """Muscles coloured by the force that is left, injections, and the reach of the toxin.

    Parameters
    ----------
    field
        Injections, boluses and captured dose of one session.
    force
        Least share of force of each muscle, by name.
    muscles
        Those to draw, all in the frame of the field.
    """
    head = muscles[0].frame == "head"
    (left, right), (low, high) = _window(field) if head else _own_window(muscles)
    figure = Figure(figsize=(_WIDTH, 1.25 + 0.82 * _WIDTH * (high - low) / (right - left)), layout="constrained")
    axes = figure.add_subplot()
    for muscle in sorted(muscles, key=forwardness):
        remains = force.get(muscle.name, 1.0)
        shown = remains < _NAMED or not (head and is_deep(muscle))
        if shown and _meets(muscle, (left, right), (low, high)):
            draw_muscle(axes, muscle, colour=FORCE_COLOURS(remains), strong=remains < _SPARED)
    if head:
        draw_rim(axes)
    _draw_reach(axes, field)
    doses = {f"{injection.dose:g}" for injection in field.injections}
    alike = doses.pop() if len(doses) == 1 and len(field.injections) > _FEW else ""
    for injection, radius in zip(field.injections, field.radius, strict=True):
        _draw_injection(axes, injection.site, float(radius), "" if alike else f"{injection.dose:g} U")
    axes.set(xlim=(left, right), ylim=(low, high), aspect="equal")
    axes.set_ylabel("y, up [mm]" if head else "y, across the fibres [mm]")
    axes.set_xlabel("x [mm]: subject's right  ←  midline  →  subject's left" if head else "x, along the fibres [mm]")
    _explain(figure, axes, tip=f"needle tip, {alike} U each" if alike else "needle tip and dose", head=head)
    _name(axes, [muscle for muscle in muscles if muscle.side != "left" and force.get(muscle.name, 1.0) < _NAMED], force)
    return figure


def _window(field: Field) -> Array:
    """Ends of x and of y [mm]: around the field, at least both eyes and brows, and a margin for names."""
    edge = max(70.0, float(np.abs(field.x).max()))
    return np.array([[-edge - _NAMES, edge], [min(field.y[0], -32.0), max(field.y[-1], 58.0)]])


def _own_window(muscles: Sequence[Muscle]) -> Array:
    """Ends of x and of y [mm] around muscles in their own frame."""
    low, high = _corners(muscles)
    return np.stack([low - _MARGIN, high + _MARGIN], axis=-1)


def _meets(muscle: Muscle, across: Sequence[float], up: Sequence[float]) -> bool:
    """Whether a muscle's outline may reach into a window."""
    (left, low), (right, high) = _corners([muscle])
    return bool(left < across[1] and right > across[0] and low < up[1] and high > up[0])


def _corners(muscles: Sequence[Muscle]) -> Array:
    """Lower left and upper right corner around muscles [mm]."""
    points = np.concatenate([outline(sheet(muscle), FRONT)[0].vertices for muscle in muscles])
    return np.stack([points.min(axis=0), points.max(axis=0)])


def _draw_reach(axes: Axes, field: Field) -> None:
    """Lines where the captured dose has fallen to half and to a tenth of its largest value."""
    share = field.captured / float(field.captured.max())
    axes.contour(field.x, field.y, share, levels=[_TENTH, _HALF], colors=_TOXIN, linewidths=(0.9, 1.7), zorder=5)


def _draw_injection(axes: Axes, site: Point, radius: float, text: str) -> None:
    axes.add_patch(Circle(site[:2], radius, facecolor=_TOXIN, alpha=0.22, edgecolor="none", zorder=4.5))
    axes.plot(*site[:2], "o", markersize=4.5, color=INK, markeredgecolor="white", markeredgewidth=0.8, zorder=6)
    axes.annotate(
        text, site[:2], xytext=(4, 4), textcoords="offset points", zorder=7, path_effects=HALO, annotation_clip=True
    )


def _name(axes: Axes, muscles: Sequence[Muscle], force: Mapping[str, float]) -> None:
    """Names and losses at the left edge."""
    (left, _), (low, high) = axes.get_xlim(), axes.get_ylim()
    ordered = sorted(muscles, key=lambda one: -middle(one)[1])
    step = min(9.0, (high - low) / (len(ordered) + 1))
    top = 0.5 * (high + low) + 0.5 * step * (len(ordered) - 1)
    for row, muscle in enumerate(ordered):
        text = f"{muscle_name(muscle.stem)} −{100 * (1 - force[muscle.name]):.0f} %"
        leader(axes, text, place=middle(muscle), to=(left + 2.0, top - row * step))


def _explain(figure: Figure, axes: Axes, *, tip: str, head: bool) -> None:
    scale = ScalarMappable(Normalize(0, 100), FORCE_COLOURS)
    bar = figure.colorbar(scale, ax=axes, shrink=0.9, aspect=26, pad=0.02)
    bar.set_label("least force left [% of untreated]")
    bar.outline.set_visible(False)  # pyright: ignore[reportCallIssue]
    rim = [Line2D([], [], color=INK, linewidth=1.0, linestyle=(0, (4, 2)), label="bony rim of the orbit")]
    signs = [
        Line2D([], [], color=INK, marker="o", markersize=4.5, linestyle="none", label=tip),
        Patch(facecolor=_TOXIN, alpha=0.22, label="bolus at injection"),
        Line2D([], [], color=_TOXIN, linewidth=1.7, label="captured dose halved"),
        Line2D([], [], color=_TOXIN, linewidth=0.9, label="captured dose a tenth"),
    ]
    figure.legend(handles=signs + rim * head, loc="outside lower center", ncols=3, frameon=False, fontsize=8.5)
