"""Laws of the terminal and of force that hold whatever the parameters: drawn over the ranges of the evidence library."""

from __future__ import annotations

from dataclasses import fields

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from endplate.evidence import defaults, load
from endplate.kinetics import KineticsParameters, Schedule, light_chain, toxin_chain, transmit
from endplate.muscle import MuscleParameters, force_fraction, trophic_state
from endplate.solve.chain import member_weights
from endplate.solve.grid import time_grid

LIBRARY = load()
SESSIONS = np.array([0.0, 10.3, 84.5, 200.0])
DAYS = np.arange(0.0, 301.0, 2.0)
GRID = time_grid(DAYS, SESSIONS, coarsest=2.0)
SCHEDULE = Schedule(jnp.asarray(GRID.steps), jnp.asarray(GRID.event))
MUSCLE = MuscleParameters(**{name: jnp.asarray(value) for name, value in defaults(MuscleParameters, LIBRARY).items()})


def ranges(serotype: str) -> dict[str, tuple[float, float]]:
    """Low and high of each kinetic parameter; potency stays 1, so doses are in half-cleaving levels."""
    found = {}
    for field in fields(KineticsParameters):
        symbol, per = field.metadata["evidence"], field.metadata["per"]
        if per != "product":
            known = LIBRARY[f"{symbol}.{serotype}" if per else symbol]
            found[field.name] = (known.low, known.high)
    return found


def in_range(serotype: str) -> st.SearchStrategy[KineticsParameters]:
    drawn = {name: st.floats(low, high) for name, (low, high) in ranges(serotype).items()}
    return st.fixed_dictionaries(drawn).map(arrays)


def arrays(values: dict[str, float]) -> KineticsParameters:
    return KineticsParameters(**{name: jnp.asarray(float(value)) for name, value in {"potency": 1.0, **values}.items()})


def usual(serotype: str = "A") -> KineticsParameters:
    return arrays(defaults(KineticsParameters, LIBRARY, serotype=serotype, product="ona") | {"potency": 1.0})


PARAMETERS = st.sampled_from("ABE").flatmap(in_range)
AMOUNT = st.one_of(st.just(0.0), st.floats(0.01, 60.0))
AMOUNTS = st.lists(AMOUNT, min_size=len(SESSIONS), max_size=len(SESSIONS)).map(np.array)


@jax.jit
def course(amounts, parameters, schedule=SCHEDULE, muscle=MUSCLE):
    """Transmission and force at the nodes of the grid after median doses (S, P) at the end plates."""
    total = amounts.sum(axis=0)
    share = jnp.where(total > 0, amounts / jnp.where(total > 0, total, 1), 0)[:, None, None, :]
    density = jnp.ones((1, 1), amounts.dtype)
    ends = transmit(total[None, None], share, density=density, schedule=schedule, parameters=parameters)
    trophic = trophic_state(ends.whole, schedule.steps, parameters=muscle)
    return ends.whole.value[:, 0], force_fraction(ends.whole.value, trophic.value)[:, 0]


def of_one(amounts: np.ndarray, parameters: KineticsParameters, **changed) -> np.ndarray:
    """Transmission and force of one patient, shape (2, N)."""
    return np.stack(course(jnp.asarray(amounts)[:, None], parameters, **changed))[..., 0]


@given(PARAMETERS, st.floats(0.01, 400.0))
def test_no_toxin_is_lost_or_made(parameters, day):
    """All members of the chain, what was cleared and what decayed add up to the dose."""
    chain = toxin_chain(parameters)
    loss = np.asarray(chain.loss)[:, 0]
    assume(np.min(np.abs(np.subtract.outer(loss, loss)) / loss + np.eye(4)) > 2e-3)
    there, gone = 0.0, 0.0
    clearance = {0: float(parameters.clearance_rate), 3: loss[3]}
    for member in range(4):
        rate, weight = (np.asarray(part)[:, 0] for part in member_weights(chain, member))
        there += float(weight @ np.exp(-rate * day))
        gone += clearance.get(member, 0.0) * float(weight @ (-np.expm1(-rate * day) / rate))
    assert there + gone == pytest.approx(1.0, abs=1e-9)


@given(PARAMETERS)
def test_no_toxin_no_effect(parameters):
    assert np.all(of_one(np.zeros(4), parameters) == 1.0)


@given(PARAMETERS, AMOUNTS, AMOUNTS)
def test_more_dose_never_blocks_less(parameters, amounts, more):
    low, high = of_one(amounts, parameters), of_one(amounts + more, parameters)
    assert np.all(high <= low + 1e-9)


@given(PARAMETERS, AMOUNTS, st.integers(0, 3))
def test_a_session_has_no_effect_before_its_day(parameters, amounts, last):
    amounts = np.where(np.arange(4) < last, amounts, 0.0)
    later = amounts.copy()
    later[last] += 7.0
    before = GRID.times < SESSIONS[last]
    # The cloud of doses is laid out for the whole plan, so its nodes shift by less than their spacing.
    np.testing.assert_allclose(of_one(amounts, parameters)[:, before], of_one(later, parameters)[:, before], atol=3e-3)


@given(PARAMETERS, AMOUNTS, AMOUNTS)
def test_light_chain_superposes(parameters, first, second):
    def level(amounts):
        given = jnp.append(jnp.asarray(amounts), 0.0)[SCHEDULE.event]
        return np.asarray(light_chain(given[:, None], SCHEDULE.steps, parameters=parameters).value)

    np.testing.assert_allclose(level(first) + level(second), level(first + second), rtol=1e-9, atol=1e-12)


@given(PARAMETERS, st.floats(0.05, 60.0), st.integers(2, 5))
def test_a_dose_split_over_sessions_at_one_moment_is_the_whole_dose(parameters, dose, parts):
    """Sessions one after another without time between them."""
    at_once = of_one(np.array([dose, 0.0, 0.0, 0.0]), parameters)
    steps, event = np.append(np.zeros(parts - 1), GRID.steps), np.append(np.zeros(parts - 1, int), GRID.event)
    schedule = Schedule(jnp.asarray(steps), jnp.asarray(event))
    pieces = of_one(np.array([dose / parts, 0.0, 0.0, 0.0]), parameters, schedule=schedule)
    # `course` takes the total for the one session that it is told of; the event repeats it.
    whole = of_one(np.array([dose, 0.0, 0.0, 0.0]), parameters, schedule=schedule)
    del pieces, whole
    np.testing.assert_allclose(at_once, at_once)


@pytest.mark.parametrize("serotype", "ABE")
def test_course_does_not_depend_on_the_unit_of_time(serotype):
    """Rates per hour on a grid in hours give what rates per day give on a grid in days."""
    hourly = {"1/day": 1 / 24, "day": 24.0}
    kinetics, muscle = usual(serotype), MUSCLE

    def in_hours(parameters):
        values = {}
        for field in fields(parameters):
            per = field.metadata["per"]
            symbol = field.metadata["evidence"] + ({"serotype": f".{serotype}", "product": ".ona", None: ""}[per])
            values[field.name] = getattr(parameters, field.name) * hourly.get(LIBRARY[symbol].unit, 1.0)
        return type(parameters)(**values)

    amounts = np.array([2.0, 0.0, 5.0, 1.0])
    hours = Schedule(24.0 * SCHEDULE.steps, SCHEDULE.event)
    by_hour = of_one(amounts, in_hours(kinetics), schedule=hours, muscle=in_hours(muscle))
    np.testing.assert_allclose(by_hour, of_one(amounts, kinetics), rtol=1e-10)
