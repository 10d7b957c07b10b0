"""Many lives on one schedule: virtual people who differ, followed in chunks; bands over them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import equinox
import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.scipy.special import ndtri
from numpy.typing import NDArray

from endplate.course import Cohort, Parameters, cohort_of
from endplate.errors import InvalidRequest
from endplate.life.body import Body, Pattern, body_of, pattern_of, skin_of
from endplate.life.clock import Clock, clock_of
from endplate.life.follow import asked_of, now_of
from endplate.life.parameters import life_parameters
from endplate.life.plan import Life
from endplate.life.window import Asked, Now, State, begun, through
from endplate.population import Crowd, default_population, draw, uniform
from endplate.population.crowd import with_rates
from endplate.skin import days_per_year

__all__ = ["CHUNK", "LEVEL", "Lives", "follow_lives"]

Floats = NDArray[np.float64]
# Lives are followed in chunks of one size, so that no other number of them changes a bit.
CHUNK = 256
LEVEL = 0.9
_KIND = jnp.float32
_STREAM = 2049
_WORKERS = 2
_MOST = 100_000


class Spans(NamedTuple):
    """Means over each window: depths and severities of the untreated and the treated twin (W, 2, R, P).

    dose: given over the plan's (W, P); lost: whether antibodies have come (W, P).
    """

    depth_effort: Array
    depth_rest: Array
    severity_effort: Array
    severity_rest: Array
    dose: Array
    lost: Array


@dataclass(frozen=True, slots=True, eq=False)
class Lives:
    """Bands over many lives, by year of age.

    Parameters
    ----------
    age : (Y,) [year]
        Middle of each year; the last may be a part of one.
    depth_effort, depth_rest : [mm]
        Low edge, median and high edge over lives of the mean over a year (3, Y, 2, R), untreated twin first.
    severity_effort, severity_rest : [grade]
        The same.
    sessions, dose : (3,)
        Of whole lives; units of the product.
    lost : (Y,)
        Share of lives that have lost the response by the end of the year.
    count
        Number of lives.
    regions
        Names.
    """

    age: Floats
    depth_effort: Floats
    depth_rest: Floats
    severity_effort: Floats
    severity_rest: Floats
    sessions: Floats
    dose: Floats
    lost: Floats
    count: int
    regions: tuple[str, ...]


def follow_lives(
    life: Life,
    count: int,
    *,
    pattern: Pattern | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Lives:
    """Follow many lives.

    They share age, sex and schedule of the life, and differ as the population does, around its patient, in
    sensitivity, half-life, muscle mass, skin thickness, proneness, sun, smoking and habits.

    Parameters
    ----------
    life
        What is asked.
    count
        How many lives.
    pattern
        From ``pattern_of(life, dtype="float32")``, where it is at hand.
    progress
        Told how many lives are done, of how many.

    Raises
    ------
    InvalidRequest
        If there is no life, or too many.
    """
    if not 0 < count <= _MOST:
        raise InvalidRequest(f"{count} lives cannot be followed; give 1 to {_MOST}")
    pattern = pattern_of(life, dtype=_KIND) if pattern is None else pattern
    clock = clock_of(life)
    spans: list[_Years] = []
    for found in _chunks(life, pattern, clock, count=count):
        spans.append(found)
        if progress is not None:
            progress(min(len(spans) * CHUNK, count), count)
    return _bands(life, clock, spans, count)


def _chunks(life: Life, pattern: Pattern, clock: Clock, *, count: int) -> Iterator[_Years]:
    """Chunks in their order, two at a time."""
    now, asked, years = now_of(life, clock, kind=_KIND), asked_of(life, pattern), _years(clock, life)

    def one(first: int) -> _Years:
        crowd = draw(
            default_population(dtype=_KIND), np.arange(first, first + CHUNK), typical=pattern.typical, seed=life.seed
        )
        p, people = _people(life, crowd)
        body = body_of(life, pattern, people=people, p=p, index=crowd.index)
        return _by_year(_spans(body, now, p=p, asked=asked, rows=life.rows), years, clock)

    # The first chunk goes alone, so that the program is compiled once.
    yield one(0)
    with ThreadPoolExecutor(_WORKERS) as crew:
        waiting = [crew.submit(one, first) for first in range(CHUNK, count, CHUNK)]
        try:
            for found in waiting:
                yield found.result()
        finally:
            crew.shutdown(wait=True, cancel_futures=True)


def _people(life: Life, crowd: Crowd) -> tuple[Parameters, Cohort]:
    """The people of a crowd, around the patient of the life: their parameters, and what is seen of them."""
    own, drawn, known = cohort_of([life.patient], dtype=_KIND), crowd.cohort, default_population(dtype=_KIND)
    ones = jnp.ones_like(drawn.age)
    other = ndtri(uniform(life.seed, crowd.index, stream=_STREAM)).astype(_KIND)
    mass = drawn.muscle_mass / jnp.where(drawn.female > 0, 1, known.male_muscle_mass)
    people = Cohort(
        age=own.age * ones,
        female=own.female * ones,
        muscle_mass=own.muscle_mass * mass,
        skin_thickness=own.skin_thickness * drawn.skin_thickness,
        sun=own.sun * drawn.sun,
        smoking=jnp.where(own.smoking > 0, own.smoking, drawn.smoking),
        antibody_free_fraction=own.antibody_free_fraction * ones,
        habit=drawn.habit,
        baseline=own.baseline * ones,
        size=own.size * ones,
        proneness=own.proneness * jnp.exp(life_parameters().proneness_spread.astype(_KIND) * other),
        moisture=own.moisture * ones,
        menopause=own.menopause * ones,
    )
    return with_rates(crowd.typical, crowd.rates), people


@partial(jax.jit, static_argnames="rows")
def _spans(body: Body, now: Now, *, p: Parameters, asked: Asked, rows: tuple[int, ...]) -> Spans:
    """All windows, each as its mean."""
    own = equinox.tree_at(lambda p: p.skin, p, skin_of(p.skin, rows))

    def one(state: State, window: Now) -> tuple[State, Spans]:
        state, seen = through(state, window, body=body, p=own, asked=asked)
        part = window.steps / jnp.sum(window.steps)
        four = (seen.depth_effort, seen.depth_rest, seen.severity_effort, seen.severity_rest)
        means = (jnp.einsum("n,ntrp->trp", part, value) for value in four)
        return state, Spans(*means, dose=seen.dose, lost=seen.hazard >= body.threshold)

    return jax.lax.scan(one, begun(body), now)[1]


class _Years(NamedTuple):
    """A chunk by year, (Y, 2, R, P) and (Y, P)."""

    four: tuple[NDArray[np.float32], ...]
    sessions: Floats
    dose: Floats
    lost: NDArray[np.bool_]


def _years(clock: Clock, life: Life) -> NDArray[np.intp]:
    """The year of life in which the middle of each window lies (W,)."""
    middle = clock.begins + clock.steps.sum(axis=1) / 2.0
    return np.minimum((middle / days_per_year()).astype(np.intp), max(int(np.ceil(life.years)) - 1, 0))


def _by_year(spans: Spans, years: NDArray[np.intp], clock: Clock) -> _Years:
    known, first = np.unique(years, return_index=True)
    length = clock.steps.sum(axis=1)
    share = (length / np.add.reduceat(length, first)[np.searchsorted(known, years)]).astype(np.float32)
    four = tuple(
        np.add.reduceat(np.asarray(part) * share[:, None, None, None], first, axis=0) for part in list(spans)[:4]
    )
    dose, last = np.asarray(spans.dose, np.float64), np.append(first[1:], len(years)) - 1
    return _Years(four, (dose > 0).sum(axis=0), dose.sum(axis=0), np.asarray(spans.lost)[last])


def _bands(life: Life, clock: Clock, chunks: list[_Years], count: int) -> Lives:
    edges = (0.5 - 0.5 * LEVEL, 0.5, 0.5 + 0.5 * LEVEL)
    names = ("depth_effort", "depth_rest", "severity_effort", "severity_rest")
    four = {
        name: np.quantile(np.concatenate([one.four[place] for one in chunks], axis=-1)[..., :count], edges, axis=-1)
        for place, name in enumerate(names)
    }
    sessions, dose = (np.concatenate([getattr(one, name) for one in chunks])[:count] for name in ("sessions", "dose"))
    lost = np.concatenate([one.lost for one in chunks], axis=-1)[:, :count]
    years = np.unique(_years(clock, life))
    return Lives(
        age=life.patient.age + np.minimum(years + 0.5, 0.5 * (years + life.years)),
        **{name: np.asarray(value, float) for name, value in four.items()},
        sessions=np.quantile(sessions, edges),
        dose=np.quantile(dose, edges) * life.plan.total_dose[0],
        lost=lost.mean(axis=-1),
        count=count,
        regions=life.regions,
    )
