"""What a report says beside a course."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from endplate.case import Note
from endplate.population.effects import Effects
from endplate.safety import Finding

__all__ = ["Told"]


class Told(NamedTuple):
    """What a reader must know first, beside the course itself.

    notes: those of the case if None; findings: of the safety check; effects: over patients, left out if None.
    """

    notes: Sequence[Note] | None = None
    findings: Sequence[Finding] = ()
    effects: Effects | None = None
