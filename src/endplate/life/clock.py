"""Windows of time from one possible session to the next, with steps that are short after it and long later on."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from endplate.case.region import regions
from endplate.life.plan import Life
from endplate.skin import days_per_year

__all__ = ["Clock", "clock_of"]

Floats = NDArray[np.float64]

# Nodes after a session, as days; then steps of at most this length.
_DENSE = (0.4, 0.9, 1.5, 2.2, 3.0, 4.0, 5.2, 6.6, 8.5, 11.0, 14.0, 18.0, 23.0, 29.0)
_LONGEST = 9.0
_LEAST = 1e-6


class Clock(NamedTuple):
    """A life cut into W windows of N steps.

    steps: their lengths (W, N) [day]; begins: when each window begins (W,) [day]; allowed: whether a session may be
    given then (W,); factor: of the dose (W,); habit: how often
    each region's expression is made, relative to a typical person (W, R).
    """

    steps: Floats
    begins: Floats
    allowed: NDArray[np.bool_]
    factor: Floats
    habit: Floats

    @property
    def days(self) -> Floats:
        """Ends of all steps (W, N) [day]."""
        return self.begins[:, None] + np.cumsum(self.steps, axis=1)


def clock_of(life: Life) -> Clock:
    """The windows of a life.

    Examples
    --------
    >>> from endplate.case.file import parse_case, write_template
    >>> from endplate.life.plan import Schedule
    >>> case = parse_case(write_template("glabella-20u"))
    >>> clock = clock_of(Life("", case.patient, case.plan, 46.0, Schedule(45.0, 46.0)))
    >>> clock.begins.tolist()
    [0.0, 84.0, 168.0, 252.0, 336.0]
    """
    schedule, year, age = life.schedule, days_per_year(), life.patient.age
    first, end = year * (schedule.start - age), year * life.years
    before = np.linspace(0.0, first, int(np.ceil(first / schedule.every)) + 1)[:-1] if first > _LEAST else np.empty(0)
    begins = np.concatenate([before, np.arange(first, end - _LEAST, schedule.every)])
    length = np.diff(begins, append=end)
    ages = age + begins / year + _LEAST
    paused = np.zeros(len(begins), bool)
    for left, right in schedule.pauses:
        paused |= (ages >= left) & (ages < right)
    allowed = (ages >= schedule.start) & (ages < schedule.stop) & ~paused
    return Clock(
        steps=length[:, None] * _parts(schedule.every),
        begins=begins,
        allowed=allowed,
        factor=_changed(life, "dose", 1.0, ages),
        habit=_habits(life, ages),
    )


def _parts(length: float) -> Floats:
    """Steps of a window as shares of it."""
    dense = [one for one in _DENSE if one < length - 1.0]
    rest = max(int(np.ceil((length - dense[-1]) / _LONGEST)), 1)
    nodes = np.concatenate([[0.0], dense, np.linspace(dense[-1], length, rest + 1)[1:]])
    return np.diff(nodes) / length


def _habits(life: Life, ages: Floats) -> Floats:
    """How often each region's expression is made (W, R)."""
    made = [regions()[row].habit for row in life.rows]
    own = life.patient.habits
    columns = [np.ones(len(ages)) if name is None else _changed(life, name, getattr(own, name), ages) for name in made]
    return np.stack(columns, axis=1)


def _changed(life: Life, what: str, first: float, ages: Floats) -> Floats:
    """The value that holds at each age."""
    value = np.full(len(ages), first)
    for change in sorted(life.changes, key=lambda one: one.age):
        if change.what == what:
            value[ages >= change.age] = change.factor
    return value
