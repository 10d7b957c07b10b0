"""The median time of a curve that is known at visits: one reading for trials and for fits to them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["median_time"]

_HALF = 0.5
_FLATTEST = 1e-3  # 1/day, the least slope with which a curve that has not reached a half goes on


def median_time(
    rates: Sequence[float] | NDArray[np.float64], days: Sequence[float], *, begins: bool, beyond: bool = False
) -> float:
    """When a curve crosses a half [day].

    Who looks at visits finds it at the next one, half an interval after the crossing on average, since visits of
    patients and of trials lie anywhere. Smooth in the rates.

    Parameters
    ----------
    rates
        Share who still have the effect, or who have noticed one, on each day.
    days
        Of the visits, increasing [day].
    begins
        Whether the curve rises: of those who have noticed an effect.
    beyond
        Whether a curve that does not reach a half goes on as it ended; otherwise its median is infinite.

    Examples
    --------
    >>> median_time([0.9, 0.6, 0.4], [30.0, 60.0, 90.0], begins=False)
    90.0
    >>> median_time([0.9, 0.6], [30.0, 60.0], begins=False)
    inf
    """
    told = np.asarray(rates, float)
    share = np.concatenate([[1.0], 1 - told if begins else told])
    times = np.concatenate([[0.0], days])
    if not beyond and not np.any(share <= _HALF):
        return float("inf")
    right = int(np.clip(np.sum(share > _HALF), 1, len(times) - 1))
    interval = times[right] - times[right - 1]
    slope = (share[right - 1] - share[right]) / interval
    return float(times[right - 1] + (share[right - 1] - _HALF) / max(slope, _FLATTEST) + _HALF * interval)
