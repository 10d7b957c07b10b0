"""The surface map of spread in tissue: muscles outlined, lines of equal dose and of equal effect, in mm."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from endplate.case import anatomy
from endplate.case.tissue import Kind
from endplate.course.tissue_field import TissueField
from endplate.report.colours import INK, OKABE_ITO
from endplate.report.face_map import draw_muscle, draw_rim, forwardness, is_deep
from endplate.report.style import HALO, styled

__all__ = ["Effects", "spread_map"]

Array = NDArray[np.float64]

_PAPER, _DOSE, _EFFECT = "#efe3d6", OKABE_ITO["blue"], OKABE_ITO["vermillion"]
_SHARES = (0.01, 0.03, 0.1, 0.3)
_WIDTH = 7.4


class Effects(NamedTuple):
    """Shares of fibres that are blocked at the peak, and the captured dose that does so [half-cleaving levels]."""

    shares: Sequence[float]
    doses: Sequence[float]


@styled
def spread_map(field: TissueField, effects: Effects) -> Figure:
    """Largest dose in the muscles under each point of the face, seen from the front."""
    tissue = field.tissue
    in_muscle = np.where(tissue.kind == Kind.MUSCLE, field.captured, 0.0).max(axis=2).T
    everywhere = field.captured.max(axis=2).T
    x, y = (tissue.low[axis] + tissue.spacing * np.arange(tissue.kind.shape[axis]) for axis in (0, 1))
    figure = Figure(figsize=(_WIDTH, 1.6 + 0.86 * _WIDTH * (y[-1] - y[0]) / (x[-1] - x[0])), layout="constrained")
    axes = figure.add_subplot()
    head = field.injections[0].frame == "head"
    shown = [one for one in anatomy().muscles if one.frame == field.injections[0].frame]
    for muscle in sorted(shown, key=forwardness):
        if not (head and is_deep(muscle)):
            draw_muscle(axes, muscle, colour=_PAPER, strong=False)
    if head:
        draw_rim(axes)
    top = float(everywhere.max())
    axes.contour(x, y, everywhere, levels=[share * top for share in _SHARES], colors=_DOSE, linewidths=0.9, zorder=5)
    lines = axes.contour(x, y, in_muscle, levels=sorted(effects.doses), colors=_EFFECT, linewidths=1.6, zorder=6)
    order = np.argsort(effects.doses)
    names = {level: f"{100 * effects.shares[index]:.0f} %" for level, index in zip(lines.levels, order, strict=True)}
    for text in axes.clabel(lines, fmt=names, fontsize=7.5, inline_spacing=2):
        text.set_path_effects([*HALO])
    for one in field.injections:
        axes.plot(*one.site[:2], "o", markersize=4.5, color=INK, markeredgecolor="white", markeredgewidth=0.8, zorder=7)
    axes.set(xlim=(x[0], x[-1]), ylim=(y[0], y[-1]), aspect="equal")
    axes.set_xlabel("x [mm]: subject's right  ←  midline  →  subject's left" if head else "x, along the fibres [mm]")
    axes.set_ylabel("y, up [mm]" if head else "y, across the fibres [mm]")
    percent = ", ".join(f"{100 * share:g}" for share in _SHARES[::-1])
    signs = [
        Line2D([], [], color=INK, marker="o", markersize=4.5, linestyle="none", label="needle tip"),
        Line2D([], [], color=_EFFECT, linewidth=1.6, label="fibres blocked at the peak, if end plates are there"),
        Line2D([], [], color=_DOSE, linewidth=0.9, label=f"{percent} % of the largest captured dose, any depth"),
    ]
    figure.legend(handles=signs, loc="outside lower center", ncols=1, frameon=False, fontsize=8.5)
    return figure
