"""Time grids of many patients, each treated at times of his own.

After a dose the steps grow by one pattern from hours to days, and from the next midnight on
the nodes stand at fixed parts of whole days. So patients differ in few step lengths, nothing
is sorted, and a day is a node or, later, lies between nodes less than a week apart.
"""

from __future__ import annotations

from itertools import accumulate
from typing import NamedTuple

import equinox
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.typing import DTypeLike

from endplate.solve.exponential import Path

__all__ = ["Cycles", "make_cycles"]


class _Run(NamedTuple):
    """Equal steps that pass some whole days: first node and day of the run, counted from midnight."""

    node: int
    day: int
    steps: int
    days: int

    @property
    def stride(self) -> float:
        return self.days / self.steps


# Equal steps from a dose to midnight; then runs of (steps, days), and steps of _LATE days to the next dose.
_LEAD, _LATE = 3, 6
_ROUND = 32
_RUNS = ((3, 1), (3, 1), (2, 1), (10, 10), (3, 6), (3, 12))


def _runs(longest: int) -> list[_Run]:
    """The runs that pass the longest time between two doses [day]."""
    late = max(-(-(longest - sum(days for _, days in _RUNS)) // _LATE), 1)
    sizes = [*_RUNS, (late, late * _LATE)]
    starts = accumulate(sizes, lambda a, b: (a[0] + b[0], a[1] + b[1]), initial=(0, 0))
    return [_Run(*start, *size) for start, size in zip(starts, sizes, strict=False)]


class Cycles(equinox.Module):
    """The times from each dose to the next, on N nodes from the first dose to the last day.

    Parameters
    ----------
    midnight
        First whole day at or after each dose, shape (S, P) [day].
    lead, gap
        Time from each dose to that midnight, and to the next dose or the end, shape (S, P) [day].
    longest
        Longest gap of each cycle [day].
    days
        Last day.
    """

    midnight: Array
    lead: Array
    gap: Array
    longest: tuple[int, ...] = equinox.field(static=True)
    days: int = equinox.field(static=True)

    @property
    def event(self) -> np.ndarray:
        """Index of the dose at each node, or −1, shape (N,)."""
        starts = self._starts()
        event = np.full(starts[-1] + 1, -1)
        event[starts[:-1]] = np.arange(len(self.longest))
        return event

    @property
    def steps(self) -> Array:
        """Step lengths, shape (N − 1, P) [day]; those beyond the next dose have length zero."""
        return jnp.concatenate([self._steps(index) for index in range(len(self.longest))])

    def daily(self, path: Path) -> Array:
        """Values on the days 0, 1, … of a path (N, P), shape (days + 1, P)."""
        day, place, rows, row = np.arange(self.days + 1)[:, None], 0, [path.value[:1]], 1
        for index, start in enumerate(self._starts()[:-1]):
            place = jnp.where(day >= self.midnight[index], row + day - self.midnight[index], place)
            for run in _runs(self.longest[index]):
                rows.append(self._read(path, index, start, run))
                row += run.days
        return jnp.take_along_axis(jnp.concatenate(rows), place, axis=0)

    def _starts(self) -> list[int]:
        """Node of each dose, and the number of nodes before the last one."""
        counts = [_LEAD + 1 + sum(run.steps for run in _runs(longest)) for longest in self.longest]
        return list(accumulate(counts, initial=0))

    def _steps(self, index: int) -> Array:
        lead, gap = self.lead[index], self.gap[index]
        late = np.cumsum(np.concatenate([np.full(run.steps, run.stride) for run in _runs(self.longest[index])]))
        early, late = (part[:, None].astype(lead.dtype) for part in (np.arange(_LEAD + 1) / _LEAD, late))
        times = jnp.minimum(jnp.concatenate([lead * early, lead + late]), gap)
        return jnp.diff(times, axis=0, append=gap[None])

    def _read(self, path: Path, index: int, start: int, run: _Run) -> Array:
        """Values on the whole days of a run; those after the next dose are not asked for."""
        first = start + _LEAD + run.node
        if run.stride <= 1:
            return path.value[first : first + run.steps : run.steps // run.days]
        stride, left = run.days // run.steps, self.gap[index] - self.lead[index] - run.day
        passed = stride * jnp.arange(run.steps, dtype=left.dtype)[:, None, None]
        width = jnp.clip(left - passed, 1, stride)
        part = jnp.arange(stride, dtype=left.dtype)[:, None] / width
        piece = Path(*(part[first : first + run.steps + 1] for part in path))
        return piece.interpolate(part, width=width).reshape(run.days, -1)


def make_cycles(treated: np.ndarray, days: int, *, dtype: DTypeLike) -> Cycles:
    """Cycles of patients who are treated at the given times.

    Parameters
    ----------
    treated
        Times of the doses, increasing, shape (S, P) [day]; a dose that is not given stands at `days`.
    days
        Last day of output.
    dtype
        Of the step lengths, which are worked out in float64.

    Examples
    --------
    >>> cycles = make_cycles(np.array([[0.25], [90.5]]), 365, dtype=np.float32)
    >>> round(float(cycles.steps.sum()), 3)
    364.75
    """
    gap = np.diff(treated, axis=0, append=np.full_like(treated[:1], days))
    midnight = np.ceil(treated)
    # Rounded up, so that batches of patients share one compiled program.
    longest = tuple(_ROUND * int(np.ceil(one / _ROUND)) for one in gap.max(axis=1))
    lead = jnp.asarray(midnight - treated, dtype)
    return Cycles(jnp.asarray(midnight, jnp.int32), lead, jnp.asarray(gap, dtype), longest, days)
