"""Patients drawn from counters: patient i is the same in any chunk, order and number of workers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

import equinox
import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.scipy.special import ndtri
from numpy.typing import ArrayLike
from scipy.stats import qmc

from endplate.case import REGIONS, Baseline, Habits, Patient, Skin
from endplate.case.region import regions
from endplate.course import Cohort, Parameters, cohort_of
from endplate.errors import InvalidRequest
from endplate.population.population import SKIN_TYPES, Population, default_population

__all__ = ["Crowd", "Rates", "crowds", "draw", "evenly", "like", "uniform", "with_rates"]

# Every trait has a stream of its own, so that a new trait changes no other one. Habits come last.
_STREAMS = {
    name: number
    for number, name in enumerate(
        (
            *("sensitivity", "half_life", "muscle_mass", "skin_thickness", "sun", "age", "sex", "severity"),
            *("skin_type", "smoker", "pack_years", "resting_share"),
        )
    )
}
_HABIT_STREAM = 64
_HABITS = tuple(dict.fromkeys(region.habit for region in regions() if region.habit is not None))
_GRADED, _MODERATE, _SEVERE = REGIONS.index("glabella"), 2.0, 3.0
_BITS = 23
# Drawn in blocks of one size, so that few programs are compiled.
_BLOCK = 64


class Rates(NamedTuple):
    """What cannot be seen of a patient, over the typical one: sensitivity and light-chain half-life (P,)."""

    sensitivity: Array
    half_life: Array


class Crowd(equinox.Module):
    """Drawn patients as arrays, patients on the last axis.

    Parameters
    ----------
    index
        Counter of each patient, (P,).
    cohort
        What `simulate` needs to know of them; the last axis is 1 where they all share it.
    rates
        What cannot be seen of them.
    skin_type
        Type of Fitzpatrick, (P,).
    typical
        Parameters of the typical patient.
    """

    index: Array
    cohort: Cohort
    rates: Rates
    skin_type: Array
    typical: Parameters

    @property
    def parameters(self) -> Parameters:
        """The parameters of each patient; the leaves that differ are (P,)."""
        return with_rates(self.typical, self.rates)

    def take(self, rows: Array) -> Crowd:
        """Some of the patients, by their place in this crowd."""
        own, everyone = (self.index, self.cohort, self.rates, self.skin_type), len(self.index)
        chosen = jax.tree.map(lambda part: part[..., rows] if part.shape[-1] == everyone else part, own)
        index, cohort, rates, skin_type = chosen
        return Crowd(index, cohort, rates, skin_type, self.typical)

    def patients(self) -> list[Patient]:
        """The patients one by one; what cannot be seen of them is in `parameters` only."""
        types = np.asarray(self.skin_type)
        fields = [np.broadcast_to(field, (*field.shape[:-1], len(types))) for field in self.cohort]
        return [_patient([field[..., number] for field in fields], types[number]) for number in range(len(types))]


def with_rates(typical: Parameters, rates: Rates) -> Parameters:
    """The parameters of patients with these rates."""
    known = typical.kinetics
    changed = (known.potency * rates.sensitivity, known.light_chain_half_life * rates.half_life)
    return equinox.tree_at(lambda p: (p.kinetics.potency, p.kinetics.light_chain_half_life), typical, changed)


def draw(population: Population, indices: ArrayLike, *, typical: Parameters, seed: int = 0) -> Crowd:
    """Patients of a population.

    Parameters
    ----------
    population
        How patients differ. Every trait is differentiable in its spread, by its inverse
        distribution function; sex, grade, skin type and smoking are not.
    indices
        Which patients, whole numbers ≥ 0 and below 2³², shape (P,).
    typical
        Parameters of the typical patient, such as `default_parameters` of a product.
    seed
        Two seeds give two independent populations.

    Raises
    ------
    InvalidRequest
        If there are no indices, or they are not whole numbers in that range.

    Examples
    --------
    >>> from endplate.case import product
    >>> from endplate.course import default_parameters
    >>> some = draw(default_population(), range(100), typical=default_parameters(product("ona")), seed=1)
    >>> some.cohort.age.shape, len(some.patients())
    ((100,), 100)
    """
    counters = _counters(indices)
    cohort, rates, skin_type = _blocks(population, counters, seed)
    return Crowd(counters, cohort, rates, skin_type, typical)


def evenly(population: Population, count: int, *, typical: Parameters, seed: int = 0) -> tuple[Crowd, Array]:
    """Patients spread evenly over a population, for means over few of them.

    Parameters
    ----------
    population, typical
        As for `draw`.
    count
        A power of two.
    seed
        Of the scrambling.

    Returns
    -------
    crowd, free
        The patients, and two further even numbers between 0 and 1 for each, shape (2, P).

    Notes
    -----
    Scrambled points of Sobol (Owen 1998, ACM TOMACS 8:71). The spread of means over repeats falls
    faster than with drawn patients.

    Examples
    --------
    >>> from endplate.case import product
    >>> from endplate.course import default_parameters
    >>> some, free = evenly(default_population(), 64, typical=default_parameters(product("ona")))
    >>> float(np.mean(some.rates.sensitivity < 1)), free.shape
    (0.5, (2, 64))
    """
    dtype, traits = population.sensitivity_spread.dtype, len(_STREAMS) + len(_HABITS)
    engine = qmc.Sobol(traits + 2, rng=np.random.default_rng(seed))
    points = jnp.asarray(np.clip(engine.random(count).T, 0.5**_BITS, 1 - 0.5**_BITS), dtype)
    cohort, rates, skin_type = _people(population, points[:traits])
    return Crowd(jnp.arange(count, dtype=jnp.uint32), cohort, rates, skin_type, typical), points[traits:]


def like(
    patient: Patient, indices: ArrayLike, *, typical: Parameters, population: Population | None = None, seed: int = 0
) -> Crowd:
    """Patients like this one: all that can be seen of them is the same, sensitivity and rates are not known.

    Parameters
    ----------
    patient
        Whose age, sex, skin, habits, grades, muscle mass and antibodies they share.
    indices, typical, seed
        As for `draw`; patient i has the sensitivity and rates of patient i there.
    population
        The evidence library's if None.

    Examples
    --------
    >>> from endplate.case import product
    >>> from endplate.course import default_parameters
    >>> some = like(Patient(age=60.0), range(3), typical=default_parameters(product("ona")))
    >>> [one.age for one in some.patients()]
    [60.0, 60.0, 60.0]
    """
    counters = _counters(indices)
    _, rates, _ = _blocks(population or default_population(), counters, seed)
    cohort = cohort_of([patient], dtype=rates.sensitivity.dtype)
    return Crowd(counters, cohort, rates, jnp.full(len(counters), patient.skin.fitzpatrick), typical)


def crowds(
    population: Population, count: int, *, typical: Parameters, seed: int = 0, chunk: int = 1024
) -> Iterator[Crowd]:
    """The patients 0 … count − 1 in chunks, so that memory does not grow with their number.

    Parameters
    ----------
    population, typical, seed
        As for `draw`.
    count
        How many patients.
    chunk
        How many at a time.
    """
    for first in range(0, count, chunk):
        yield draw(population, range(first, min(first + chunk, count)), typical=typical, seed=seed)


@partial(jax.jit, static_argnames="stream")
def uniform(seed: int | Array, counters: Array, *, stream: int) -> Array:
    """A further number between 0 and 1 for each patient, from a stream that no trait uses (P,).

    Parameters
    ----------
    seed
        As for `draw`.
    counters
        `Crowd.index`.
    stream
        From 128 on; each gives numbers of its own.
    """
    return _uniform(jax.random.key(jnp.asarray(seed), impl="threefry2x32"), counters, stream)


def _counters(indices: ArrayLike) -> Array:
    asked = np.asarray(indices)
    whole = asked.ndim == 1 and len(asked) and np.issubdtype(asked.dtype, np.integer)
    if not whole or asked.min() < 0 or asked.max() >= 1 << 32:
        raise InvalidRequest("indices of patients must be whole numbers from 0 to 2³² − 1; give at least one")
    return jnp.asarray(asked.astype(np.uint32))


def _blocks(population: Population, counters: Array, seed: int) -> tuple[Cohort, Rates, Array]:
    """Traits of the patients, drawn in blocks of one size."""
    missing = -len(counters) % _BLOCK
    if not missing:
        return _traits(population, counters, jnp.asarray(seed))
    found = _traits(population, jnp.pad(counters, (0, missing)), jnp.asarray(seed))
    return jax.tree.map(lambda part: part[..., : len(counters)], found)


@jax.jit
def _traits(population: Population, counters: Array, seed: Array) -> tuple[Cohort, Rates, Array]:
    key = jax.random.key(seed, impl="threefry2x32")
    streams = [*_STREAMS.values(), *(_HABIT_STREAM + number for number in range(len(_HABITS)))]
    dtype = population.sensitivity_spread.dtype
    return _people(population, jnp.stack([_uniform(key, counters, stream).astype(dtype) for stream in streams]))


def _people(population: Population, numbers: Array) -> tuple[Cohort, Rates, Array]:
    """Traits from even numbers between 0 and 1: a row for each stream, then one for each habit."""
    p, dtype = population, population.sensitivity_spread.dtype
    uniform = dict(zip(_STREAMS, numbers, strict=False))
    normal = {name: ndtri(part) for name, part in uniform.items()}
    female = (uniform["sex"] < p.female_share).astype(dtype)
    mass = jnp.exp(p.muscle_mass_spread * normal["muscle_mass"]) * jnp.where(female > 0, 1, p.male_muscle_mass)
    smoked = p.pack_years * jnp.exp(p.pack_years_spread * normal["pack_years"])
    severity = jnp.where(uniform["severity"] < p.severe_share, _SEVERE, _MODERATE).astype(dtype)
    share = jax.nn.sigmoid(jax.scipy.special.logit(p.resting_share) + p.resting_share_spread * normal["resting_share"])
    grades = jnp.full((2, len(REGIONS), numbers.shape[-1]), jnp.nan, dtype)
    cohort = Cohort(
        age=_age(p, uniform["age"]),
        female=female,
        muscle_mass=mass,
        skin_thickness=jnp.exp(p.skin_thickness_spread * normal["skin_thickness"]),
        sun=jnp.exp(p.sun_spread * normal["sun"]),
        smoking=jnp.where(uniform["smoker"] < p.smoker_share, smoked, 0),
        antibody_free_fraction=jnp.ones_like(female),
        habit=_habits(p, numbers[len(_STREAMS) :]),
        baseline=grades.at[0, _GRADED].set(share * severity).at[1, _GRADED].set(severity),
    )
    kinds = jnp.cumsum(p.skin_types / jnp.sum(p.skin_types))[:-1, None]
    return cohort, _rates(p, normal), SKIN_TYPES[0] + jnp.sum(uniform["skin_type"] > kinds, axis=0)


def _uniform(key: Array, counters: Array, stream: int) -> Array:
    """One number between 0 and 1 per patient, the same in both precisions."""
    one = jax.vmap(lambda counter: jax.random.fold_in(jax.random.fold_in(key, counter), stream))
    bits = jax.vmap(lambda own: jax.random.bits(own, (), jnp.uint32))(one(counters))
    return ((bits >> (32 - _BITS)).astype(jnp.float32) + 0.5) / 2**_BITS


def _rates(p: Population, normal: dict[str, Array]) -> Rates:
    along = p.sensitivity_half_life_correlation
    other = along * normal["sensitivity"] + jnp.sqrt(1 - along**2) * normal["half_life"]
    return Rates(jnp.exp(p.sensitivity_spread * normal["sensitivity"]), jnp.exp(p.half_life_spread * other))


def _age(p: Population, uniform: Array) -> Array:
    """A normal distribution cut at the youngest and oldest age [year]."""
    low, high = (jax.scipy.special.ndtr((edge - p.age_mean) / p.age_spread) for edge in (p.age_youngest, p.age_oldest))
    return p.age_mean + p.age_spread * ndtri(low + (high - low) * uniform)


def _habits(p: Population, uniform: Array) -> Array:
    """How often each region's expression is made (R, P); habits of one patient go together."""
    own = ndtri(uniform)
    alike = p.habit_correlation + (1 - p.habit_correlation) * jnp.eye(len(_HABITS), dtype=own.dtype)
    mix = jnp.linalg.cholesky(alike)
    # Written out term by term, since a product of matrices may add in another order for another number of patients.
    habit = [jnp.exp(p.habit_spread * sum(mix[n, k] * own[k] for k in range(n + 1))) for n in range(len(_HABITS))]
    typical = jnp.ones_like(habit[0])
    return jnp.stack([typical if one.habit is None else habit[_HABITS.index(one.habit)] for one in regions()])


def _patient(fields: Sequence[np.ndarray], skin_type: int) -> Patient:
    one = dict(zip(Cohort._fields, fields, strict=True))
    rest, maximum = ([None if np.isnan(grade) else float(grade) for grade in row] for row in one["baseline"])
    made = zip(regions(), one["habit"], strict=True)
    moves = {region.habit: float(value) for region, value in made if region.habit is not None}
    return Patient(
        age=float(one["age"]),
        sex="female" if one["female"] else "male",
        muscle_mass=float(one["muscle_mass"]),
        menopause=None if np.isnan(one["menopause"]) else float(one["menopause"]),
        skin=Skin(int(skin_type), *(float(one[name]) for name in ("skin_thickness", "moisture", "proneness"))),
        habits=Habits(**moves, sun=float(one["sun"]), smoking=float(one["smoking"])),
        baseline=Baseline(tuple(maximum), tuple(rest)),
        antibody_free_fraction=float(one["antibody_free_fraction"]),
    )
