"""From voxels to end plates: which voxels speak for each, and which end plate is whose mirror image."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from endplate.case import Muscle, anatomy, endplates
from endplate.case.build import Build
from endplate.case.tissue import Tissue

__all__ = ["NEIGHBOURS", "mirror", "muscles_in", "reading"]

Floats = NDArray[np.float64]

# Voxels of a muscle that speak for an end plate, and how far away they may be [mm].
NEIGHBOURS, _FARTHEST = 4, 3.0


@cache
def muscles_in(frame: str) -> tuple[Muscle, ...]:
    """The muscles of a frame."""
    return tuple(one for one in anatomy().muscles if one.frame == frame)


@cache
def mirror() -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The muscle of the other side for each muscle of the head (J,), and the end plate there for each (J, I)."""
    muscles = muscles_in("head")
    names = {one.name: row for row, one in enumerate(muscles)}
    sides = {"left": "right", "right": "left", "midline": ""}
    rows = np.array([names[f"{one.stem}.{sides[one.side]}".removesuffix(".")] for one in muscles])
    points = [endplates(one)[0] * (-1.0, 1.0, 1.0) for one in muscles]
    plates = [KDTree(endplates(muscles[other])[0]).query(own)[1] for other, own in zip(rows, points, strict=True)]
    return rows, np.array(plates)


def reading(tissue: Tissue, muscles: Sequence[Muscle], *, build: Build) -> tuple[NDArray[np.intp], Floats]:
    """Voxels that speak for each end plate, and their weights, (J, I, 4) each; weights are 0 outside the box."""
    count = len(endplates(muscles[0])[1])
    index = np.zeros((len(muscles), count, NEIGHBOURS), np.intp)
    weight = np.zeros(index.shape)
    high = tissue.low + tissue.spacing * (np.array(tissue.kind.shape) - 1)
    free = np.flatnonzero(tissue.open)
    for row, muscle in enumerate(muscles):
        points, _ = endplates(muscle, build.muscle_mass)
        places = build.from_map(points) if muscle.frame == "head" else points
        inside = np.all((places >= tissue.low) & (places <= high), axis=1)
        if not inside.any() or not len(free):
            continue
        own = np.flatnonzero(tissue.muscle == tissue.names.index(muscle.name)) if muscle.name in tissue.names else free
        found, near = _nearest(tissue, own, places[inside])
        lost = near[:, 0] > _FARTHEST
        if lost.any():
            found[lost], near[lost] = _nearest(tissue, free, places[inside][lost])
        index[row, inside] = found
        close = 1 / np.maximum(near, 0.1 * tissue.spacing) ** 2
        weight[row, inside] = close / close.sum(axis=1, keepdims=True)
    return index, weight


def _nearest(tissue: Tissue, voxels: NDArray[np.intp], places: Floats) -> tuple[NDArray[np.intp], Floats]:
    """The four nearest of some voxels to each place (n, 4), and their distances [mm]."""
    centres = tissue.low + tissue.spacing * np.stack(np.unravel_index(voxels, tissue.kind.shape), axis=-1)
    distance, found = KDTree(centres).query(places, k=NEIGHBOURS)
    # Where there are fewer voxels than neighbours, the rest weighs nothing.
    return voxels[np.minimum(found, len(voxels) - 1)], np.where(np.isfinite(distance), distance, 1e9)
