"""Laws of the terminal and of force that hold whatever the parameters, drawn over the ranges of the evidence."""

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
MEASURE = 5.0  # doses are told as shares of this one, so that all plans use the same nodes of ln(dose)
SESSIONS = np.array([0.0, 10.3, 84.5, 200.0])
GRID = time_grid(np.arange(0.0, 301.0, 2.0), SESSIONS, coarsest=2.0)
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


def arrays(values: dict[str, float]) -> KineticsParameters:
    given = {"potency": 1.0, **values}
    return KineticsParameters(**{name: jnp.asarray(value, float) for name, value in given.items()})


def usual(serotype: str = "A", **changes: float) -> KineticsParameters:
    known = defaults(KineticsParameters, LIBRARY, serotype=serotype, product="ona")
    return arrays(known | {"potency": 1.0} | changes)


def in_range(serotype: str) -> st.SearchStrategy[KineticsParameters]:
    drawn = {name: st.floats(low, high) for name, (low, high) in ranges(serotype).items()}
    return st.fixed_dictionaries(drawn).map(arrays)


PARAMETERS = st.sampled_from("ABE").flatmap(in_range)
AMOUNT = st.one_of(st.just(0.0), st.floats(0.01, 60.0))
AMOUNTS = st.lists(AMOUNT, min_size=len(SESSIONS), max_size=len(SESSIONS)).map(np.array)


@jax.jit
def course(amounts, parameters, schedule=SCHEDULE, muscle=MUSCLE):
    """Parent transmission, transmission and force at the nodes of the grid after median doses (S, P) [levels]."""
    total = jnp.full((1, 1, amounts.shape[1]), MEASURE, amounts.dtype)
    share = (amounts / MEASURE)[:, None, None, :]
    density = jnp.ones((1, 1), amounts.dtype)
    ends = transmit(total, share, density=density, schedule=schedule, parameters=parameters)
    trophic = trophic_state(ends.whole, schedule.steps, parameters=muscle)
    force = force_fraction(ends.whole.value, trophic.value)
    return ends.parent[:, 0], ends.whole.value[:, 0], force[:, 0]


def of_one(amounts: np.ndarray, parameters: KineticsParameters, **changed) -> np.ndarray:
    """The three courses of one patient, shape (3, N)."""
    return np.stack(course(jnp.asarray(amounts)[:, None], parameters, **changed))[..., 0]


@given(PARAMETERS, st.floats(0.01, 400.0))
def test_no_toxin_is_lost_or_made(parameters, day):
    """All members of the chain, what was cleared and what decayed add up to the dose."""
    chain = toxin_chain(parameters)
    loss = np.asarray(chain.loss)[:, 0]
    assume(np.min(np.abs(np.subtract.outer(loss, loss)) / loss + np.eye(4)) > 2e-3)
    there, gone = 0.0, 0.0
    lost = {0: float(parameters.clearance_rate), 3: loss[3]}
    for member in range(4):
        rate, weight = (np.asarray(part)[:, 0] for part in member_weights(chain, member))
        there += float(weight @ np.exp(-rate * day))
        gone += lost.get(member, 0.0) * float(weight @ (-np.expm1(-rate * day) / rate))
    assert there + gone == pytest.approx(1.0, abs=1e-9)


@given(PARAMETERS)
def test_no_toxin_no_effect(parameters):
    parent, whole, force = of_one(np.zeros(4), parameters)
    assert np.all(parent == 1.0)
    assert np.all(whole == 1.0)
    np.testing.assert_allclose(force, 1.0, atol=1e-12)


def test_no_dose_at_the_endplates_no_effect():
    """The same where the captured dose is 0, not the share."""
    none = whole(jnp.zeros((1, 1, 1)), jnp.ones((1, 1, 1, 1)), jnp.ones((1, 1)), usual())
    assert np.all(np.asarray(none) == 1.0)


@given(PARAMETERS, AMOUNTS, AMOUNTS)
def test_more_dose_never_blocks_fewer_terminals(parameters, amounts, more):
    """On any day and after any number of sessions, for the terminals that took up the toxin."""
    assert np.all(of_one(amounts + more, parameters)[0] <= of_one(amounts, parameters)[0] + 1e-9)


@given(PARAMETERS, AMOUNTS, AMOUNTS)
def test_more_dose_never_leaves_more_force_without_sprouts(parameters, amounts, more):
    bare = arrays(vars(parameters) | {"sprout_weight": 0.0})
    assert np.all(of_one(amounts + more, bare) <= of_one(amounts, bare) + 1e-4)


@given(PARAMETERS, AMOUNT, AMOUNT)
def test_more_dose_in_one_session_never_leaves_more_force(parameters, dose, more):
    """Up to half a percent on days when all terminals are blocked and the higher dose has called sprouts earlier.

    Over several sessions sprouts of an earlier one may carry a later one by up to their weight.
    """
    low, high = (of_one(np.array([amount, 0.0, 0.0, 0.0]), parameters) for amount in (dose, dose + more))
    assert np.all(high <= low + 6e-3)


@given(PARAMETERS, AMOUNTS)
def test_sprouts_carry_at_most_their_weight_of_what_is_blocked(parameters, amounts):
    parent, whole, _ = of_one(amounts, parameters)
    carried = whole - parent
    assert np.all(carried >= -1e-12)
    assert np.all(carried <= float(parameters.sprout_weight) * (1 - parent) + 1e-6)


@given(PARAMETERS, AMOUNTS, st.integers(0, 3))
def test_a_session_has_no_effect_before_its_day(parameters, amounts, last):
    amounts = np.where(np.arange(4) < last, amounts, 0.0)
    more = amounts + np.where(np.arange(4) == last, 7.0, 0.0)
    before = GRID.times <= SESSIONS[last]
    np.testing.assert_array_equal(of_one(amounts, parameters)[:, before], of_one(more, parameters)[:, before])


@given(PARAMETERS, AMOUNTS, AMOUNTS)
def test_light_chain_superposes(parameters, first, second):
    def level(amounts):
        given = jnp.append(jnp.asarray(amounts), 0.0)[SCHEDULE.event]
        return np.asarray(jitted_light_chain(given[:, None], SCHEDULE.steps, parameters=parameters).value)

    np.testing.assert_allclose(level(first) + level(second), level(first + second), rtol=1e-9, atol=1e-12)


jitted_light_chain = jax.jit(light_chain)


@given(PARAMETERS, st.floats(0.05, 60.0))
def test_a_dose_in_parts_at_one_moment_is_the_whole_dose(parameters, dose):
    """Three sessions at the same place, one after another, without time between them."""
    event = np.concatenate([np.arange(3), np.full(len(GRID.steps), -1)])
    steps = np.concatenate([np.zeros(2), GRID.steps])
    repeated = Schedule(jnp.asarray(steps), jnp.asarray(event))
    pieces = of_one(np.full(3, dose / 3), parameters, schedule=repeated)[:, 2:]
    np.testing.assert_allclose(pieces, of_one(np.array([dose, 0.0, 0.0, 0.0]), parameters), atol=1e-12)


@pytest.mark.parametrize("serotype", "ABE")
def test_course_does_not_depend_on_the_unit_of_time(serotype):
    """Rates per hour on a grid in hours give what rates per day give on a grid in days."""
    hourly = {"1/day": 1 / 24, "day": 24.0}

    def in_hours(parameters):
        values = {}
        for field in fields(parameters):
            variant = {"serotype": f".{serotype}", "product": ".ona", None: ""}[field.metadata["per"]]
            unit = LIBRARY[field.metadata["evidence"] + variant].unit
            values[field.name] = getattr(parameters, field.name) * hourly.get(unit, 1.0)
        return type(parameters)(**values)

    amounts, kinetics = np.array([2.0, 0.0, 5.0, 1.0]), usual(serotype)
    hours = Schedule(24.0 * SCHEDULE.steps, SCHEDULE.event)
    by_hour = of_one(amounts, in_hours(kinetics), schedule=hours, muscle=in_hours(MUSCLE))
    np.testing.assert_allclose(by_hour, of_one(amounts, kinetics), rtol=1e-10)


@given(PARAMETERS, AMOUNTS)
def test_antitoxin_that_never_comes_changes_nothing(parameters, amounts):
    never = SCHEDULE._replace(antitoxin=jnp.zeros(len(GRID.times), bool))
    np.testing.assert_allclose(of_one(amounts, parameters, schedule=never), of_one(amounts, parameters), atol=1e-12)


@given(PARAMETERS, AMOUNTS, st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_earlier_antitoxin_never_leaves_more_block(parameters, amounts, one, other):
    first, second = (
        SCHEDULE._replace(antitoxin=jnp.asarray(GRID.times >= GRID.times[-1] * moment**3))
        for moment in sorted((one, other))
    )
    early, late = (of_one(amounts, parameters, schedule=schedule)[0] for schedule in (first, second))
    assert np.all(early >= late - 1e-9)


@given(PARAMETERS, AMOUNTS)
def test_antitoxin_before_the_dose_lowers_what_is_captured(parameters, amounts):
    """Then free toxin is shared between uptake, clearance and antitoxin from the start."""
    always = SCHEDULE._replace(antitoxin=jnp.ones(len(GRID.times), bool))
    removal = parameters.clearance_rate + parameters.uptake_rate
    faster = arrays(vars(parameters) | {"clearance_rate": parameters.clearance_rate + parameters.antitoxin_rate})
    left = float(removal / (removal + parameters.antitoxin_rate))
    treated = of_one(amounts, parameters, schedule=always)
    np.testing.assert_allclose(treated, of_one(left * amounts, faster), atol=1e-9)


@pytest.mark.parametrize("serotype", "ABE")
def test_patients_do_not_touch_each_other(serotype):
    """A batch is the same as one patient after another."""
    rng = np.random.default_rng(20)
    drawn = {name: rng.uniform(low, high, 5) for name, (low, high) in ranges(serotype).items()}
    amounts = rng.uniform(0.0, 6.0, (4, 5))
    together = np.stack(course(jnp.asarray(amounts), arrays(drawn | {"potency": np.ones(5)})))
    for patient in range(5):
        alone = of_one(amounts[:, patient], arrays({name: value[patient] for name, value in drawn.items()}))
        np.testing.assert_allclose(together[..., patient], alone, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("serotype", "ABE")
def test_single_precision_agrees_to_a_few_millionths(serotype):
    def single(tree):
        return jax.tree.map(lambda x: x.astype(jnp.float32) if x.dtype == jnp.float64 else x, tree)

    amounts = np.array([2.0, 0.3, 20.0, 1.0])
    low = course(*single((jnp.asarray(amounts)[:, None], usual(serotype), SCHEDULE, MUSCLE)))
    assert {part.dtype for part in low} == {jnp.dtype("float32")}
    np.testing.assert_allclose(np.stack(low)[..., 0], of_one(amounts, usual(serotype)), atol=5e-6)


PATIENTS = 30


@jax.jit
def mean_force(amounts, parameters):
    """Of each patient over the grid, shape (P,)."""
    return course(amounts, parameters)[2].mean(axis=0)


slopes_of_force = jax.jit(jax.grad(lambda amounts, parameters: mean_force(amounts, parameters).sum(), argnums=(0, 1)))


def crowd(seed: int) -> dict[str, np.ndarray]:
    """Patients of all three serotypes, each parameter within its range."""
    rng = np.random.default_rng(seed)
    parts = [
        {name: rng.uniform(max(low, 0.02), high, PATIENTS // 3) for name, (low, high) in ranges(serotype).items()}
        for serotype in "ABE"
    ]
    return {"potency": np.ones(PATIENTS)} | {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def test_gradients_are_the_finite_differences():
    """Of the mean force over the year, by every kinetic parameter and every dose."""
    drawn, step = crowd(5), 1e-4
    amounts = np.random.default_rng(6).uniform(0.2, 6.0, (4, PATIENTS))
    by_dose, by_parameter = slopes_of_force(jnp.asarray(amounts), arrays(drawn))
    for name, slope in vars(by_parameter).items():
        ends = [
            mean_force(jnp.asarray(amounts), arrays(drawn | {name: drawn[name] * factor}))
            for factor in (1 + step, 1 - step)
        ]
        difference = np.asarray(ends[0] - ends[1]) / (2 * step * drawn[name])
        np.testing.assert_allclose(slope, difference, rtol=1e-4, atol=1e-7, err_msg=name)
    for session in range(4):
        change = step * (np.arange(4) == session)[:, None]
        ends = [mean_force(jnp.asarray(amounts + sign * change), arrays(drawn)) for sign in (1, -1)]
        np.testing.assert_allclose(by_dose[session], np.asarray(ends[0] - ends[1]) / (2 * step), rtol=1e-4, atol=1e-7)


def test_gradients_are_finite_without_a_dose_and_with_huge_ones():
    amounts = np.random.default_rng(7).choice([0.0, 1e-12, 1e4], (4, PATIENTS))
    amounts[:, :3] = 0.0
    slopes = slopes_of_force(jnp.asarray(amounts), arrays(crowd(8)))
    assert all(np.all(np.isfinite(leaf)) for leaf in jax.tree.leaves(slopes))


def test_wild_parameters_give_finite_fractions():
    """Ten thousand patients: each range of the evidence widened threefold, doses over eight decades, antitoxin late."""
    rng, count = np.random.default_rng(2), 10_000
    wild = {
        name: np.exp(rng.uniform(*np.log([max(low, 1e-3) / 3, high * 3]), count))
        for name, (low, high) in ranges("A").items()
    }
    wild |= {
        "potency": np.ones(count),
        "light_chain_half_life": np.exp(rng.uniform(*np.log([0.2, 400.0]), count)),
        "translocation_rate": np.exp(rng.uniform(*np.log([0.1, 50.0]), count)),
        "dose_spread": rng.uniform(0.8, 2.5, count),
        "sprout_weight": rng.uniform(0.0, 1.0, count),
    }
    amounts = np.exp(rng.uniform(*np.log([1e-4, 1e4]), (4, count)))
    amounts[rng.uniform(size=amounts.shape) < 0.3] = 0.0
    largest = amounts.max(axis=0)
    share = np.divide(amounts, largest, out=np.zeros_like(amounts), where=largest > 0)
    late = SCHEDULE._replace(antitoxin=jnp.asarray(GRID.times > 90.0))
    # A tenth of the patients at a time keeps memory small.
    for part in np.split(np.arange(count), 10):
        total, parts = jnp.asarray(largest[None, None, part]), jnp.asarray(share[:, None, None, part])
        parameters = arrays({name: value[part] for name, value in wild.items()})
        found = np.asarray(whole(total, parts, jnp.ones((1, 1)), parameters, schedule=late))
        assert np.all(np.isfinite(found))
        assert found.min() > -1e-5
        assert found.max() < 1 + 1e-9


def test_where_the_nodes_of_dose_lie_hardly_matters():
    """The same doses, told as shares of doses that shift the grid of ln(dose) by up to one step of it.

    Largest in the first hours, when the border between blocked and free terminals is sharp.
    """
    doses = jnp.asarray(np.exp(np.linspace(-1.0, 4.0, 26)))

    def shifted(by):
        return whole(
            jnp.broadcast_to(MEASURE * np.exp(by), (1, 1, 26)),
            doses[None, None, None] / (MEASURE * np.exp(by)),
            jnp.ones((1, 1)),
            usual(),
        )

    moved = np.stack([np.asarray(shifted(by)) for by in (0.0, 0.15, 0.3, 0.45)])
    error = np.abs(moved - moved.mean(axis=0))
    print(f"largest {error.max():.1e}, in general {np.median(error.max(axis=(0, 2, 3))):.1e}")
    assert error.max() < 8e-3
    assert np.quantile(error, 0.99) < 2e-3


@given(in_range("A"), st.integers(0, 2**32 - 1))
def test_one_set_of_terminals_serves_all_muscles(parameters, seed):
    """Where all sessions repeat one pattern, one shared history gives what a history per end plate gives."""
    rng = np.random.default_rng(seed)
    total = jnp.asarray(np.exp(rng.uniform(-3.0, 4.0, (3, 5, 1))))
    density = jnp.asarray(rng.dirichlet(np.ones(5), 3))
    share = jnp.asarray(rng.dirichlet(np.ones(4)))[:, None, None, None]
    shared = whole(total, share, density, parameters)
    general = whole(total, jnp.broadcast_to(share, (4, 3, 5, 1)), density, parameters)
    np.testing.assert_allclose(general, shared, rtol=1e-11)


@jax.jit
def whole(total, share, density, parameters, schedule=SCHEDULE):
    """Transmission (N, J, P), sprouts included."""
    ends = transmit(total, share, density=density, schedule=schedule, parameters=parameters)
    return ends.whole.value
