"""The time grid holds what is asked for, in order."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from endplate.solve.grid import time_grid

TIMES = st.lists(st.floats(0.0, 400.0).map(lambda day: round(day, 6)), min_size=1, max_size=8, unique=True)


@given(TIMES, TIMES)
def test_grid_holds_days_and_events_in_order(days, events):
    grid = time_grid(np.array(days), np.array(events))
    end = max(days)
    assert grid.times[0] == 0.0
    assert grid.times[-1] == end
    assert grid.times[grid.output].tolist() == days
    assert grid.steps.tolist() == np.diff(grid.times).tolist()
    assert grid.steps.min(initial=0.0) >= 0.0
    assert grid.steps.max(initial=0.0) <= 1.0 + 1e-9
    marked = np.flatnonzero(grid.event >= 0)
    told = {events[grid.event[node]]: grid.times[node] for node in marked}
    assert told == {event: event for event in events if event <= end}


@given(TIMES, TIMES)
def test_only_the_padding_has_steps_of_length_zero(days, events):
    grid = time_grid(np.array(days), np.array(events))
    still = np.flatnonzero(grid.steps == 0.0)
    assert len(grid.times) % 32 == 0
    assert np.all(grid.times[still] == max(days))
    assert np.all(grid.event[still + 1] == -1)


def test_steps_are_fine_after_an_event_and_coarse_later():
    grid = time_grid(np.array([0.0, 100.0]), np.array([10.0]), fine=24)
    after = grid.times[(grid.times > 10.0) & (grid.times < 11.0)]
    assert len(after) > 12
    assert after[0] - 10.0 < 0.011
    assert np.diff(grid.times[grid.times > 20.0])[0] == 1.0


def test_no_event_is_a_regular_grid():
    grid = time_grid(np.array([0.0, 10.0]), np.array([]))
    assert np.all(grid.event == -1)
    assert grid.times[:11].tolist() == list(range(11))
