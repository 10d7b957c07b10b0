"""A trial: arms, who is let in, visits, endpoints, sample sizes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from endplate.case import Plan
from endplate.trial.endpoints import ENDPOINTS, Endpoint, Timing
from endplate.trial.parameters import RATERS
from endplate.trial.rule import Retreatment

__all__ = ["Arm", "Inclusion", "Trial"]


@dataclass(frozen=True, slots=True)
class Arm:
    """One arm.

    Parameters
    ----------
    name
        As in tables.
    plan
        What every patient of the arm gets; None for placebo, which raters cannot tell from a treatment.
    size
        Number of patients.
    """

    name: str
    plan: Plan | None
    size: int

    @property
    def placebo(self) -> bool:
        """Whether nothing active is given."""
        return self.plan is None

    @property
    def dose(self) -> float:
        """Units given in the first session [U of the arm's product]."""
        return 0.0 if self.plan is None else self.plan.total_dose[0]


@dataclass(frozen=True, slots=True)
class Inclusion:
    """Who is let in: the least grade at maximum effort, and the raters who must give it."""

    grade: int = 2
    raters: tuple[str, ...] = ("investigator", "subject")

    @property
    def least(self) -> tuple[int, ...]:
        """Least grade by each rater, in the order of `RATERS`; 0 for any."""
        return tuple(self.grade if rater in self.raters else 0 for rater in RATERS)


@dataclass(frozen=True, slots=True)
class Trial:
    """What a trial file says.

    Parameters
    ----------
    title
        Name of the trial.
    arms
        At least one.
    timing
        Visits, the visit that tells responders, and days of the diary.
    endpoints
        What is told, in order; the first is the primary one.
    region
        Region of lines that is rated, one of `REGIONS`.
    inclusion
        Who is let in.
    dropout
        Share of patients who have left by the last visit, at a constant rate and whatever they feel.
    patients
        Virtual patients that the rates are computed from.
    seed
        Of their draw.
    population, raters
        Numbers set instead of those of the evidence library, by field of `Population` and `TrialParameters`.
    overrides
        Rules of the safety check that are overridden, each with its reason.
    retreatment
        Rule by which patients are treated again; expected rates are those without it, see `sample_cycles`.
    """

    title: str
    arms: tuple[Arm, ...]
    timing: Timing
    endpoints: tuple[str, ...]
    region: str = "glabella"
    inclusion: Inclusion = field(default_factory=Inclusion)
    dropout: float = 0.0
    patients: int = 4096
    seed: int = 0
    population: tuple[tuple[str, float], ...] = ()
    raters: tuple[tuple[str, float], ...] = ()
    overrides: tuple[tuple[str, str], ...] = ()
    retreatment: Retreatment | None = None

    @property
    def told(self) -> tuple[Endpoint, ...]:
        """The endpoints themselves."""
        return tuple(ENDPOINTS[name] for name in self.endpoints)

    @property
    def days(self) -> tuple[float, ...]:
        """All days on which somebody looks."""
        return tuple(sorted({day for one in self.told for day in (*one.days(self.timing), self.timing.response)}))

    def with_patients(self, count: int) -> Trial:
        """The same trial, its rates computed from another number of virtual patients."""
        return replace(self, patients=count)

    def left(self, day: float) -> float:
        """Share of patients still in the trial on a day."""
        last = self.timing.visits[-1]
        return (1 - self.dropout) ** (min(day, last) / last)
