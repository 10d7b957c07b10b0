"""Gamma-distributed waiting times."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import gamma

__all__ = ["begun_and_not_ended"]

_PARTS = 1000


def begun_and_not_ended(
    times: NDArray[np.float64], *, begin: float, length: float, shape: float
) -> NDArray[np.float64]:
    """Probability that something has begun and has not ended, at times since zero.

    Parameters
    ----------
    times
        Shape (T,).
    begin, length
        Medians of the time until it begins, and of how long it lasts.
    shape
        Of both gamma distributions.

    Examples
    --------
    >>> begun_and_not_ended(np.array([0.0, 5.0]), begin=1.0, length=100.0, shape=4.0).round(2).tolist()
    [0.0, 1.0]
    """
    middle = gamma(shape).ppf(0.5)
    shares = (np.arange(_PARTS) + 0.5) / _PARTS
    since = times[:, None] - gamma(shape, scale=begin / middle).ppf(shares)
    there = (since > 0.0) * gamma(shape, scale=length / middle).sf(np.maximum(since, 0.0))
    return there.mean(axis=1)
