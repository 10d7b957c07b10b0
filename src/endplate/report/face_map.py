"""The muscle map in mm: sheets, fibres, orbital rim and named sites."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, PathPatch
from numpy.typing import NDArray

from endplate.case import Muscle, anatomy
from endplate.report.colours import INK, MUTED, OKABE_ITO
from endplate.report.names import muscle_name
from endplate.report.outline import FRONT, LEFT_SIDE, outline, sheet
from endplate.report.style import HALO, styled

__all__ = ["anatomy_figure", "draw_muscle", "draw_rim", "forwardness", "is_deep", "leader", "middle"]

Array = NDArray[np.float64]
_EYE_MUSCLES = ("medial_rectus", "lateral_rectus", "superior_rectus", "inferior_rectus")
_NECK = (
    "platysma",
    "sternocleido",
    "splenius",
    "semispinalis",
    "trapezius",
    "levator_scapulae",
    "scalenus",
    "thyro",
    "pharyng",
)
_GROUPS = {
    "forehead": (OKABE_ITO["bluish green"], ("frontalis",)),
    "frown": (OKABE_ITO["vermillion"], ("corrugator", "depressor_supercilii", "procerus")),
    "eye": (OKABE_ITO["blue"], ("orbicularis_oculi", "levator_palpebrae", *_EYE_MUSCLES)),
    "nose, cheek, upper lip": (
        OKABE_ITO["sky blue"],
        ("nasalis", "levator_labii", "levator_anguli", "zygomaticus", "risorius"),
    ),
    "mouth and chin": (
        OKABE_ITO["reddish purple"],
        ("orbicularis_oris", "buccinator", "depressor_anguli", "depressor_labii", "mentalis"),
    ),
    "chewing": ("#8c7b5e", ("masseter", "temporalis")),
    "neck": (OKABE_ITO["orange"], _NECK),
}
_DEEP = 8.0  # mm under the skin from which a sheet would only clutter a map of the surface
_FACE = {"xlim": (-160.0, 168.0), "ylim": (-118.0, 96.0)}
_HEAD = {"xlim": (-28.0, 268.0), "ylim": (-285.0, 96.0)}


@styled
def anatomy_figure() -> Figure:
    """All muscles of the head and neck from the front and from the side, with fibres and named sites."""
    figure = Figure(figsize=(14.0, 6.5), layout="constrained")
    front, side = figure.subplots(1, 2, width_ratios=(1.9, 1.0))
    found = [muscle for muscle in anatomy().muscles if muscle.frame == "head"]
    face = [muscle for muscle in found if not muscle.stem.startswith((*_NECK[1:], *_EYE_MUSCLES))]
    for muscle in sorted(face, key=forwardness):
        draw_muscle(front, muscle, colour=_colour(muscle))
    lateral = [muscle for muscle in found if muscle.side != "right"]
    for muscle in sorted(lateral, key=lambda one: float(one.points[:, 0].mean())):
        draw_muscle(side, muscle, colour=_colour(muscle), view=LEFT_SIDE)
    draw_rim(front)
    sites = [site.skin for site in anatomy().sites.values() if site.frame == "head" and site.depth > 0]
    _dots(front, np.asarray(sites) @ FRONT.T)
    _dots(side, np.asarray([place for place in sites if place[0] >= 0]) @ LEFT_SIDE.T)
    _name_face(front, [muscle for muscle in face if muscle.side != "right"])
    _name_side(side, [muscle for muscle in lateral if muscle not in face or muscle.stem in ("platysma", "temporalis")])
    front.set_title("The face from the front")
    side.set_title("Head and neck from the subject's left")
    front.set(**_FACE, aspect="equal", ylabel="y, up [mm]")
    front.set_xlabel("x [mm]: subject's right  ←  midline  →  subject's left")
    side.set(**_HEAD, aspect="equal", xlabel="backward, −z [mm]", ylabel="y, up [mm]")
    _legend(figure)
    return figure


def draw_muscle(
    axes: Axes, muscle: Muscle, *, colour: object, view: Array = FRONT, strong: bool = True, order: float = 2.0
) -> None:
    """One muscle: its sheet, edge and fibres; a weak one stays in the background."""
    border, strands = outline(sheet(muscle), view)
    fill, edge, fibre = (0.85, 0.7, "white") if strong else (0.6, 0.35, "#ddd6cd")
    axes.add_patch(PathPatch(border, facecolor=colour, alpha=fill, edgecolor="none", zorder=order))
    axes.add_patch(PathPatch(border, facecolor="none", edgecolor="#47525c", linewidth=edge, zorder=order))
    axes.add_collection(LineCollection(strands, colors=fibre, linewidths=0.5, alpha=0.7, zorder=order))


def draw_rim(axes: Axes) -> None:
    """The bony rim of both orbits."""
    rim = anatomy().surface.rim
    loop = np.concatenate([rim, rim[:1]])
    for mirror in (1.0, -1.0):
        axes.plot(mirror * loop[:, 0], loop[:, 1], color=INK, linewidth=1.0, linestyle=(0, (4, 2)), zorder=4)


def forwardness(muscle: Muscle) -> float:
    """How far forward a muscle lies [mm]; those behind are drawn first."""
    return float(muscle.points[:, 2].mean())


def is_deep(muscle: Muscle) -> bool:
    """Whether a muscle of the head lies so deep that a map of the surface leaves it out."""
    x, y, z = muscle.points.T
    return float((anatomy().surface.height(x, y) - z).mean()) > _DEEP


def middle(muscle: Muscle, view: Array = FRONT) -> tuple[float, float]:
    """Where the middle of a muscle's fibres lies on paper [mm]."""
    centre = sheet(muscle).centre
    x, y = view @ centre[len(centre) // 2]
    return float(x), float(y)


def _dots(axes: Axes, at: Array) -> None:
    axes.plot(*at.T, "o", markersize=3.6, color=INK, markeredgecolor="white", markeredgewidth=0.7, zorder=6)


def _name_face(axes: Axes, muscles: Sequence[Muscle]) -> None:
    """Names in both margins, each joined to its muscle."""
    ordered = sorted(muscles, key=lambda one: -float(one.points[:, 1].mean()))
    for column, edge in ((ordered[0::2], -1.0), (ordered[1::2], 1.0)):
        for muscle, height in zip(column, np.linspace(88.0, -112.0, len(column)), strict=True):
            x, y = middle(muscle)
            leader(
                axes,
                muscle_name(muscle.stem),
                place=(edge * abs(x), y),
                to=(edge * 98.0, height),
                align="left" if edge > 0 else "right",
            )


def _name_side(axes: Axes, muscles: Sequence[Muscle]) -> None:
    """Names at the right edge."""
    ordered = sorted(muscles, key=lambda one: -float(one.points[:, 1].mean()))
    for muscle, height in zip(ordered, np.linspace(90.0, -270.0, len(ordered)), strict=True):
        leader(axes, muscle_name(muscle.stem), place=middle(muscle, LEFT_SIDE), to=(198.0, height))


def leader(axes: Axes, text: str, *, place: tuple[float, float], to: tuple[float, float], align: str = "left") -> None:
    """A name joined to a place by a thin line."""
    line = {"arrowstyle": "-", "color": MUTED, "linewidth": 0.55, "shrinkA": 1.5, "shrinkB": 0.0}
    axes.annotate(
        text, xy=place, xytext=to, ha=align, va="center", fontsize=8.5, zorder=8, arrowprops=line, path_effects=HALO
    )
    axes.plot(*place, "o", markersize=2.2, color="white", markeredgecolor=INK, markeredgewidth=0.6, zorder=7)


def _legend(figure: Figure) -> None:
    signs: list[Artist] = [
        Patch(facecolor=colour, edgecolor="#47525c", label=name) for name, (colour, _) in _GROUPS.items()
    ]
    signs.append(Line2D([], [], color=INK, marker="o", markersize=3.6, linestyle="none", label="named injection site"))
    signs.append(Line2D([], [], color=INK, linewidth=1.0, linestyle=(0, (4, 2)), label="bony rim of the orbit"))
    figure.legend(handles=signs, loc="outside lower center", ncols=len(signs), frameon=False)


def _colour(muscle: Muscle) -> str:
    return next(colour for colour, stems in _GROUPS.values() if muscle.stem.startswith(stems))
