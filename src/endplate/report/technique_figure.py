"""A plan in the hands of a novice and of an expert: losses of force, and the points that count most."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from endplate.population.technique import Technique
from endplate.report.colours import INK, OKABE_ITO
from endplate.report.names import muscle_name
from endplate.report.style import styled

__all__ = ["technique_figure"]

_COLOURS = {"novice": OKABE_ITO["vermillion"], "expert": OKABE_ITO["blue"]}
_APART = 0.17


@styled
def technique_figure(found: Sequence[Technique]) -> Figure:
    """Left: largest loss of force by muscle, planned and in each hand. Right: scatter if one point alone is missed.

    Parameters
    ----------
    found
        One for each operator, of one plan.
    """
    names = sorted({name for one in found for name in one.losses}, key=lambda name: -found[0].planned.get(name, 0.0))
    figure = Figure(figsize=(11.0, 1.3 + 0.36 * max(len(names), 6)), layout="constrained")
    left, right = figure.subplots(1, 2)
    _losses(left, found, names)
    _points(right, found)
    return figure


def _losses(axes: Axes, found: Sequence[Technique], names: Sequence[str]) -> None:
    rows = {name: row for row, name in enumerate(reversed(names))}
    for shift, one in zip((_APART, -_APART), found, strict=False):
        colour = _COLOURS[one.operator]
        for name, (low, middle, high) in one.losses.items():
            axes.plot([100 * low, 100 * high], [rows[name] + shift] * 2, color=colour, linewidth=2.4)
            axes.plot(100 * middle, rows[name] + shift, "o", color=colour, markersize=4.5)
        axes.plot([], [], "o-", color=colour, label=one.operator)
    for name, row in rows.items():
        planned = 100 * found[0].planned.get(name, 0.0)
        axes.plot([planned, planned], [row - 2 * _APART, row + 2 * _APART], color=INK, linewidth=1.2)
    axes.plot([], [], color=INK, linewidth=1.2, label="as planned")
    axes.set_yticks(range(len(names)), [muscle_name(name) for name in reversed(names)])
    axes.set_xlim(0.0, 100.0)
    axes.set_xlabel("largest loss of force [%]: median and 90 % of draws")
    axes.legend(loc="lower right", frameon=False, fontsize=8)


def _points(axes: Axes, found: Sequence[Technique]) -> None:
    order = [point.name for point in found[0].points]
    rows = {name: row for row, name in enumerate(reversed(order))}
    for shift, one in zip((_APART, -_APART), found, strict=False):
        values = [100 * point.scatter for point in one.points]
        places = [rows[point.name] + shift for point in one.points]
        axes.barh(places, values, height=2 * _APART, color=_COLOURS[one.operator], label=one.operator)
    axes.set_yticks(range(len(order)), [name.replace(".", ", ").replace("_", " ") for name in reversed(order)])
    axes.set_xlabel("change of force if this point alone is missed [%],\nroot mean square summed over muscles")
    axes.legend(loc="lower right", frameon=False, fontsize=8)
