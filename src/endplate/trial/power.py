"""How many patients show a difference between two arms, by formula, and checked by simulated trials."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, sqrt

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

from endplate.errors import InvalidRequest
from endplate.trial.result import FREEDOM

__all__ = ["Power", "power_of", "size_for"]

_TRIALS = 20_000
_MOST = 10**7
_FAR = 40.0  # beyond this, a probit is that of none or all


@dataclass(frozen=True, slots=True)
class Power:
    """Sample size for a difference between two rates.

    Parameters
    ----------
    rates
        Expected in the first and the second arm [1].
    sizes
        Patients who must count in each arm.
    wanted
        Probability of showing the difference that was asked for.
    power
        That of the simulated trials with these sizes.
    power_between
        The same, where trials differ from each other as well; each arm on its own.
    """

    rates: tuple[float, float]
    sizes: tuple[int, int]
    wanted: float
    power: float
    power_between: float


def size_for(
    first: float, second: float, *, power: float = 0.9, level: float = 0.05, ratio: float = 1.0
) -> tuple[int, int]:
    """Patients in each arm for a two-sided comparison of two shares, by the normal approximation.

    ``n₁ = [z_α √((1 + 1/k) p̄ (1 − p̄)) + z_β √(p₁(1 − p₁) + p₂(1 − p₂)/k)]² / (p₁ − p₂)²``
    with ``n₂ = k n₁`` and the mean share ``p̄ = (p₁ + k p₂)/(1 + k)`` (Fleiss, Statistical Methods
    for Rates and Proportions).

    Parameters
    ----------
    first, second
        Expected shares [1].
    power
        Probability of showing the difference.
    level
        Of significance, two-sided.
    ratio
        Patients of the second arm for each of the first.

    Raises
    ------
    InvalidRequest
        If the shares agree, or a number is out of range.

    Examples
    --------
    >>> size_for(0.5, 0.3, power=0.8)
    (93, 93)
    """
    if not (0 < power < 1 and 0 < level < 1 and ratio > 0):
        raise InvalidRequest(f"power {power:g} and level {level:g} must lie between 0 and 1, ratio {ratio:g} above 0")
    gap = abs(first - second)
    if not (np.isfinite(gap) and gap > 0):
        raise InvalidRequest(f"rates {first:g} and {second:g} do not differ, so no size shows a difference")
    mean = (first + ratio * second) / (1 + ratio)
    chance = float(ndtri(1 - 0.5 * level)) * sqrt((1 + 1 / ratio) * mean * (1 - mean))
    miss = float(ndtri(power)) * sqrt(first * (1 - first) + second * (1 - second) / ratio)
    size = ((chance + miss) / gap) ** 2
    if size > _MOST:
        raise InvalidRequest(f"rates {first:g} and {second:g} differ so little that {_MOST} patients do not show it")
    return max(ceil(size), 2), max(ceil(ratio * size), 2)


def power_of(
    rates: tuple[float, float],
    sizes: tuple[int, int],
    *,
    level: float = 0.05,
    shifts: tuple[Sequence[float], Sequence[float]] = ((), ()),
    seed: int = 0,
) -> float:
    """Share of simulated trials that show the difference.

    Each trial draws counts of responders, and compares them by the two-sided test of two
    shares with the pooled variance.

    Parameters
    ----------
    rates, sizes
        Expected shares and patients of the two arms.
    level
        Of significance.
    shifts
        Of the probit of each rate by one spread of each effect of a trial; both arms share the effects.
    seed
        Of the draws.

    Examples
    --------
    >>> 0.75 < power_of((0.5, 0.3), (93, 93)) < 0.85
    True
    """
    random = np.random.default_rng(seed)
    effects = random.standard_t(FREEDOM, (_TRIALS, max(map(len, shifts))))
    counts = [
        random.binomial(size, _own_rates(rate, effects @ np.asarray(moved, float)))
        for rate, size, moved in zip(rates, sizes, shifts, strict=True)
    ]
    seen = [count / size for count, size in zip(counts, sizes, strict=True)]
    pooled = (counts[0] + counts[1]) / sum(sizes)
    variance = pooled * (1 - pooled) * (1 / sizes[0] + 1 / sizes[1])
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(variance > 0, np.abs(seen[0] - seen[1]) / np.sqrt(variance), 0)
    return float(np.mean(2 * ndtr(-z) < level))


def _own_rates(rate: float, shift: np.ndarray) -> np.ndarray:
    """Rates of trials that lie so far off on the probit scale, with the expected one as their mean."""
    if not shift.any():
        return np.full(len(shift), rate)
    middle = brentq(lambda at: float(np.mean(ndtr(at + shift))) - rate, -_FAR, _FAR)
    return np.asarray(ndtr(middle + shift))
