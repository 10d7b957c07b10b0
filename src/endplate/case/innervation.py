"""Where a muscle's end plates lie, and how far a point is from a muscle."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from endplate.case.muscle import Band, Muscle

__all__ = ["ACROSS", "ALONG", "DEEP", "distance", "endplates", "fibres", "frame", "place"]

ALONG, ACROSS, DEEP = 11, 3, 3
_FEWEST_PER_BAND = 3
_REACH = 2.0  # standard deviations of a gaussian band that are covered
_STATIONS = 201

Array = NDArray[np.float64]


@cache
def endplates(muscle: Muscle, mass: float = 1.0) -> tuple[Array, Array]:
    """Quadrature points over a muscle's end plates: 11 along the fibres × 3 across the width × 3 deep.

    Parameters
    ----------
    muscle
        The muscle.
    mass
        Relative to that of the map: at the same length the muscle is wider and thicker by its square root.

    Returns
    -------
    points : (99, 3) [mm]
        Where the end plates lie.
    weights : (99,)
        Share of the end plates at each point; they sum to 1.

    Examples
    --------
    >>> from endplate.case import anatomy, endplates
    >>> points, weights = endplates(anatomy().muscle("procerus"))
    >>> points.shape, round(float(weights.sum()), 12)
    ((99, 3), 1.0)
    """
    fractions, along = _stations(muscle.bands)
    centre, tangent, normal = frame(muscle, fractions)
    side = np.cross(tangent, normal) * (-1.0 if muscle.side == "right" else 1.0)
    swelling = float(np.sqrt(mass))
    across, deep = swelling * muscle.width * _strips(ACROSS), swelling * muscle.thickness * _strips(DEEP)
    points = (
        centre[:, None, None]
        + across[None, :, None, None] * side[:, None, None]
        + deep[None, None, :, None] * normal[:, None, None]
    ).reshape(-1, 3)
    weights = np.repeat(along / (ACROSS * DEEP), ACROSS * DEEP)
    for array in (points, weights):
        array.setflags(write=False)
    return points, weights


@cache
def fibres(muscle: Muscle) -> Array:
    """Unit vectors along the fibres at the points of `endplates`, shape (99, 3)."""
    fractions, _ = _stations(muscle.bands)
    directions = np.repeat(frame(muscle, fractions)[1], ACROSS * DEEP, axis=0)
    directions.setflags(write=False)
    return directions


def place(muscle: Muscle) -> tuple[float, float, float]:
    """The mean place of a muscle's end plates [mm], or the nearest of them if a curved muscle leaves it out."""
    points, weights = endplates(muscle)
    mean = weights @ points
    nearest = points[np.argmin(((points - mean) ** 2).sum(axis=1))]
    x, y, z = mean if distance(muscle, mean) == 0.0 else nearest
    return float(x), float(y), float(z)


def distance(muscle: Muscle, point: ArrayLike) -> float:
    """Distance of a point from a muscle's sheet [mm]; 0 inside it.

    Examples
    --------
    >>> from endplate.case import anatomy
    >>> distance(anatomy().muscle("procerus"), (0.0, 10.0, -3.4))
    0.0
    """
    centre, tangent, normal = frame(muscle, np.linspace(0.0, 1.0, _STATIONS))
    to = np.asarray(point, dtype=np.float64) - centre
    along = np.abs((to * tangent).sum(-1)) - 0.5 * _step(centre, closed=muscle.closed)
    across = np.abs((to * np.cross(tangent, normal)).sum(-1)) - 0.5 * muscle.width
    deep = np.abs((to * normal).sum(-1)) - 0.5 * muscle.thickness
    beyond = np.maximum(0.0, np.stack([along, across, deep]))
    return float(np.linalg.norm(beyond, axis=0).min())


def _step(centre: Array, *, closed: bool) -> float:
    """Length of fibre that one station stands for [mm]; the ends of an open path end there."""
    step = float(np.linalg.norm(np.diff(centre, axis=0), axis=-1).max())
    return step if closed else min(step, 0.5 * step + 0.25)


def _strips(count: int) -> Array:
    """Middles of `count` equal strips of a width of 1, centred."""
    return (np.arange(count) + 0.5) / count - 0.5


def _stations(bands: tuple[Band, ...]) -> tuple[Array, Array]:
    """Fractions along the path and their weights, shape (ALONG,) each."""
    parts = [_band(band, count) for band, count in zip(bands, _shares(bands), strict=True)]
    weights = np.concatenate([weights for _, weights in parts])
    return np.concatenate([fractions for fractions, _ in parts]), weights / weights.sum()


def _shares(bands: tuple[Band, ...]) -> list[int]:
    """How many of the stations each band gets, by its weight."""
    total = sum(band.weight for band in bands)
    counts = [max(_FEWEST_PER_BAND, round(ALONG * band.weight / total)) for band in bands]
    counts[int(np.argmax(counts))] += ALONG - sum(counts)
    return counts


def _band(band: Band, count: int) -> tuple[Array, Array]:
    """Middles of equal pieces of one band and their weights, which sum to the band's."""
    reach = band.spread * (_REACH if band.kind == "gaussian" else 1.0)
    low, high = max(0.0, band.centre - reach), min(1.0, band.centre + reach)
    fractions = low + (high - low) * (np.arange(count) + 0.5) / count
    flat = band.kind == "uniform"
    density = np.ones(count) if flat else np.exp(-0.5 * ((fractions - band.centre) / band.spread) ** 2)
    return fractions, band.weight * density / density.sum()


def frame(muscle: Muscle, fractions: Array) -> tuple[Array, Array, Array]:
    """Centre line, unit tangent and unit inward normal at fractions of the path, shape (n, 3) each."""
    path, normals = muscle.points, np.asarray(muscle.normals, dtype=np.float64)
    if muscle.closed:
        path, normals = np.concatenate([path, path[:1]]), np.concatenate([normals, normals[:1]])
    steps = np.linalg.norm(np.diff(path, axis=0), axis=-1)
    knots = np.concatenate([[0.0], np.cumsum(steps)]) / steps.sum()
    piece = np.clip(np.searchsorted(knots, fractions, side="right") - 1, 0, len(steps) - 1)
    tangent = (np.diff(path, axis=0) / steps[:, None])[piece]
    centre, normal = _interpolate(fractions, knots, path), _interpolate(fractions, knots, normals)
    normal = normal - (normal * tangent).sum(-1, keepdims=True) * tangent
    return centre, tangent, normal / np.linalg.norm(normal, axis=-1, keepdims=True)


def _interpolate(at: Array, knots: Array, values: Array) -> Array:
    return np.stack([np.interp(at, knots, values[:, axis]) for axis in range(values.shape[1])], axis=-1)
