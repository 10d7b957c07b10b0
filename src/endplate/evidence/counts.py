"""Adverse events as trials counted them: one row an arm and event, read from ``trials/adverse_events.csv``."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

__all__ = ["PLACEBO", "Count", "adverse_counts"]

PLACEBO = "placebo"
_FILE = Path(__file__).with_name("trials") / "adverse_events.csv"


@dataclass(frozen=True, slots=True)
class Count:
    """How many patients of an arm had an event.

    Parameters
    ----------
    trial, event
        Which.
    treated
        Regions that were treated, joined by ``+`` in the order of the alphabet.
    product, dose : [U of the product]
        What the arm was given; the middle where arms are told together.
    patients, events
        Size of the arm, and how many had the event.
    source, confidence
        Key of ``sources.bib``, and how well the number was checked.
    """

    trial: str
    event: str
    treated: str
    product: str
    dose: float
    patients: int
    events: int
    source: str
    confidence: str

    @property
    def rate(self) -> float:
        """Share of the arm's patients."""
        return self.events / self.patients


@cache
def adverse_counts() -> tuple[Count, ...]:
    """All rows.

    Examples
    --------
    >>> found = [one for one in adverse_counts() if (one.event, one.treated) == ("headache", "glabella")]
    >>> [(one.product, round(100 * one.rate, 1)) for one in found if one.trial == "ONA_AESTH_POOLED_GL"]
    [('ona', 11.3), ('placebo', 11.4)]
    """
    with _FILE.open(encoding="utf-8", newline="") as stream:
        return tuple(
            Count(
                trial=row["trial"],
                event=row["event"],
                treated=row["treated"],
                product=row["product"],
                dose=float(row["dose_u"]),
                patients=int(row["n"]),
                events=int(row["count"]),
                source=row["source"],
                confidence=row["confidence"],
            )
            for row in csv.DictReader(stream)
        )
