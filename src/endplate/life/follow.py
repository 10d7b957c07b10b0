"""`follow_life`: a life with treatment, and its twin without."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import equinox
import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from endplate.course import Parameters
from endplate.course.parameters import from_library
from endplate.evidence import load
from endplate.life.body import Body, Pattern, body_of, pattern_of, skin_of
from endplate.life.clock import Clock, clock_of
from endplate.life.offers import offered_of
from endplate.life.plan import Life
from endplate.life.window import Asked, Now, Seen, begun, through
from endplate.skin import SkinState, StateParameters, days_per_year, skin_state

__all__ = ["Lifetime", "Twins", "Yearly", "asked_of", "follow_life", "now_of"]

Floats = NDArray[np.float64]
_HALF = 0.5
_SINGLE = ("T", "R")


@dataclass(frozen=True, slots=True, eq=False)
class Twins:
    """The same quantity without and with treatment, (T, R)."""

    untreated: Floats
    treated: Floats


class Yearly(NamedTuple):
    """A quantity by year: mean age (Y,), lowest value, mean over time and highest value (Y, R)."""

    age: Floats
    low: Floats
    mean: Floats
    high: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Lifetime:
    """What a life gives; T times, close after sessions and far apart later, R regions.

    Parameters
    ----------
    age : (T,) [year]
        From the beginning to the end.
    effort, mass : (T, R)
        Force that folds a region, and mass of the muscles that do, over untreated.
    depth_effort, depth_rest : [mm]
        Of furrows at maximum effort and of lines at rest.
    severity_effort, severity_rest : [grade]
        0 none to 3 severe, before any rater.
    sessions : (S,) [year]
        Ages at sessions.
    dose : (S,) [U]
        Given in each.
    antibodies : (S,)
        Probability that antibodies have come by the session, if sessions go on as they did.
    lost : [year]
        Age at which this life loses the response to antibodies, as drawn; None if it does not.
    state
        Readouts of skin at `age`, see `SkinState`; every array (T, R or 1).
    regions
        Names.
    evidence
        Hash of the evidence library.
    """

    age: Floats
    effort: Floats
    mass: Floats
    depth_effort: Twins
    depth_rest: Twins
    severity_effort: Twins
    severity_rest: Twins
    sessions: Floats
    dose: Floats
    antibodies: Floats
    lost: float | None
    state: dict[str, Floats]
    regions: tuple[str, ...]
    evidence: str

    def at(self, age: float) -> int:
        """Where the time nearest to an age stands."""
        return int(np.abs(self.age - age).argmin())

    def yearly(self, value: Floats) -> Yearly:
        """Range and mean of a quantity (T, R) over each year of life."""
        width = np.diff(self.age, prepend=2 * self.age[0] - self.age[1])
        first = np.unique(np.floor(self.age - self.age[0]), return_index=True)[1]
        weight = np.add.reduceat(width, first)
        return Yearly(
            np.add.reduceat(self.age * width, first) / weight,
            np.minimum.reduceat(value, first),
            np.add.reduceat(value * width[:, None], first) / weight[:, None],
            np.maximum.reduceat(value, first),
        )

    def manifest(self, severity: Floats) -> float | None:
        """Age from which on the severity (T,) is that of a mild line or more; None if it never is."""
        below = np.flatnonzero(severity < 1.0)
        last = below[-1] + 1 if len(below) else 0
        return float(self.age[last]) if last < len(self.age) else None


def follow_life(life: Life, *, pattern: Pattern | None = None, parameters: Parameters | None = None) -> Lifetime:
    """Follow a life and its untreated twin.

    Parameters
    ----------
    life
        What is asked.
    pattern
        From `pattern_of`, where it is at hand.
    parameters
        The evidence library's values if None.

    Examples
    --------
    >>> from endplate.case.file import parse_case, write_template
    >>> from endplate.life.plan import Schedule
    >>> case = parse_case(write_template("glabella-20u"))
    >>> found = follow_life(Life("", case.patient, case.plan, until=47.0, schedule=Schedule(45.0, 47.0)))
    >>> len(found.sessions), bool(found.depth_rest.treated[-1, 0] < found.depth_rest.untreated[-1, 0])
    (9, True)
    """
    pattern = pattern_of(life) if pattern is None else pattern
    p = pattern.typical if parameters is None else parameters
    body, clock = body_of(life, pattern, p=p), clock_of(life)
    kind = body.strain.dtype
    seen = _followed(body, now_of(life, clock, kind=kind), p=p, asked=asked_of(life, pattern), rows=life.rows)
    return _lifetime(life, clock, seen, body=body, p=p, prone=pattern.hazard.prone)


def now_of(life: Life, clock: Clock, *, kind: jnp.dtype) -> Now:
    """The windows as arrays."""
    numbers = (clock.steps, clock.begins, clock.factor, clock.habit)
    steps, begins, factor, habit = (jnp.asarray(part, kind) for part in numbers)
    return Now(steps, begins, jnp.asarray(clock.allowed), factor, habit, offered_of(life, clock, kind=kind))


def asked_of(life: Life, pattern: Pattern) -> Asked:
    """When a session is given; a grade is back from half a grade below on, where it is rounded up."""
    schedule = life.schedule
    grade = -np.inf if schedule.grade is None else schedule.grade - _HALF
    least = 0.0 if schedule.grade is None else schedule.least - _HALF
    row = life.regions.index(schedule.region) if schedule.grade is not None else 0
    return Asked(grade, row, least, pattern.hazard)


@partial(jax.jit, static_argnames="rows")
def _followed(body: Body, now: Now, *, p: Parameters, asked: Asked, rows: tuple[int, ...]) -> Seen:
    """All windows one after the other; what is seen has them on its first axis (W, N, …)."""
    own = equinox.tree_at(lambda p: p.skin, p, skin_of(p.skin, rows))
    return jax.lax.scan(lambda state, one: through(state, one, body=body, p=own, asked=asked), begun(body), now)[1]


def _lifetime(life: Life, clock: Clock, seen: Seen, *, body: Body, p: Parameters, prone: float) -> Lifetime:
    """The arrays of one person."""
    begins, year = life.patient.age, days_per_year()
    age = begins + clock.days.ravel() / year
    joined = {name: np.asarray(part, float)[..., 0].reshape(len(age), *part.shape[2:-1]) for name, part in _long(seen)}
    pairs = {name: Twins(part[:, 0], part[:, 1]) for name, part in joined.items() if part.ndim > len(_SINGLE)}
    dose, hazard = (np.asarray(part, float)[:, 0] for part in (seen.dose, seen.hazard))
    given, lost = dose > 0, np.flatnonzero(hazard >= float(body.threshold[0]))
    own = skin_of(p.skin, life.rows)
    known = from_library(StateParameters)
    state: SkinState = skin_state(jnp.asarray(age)[:, None, None], body.person, parameters=own, known=known)
    return Lifetime(
        age=age,
        effort=joined["effort"],
        mass=joined["mass"],
        **pairs,
        sessions=begins + clock.begins[given] / year,
        dose=dose[given] * life.plan.total_dose[0],
        antibodies=-prone * np.expm1(-hazard[given] / prone),
        lost=float(begins + clock.begins[lost[0]] / year) if len(lost) else None,
        state={name: np.asarray(part, float)[..., 0] for name, part in state._asdict().items()},
        regions=life.regions,
        evidence=load().hash,
    )


def _long(seen: Seen) -> list[tuple[str, jax.Array]]:
    """What is seen at the ends of all steps."""
    return [(name, part) for name, part in seen._asdict().items() if name not in ("dose", "hazard", "met")]
