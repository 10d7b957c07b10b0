"""The model's answers: patients of many arms from one tabulated force, graded, summed to rates and median times."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import NamedTuple, TypeVar

import equinox
import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.scipy.special import logit
from numpy.typing import ArrayLike, NDArray

from endplate.case import REGIONS
from endplate.course import Cohort, default_parameters
from endplate.course.lines import Lines, see_effort
from endplate.evidence import load
from endplate.fit.question import Layout
from endplate.fit.table import effort_of, plan_of
from endplate.population import default_population
from endplate.trial.endpoints import ENDPOINTS, Timing
from endplate.trial.median import median_time
from endplate.trial.parameters import TrialParameters, default_trial_parameters
from endplate.trial.view import view_of

__all__ = ["EFFECTS", "Arm", "Asked", "Group", "Patients", "answer"]

# Effects of a trial, in the order of their axis: on sensitivity (ln), on the share of severe patients (logit), on the
# grades that raters give after any treatment (grade), and on the change from which diaries note an effect (ln).
EFFECTS = ("sensitivity", "severe_share", "grade", "noticed")
_MODERATE = 2.0  # grade of the milder half; the others have one more
_LEAST = (2, 2, 0)
_NOTHING = -50.0
_FITTED = "A"

Module = TypeVar("Module", bound=equinox.Module)
Values = Mapping[str, Array]


class Patients(NamedTuple):
    """Patients of one layout, the same in all arms.

    efforts: the layout's table read at their masses, see `endplate.fit.table.by_mass`.
    lines: for `see_effort`.
    people: as arrays.
    sensitivity, half_life, resting, expecting: standard normal numbers (P,).
    place: between 0 and 1, within the grade (P,).
    """

    efforts: Array
    lines: Lines
    people: Cohort
    sensitivity: Array
    half_life: Array
    resting: Array
    expecting: Array
    place: Array


@dataclass(frozen=True, slots=True)
class Arm:
    """Patients of a trial who got the same.

    Parameters
    ----------
    layout, trial
        Numbers.
    product
        Its code.
    dose
        Over that of the layout.
    decades
        See `endplate.fit.rows.TrialRow.decades`.
    open_label
        Whether everybody knew.
    """

    layout: int
    product: str
    dose: float
    trial: int
    decades: float = 0.0
    open_label: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that ask for one endpoint.

    Parameters
    ----------
    endpoint, timing
        What is looked at, and when.
    arms
        Arms that are looked at.
    rows
        Places of the rows in the table.
    at
        For each row, which of `arms` and which day of the endpoint; None for the median.
    """

    endpoint: str
    timing: Timing
    arms: tuple[int, ...]
    rows: tuple[int, ...]
    at: tuple[tuple[int, int | None], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: layouts, arms layout by layout, rows by endpoint, days of the tables."""

    layouts: tuple[Layout, ...]
    arms: tuple[Arm, ...]
    groups: tuple[Group, ...]
    days: tuple[float, ...]


class _Crowd(NamedTuple):
    """Moderate patients, then severe ones: severity before (P,), what subjects expect (P,), whether severe (P,)."""

    before: Array
    expecting: Array
    severe: Array


def answer(
    values: Mapping[str, ArrayLike], effects: ArrayLike, *, patients: tuple[Patients, ...], asked: Asked
) -> NDArray[np.float64]:
    """Rates, and median times [day], of all rows (R,).

    Parameters
    ----------
    values
        Entries of the evidence library set to other values, by name.
    effects
        Of each trial (S, E), in the order of `EFFECTS`.
    patients
        Of each layout.
    asked
        What is asked of them.
    """
    moved = {name: jnp.asarray(value, float) for name, value in values.items()}
    shifts = np.asarray(effects, float)
    drift = _moved(default_trial_parameters(), moved).drift
    seen: list[Array] = []
    crowds: list[_Crowd] = []
    for number, (own, layout) in enumerate(zip(patients, asked.layouts, strict=True)):
        arms = (arm for arm in asked.arms if arm.layout == number)
        doses = [_dose(moved, arm) + drift * arm.decades + shifts[arm.trial, 0] for arm in arms]
        severity, crowd = _severity(moved, jnp.stack(doses), own, layout=layout)
        seen.append(severity)
        crowds.append(crowd)
    # Layouts have the same patients.
    severities = jnp.concatenate(seen)
    out = np.zeros(sum(len(group.rows) for group in asked.groups))
    for group in asked.groups:
        kind = ENDPOINTS[group.endpoint]
        days = tuple(sorted({*kind.days(group.timing), group.timing.response}))
        at = np.ix_(group.arms, [asked.days.index(day) for day in days])
        own_shifts = jnp.asarray(shifts[[asked.arms[arm].trial for arm in group.arms]])
        known = jnp.asarray([float(asked.arms[arm].open_label) for arm in group.arms])
        what = {"endpoint": group.endpoint, "timing": group.timing}
        curves = np.asarray(_curves(moved, severities[at], crowds[0], (own_shifts, known), **what))
        told = kind.days(group.timing)
        for row, (one, day) in zip(group.rows, group.at, strict=True):
            timed = day is None
            out[row] = median_time(curves[one], told, begins=kind.begins, beyond=True) if timed else curves[one, day]
    return out


@partial(jax.jit, static_argnames="layout")
def _severity(values: Values, doses: Array, own: Patients, *, layout: Layout) -> tuple[Array, _Crowd]:
    """Latent severity of arms given ln(potency × dose) over the layout's dose (A, T, P) [grade], and whose it is."""
    typical = default_parameters(plan_of(layout).product)
    population, trial = _moved(default_population(), values), _moved(default_trial_parameters(), values)
    kinetics, serotype = typical.kinetics, layout.serotype
    life = jnp.log(values.get(f"t_LC.{serotype}", kinetics.light_chain_half_life) / kinetics.light_chain_half_life)
    # Fitted to products of serotype A; nothing is known of the others.
    life += jnp.log(trial.half_life) if serotype == _FITTED else 0
    known = jnp.log(trial.captured(layout.region)) - jnp.log(kinetics.potency)
    dose = (known + doses)[:, None] + population.sensitivity_spread * own.sensitivity
    life = life + population.half_life_spread * own.half_life
    effort = effort_of(own.efforts, half_life=life, dose=dose)
    p = equinox.tree_at(lambda one: one.outcome, typical, _moved(typical.outcome, values))
    severe = jnp.repeat(jnp.asarray([0.0, 1.0]), len(own.place))
    before = _MODERATE + severe + trial.severity_width * (jnp.tile(own.place, 2) - 1 / 2)
    share = jax.nn.sigmoid(logit(population.resting_share) + population.resting_share_spread * jnp.tile(own.resting, 2))
    count = len(own.place)
    # What all patients share stays 1 wide.
    people = Cohort(*(jnp.concatenate([part] * 2, axis=-1) if part.shape[-1] == count else part for part in own.people))
    grades = people.baseline.at[:, REGIONS.index(layout.region)].set(jnp.stack([share * before, before]))
    look = partial(see_effort, lines=own.lines, people=people._replace(baseline=grades), p=p, region=layout.region)
    severity = jax.vmap(look)(jnp.tile(effort, (1, 1, 2)))
    return severity, _Crowd(before, jnp.tile(own.expecting, 2), severe)


@partial(jax.jit, static_argnames=("endpoint", "timing"))
def _curves(
    values: Values, severities: Array, crowd: _Crowd, arms: tuple[Array, Array], *, endpoint: str, timing: Timing
) -> Array:
    """Rates of arms on the days of an endpoint (A, T)."""
    kind = ENDPOINTS[endpoint]
    days = tuple(sorted({*kind.days(timing), timing.response}))
    severe = _moved(default_population(), values).severe_share
    raters = _moved(default_trial_parameters(), values)

    def arm(severity: Array, effect: Array, known: Array) -> Array:
        shifted = _shifted(raters, effect, known).of_subjects(crowd.expecting)
        share = kind.share(view_of(severity, crowd.before, days=days, least=_LEAST, parameters=shifted), timing)
        part = jax.nn.sigmoid(logit(severe) + effect[EFFECTS.index("severe_share")])
        weight = jnp.where(crowd.severe > 0, part, 1 - part)
        return (share.hits @ weight) / (share.among @ weight)

    return jax.vmap(arm)(severities, *arms)


def _dose(values: Values, arm: Arm) -> Array:
    """Ln of potency times dose over that of the layout; next to nothing for placebo."""
    if arm.product == "placebo" or arm.dose == 0:
        return jnp.asarray(_NOTHING)
    name = f"potency.{arm.product}"
    potency = values[name] if name in values else load()[name].value
    return jnp.log(potency * arm.dose)


def _shifted(raters: TrialParameters, effect: Array, known: Array) -> TrialParameters:
    """Raters of a trial who all see more or less after treatment, and notice other changes, or what they know of."""
    shift, noticed = effect[EFFECTS.index("grade")], jnp.exp(effect[EFFECTS.index("noticed")])
    return equinox.tree_at(
        lambda p: (p.investigator_expectation, p.subject_expectation, p.noticed_change),
        raters,
        (
            raters.investigator_expectation + shift,
            raters.subject_expectation + shift,
            raters.noticed_change * noticed * raters.open_label**known,
        ),
    )


def _moved(module: Module, values: Values) -> Module:
    """The module with the entries that are moved."""
    chosen = {
        one.name: jnp.asarray(values[one.metadata["evidence"]])
        for one in fields(module)
        if one.metadata.get("evidence") in values
    }
    return replace(module, **chosen)
