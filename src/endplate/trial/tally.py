"""Sums over virtual patients that come out the same in any order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from endplate.trial.block import Counts
from endplate.trial.result import Sums
from endplate.trial.trial import Trial

__all__ = ["Tally", "added", "empty", "of_block"]

# Sums of a block are rounded to multiples of 2⁻²⁸: below 2²⁵ patients float64 then adds them without any rounding.
_BITS = 28


class Tally(NamedTuple):
    """Sums of each arm, by endpoint (5, T), and patients that were solved in each arm."""

    sums: tuple[Mapping[str, np.ndarray], ...]
    solved: tuple[int, ...]

    def by_endpoint(self, arm: int) -> dict[str, Sums]:
        """The sums of an arm."""
        return {name: Sums(*parts) for name, parts in self.sums[arm].items()}


def empty(trial: Trial) -> Tally:
    """The tally of no patient."""
    lengths = {"": 1} | {one.name: len(one.days(trial.timing)) for one in trial.told}
    nothing = {name: np.zeros((5, length)) for name, length in lengths.items()}
    return Tally((nothing,) * len(trial.arms), (0,) * len(trial.arms))


def of_block(found: list[Counts]) -> Tally:
    """The tally of one block, seen in each arm."""
    return Tally(tuple(_summed(one) for one in found), tuple(int(one.solved) for one in found))


def added(first: Tally, second: Tally) -> Tally:
    """Both together."""
    sums = tuple(
        {name: part + b[name] for name, part in a.items()} for a, b in zip(first.sums, second.sums, strict=True)
    )
    return Tally(sums, tuple(a + b for a, b in zip(first.solved, second.solved, strict=True)))


def _summed(found: Counts) -> dict[str, np.ndarray]:
    sums = {}
    for name, value in found.shares.items():
        hits, among = np.asarray(value, np.float64)
        products = (hits, among, hits * hits, among * among, hits * among)
        sums[name] = _rounded(np.stack([part.sum(axis=-1) for part in products]))
    return sums


def _rounded(value: np.ndarray) -> np.ndarray:
    return np.ldexp(np.rint(np.ldexp(value, _BITS)), -_BITS)
