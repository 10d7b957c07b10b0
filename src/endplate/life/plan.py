"""What is asked of a life: who, which session, how often, from which age to which."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from endplate.case import REGIONS, Given, Patient, Plan
from endplate.errors import InvalidRequest

__all__ = ["Change", "Life", "Schedule"]

_SHORTEST = 14.0  # day


@dataclass(frozen=True, slots=True)
class Change:
    """Something that changes at an age and stays: the dose, or how often an expression is made.

    Parameters
    ----------
    age : [year]
        From when on.
    what
        ``dose``, or a field of `Habits` that is a movement.
    factor
        Over the dose of the plan, or over a typical person's habit.
    """

    age: float
    what: str
    factor: float


@dataclass(frozen=True, slots=True)
class Schedule:
    """When sessions are given.

    Parameters
    ----------
    start, stop : [year]
        Age at the first session, and from which on none is given.
    every : [day]
        Between two sessions; with a `grade`, between two looks.
    grade
        A session is given where the lines at maximum effort are back at this grade; at every interval if None.
    region
        Whose lines are looked at.
    least : [day]
        Least time between two sessions.
    pauses : [year]
        Ages between which none is given.
    """

    start: float
    stop: float
    every: float = 84.0
    grade: float | None = None
    region: str = REGIONS[0]
    least: float = 84.0
    pauses: tuple[tuple[float, float], ...] = ()

    @property
    def words(self) -> str:
        """The schedule in words."""
        when = f"every {self.every / 7:g} weeks"
        if self.grade is not None:
            name = self.region.replace("_", " ")
            when = (
                f"when the lines of the {name} at maximum effort are back at grade {self.grade:g}, looked at {when}, "
                f"{self.least / 7:g} weeks apart at least"
            )
        pauses = "".join(f", none from {first:g} to {last:g}" for first, last in self.pauses)
        return f"from {self.start:g} to {self.stop:g} years {when}{pauses}"


@dataclass(frozen=True)
class Life:
    """A life with treatment; its twin without is followed beside it.

    Parameters
    ----------
    title
        Name of the life.
    patient
        Who, at the age where it begins.
    plan
        One session, on day 0: what is given each time.
    until : [year]
        Age at which it ends.
    schedule
        When the session is given.
    changes
        Of dose and habits.
    regions
        Whose lines are followed.
    antibodies
        Whether antibodies may end the response.
    seed
        Of what is drawn.
    overrides
        Rules of the safety check that are overridden, each with its reason.
    offers
        What else is done to the treated twin; days count from the beginning.

    Examples
    --------
    >>> from endplate.case.file import parse_case, write_template
    >>> case = parse_case(write_template("glabella-20u"))
    >>> life = Life("a life", case.patient, case.plan, until=60.0, schedule=Schedule(45.0, 60.0))
    >>> life.years
    15.0
    """

    title: str
    patient: Patient
    plan: Plan
    until: float
    schedule: Schedule
    changes: tuple[Change, ...] = ()
    regions: tuple[str, ...] = REGIONS[:1]
    antibodies: bool = True
    seed: int = 0
    overrides: tuple[tuple[str, str], ...] = ()
    offers: tuple[Given, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what cannot be followed; a file is checked in full before."""
        age, timing = self.patient.age, self.schedule
        wrong = [
            (self.until <= age, f"it ends at {self.until:g} years, the patient's age is {age:g}; let it end later"),
            (
                not age <= timing.start < self.until,
                f"the first session is at {timing.start:g} years; give an age from {age:g} to {self.until:g}",
            ),
            (timing.every < _SHORTEST, f"every {timing.every:g} days; give at least {_SHORTEST:g}"),
            (
                self.plan.days != (0.0,),
                "the plan must be one session on day 0; the schedule says when it is given again",
            ),
            (
                not self.regions or not set(self.regions) <= set(REGIONS),
                f"regions must be some of {', '.join(REGIONS)}",
            ),
            (timing.grade is not None and timing.region not in self.regions, f"{timing.region!r} must be followed"),
        ]
        if told := [words for is_so, words in wrong if is_so]:
            raise InvalidRequest("a life cannot be followed: " + "; ".join(told))

    @property
    def years(self) -> float:
        """How long it is followed [year]."""
        return self.until - self.patient.age

    def with_overrides(self, overrides: tuple[tuple[str, str], ...]) -> Life:
        """The same life with other overrides."""
        return replace(self, overrides=overrides)

    @cached_property
    def rows(self) -> tuple[int, ...]:
        """Where the regions stand among all."""
        return tuple(REGIONS.index(name) for name in self.regions)
