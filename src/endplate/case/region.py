"""Regions of skin lines, and which muscles fold them."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import inf
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from endplate.case.innervation import endplates, fibres
from endplate.case.muscle import Muscle
from endplate.case.patient import REGIONS

__all__ = ["COLUMNS", "SIDES", "Region", "brow_pull", "folding", "regions"]

SIDES = ("left", "right")
COLUMNS = ("medial", "central", "lateral")

_FILE = Path(__file__).with_name("anatomy") / "regions.toml"


@dataclass(frozen=True, slots=True)
class Region:
    """A region of skin lines.

    Parameters
    ----------
    name
        One of `REGIONS`.
    axis : (3,)
        Direction in which the skin is compressed when the lines form.
    pull : (3,)
        Direction along which the force of a muscle counts.
    muscles
        Stems or names of the muscles that fold it.
    above : [mm]
        Only fibres above this height act on the region.
    habit
        Field of `Habits` that makes the expression; None where it is made as often as typical.
    why
        Reason for axis and muscles.
    """

    name: str
    axis: tuple[float, float, float]
    pull: tuple[float, float, float]
    muscles: tuple[str, ...]
    above: float
    habit: str | None
    why: str


@cache
def regions() -> tuple[Region, ...]:
    """All regions, in the order of `REGIONS`.

    Examples
    --------
    >>> {region.name: region.muscles for region in regions()}["perioral"]
    ('orbicularis_oris',)
    """
    table = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return tuple(_region(name, table[name]) for name in REGIONS)


def _region(name: str, row: dict[str, Any]) -> Region:
    return Region(
        name,
        axis=tuple(row["axis"]),
        pull=tuple(row.get("pull", row["axis"])),
        muscles=tuple(row["muscles"]),
        above=row.get("above", -inf),
        habit=row.get("habit"),
        why=row["why"],
    )


def folding(muscles: Sequence[Muscle]) -> NDArray[np.float64]:
    """Share of each muscle in folding each region: its cross-section times its pull across the region's lines.

    Parameters
    ----------
    muscles
        J muscles.

    Returns
    -------
    (R, J) array
        Rows sum to 1, or are 0 where none of the region's muscles is among them.
    """
    rows = [[_pull(muscle, region) for muscle in muscles] for region in regions()]
    return _rows_to_one(np.asarray(rows, dtype=np.float64))


def brow_pull(muscles: Sequence[Muscle]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Who raises and who lowers each column of the brow: a column of the frontalis, and its antagonists.

    Parameters
    ----------
    muscles
        J muscles.

    Returns
    -------
    elevators, depressors : (2, 3, J)
        Shares by vertical pull, by side and column; each row sums to 1, or is 0 where no such muscle is followed.
    """
    raising, lowering = np.zeros((2, len(SIDES), len(COLUMNS), len(muscles)))
    for s, side in enumerate(SIDES):
        for c, column in enumerate(COLUMNS):
            raising[s, c] = [muscle.name == f"frontalis_{column}.{side}" for muscle in muscles]
            against = {
                name for muscle in muscles if raising[s, c][muscles.index(muscle)] for name in muscle.antagonists
            }
            lowering[s, c] = [_along(muscle, (0.0, 1.0, 0.0)) * (muscle.name in against) for muscle in muscles]
    return raising, _rows_to_one(lowering)


def _rows_to_one(share: NDArray[np.float64]) -> NDArray[np.float64]:
    total = share.sum(axis=-1, keepdims=True)
    return np.divide(share, total, out=np.zeros_like(share), where=total > 0)


def _pull(muscle: Muscle, region: Region) -> float:
    if muscle.stem not in region.muscles and muscle.name not in region.muscles:
        return 0.0
    return _along(muscle, region.pull, region.above)


def _along(muscle: Muscle, axis: tuple[float, float, float], above: float = -inf) -> float:
    """Cross-section times pull along an axis, of the fibres above a height [mm²]."""
    points, weights = endplates(muscle)
    acting = weights * (points[:, 1] > above)
    return float(muscle.pcsa * acting @ np.abs(fibres(muscle) @ np.asarray(axis)))
