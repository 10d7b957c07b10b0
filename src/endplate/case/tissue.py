"""The tissue around muscles as voxels: skin, fat, each muscle with its fibres, bone, orbit and eye."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import KDTree  # pyright: ignore[reportMissingTypeStubs]

from endplate.case.anatomy import anatomy
from endplate.case.build import Build, layer_data
from endplate.case.innervation import frame as frame_of
from endplate.case.muscle import Muscle
from endplate.errors import InvalidRequest

__all__ = ["REGIONS_OF_TISSUE", "Build", "Kind", "Tissue", "voxelise"]

Array = NDArray[np.float64]

_STEP = 0.5  # mm between stations along a muscle
_NO_MUSCLE = -1
# Corners of boxes that hold the upper face, the lower face and the neck [mm].
REGIONS_OF_TISSUE = {
    "upper face": ((-64.0, -24.0, -56.0), (64.0, 84.0, 12.0)),
    "lower face": ((-64.0, -116.0, -56.0), (64.0, -8.0, 12.0)),
    "neck": ((-72.0, -236.0, -112.0), (72.0, -100.0, 4.0)),
}


class Kind(IntEnum):
    """What fills a voxel."""

    AIR = 0
    SKIN = 1
    FAT = 2
    MUSCLE = 3
    BONE = 4
    ORBIT = 5
    EYE = 6


@dataclass(frozen=True, slots=True)
class Tissue:
    """A box of voxels.

    Parameters
    ----------
    low : (3,) [mm]
        Centre of the first voxel.
    spacing : [mm]
        Edge of a voxel.
    kind : (X, Y, Z)
        `Kind` of each voxel.
    muscle : (X, Y, Z)
        Index into `names`, −1 where there is no muscle.
    fibre : (3, X, Y, Z)
        Unit vector along the fibres, 0 outside muscles.
    orbital : (X, Y, Z)
        Whether a voxel lies behind the orbital septum.
    names, fascia
        The muscles of the box, and which of them deep fascia wraps.
    """

    low: Array
    spacing: float
    kind: NDArray[np.int8]
    muscle: NDArray[np.int16]
    fibre: NDArray[np.float32]
    orbital: NDArray[np.bool_]
    names: tuple[str, ...]
    fascia: tuple[bool, ...]

    @property
    def open(self) -> NDArray[np.bool_]:
        """Where toxin can go, shape (X, Y, Z)."""
        return np.isin(self.kind, (Kind.SKIN, Kind.FAT, Kind.MUSCLE, Kind.ORBIT))

    def centres(self) -> Array:
        """Centres of all voxels, shape (X, Y, Z, 3) [mm]."""
        return _centres(self.low, self.spacing, self.kind.shape)

    def at(self, point: ArrayLike) -> tuple[Kind, str]:
        """What lies at a point [mm]: kind, and the muscle's name or "".

        Examples
        --------
        >>> skull = voxelise((-8, 4, -12), (16, 16, 16), spacing=1.0)
        >>> kind, muscle = skull.at((0.0, 10.0, -3.4))
        >>> kind.name, muscle
        ('MUSCLE', 'procerus')
        """
        index = tuple(np.rint((np.asarray(point, float) - self.low) / self.spacing).astype(int))
        if min(index) < 0 or any(one >= size for one, size in zip(index, self.kind.shape, strict=True)):
            raise InvalidRequest(f"the point {tuple(np.asarray(point).tolist())} mm lies outside the box of the tissue")
        number = int(self.muscle[index])
        return Kind(int(self.kind[index])), "" if number == _NO_MUSCLE else self.names[number]


def voxelise(
    low: ArrayLike,
    shape: tuple[int, int, int],
    *,
    spacing: float,
    frame: str = "head",
    build: Build | None = None,
) -> Tissue:
    """The tissue in a box.

    Parameters
    ----------
    low
        Centre of the first voxel [mm].
    shape
        Number of voxels along x, y and z.
    spacing
        Edge of a voxel [mm]; 2, 1 and 0.5 are usual. A sheet thinner than a voxel is one voxel thick.
    frame
        ``head``, or a limb muscle's own name: a slab of that muscle under fat and skin.
    build
        The individual's size; that of the muscle map if None.
    """
    size = Build() if build is None else build
    corner = np.asarray(low, float)
    places = _centres(corner, spacing, shape)
    mapped = size.to_map(places) if frame == "head" else places
    muscles = tuple(one for one in anatomy().muscles if one.frame == frame)
    if not muscles:
        raise InvalidRequest(f"no muscle has the frame {frame!r}; take one of {', '.join(anatomy().frames())}")
    kind, behind = _head(mapped) if frame == "head" else _slab(mapped, muscles[0], size)
    room = ~np.isin(kind, (Kind.EYE, Kind.AIR, Kind.SKIN))
    label, fibre = _fill(mapped, muscles, room=room, spacing=spacing, swelling=float(np.sqrt(size.muscle_mass)))
    deep = np.array([*(one.stem in layer_data()["orbit"]["muscles"] for one in muscles), False])[label] & behind
    orbital = deep | (np.isin(kind, (Kind.ORBIT, Kind.EYE)) & (label == _NO_MUSCLE))
    kind[label != _NO_MUSCLE] = Kind.MUSCLE
    present, number = np.unique(label[label != _NO_MUSCLE], return_inverse=True)
    label[label != _NO_MUSCLE] = number
    kept = [muscles[int(index)] for index in present]
    wrapped = set(layer_data()["fascia"]["muscles"])
    return Tissue(
        corner,
        spacing,
        kind,
        label,
        fibre,
        orbital,
        tuple(one.name for one in kept),
        tuple(one.stem in wrapped for one in kept),
    )


def _centres(low: Array, spacing: float, shape: tuple[int, ...]) -> Array:
    axes = [low[axis] + spacing * np.arange(count) for axis, count in enumerate(shape)]
    return np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)


def _head(places: Array) -> tuple[NDArray[np.int8], NDArray[np.bool_]]:
    """Layers of the head, without muscles, at places (X, Y, Z, 3), and what lies as deep as the orbital septum."""
    plane = places[:, :, 0, :2]
    depth = _depth(places)
    kind = np.full(depth.shape, Kind.FAT, np.int8)
    kind[depth < layer_data()["skin"]["thickness"]] = Kind.SKIN
    kind[depth < 0] = Kind.AIR
    kind[depth > _bone_depth(plane)[..., None]] = Kind.BONE
    orbit = layer_data()["orbit"]
    behind = depth > orbit["septum_depth"]
    mirrored = places * np.where(places[..., :1] < 0, (-1.0, 1.0, 1.0), 1.0)
    rim = anatomy().surface.rim
    near = behind & np.all((mirrored[..., :2] >= rim.min(axis=0)) & (mirrored[..., :2] <= rim.max(axis=0)), axis=-1)
    kind[near] = np.where(_in_orbit(mirrored[near]), Kind.ORBIT, kind[near])
    far = np.linalg.norm(mirrored - orbit["globe_centre"], axis=-1)
    kind[(far < orbit["globe_radius"]) & (depth > 0)] = Kind.EYE
    return kind, behind


def _depth(places: Array) -> Array:
    """Depth under the skin, along its normal [mm]; negative in the air."""
    plane = places[:, :, 0, :2]
    height, slope = anatomy().surface.height_and_slope(plane[..., 0], plane[..., 1])
    return (height[..., None] - places[..., 2]) / np.hypot(1.0, slope)[..., None]


def _bone_depth(plane: Array) -> Array:
    """Depth of bone under the skin at (X, Y, 2) [mm], infinite where there is none."""
    bone = layer_data()["bone"]
    at = np.array([point["at"] for point in bone["points"]])
    depth = np.array([point["depth"] for point in bone["points"]])
    place = np.stack([np.abs(plane[..., 0]), plane[..., 1]], axis=-1)
    square = ((place[..., None, :] - at) ** 2).sum(-1)
    weight = 1 / np.maximum(square, 1e-6)
    found = (weight * depth).sum(-1) / weight.sum(-1)
    return np.where(square.min(-1) < bone["reach"] ** 2, found, np.inf)


def _in_orbit(places: Array) -> NDArray[np.bool_]:
    """Whether places of the left side lie in the cone from the rim to the apex."""
    apex = np.array(layer_data()["orbit"]["apex"])
    surface = anatomy().surface
    rim = surface.rim.mean(axis=0)
    front = float(surface.height(*rim)) - layer_data()["orbit"]["septum_depth"]
    share = np.clip((places[..., 2] - apex[2]) / (front - apex[2]), 1e-6, 1.0)
    plane = apex[:2] + (places[..., :2] - apex[:2]) / share[..., None]
    inside: NDArray[np.bool_] = surface.rim_distance(plane[..., 0], plane[..., 1]) < 0
    return inside & (plane[..., 0] > 0) & (places[..., 2] > apex[2])


def _slab(places: Array, muscle: Muscle, build: Build) -> tuple[NDArray[np.int8], NDArray[np.bool_]]:
    """Skin and fat above, and fat below a limb muscle; there is no orbit."""
    outward = -np.asarray(muscle.normals[0], float)
    height: Array = (places - muscle.points.mean(axis=0)) @ outward
    fat = 0.5 * muscle.thickness * np.sqrt(build.muscle_mass) + layer_data()["limb"]["subcutis"]
    kind = np.full(height.shape, Kind.FAT, np.int8)
    kind[height > fat] = Kind.SKIN
    kind[height > fat + layer_data()["skin"]["thickness"]] = Kind.AIR
    return kind, np.zeros(height.shape, bool)


def _fill(
    places: Array, muscles: tuple[Muscle, ...], *, room: NDArray[np.bool_], spacing: float, swelling: float
) -> tuple[NDArray[np.int16], NDArray[np.float32]]:
    """Index of the muscle that holds each voxel of the room, and its fibres; the one whose middle is nearest wins."""
    shape = places.shape[:-1]
    best = np.ones(shape)
    label, fibre = np.full(shape, _NO_MUSCLE, np.int16), np.zeros((3, *shape), np.float32)
    for index, muscle in enumerate(muscles):
        way = _stations(muscle)
        reach = 0.5 * np.hypot(muscle.width * swelling, muscle.thickness * swelling + spacing) + way.step
        block = _block(places, way, reach)
        inside = np.nonzero(room[block])
        if not len(inside[0]):
            continue
        to, t, n, near = _beside(places[block][inside], way, reach)
        half = 0.5 * np.array([muscle.width * swelling, max(muscle.thickness * swelling, spacing)])
        deep = np.abs((to * n).sum(-1)) / half[1]
        wide = np.abs((to * np.cross(t, n)).sum(-1)) / half[0]
        beyond = np.abs((to * t).sum(-1)) > 0.5 * spacing + 0.5 * way.step
        score = np.where((deep <= 1) & (wide <= 1) & ~beyond, deep * (1 - 1e-9), np.inf)
        found = tuple(one[near] for one in inside)
        won = score < best[block][found]
        claimed = tuple(one[won] for one in found)
        best[block][claimed], label[block][claimed] = score[won], index
        for axis in range(3):
            fibre[axis][block][claimed] = t[won, axis]
    return label, fibre


class _Way(NamedTuple):
    """Centre line, tangents and normals every half millimetre (n, 3), the step, corners, and a tree of the line."""

    centre: Array
    tangent: Array
    normal: Array
    step: float
    low: Array
    high: Array
    tree: Any


@cache
def _stations(muscle: Muscle) -> _Way:
    """The way of a muscle, kept under the skin."""
    points = muscle.points
    path = np.concatenate([points, points[:1]]) if muscle.closed else points
    length = float(np.linalg.norm(np.diff(path, axis=0), axis=-1).sum())
    count = max(int(np.ceil(length / _STEP)), 2)
    centre, tangent, normal = frame_of(muscle, np.linspace(0.0, 1.0, count + 1))
    if muscle.frame == "head":
        # Straight paths under a round face come out of it in places; they are kept under the skin.
        least = layer_data()["skin"]["thickness"] + 0.5 * muscle.thickness
        depth = _depth(centre[:, None, None])[:, 0, 0]
        centre[:, 2] -= np.maximum(least - depth, 0.0)
    low, high = centre.min(axis=0), centre.max(axis=0)
    return _Way(centre, tangent, normal, length / count, low, high, KDTree(centre))


def _block(places: Array, way: _Way, reach: float) -> tuple[slice, ...]:
    """The part of a grid of places (X, Y, Z, 3) within reach of a way; the grid's axes are those of the places."""
    axes = (places[:, 0, 0, 0], places[0, :, 0, 1], places[0, 0, :, 2])
    return tuple(
        slice(*np.searchsorted(axis, (way.low[one] - reach, way.high[one] + reach))) for one, axis in enumerate(axes)
    )


def _beside(flat: Array, way: _Way, reach: float) -> tuple[Array, Array, Array, NDArray[np.intp]]:
    """Which places (n, 3) lie within reach of a line; from its nearest station to each, tangent and normal there."""
    distance, station = way.tree.query(flat, distance_upper_bound=reach)
    near = np.flatnonzero(np.isfinite(distance))
    at = station[near]
    return flat[near] - way.centre[at], way.tangent[at], way.normal[at], near
