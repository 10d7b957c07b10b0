"""A case: a patient, a plan and how long to look."""

from __future__ import annotations

from dataclasses import dataclass, field

from endplate.case.health import Vial
from endplate.case.offer import Given
from endplate.case.patient import Patient
from endplate.case.plan import Plan

__all__ = ["Case"]


@dataclass(frozen=True, slots=True)
class Case:
    """What a case file says.

    Parameters
    ----------
    title
        Name of the case.
    plan
        What is injected.
    patient
        Into whom.
    days : [day]
        Simulated length.
    antitoxin_day : [day]
        When antitoxin begins to clear free toxin, and only that, to the end; or None.
    seed
        Seed of the draws of virtual patients; a single course draws nothing.
    vial
        What the plan is drawn from, for the safety check.
    overrides
        Rules of the safety check that are overridden, each with its reason.
    offers
        What else is done: creams, filler, laser and the like.
    """

    title: str
    plan: Plan
    patient: Patient = field(default_factory=Patient)
    days: float = 365.0
    antitoxin_day: float | None = None
    seed: int = 0
    vial: Vial | None = None
    overrides: tuple[tuple[str, str], ...] = ()
    offers: tuple[Given, ...] = ()
