"""The surface map of spread in tissue: muscles outlined, lines of equal dose and of equal effect, in mm."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, zoom

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
_TINT = 0.16
_FINER = 4  # a voxel is drawn in so many pieces, smoothed over half its width


class Effects(NamedTuple):
    """Shares of fibres that are blocked at the peak, and the captured dose that does so [half-cleaving levels]."""

    shares: Sequence[float]
    doses: Sequence[float]


@styled
def spread_map(field: TissueField, effects: Effects) -> Figure:
    """Largest dose below the skin under each point of the face, seen from the front."""
    x, y, everywhere = _seen_from_the_front(field)
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
    lines = axes.contour(x, y, everywhere, levels=sorted(effects.doses), colors=_EFFECT, linewidths=1.5, zorder=6)
    for level in sorted(effects.doses):
        axes.contourf(x, y, everywhere, levels=[level, 2 * max(top, level)], colors=_EFFECT, alpha=_TINT, zorder=4)
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
        Line2D([], [], color=_EFFECT, linewidth=1.6, label="share of fibres blocked at the peak where end plates lie"),
        Line2D([], [], color=_DOSE, linewidth=0.9, label=f"{percent} % of the largest dose captured below the skin"),
    ]
    figure.legend(handles=signs, loc="outside lower center", ncols=1, frameon=False, fontsize=8.5)
    return figure


def _seen_from_the_front(field: TissueField) -> tuple[Array, Array, Array]:
    """x, y and the largest dose along z, between voxels drawn smoothly (H, W)."""
    tissue = field.tissue
    # What stays along a needle track in the skin meets no end plates.
    below = np.where(tissue.kind == Kind.SKIN, 0.0, field.captured).max(axis=2)
    finer: Array = np.asarray(zoom(below, _FINER, order=1), float)
    smooth: Array = np.asarray(gaussian_filter(finer, 0.5 * _FINER), float).T
    x, y = (
        np.linspace(tissue.low[axis], tissue.low[axis] + tissue.spacing * (tissue.kind.shape[axis] - 1), count)
        for axis, count in ((0, smooth.shape[1]), (1, smooth.shape[0]))
    )
    return x, y, smooth
