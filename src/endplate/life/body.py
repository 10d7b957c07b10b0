"""A person made ready for a life: end plates, skin and rates that stay the same through it."""

from __future__ import annotations

from dataclasses import fields, replace
from functools import partial
from math import log
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.typing import DTypeLike

from endplate.case import Case
from endplate.course import Cohort, Parameters, cohort_of, default_parameters
from endplate.course.lines import Lines, prepare_lines, tabulated, weights_of
from endplate.course.scene import place
from endplate.evidence import load
from endplate.kinetics import toxin_chain
from endplate.life.parameters import life_parameters
from endplate.life.plan import Life
from endplate.outcome import depth_of_severity, severity_of_depth
from endplate.population import uniform
from endplate.safety import antibodies
from endplate.skin import Crease, Person, SkinParameters, begin, crease_use, effective_age, furrow_depth, skin_strain
from endplate.solve.chain import member_weights

__all__ = ["Body", "Hazard", "Pattern", "body_of", "hazard_of", "pattern_of", "skin_of"]

# The stream of random numbers that says whether and when antibodies come.
_STREAM = 2048


class Hazard(NamedTuple):
    """Of antibodies: of a session of the plan's dose, power of the dose, factor after a short interval, what is short.

    prone: share of people in whom they come at last; free: share of the toxin that is left free once there are any.
    """

    session: float
    power: float
    short: float
    least: float
    prone: float
    free: float


class Pattern(NamedTuple):
    """What all lives share: the lines of each region, typical parameters, hazard of antibodies."""

    lines: tuple[Lines, ...]
    typical: Parameters
    hazard: Hazard


class Body(NamedTuple):
    """A person, or many, through a life; R regions, G groups of muscles, K nodes of ln(dose).

    weight: share of end plates at each node (K, G, P); folding: share of each group in folding a region (R, G).
    rates, gains: of the modes of the light chain, and their amplitudes after a dose (4, P).
    person: with the regions alone, and habits relative to those of the clock.
    strain: untreated (R, P); start: creases at the beginning (R, P).
    offset: of the person's own grade at maximum effort over the typical one (R, P) [grade].
    threshold: sum of hazards at which antibodies come (P,).
    """

    weight: Array
    folding: Array
    rates: Array
    gains: Array
    person: Person
    strain: Array
    start: Crease
    offset: Array
    threshold: Array


def pattern_of(life: Life, *, dtype: DTypeLike | None = None) -> Pattern:
    """What all lives with the plan share; the spread of its injections is solved once and kept."""
    p = default_parameters(life.plan.product, dtype=dtype)
    spread = float(p.kinetics.dose_spread)
    own = (prepare_lines(life.plan, region=name, days=(0.0, 1.0), p=p) for name in life.regions)
    return Pattern(tuple(tabulated(lines, spread=spread) for lines in own), p, hazard_of(life))


def hazard_of(life: Life) -> Hazard:
    """The hazard of antibodies of a session, from the safety check's share of patients after one treatment."""
    library = load()
    patient = replace(life.patient, health=replace(life.patient.health, treatments=None))
    found = antibodies(Case(life.title, life.plan, patient), library)
    share = 0.0 if found.share is None or not life.antibodies else found.share.middle
    numbers = (library[name].value for name in ("antibody_load_power", "antibody_short_interval", "session_interval"))
    own = life_parameters()
    return Hazard(-log(1.0 - share), *numbers, prone=float(own.antibody_prone), free=float(own.neutralised_free))


def body_of(
    life: Life,
    pattern: Pattern,
    *,
    people: Cohort | None = None,
    p: Parameters | None = None,
    index: Array | None = None,
) -> Body:
    """People made ready.

    Parameters
    ----------
    life
        What is asked.
    pattern
        From `pattern_of`.
    people
        At the age where the life begins, with habits over those of its patient; that patient if None.
    p
        Their parameters; typical ones if None.
    index
        Counter of each, for what is drawn; from 0 on if None.
    """
    dtype = jnp.asarray(pattern.typical.kinetics.potency).dtype
    own = cohort_of([life.patient], dtype=dtype)
    people = own._replace(habit=jnp.ones_like(own.habit)) if people is None else people
    counters = jnp.arange(people.muscle_mass.shape[0]) if index is None else index
    prone = pattern.hazard.prone
    place = jnp.minimum(uniform(life.seed, counters.astype(jnp.uint32), stream=_STREAM).astype(dtype) / prone, 1)
    # With P = p (1 − exp(−H/p)) after a summed hazard H, a person of even number u is reached at −p ln(1 − u/p).
    threshold = -prone * jnp.log1p(-place)
    habit = own.habit[np.array(life.rows)]
    return _made(pattern, people, p=pattern.typical if p is None else p, rows=life.rows, habit=habit)._replace(
        threshold=threshold
    )


@partial(jax.jit, static_argnames="rows")
def _made(pattern: Pattern, people: Cohort, *, p: Parameters, rows: tuple[int, ...], habit: Array) -> Body:
    weights, folds = zip(*(weights_of(one, people, p=p) for one in pattern.lines), strict=True)
    person, baseline = _person(pattern.lines, people, p=p, rows=rows)
    skin = skin_of(p.skin, rows)
    strain = skin_strain(jnp.ones_like(person.habit), person, parameters=skin)
    now = person._replace(habit=person.habit * habit)
    age = effective_age(person.age[None], person, parameters=skin)
    depth = furrow_depth(strain, age, person=person, parameters=skin)
    typical = severity_of_depth(depth, p.outcome)
    chain = toxin_chain(p.kinetics)
    rates, gains = member_weights(chain)
    return Body(
        weight=jnp.concatenate([one[:, :, 0] for one in weights], axis=1),
        folding=jax.scipy.linalg.block_diag(*folds),
        rates=rates,
        gains=gains * (chain.loss[0] / chain.feed[0]),
        person=person,
        strain=strain,
        start=begin(strain, crease_use(depth, now, parameters=skin), person=now, parameters=skin),
        offset=jnp.where(jnp.isnan(baseline[1]), 0, baseline[1] - typical),
        threshold=jnp.zeros_like(person.age),
    )


def _person(lines: tuple[Lines, ...], people: Cohort, *, p: Parameters, rows: tuple[int, ...]) -> tuple[Person, Array]:
    """The person with the regions alone, and baseline grades (2, R, P)."""
    scenes = [
        place(
            one.setting, people._replace(habit=people.habit[row : row + 1], baseline=people.baseline[:, row : row + 1])
        )
        for one, row in zip(lines, rows, strict=True)
    ]
    baseline = jnp.concatenate([one.baseline for one in scenes], axis=1)
    habit, thickness = (
        jnp.concatenate([getattr(one.person, name) for one in scenes]) for name in ("habit", "muscle_thickness")
    )
    depth = depth_of_severity(baseline[0], p.outcome)
    return scenes[0].person._replace(habit=habit, muscle_thickness=thickness, resting_depth=depth), baseline


def skin_of(p: SkinParameters, rows: tuple[int, ...]) -> SkinParameters:
    """The same parameters for some regions."""
    chosen = np.array(rows)
    own = [field.name for field in fields(SkinParameters) if field.metadata.get("per") == "region"]
    return replace(p, **{name: getattr(p, name)[chosen] for name in own})
