"""The large vessels near treated sites, as tubes."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from endplate.case.anatomy import anatomy

__all__ = ["Vessel", "vessel_at", "vessels"]


@dataclass(frozen=True, slots=True, eq=False)
class Vessel:
    """A vessel of the left side.

    Parameters
    ----------
    name
        What it is called.
    path : (K, 3) [mm]
        Its middle line.
    radius : [mm]
        Of its lumen.
    """

    name: str
    path: NDArray[np.float64]
    radius: float

    def distance(self, point: ArrayLike) -> float:
        """Distance of a point of the left side from the middle line [mm]."""
        start, along = self.path[:-1], np.diff(self.path, axis=0)
        to = np.asarray(point, float) - start
        share = np.clip((to * along).sum(-1) / (along**2).sum(-1), 0.0, 1.0)
        return float(np.linalg.norm(to - share[:, None] * along, axis=-1).min())


@cache
def vessels() -> tuple[Vessel, ...]:
    """The vessels of the map.

    Examples
    --------
    >>> min(one.radius for one in vessels())
    0.5
    """
    file = Path(__file__).with_name("anatomy") / "vessels.toml"
    rows = tomllib.loads(file.read_text(encoding="utf-8"))
    tip = anatomy().surface.tip
    return tuple(
        Vessel(
            name.replace("_", " "),
            np.array([one if row.get("deep") else tip(one[0], one[1], depth=one[2]) for one in row["points"]], float),
            float(row["radius"]),
        )
        for name, row in rows.items()
    )


def vessel_at(point: ArrayLike) -> str:
    """Name of the vessel in which a point of the head lies [mm], or "".

    Examples
    --------
    >>> vessel_at((0.0, 10.0, -3.4)), vessel_at((-25.0, -150.0, -88.0))
    ('', 'common carotid artery')
    """
    x, y, z = np.asarray(point, float)
    return next((one.name for one in vessels() if one.distance((abs(x), y, z)) <= one.radius), "")
