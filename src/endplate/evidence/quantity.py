"""A sourced number: what is known of one quantity."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

__all__ = ["Confidence", "Grade", "Quantity", "Use"]

Grade = Literal["measured", "derived", "fitted", "assumed"]
Confidence = Literal["verified", "secondary", "derived", "recalled"]
Use = Literal["parameter", "calibration", "check", "context"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value with unit, uncertainty, source and grade.

    Parameters
    ----------
    name
        Key of the entry, e.g. ``k_tr.A``.
    meaning
        What it is, in plain words.
    value, unit
        Best value and its unit.
    sd, low, high
        Uncertainty: standard deviation, or range.
    source, where
        Keys into ``sources.bib`` and the place in the source.
    system
        Species and preparation.
    grade
        measured, derived (see `how`), fitted (see `script`) or assumed (see `reason`).
    confidence
        How well the number was checked against its source.
    use
        parameter (a default of a stage), calibration (a fit used it), check (a test
        compares with it) or context (sets a range or supports another entry).
    """

    name: str
    meaning: str
    value: float
    unit: str
    source: tuple[str, ...]
    where: str
    system: str
    grade: Grade
    confidence: Confidence
    use: Use
    sd: float | None = None
    low: float | None = None
    high: float | None = None
    how: str | None = None
    script: str | None = None
    reason: str | None = None
    note: str | None = None

    def to_dict(self) -> dict[str, object]:
        """The entry as plain data, empty fields left out."""
        return {key: value for key, value in asdict(self).items() if value is not None}
