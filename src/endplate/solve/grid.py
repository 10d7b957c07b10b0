"""The time grid: output days, event times, and fine steps after each event."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

__all__ = ["TimeGrid", "time_grid"]

_PAD = 32


@dataclass(frozen=True, slots=True, eq=False)
class TimeGrid:
    """Nodes in time, made on the host in float64.

    Parameters
    ----------
    times
        Node times, shape (N,) [day].
    steps
        Step lengths, shape (N − 1,) [day]; the padding at the end has length zero.
    output
        Node of each output day, shape (T,).
    event
        Index of the event at each node, or −1, shape (N,).
    """

    times: np.ndarray
    steps: np.ndarray
    output: np.ndarray
    event: np.ndarray


def time_grid(
    days: np.ndarray,
    events: np.ndarray,
    *,
    fine: int = 24,
    first: float = 0.01,
    span: float = 6.0,
    coarsest: float = 1.0,
) -> TimeGrid:
    """Join output days, events and geometric steps after each event into one grid.

    Parameters
    ----------
    days
        Output times, shape (T,) [day], ≥ 0.
    events
        Event times, shape (E,) [day], ≥ 0, distinct; those after the last day have no effect.
    fine
        Geometric nodes after each event.
    first, span
        Offset of the first and of the last of them [day].
    coarsest
        Largest step [day].

    Examples
    --------
    >>> grid = time_grid(np.array([0.0, 30.0]), np.array([0.0]), fine=8)
    >>> grid.times[grid.output].tolist()
    [0.0, 30.0]
    """
    days, events = np.asarray(days, float), np.asarray(events, float)
    end = float(days.max(initial=0.0))
    regular = np.linspace(0.0, end, max(int(np.ceil(end / coarsest)), 1) + 1)
    offsets = np.concatenate([[0.0], np.geomspace(first, span, fine)])
    near = (events[:, None] + offsets[None, :]).ravel()
    times = np.unique(np.concatenate([regular, days, near[near <= end], events[events <= end]]))
    times = times[np.append(np.diff(times) > 0, True)]
    event = np.full(len(times), -1)
    inside = events <= end
    event[np.searchsorted(times, events[inside])] = np.flatnonzero(inside)
    padding = -len(times) % _PAD
    times = np.append(times, np.full(padding, end))
    event = np.append(event, np.full(padding, -1))
    return TimeGrid(times, np.diff(times), np.searchsorted(times, days), event)
