"""The skin as a surface z(x, y), the direction of a needle, and the orbital rim."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Surface"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Surface:
    """The skin through known points, the needle's direction, and the rim of the orbit.

    Parameters
    ----------
    knots : (K, 2) [mm]
        x and y of the known points of both sides.
    coefficients : (K + 3,)
        Of the thin-plate spline through them: knots, constant, slope along x and y.
    axis : (2,) [mm]
        x and z of the upright axis to which a needle points.
    low, high : (3,) [mm]
        The box that holds the tissue.
    above_skin : [mm]
        How far above the skin still counts as on it.
    rim : (K, 2) [mm]
        The rim of the left orbit in the frontal plane.
    """

    knots: Array
    coefficients: Array
    axis: tuple[float, float]
    low: tuple[float, float, float]
    high: tuple[float, float, float]
    above_skin: float
    rim: Array

    @classmethod
    def through(
        cls,
        points: ArrayLike,
        *,
        axis: tuple[float, float],
        box: tuple[Sequence[float], Sequence[float]],
        above_skin: float,
        rim: ArrayLike,
    ) -> Surface:
        """The surface through `points`, shape (K, 3) [mm], of the left side, mirrored."""
        left = np.asarray(points, dtype=np.float64)
        both = np.unique(np.concatenate([left, left * (-1.0, 1.0, 1.0)]) + 0.0, axis=0)
        low, high = ((float(x), float(y), float(z)) for x, y, z in box)
        knots, outline = both[:, :2], np.asarray(rim, dtype=np.float64)
        return cls(knots, _thin_plate(knots, both[:, 2]), axis, low, high, above_skin, outline)

    def height(self, x: ArrayLike, y: ArrayLike) -> Array:
        """The skin's z at (x, y) [mm]; the same for x and -x."""
        across, up = np.broadcast_arrays(np.abs(np.asarray(x, dtype=np.float64)), np.asarray(y, dtype=np.float64))
        return _basis(np.stack([across, up], axis=-1), self.knots) @ self.coefficients

    def height_and_slope(self, x: ArrayLike, y: ArrayLike) -> tuple[Array, Array]:
        """The skin's z at (x, y) [mm], and how steep it is there."""
        across, up = np.broadcast_arrays(np.abs(np.asarray(x, dtype=np.float64)), np.asarray(y, dtype=np.float64))
        to = np.stack([across, up], axis=-1)[..., None, :] - self.knots
        squared: Array = (to**2).sum(-1)
        safe = np.where(squared > 0.0, squared, 1.0)
        bending, flat = np.split(self.coefficients, [len(self.knots)])
        logarithm = bending * np.log(safe)
        height = 0.5 * (squared * logarithm).sum(-1) + flat[0] + flat[1] * across + flat[2] * up
        slopes = [(to[..., axis] * (logarithm + bending)).sum(-1) + flat[1 + axis] for axis in (0, 1)]
        return height, np.hypot(*slopes)

    def inward(self, points: ArrayLike) -> Array:
        """Unit vectors from points (..., 3) to the head's upright axis, shape (..., 3)."""
        place = np.asarray(points, dtype=np.float64)
        x, z = place[..., 0] - self.axis[0], place[..., 2] - self.axis[1]
        out = np.stack([x, np.zeros_like(x), z], axis=-1)
        return -out / np.maximum(np.linalg.norm(out, axis=-1, keepdims=True), np.finfo(np.float64).tiny)

    def tip(self, x: float, y: float, *, depth: float) -> tuple[float, float, float]:
        """The needle tip `depth` mm under the skin at (x, y) [mm]."""
        skin = np.array([x, y, float(self.height(x, y))])
        tip = skin + depth * self.inward(skin)
        return float(tip[0]), float(tip[1]), float(tip[2])

    def outside(self, point: Sequence[float]) -> float:
        """How far a point lies outside the tissue [mm]; 0 inside.

        Examples
        --------
        >>> from endplate.case import anatomy
        >>> anatomy().surface.outside((0.0, 10.0, -5.0))
        0.0
        """
        place = np.asarray(point, dtype=np.float64)
        box = float(np.linalg.norm(np.maximum(0.0, np.maximum(np.subtract(self.low, place), place - self.high))))
        if box > 0.0:
            return box
        return max(0.0, float(place[2] - self.height(place[0], place[1])))

    def rim_distance(self, x: ArrayLike, y: ArrayLike) -> Array:
        """Distance of (x, y) from the orbital rim of its side in the frontal plane [mm]; negative inside the orbit.

        Examples
        --------
        >>> from endplate.case import anatomy
        >>> float(anatomy().surface.rim_distance(30.0, 25.0))
        5.0
        """
        place = np.stack(np.broadcast_arrays(np.abs(np.asarray(x, np.float64)), np.asarray(y, np.float64)), axis=-1)
        start, end = self.rim, np.roll(self.rim, -1, axis=0)
        along, to = end - start, place[..., None, :] - start
        share = np.clip((to * along).sum(-1) / (along**2).sum(-1), 0.0, 1.0)
        distance: Array = np.linalg.norm(to - share[..., None] * along, axis=-1).min(-1)
        return distance * np.where(_inside(place, start, end), -1.0, 1.0)


def _basis(places: Array, knots: Array) -> Array:
    """Functions of a thin-plate spline at places (..., 2): r² ln r for each knot, 1, x, y."""
    squared: Array = ((places[..., None, :] - knots) ** 2).sum(-1)
    bending: Array = 0.5 * squared * np.log(np.where(squared > 0.0, squared, 1.0))
    return np.concatenate([bending, np.ones_like(places[..., :1]), places], axis=-1)


def _thin_plate(knots: Array, heights: Array) -> Array:
    """Coefficients of the surface of least bending through the knots (Duchon 1977)."""
    basis = _basis(knots, knots)
    flat = basis[:, len(knots) :]
    system = np.concatenate([basis, np.pad(flat.T, ((0, 0), (0, flat.shape[1])))])
    return np.asarray(np.linalg.solve(system, np.pad(heights, (0, flat.shape[1]))), dtype=np.float64)


def _inside(place: Array, start: Array, end: Array) -> NDArray[np.bool_]:
    """Whether points (..., 2) lie in the polygon, by counting crossings of a ray to +x."""
    x, y = place[..., None, 0], place[..., None, 1]
    spans = (start[:, 1] > y) != (end[:, 1] > y)
    rise = np.where(start[:, 1] == end[:, 1], 1.0, end[:, 1] - start[:, 1])
    crossing = start[:, 0] + (y - start[:, 1]) / rise * (end[:, 0] - start[:, 0])
    return (np.count_nonzero(spans & (x < crossing), axis=-1) % 2).astype(bool)
