"""The true shape of a muscle sheet on paper: its path, its width, its fibres."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from matplotlib.path import Path
from numpy.typing import NDArray

from endplate.case import Muscle

__all__ = ["FRONT", "LEFT_SIDE", "Sheet", "outline", "sheet"]

Array = NDArray[np.float64]
# Which coordinates run along the paper, seen from the front and from the subject's left (nose on the left).
FRONT = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
LEFT_SIDE = np.array([[0.0, 0.0, -1.0], [0.0, 1.0, 0.0]])
_STATIONS = 41
_STRANDS = 5


class Sheet(NamedTuple):
    """A muscle's sheet in space.

    centre: points along the fibres (n, 3) [mm].
    half: half the width as a vector across the fibres (n, 3) [mm].
    closed: whether it is a ring.
    """

    centre: Array
    half: Array
    closed: bool


def sheet(muscle: Muscle) -> Sheet:
    """Centre line and half width of a muscle."""
    path, normals = muscle.points, np.asarray(muscle.normals, float)
    if muscle.closed:
        path, normals = np.concatenate([path, path[:1]]), np.concatenate([normals, normals[:1]])
    steps = np.linalg.norm(np.diff(path, axis=0), axis=-1)
    knots = np.concatenate([[0.0], np.cumsum(steps)])
    at = np.linspace(0.0, knots[-1], max(_STATIONS, len(path)))
    centre, normal = (np.stack([np.interp(at, knots, one[:, k]) for k in range(3)], -1) for one in (path, normals))
    tangent = np.gradient(centre, axis=0)
    if muscle.closed:
        tangent[0] = tangent[-1] = centre[1] - centre[-2]
    across = np.cross(tangent, normal)
    across /= np.linalg.norm(across, axis=-1, keepdims=True)
    return Sheet(centre, 0.5 * muscle.width * across, muscle.closed)


def outline(shape: Sheet, view: Array) -> tuple[Path, list[Array]]:
    """Outline and fibres of a sheet in a view.

    Returns
    -------
    Path
        The outline; a ring has an inner one too.
    list of (n, 2) arrays
        Strands along the fibres [mm].
    """
    one, other = ((shape.centre + sign * shape.half) @ view.T for sign in (1.0, -1.0))
    if shape.closed:
        border = Path.make_compound_path(_loop(one), _loop(other[::-1]))
    else:
        border = _loop(np.concatenate([one, other[::-1]]))
    places = np.linspace(-1.0, 1.0, _STRANDS + 2)[1:-1]
    return border, [(shape.centre + place * shape.half) @ view.T for place in places]


def _loop(points: Array) -> Path:
    return Path(np.concatenate([points, points[:1]]), closed=True)
