"""From the rows of ``muscles.toml`` to the muscles of both sides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from endplate.case.muscle import Band, Muscle, Point, Side
from endplate.case.surface import Surface

__all__ = ["muscles"]

Table = Mapping[str, Any]
Array = NDArray[np.float64]
_RING_STEP = 5.0  # degrees between the points of a ring
_FULL_TURN = 360.0
_MIRROR = np.array([-1.0, 1.0, 1.0])
_LIMB_NORMAL = (0.0, 0.0, -1.0)


def muscles(table: Table, *, density: float, surface: Surface) -> tuple[Muscle, ...]:
    """All muscles, sides expanded: left before right.

    Parameters
    ----------
    table
        Rows by name, as in ``muscles.toml``.
    density : [g/cm3]
        Density of muscle.
    surface
        The skin, which rings follow.
    """
    stems = {stem: str(row["side"]) for stem, row in table.items()}
    return tuple(
        _muscle(stem, side, row, (density, stems, surface)) for stem, row in table.items() for side in _sides(row)
    )


def _sides(row: Table) -> tuple[Side, ...]:
    return ("midline",) if row["side"] == "midline" else ("left", "right")


def _muscle(stem: str, side: Side, row: Table, context: tuple[float, Mapping[str, str], Surface]) -> Muscle:
    density, stems, surface = context
    name = stem if side == "midline" else f"{stem}.{side}"
    head = row["frame"] == "head"
    path, normals = _path(row, surface if head else None)
    if side == "right" and head:
        path, normals = path * _MIRROR + 0.0, normals * _MIRROR + 0.0
    mass = float(row["mass"])
    return Muscle(
        name=name,
        stem=stem,
        side=side,
        frame="head" if head else name,
        action_units=tuple(row["action_units"]),
        function=row["function"],
        antagonists=tuple(_antagonists(row, side, stems)),
        other_antagonists=tuple(row.get("other_antagonists", ())),
        lines_caused=tuple(row["lines_caused"]),
        path=_points(path),
        closed="ring" in row and _is_full(row["ring"]),
        normals=_points(normals),
        width=float(row["width"]),
        thickness=float(row["thickness"]),
        length=float(row["length"]),
        mass=mass,
        density=density,
        volume=float(row.get("volume", mass / density)),
        volume_sd=row.get("volume_sd"),
        bands=tuple(Band(**band) for band in row["endplates"]),
        endplate_zone=row["endplate_zone"],
        hazards=row["hazards"],
        source=row["source"],
        doi=row.get("doi", row.get("url")),
        confidence=row["confidence"],
        confidence_parts=row.get("confidence_parts"),
        assumed=tuple(row.get("assumed", ())),
        note=row.get("note"),
    )


def _antagonists(row: Table, side: Side, stems: Mapping[str, str]) -> Iterator[str]:
    """Full names of the antagonists of the same side, then of those of the other side."""
    other: dict[Side, tuple[Side, ...]] = {"left": ("right",), "right": ("left",), "midline": ()}
    same: tuple[Side, ...] = ("left", "right") if side == "midline" else (side,)
    for key, sides in (("antagonists", same), ("antagonists_opposite", other[side])):
        for stem in row.get(key, ()):
            yield from [stem] if stems[stem] == "midline" else [f"{stem}.{one}" for one in sides]


def _path(row: Table, surface: Surface | None) -> tuple[Array, Array]:
    """Centre line and inward normals of the muscle as written, shape (K, 3) each."""
    if "ring" in row and surface is not None:
        path = _ring(row["ring"], surface)
    else:
        path = np.array([row["origin"], *row.get("via", ()), row["insertion"]], dtype=np.float64)
    if surface is None:
        return path, np.broadcast_to(np.array(_LIMB_NORMAL), path.shape)
    if "thin_axis" in row:
        axis = np.array(row["thin_axis"], dtype=np.float64)
        return path, np.broadcast_to(-axis / np.linalg.norm(axis), path.shape)
    return path, surface.inward(path)


def _ring(ring: Table, surface: Surface) -> Array:
    """Points of an ellipse at a depth under the skin, shape (K, 3) [mm]."""
    turn = float(ring["end"]) - float(ring["start"])
    count = round(turn / _RING_STEP)
    angles = np.radians(float(ring["start"]) + turn / count * np.arange(count if _is_full(ring) else count + 1))
    x = ring["centre"][0] + ring["semi_axes"][0] * np.cos(angles)
    y = ring["centre"][1] + ring["semi_axes"][1] * np.sin(angles)
    skin = np.stack([x, y, surface.height(x, y)], axis=-1)
    return skin + float(ring["depth"]) * surface.inward(skin)


def _is_full(ring: Table) -> bool:
    return float(ring["end"]) - float(ring["start"]) >= _FULL_TURN


def _points(points: Array) -> tuple[Point, ...]:
    return tuple((float(x), float(y), float(z)) for x, y, z in points)
