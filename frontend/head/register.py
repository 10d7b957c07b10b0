"""From the reference head to the simulator's head frame: a thin-plate spline through landmarks."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from endplate.case import anatomy

__all__ = ["AXIS", "Places", "Warp", "place", "to_cylinder", "warp"]

Array = NDArray[np.float64]
# Upright axis of the simulator's head frame to which a needle points, and a radius that turns angles into mm.
AXIS = -80.0
RADIUS = 80.0
_WIDEST = 79.0  # the simulator's skin turns away from the viewer here [mm]


class Warp(NamedTuple):
    """A spatial thin-plate spline: knots (k, 3) and coefficients (k + 4, 3)."""

    knots: Array
    coefficients: Array

    def __call__(self, points: Array) -> Array:
        """Points (n, 3) of the reference head in the simulator's frame."""
        return _basis(points, self.knots) @ self.coefficients


class Places(NamedTuple):
    """Places of points in the simulator's frame: x and y [mm], and along a cylinder round its axis, u and v [mm]."""

    flat: Array
    cylinder: Array


def warp(reference: Array, front: NDArray[np.bool_], landmarks: Path) -> Warp:
    """The spline through the landmarks; `front` marks points that a landmark given by x and y may be."""
    rows = tomllib.loads(landmarks.read_text(encoding="utf-8"))["point"].values()
    ours = np.array([_on_mesh(row["mesh"], reference, front) for row in rows])
    theirs = np.array([_on_skin(row["at"]) for row in rows])
    side = ours[:, 0] > 0
    mirror = np.array([-1.0, 1.0, 1.0])
    return _spline(np.concatenate([ours, ours[side] * mirror]), np.concatenate([theirs, theirs[side] * mirror]))


def _on_mesh(at: list[float], reference: Array, front: NDArray[np.bool_]) -> Array:
    """A landmark in space: z of the foremost skin near (x, y), from the nearest points there."""
    if len(at) == 3:
        return np.array(at)
    near = reference[front]
    apart = np.hypot(near[:, 0] - at[0], near[:, 1] - at[1])
    close = np.argsort(apart)[:12]
    foremost = close[near[close, 2] > near[close, 2].max() - 12.0]
    share = 1 / (apart[foremost] + 0.5) ** 2
    return np.array([at[0], at[1], float(share @ near[foremost, 2] / share.sum())])


def _on_skin(at: list[float]) -> Array:
    return np.array(at if len(at) == 3 else [*at, float(anatomy().surface.height(*at))])


def _basis(points: Array, knots: Array) -> Array:
    """Functions of the spline: distance to each knot, 1, x, y, z."""
    apart = np.linalg.norm(points[:, None, :] - knots, axis=-1)
    return np.concatenate([apart, np.ones((len(points), 1)), points], axis=1)


def _spline(knots: Array, values: Array) -> Warp:
    basis = _basis(knots, knots)
    flat = basis[:, len(knots) :]
    system = np.concatenate([basis, np.pad(flat.T, ((0, 0), (0, 4)))])
    return Warp(knots, np.linalg.solve(system, np.pad(values, ((0, 4), (0, 0)))))


def to_cylinder(x: Array, y: Array) -> Array:
    """The simulator's skin at (x, y) along the cylinder: u and v [mm]."""
    height = anatomy().surface.height(x, y)
    return np.stack(np.broadcast_arrays(RADIUS * np.arctan2(x, height - AXIS), y), axis=-1)


def place(points: Array) -> Places:
    """Places of points (n, 3) in the simulator's frame: the point of its skin in the same direction from its axis."""
    angle = np.abs(np.arctan2(points[:, 0], points[:, 2] - AXIS))
    low, high = np.zeros(len(points)), np.full(len(points), _WIDEST)
    for _ in range(24):
        middle = (low + high) / 2
        beyond = to_cylinder(middle, points[:, 1])[:, 0] > RADIUS * angle
        low, high = np.where(beyond, low, middle), np.where(beyond, middle, high)
    sign = np.where(points[:, 0] < 0, -1.0, 1.0)
    return Places(
        np.stack([sign * (low + high) / 2, points[:, 1]], axis=-1),
        np.stack([sign * RADIUS * angle, points[:, 1]], axis=-1),
    )
