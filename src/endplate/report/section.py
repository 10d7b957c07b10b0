"""Sections through the voxels of tissue, in mm, with muscles outlined and lines of equal dose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap, to_rgba
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from numpy.typing import NDArray

from endplate.case.tissue import Kind, Tissue
from endplate.report.colours import INK, OKABE_ITO
from endplate.report.names import muscle_name
from endplate.report.style import HALO, styled

__all__ = ["KIND_COLOURS", "Plane", "draw_section", "section_figure"]

Array = NDArray[np.float64]

KIND_COLOURS = {
    Kind.AIR: "#ffffff",
    Kind.SKIN: "#e9b99a",
    Kind.FAT: "#f8ecc4",
    Kind.MUSCLE: "#c8685c",
    Kind.BONE: "#d8d9d6",
    Kind.ORBIT: "#efe0a0",
    Kind.EYE: "#bcd6e6",
}
_KIND_NAMES = {
    Kind.SKIN: "skin",
    Kind.FAT: "fat and loose tissue",
    Kind.MUSCLE: "muscle",
    Kind.BONE: "bone and what lies behind",
    Kind.ORBIT: "orbit, behind the septum",
    Kind.EYE: "eye",
}
_DARKER = 0.72
_FEWEST = 4  # voxels of a muscle that earn it a name
_AXIS_NAMES = ("x [mm]", "y, up [mm]", "z, forward [mm]")
# Horizontal and vertical axis of a section across x, y and z.
_SHOWN = ((2, 1), (0, 2), (0, 1))
_DOSE = OKABE_ITO["blue"]


@dataclass(frozen=True, slots=True)
class Plane:
    """A plane across one axis (0, 1, 2 for x, y, z) at a place [mm], and what it is called."""

    axis: int
    place: float
    title: str


def draw_section(
    axes: Axes, tissue: Tissue, *, plane: Plane, dose: Array | None = None, levels: Mapping[float, str] | None = None
) -> None:
    """One section: layers in colour, muscles outlined and named, lines where `dose` (X, Y, Z) has named levels."""
    index = int(np.rint((plane.place - tissue.low[plane.axis]) / tissue.spacing))
    across, up = _SHOWN[plane.axis]
    kind, muscle = (_cut(one, plane.axis, index) for one in (tissue.kind, tissue.muscle))
    edges = [
        tissue.low[axis] + tissue.spacing * (np.arange(tissue.kind.shape[axis] + 1) - 0.5) for axis in (across, up)
    ]
    middles = [0.5 * (edge[1:] + edge[:-1]) for edge in edges]
    colours = ListedColormap([KIND_COLOURS[one] for one in Kind])
    axes.pcolormesh(*edges, kind.T, cmap=colours, vmin=-0.5, vmax=len(Kind) - 0.5, rasterized=True)
    dark = tuple(_DARKER * part for part in to_rgba(KIND_COLOURS[Kind.MUSCLE])[:3])
    named: set[str] = set()
    for number, name in enumerate(tissue.names):
        here = muscle == number
        if here.sum() * tissue.spacing**2 < 1:
            continue
        axes.contour(*middles, here.T.astype(float), levels=[0.5], colors=[dark], linewidths=0.7)
        if here.sum() >= _FEWEST and name.split(".")[0] not in named:
            named.add(name.split(".")[0])
            _name(axes, name, middles, here)
    if dose is not None and levels:
        values = _cut(dose, plane.axis, index).T
        lines = axes.contour(*middles, values, levels=sorted(levels), colors=_DOSE, linewidths=1.1)
        for text in axes.clabel(lines, fontsize=7, fmt=dict(levels), inline_spacing=2):
            text.set_path_effects([*HALO])
    filled = [np.flatnonzero((kind != Kind.BONE).any(axis=1 - axis)) for axis in (0, 1)]
    limits = [(edge[cells[0]], edge[cells[-1] + 1]) for edge, cells in zip(edges, filled, strict=True)]
    axes.set(xlim=limits[0], ylim=limits[1])
    axes.set(aspect="equal", xlabel=_AXIS_NAMES[across], ylabel=_AXIS_NAMES[up], title=plane.title)


@styled
def section_figure(
    tissue: Tissue,
    planes: Sequence[Plane],
    *,
    dose: Array | None = None,
    levels: Mapping[float, str] | None = None,
    dose_name: str = "captured dose",
) -> Figure:
    """Sections side by side.

    Parameters
    ----------
    tissue
        The voxels.
    planes
        Where to cut.
    dose, levels
        Values of the voxels (X, Y, Z), and the values to draw lines at, with a name each.
    dose_name
        What those lines are.
    """
    widths = [tissue.kind.shape[_SHOWN[plane.axis][0]] for plane in planes]
    tallest = max(tissue.kind.shape[_SHOWN[plane.axis][1]] for plane in planes)
    wide = 12.0
    figure = Figure(figsize=(wide, 0.9 * wide * tallest / sum(widths) + 1.0), layout="constrained")
    row = figure.subplots(1, len(planes), gridspec_kw={"width_ratios": widths}, squeeze=False)[0]
    for axes, plane in zip(row, planes, strict=True):
        draw_section(axes, tissue, plane=plane, dose=dose, levels=levels)
    present = [kind for kind in _KIND_NAMES if np.any(tissue.kind == kind)]
    signs = [Patch(facecolor=KIND_COLOURS[kind], edgecolor="none", label=_KIND_NAMES[kind]) for kind in present]
    if dose is not None:
        signs.append(Patch(facecolor="none", edgecolor=_DOSE, label=dose_name))
    figure.legend(handles=signs, loc="outside lower center", ncols=len(signs), frameon=False, fontsize=8.5)
    return figure


def _cut(values: NDArray, axis: int, index: int) -> NDArray:
    """A plane of voxels with the horizontal axis first."""
    plane = np.take(values, index, axis=axis)
    across, up = _SHOWN[axis]
    return plane if across < up else plane.T


def _name(axes: Axes, name: str, middles: Sequence[Array], here: NDArray[np.bool_]) -> None:
    """The muscle's name beside the voxel nearest to the middle of what is seen of it."""
    seen = np.argwhere(here)
    x, y = seen[np.argmin(((seen - seen.mean(axis=0)) ** 2).sum(axis=1))]
    axes.annotate(
        muscle_name(name.split(".")[0]),
        (middles[0][x], middles[1][y]),
        xytext=(5, 0),
        textcoords="offset points",
        fontsize=6.5,
        color=INK,
        va="center",
        path_effects=HALO,
    )
