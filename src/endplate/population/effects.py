"""Effects beside the wanted one, as probabilities over patients: from the model's own losses of force."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import equinox
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from endplate.case import Patient, Plan
from endplate.course import Cohort, Course, Store, default_parameters, simulate
from endplate.course.parameters import from_library
from endplate.errors import InvalidRequest
from endplate.evidence import load
from endplate.outcome import EffectParameters
from endplate.population.crowd import Crowd, Rates, like, with_rates
from endplate.population.design import Design, Misplaced, designer
from endplate.population.happening import EFFECTS, Record, join, record, signs
from endplate.population.placement import Placement, default_placement, scatter
from endplate.population.population import Population
from endplate.population.remainder import Remainder, default_remainder

__all__ = ["Effect", "Effects", "Spread", "default_effect_parameters", "effects", "effects_over", "observe"]

Floats = NDArray[np.float64]

_CHUNK, _LAST_DAY = 64, 180.0
_QUANTILES = (0.05, 0.5, 0.95)
_LEVEL_DEVIATIONS = 1.6448536269514722  # of a normal distribution: an interval of 90 %


class Spread(NamedTuple):
    """Quantiles over the patients who have an effect: 5 %, median and 95 %; not a number where nobody has."""

    low: float
    median: float
    high: float


class Effect(NamedTuple):
    """One effect over patients.

    name: key of `EFFECTS`.
    number: of patients who have it; probability: their share; low, high: 90 % interval of the share, since only some
    patients were drawn.
    remainder: further share by the empirical remainder, which is no mechanism (see `Remainder`); total: of both.
    onset, duration: first day after the first session, and days of it [day]; severity: the largest value [unit].
    largest: severity over all patients, with the effect or not [unit].
    threshold: value from which it counts [unit].
    """

    name: str
    number: int
    probability: float
    low: float
    high: float
    remainder: float
    total: float
    onset: Spread
    duration: Spread
    severity: Spread
    largest: Spread
    threshold: float
    unit: str


class Effects(equinox.Module):
    """All effects of a plan, and over how many patients.

    Parameters
    ----------
    found
        One for each of `EFFECTS`, in that order.
    patients, failed
        How many were followed, and how many of those could not be solved and are left out.
    days
        How long they were followed [day].
    """

    found: tuple[Effect, ...] = equinox.field(static=True)
    patients: int = equinox.field(static=True)
    failed: int = equinox.field(static=True)
    days: float = equinox.field(static=True)
    seed: int = equinox.field(static=True)
    evidence: str = equinox.field(static=True)

    def __getitem__(self, name: str) -> Effect:
        """The effect of this name."""
        return self.found[list(EFFECTS).index(name)]


def default_effect_parameters() -> EffectParameters:
    """The evidence library's sizes and thresholds.

    Examples
    --------
    >>> float(default_effect_parameters().smile_asymmetry)
    3.0
    """
    return from_library(EffectParameters)


def effects(
    plan: Plan,
    patient: Patient,
    *,
    count: int = 512,
    seed: int = 0,
    population: Population | None = None,
    placement: Placement | None = None,
    store: Store | None = None,
) -> Effects:
    """How often, when and how strongly a plan has effects beside the wanted one in patients like this one.

    Patients differ in where the needle gets to, in the anatomy under the skin, in tissue, in sensitivity and in the
    half-life of the light chain.

    Parameters
    ----------
    plan, patient
        What is injected, and what is known of whom.
    count
        How many patients are drawn; at least 1.
    seed
        Of the draw.
    population, placement
        How patients, needles and tissue differ; the evidence library's if None.
    store
        Where solved responses of tissue are kept; in the user's folder for caches if None.

    Raises
    ------
    InvalidRequest
        If `count` cannot be used, there is no injection, or one lies in no open tissue.
    """
    if count < 1:
        raise InvalidRequest(f"count is {count}; at least one patient is needed")
    typical = default_parameters(plan.product)
    how = default_placement(dtype=typical.kinetics.potency.dtype) if placement is None else placement
    crowd = like(patient, range(count), typical=typical, population=population, seed=seed)
    design = designer(plan, patient, placement=how, store=store)(plan)
    return effects_over(plan, crowd, design=design, placement=how, seed=seed)


def effects_over(
    plan: Plan,
    crowd: Crowd,
    *,
    design: Design,
    placement: Placement,
    seed: int = 0,
    remainder: Remainder | None = None,
) -> Effects:
    """Effects over any patients, with a design that is solved already; see `effects`."""
    seen, status = observe(plan, crowd, design=design, placement=placement, seed=seed)
    solved = status == 0
    rest = default_remainder() if remainder is None else remainder
    return Effects(
        found=tuple(_told(name, seen[name].only(solved), rest) for name in EFFECTS),
        patients=int(solved.sum()),
        failed=int((~solved).sum()),
        days=float(plan.days[-1] + _LAST_DAY),
        seed=seed,
        evidence=load().hash,
    )


def observe(
    plan: Plan, crowd: Crowd, *, design: Design, placement: Placement, seed: int = 0
) -> tuple[dict[str, Record], NDArray[np.int64]]:
    """What every patient has of each effect, and the status of each (P,)."""
    used = default_effect_parameters()
    days = np.arange(0.0, plan.days[-1] + _LAST_DAY + 1.0)
    pieces: list[dict[str, Record]] = []
    status: list[NDArray[np.int64]] = []
    for cohort, rates, index, size in _chunks(crowd):
        drawn = scatter(placement, index, injections=len(plan.injections), seed=seed)
        p = with_rates(crowd.typical, rates)
        course: Course = simulate(plan, cohort, parameters=p, days=days, spread=Misplaced(design.at(drawn)))
        counted = np.arange(len(index)) < size
        found = signs(course, parameters=used)
        pieces.append({name: record(course, plan, name=name, sign=found[name]).only(counted) for name in EFFECTS})
        status.append(np.asarray(course.status)[:size])
    joined = {name: join([piece[name] for piece in pieces]) for name in EFFECTS}
    return joined, np.concatenate(status)


def _chunks(crowd: Crowd) -> Iterator[tuple[Cohort, Rates, jnp.ndarray, int]]:
    """Patients in chunks of one size, the last one filled up; and how many of each count."""
    count = len(crowd.index)
    for first in range(0, count, _CHUNK):
        size = min(_CHUNK, count - first)
        rows = np.minimum(np.arange(first, first + _CHUNK), count - 1)
        part = crowd.take(jnp.asarray(rows))
        yield part.cohort, part.rates, part.index, size


def _told(name: str, seen: Record, rest: Remainder) -> Effect:
    """Share of patients with an effect, and when and how strongly they have it."""
    has = seen.has
    count, total = int(has.sum()), max(len(has), 1)
    low, high = _wilson(count, total)
    further = -np.expm1(-rest.hazard(name, seen.exposed))
    remainder = float(further[~has].sum()) / total
    return Effect(
        name=name,
        number=count,
        probability=count / total,
        low=low,
        high=high,
        remainder=remainder,
        total=count / total + remainder,
        onset=_spread(seen.first[has]),
        duration=_spread(seen.held[has]),
        severity=_spread(seen.largest[has]),
        largest=_spread(seen.largest),
        threshold=seen.threshold,
        unit=seen.unit,
    )


def _wilson(count: int, total: int) -> tuple[float, float]:
    """Interval of a share by Wilson's score."""
    z, share = _LEVEL_DEVIATIONS, count / total
    middle = share + z * z / (2 * total)
    half = z * np.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    scale = 1 + z * z / total
    return max(float((middle - half) / scale), 0.0), min(float((middle + half) / scale), 1.0)


def _spread(values: Floats) -> Spread:
    if not len(values):
        return Spread(np.nan, np.nan, np.nan)
    low, median, high = (float(one) for one in np.quantile(values, _QUANTILES))
    return Spread(low, median, high)
