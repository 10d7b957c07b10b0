"""A span of virtual patients in all arms: what one worker does at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

import jax
import jax.numpy as jnp
import numpy as np

from endplate.errors import EndplateError
from endplate.population import Crowd
from endplate.trial.block import BLOCK, Seen, Work, patients_of, prepared, seen
from endplate.trial.source import source_hash
from endplate.trial.tally import Tally, added, empty, of_block
from endplate.trial.trial import Trial

__all__ = ["Found", "Order", "Rows", "Span", "Writer", "follow_span", "spans_of"]

# JAX leaves parts of its interface without types.
_JAX: Any = jax
# Blocks that are in work at a time, however long the span.
_FLIGHT = 16


class Span(NamedTuple):
    """Patients from `first` to before `stop`."""

    first: int
    stop: int


class Rows(NamedTuple):
    """A block of patients and what was seen of them in each arm, on the host."""

    crowd: Crowd
    arms: tuple[Seen, ...]


class Found(NamedTuple):
    """What a span gave: sums, and its part of the table of patients if one is wanted."""

    tally: Tally
    part: bytes | None = None


class Writer(Protocol):
    """Makes the part of a table of patients that a span gives."""

    def __call__(self, work: Work, rows: Sequence[Rows], *, span: Span) -> bytes:
        """The part as a file."""
        ...


@dataclass(frozen=True, slots=True)
class Order:
    """What a worker needs to know; small, and may be sent to another machine.

    Parameters
    ----------
    trial
        What is asked.
    source
        Hash of the endplate that gives the order.
    write
        Makes the span's part of the table of patients; None where no table is wanted.
    """

    trial: Trial
    source: str
    write: Writer | None = None


def spans_of(patients: int, chunk: int) -> list[Span]:
    """Spans of at least `chunk` patients, rounded up to whole blocks.

    Examples
    --------
    >>> spans_of(1000, 300)
    [Span(first=0, stop=512), Span(first=512, stop=1000)]
    """
    size = -(-chunk // BLOCK) * BLOCK
    return [Span(first, min(first + size, patients)) for first in range(0, patients, size)]


def follow_span(order: Order, span: Span) -> Found:
    """Follow a span of patients through all arms.

    The bits of the result depend on the order and the span alone, not on settings of JAX.

    Raises
    ------
    EndplateError
        If the order comes from another version of endplate.
    """
    if order.source != source_hash():
        raise EndplateError("a worker has another version of endplate, or of what it computes with; install the same")
    with _JAX.enable_x64(True):
        work, total, rows = _ready(order.trial), empty(order.trial), []
        step = _FLIGHT * BLOCK
        for first in range(span.first, span.stop, step):
            held = [_block(work, at, span.stop) for at in range(first, min(first + step, span.stop), BLOCK)]
            for crowd, arms in held:
                total = added(total, of_block([one.counts for one in arms]))
                if order.write is not None:
                    rows.append(Rows(*jax.device_get((crowd, arms))))
        return Found(total, None if order.write is None else order.write(work, rows, span=span))


@lru_cache(maxsize=2)
def _ready(trial: Trial) -> Work:
    return prepared(trial)


def _block(work: Work, first: int, stop: int) -> Rows:
    """A block of patients, set to work in every arm."""
    indices = np.arange(first, first + BLOCK)
    crowd, counted = patients_of(work, indices, seed=work.trial.seed), jnp.asarray(indices < stop)
    return Rows(crowd, tuple(seen(work, crowd, arm=arm, counted=counted) for arm in range(len(work.trial.arms))))
