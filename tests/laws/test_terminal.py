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


@given(PARAMETERS, st.floats(0.05, 60.0), st.integers(2, 4))
def test_a_dose_in_parts_at_one_moment_is_the_whole_dose(parameters, dose, parts):
    """Sessions at the same place, one after another, without time between them."""
    event = np.concatenate([np.arange(parts), np.full(len(GRID.steps), -1)])
    steps = np.concatenate([np.zeros(parts - 1), GRID.steps])
    repeated = Schedule(jnp.asarray(steps), jnp.asarray(event))
    pieces = of_one(np.full(parts, dose / parts), parameters, schedule=repeated)[:, parts - 1 :]
    whole = of_one(np.array([dose, 0.0, 0.0, 0.0]), parameters)
    np.testing.assert_allclose(pieces, whole, atol=1e-12)


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


@given(PARAMETERS, AMOUNTS)
def test_antitoxin_that_never_comes_changes_nothing(parameters, amounts):
    never = SCHEDULE._replace(antitoxin=jnp.zeros(len(GRID.times), bool))
    np.testing.assert_allclose(of_one(amounts, parameters, schedule=never), of_one(amounts, parameters), atol=1e-12)


@given(PARAMETERS, AMOUNTS, st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_earlier_antitoxin_never_leaves_more_block(parameters, amounts, one, other):
    early, late = (
        SCHEDULE._replace(antitoxin=jnp.asarray(GRID.times >= GRID.times[-1] * moment**3))
        for moment in sorted((one, other))
    )
    assert np.all(of_one(amounts, parameters, schedule=early) >= of_one(amounts, parameters, schedule=late) - 1e-9)


@given(PARAMETERS, AMOUNTS)
def test_antitoxin_before_the_dose_lowers_what_is_captured(parameters, amounts):
    """Then free toxin is shared between uptake, clearance and antitoxin from the start."""
    always = SCHEDULE._replace(antitoxin=jnp.ones(len(GRID.times), bool))
    removal = parameters.clearance_rate + parameters.uptake_rate
    faster = arrays(vars(parameters) | {"clearance_rate": parameters.clearance_rate + parameters.antitoxin_rate})
    left = float(removal / (removal + parameters.antitoxin_rate))
    treated = of_one(amounts, parameters, schedule=always)
    # The nodes of ln(dose) are laid out around the dose without antitoxin.
    np.testing.assert_allclose(treated, of_one(left * amounts, faster), atol=3e-3)


@pytest.mark.parametrize("serotype", "ABE")
def test_patients_do_not_touch_each_other(serotype):
    """A batch is the same as one patient after another."""
    rng = np.random.default_rng(20)
    drawn = {name: rng.uniform(low, high, 5) for name, (low, high) in ranges(serotype).items()}
    amounts = rng.uniform(0.0, 6.0, (4, 5))
    batch = KineticsParameters(potency=jnp.ones(5), **{name: jnp.asarray(value) for name, value in drawn.items()})
    together = np.stack(course(jnp.asarray(amounts), batch))
    for patient in range(5):
        alone = of_one(amounts[:, patient], arrays({name: value[patient] for name, value in drawn.items()}))
        np.testing.assert_allclose(together[..., patient], alone, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("serotype", "ABE")
def test_single_precision_agrees_to_a_few_millionths(serotype):
    single = jax.tree.map(
        lambda x: x.astype(jnp.float32) if x.dtype == jnp.float64 else x, (usual(serotype), SCHEDULE, MUSCLE)
    )
    amounts = np.array([2.0, 0.3, 20.0, 1.0])
    low = course(jnp.asarray(amounts, jnp.float32)[:, None], *single)
    assert {part.dtype for part in low} == {jnp.dtype("float32")}
    np.testing.assert_allclose(np.stack(low)[..., 0], of_one(amounts, usual(serotype)), atol=5e-6)


@pytest.mark.parametrize("serotype", "ABE")
def test_gradients_are_the_finite_differences(serotype):
    """Of the mean force over the year, by every kinetic parameter and every dose."""
    amounts = jnp.asarray([2.0, 0.5, 4.0, 1.0])[:, None]

    @jax.jit
    def mean_force(amounts, parameters):
        return course(amounts, parameters)[1].mean()

    parameters = arrays(
        {name: np.sqrt(low * high) if low else high / 2 for name, (low, high) in ranges(serotype).items()}
    )
    by_dose, by_parameter = jax.jit(jax.grad(mean_force, argnums=(0, 1)))(amounts, parameters)
    for name, slope in vars(by_parameter).items():
        value = getattr(parameters, name)
        ends = [
            mean_force(amounts, arrays(vars(parameters) | {name: value * factor})) for factor in (1 + 1e-4, 1 - 1e-4)
        ]
        difference = (ends[0] - ends[1]) / (2e-4 * value)
        assert float(slope) == pytest.approx(float(difference), rel=1e-5, abs=1e-9), name
    for session in range(4):
        step = jnp.zeros((4, 1)).at[session].set(1e-4)
        difference = (mean_force(amounts + step, parameters) - mean_force(amounts - step, parameters)) / 2e-4
        assert float(by_dose[session, 0]) == pytest.approx(float(difference), rel=1e-5), session


def test_wild_parameters_give_finite_fractions():
    """Ten thousand patients, each range of the evidence widened threefold, doses over eight decades."""
    rng = np.random.default_rng(2)
    count = 10_000
    wild = {
        name: np.exp(rng.uniform(*np.log([max(low, 1e-3) / 3, high * 3]), count))
        for name, (low, high) in ranges("A").items()
    }
    wild["light_chain_half_life"] = np.exp(rng.uniform(np.log(0.2), np.log(400.0), count))
    wild["translocation_rate"] = np.exp(rng.uniform(np.log(0.1), np.log(50.0), count))
    wild["sprout_weight"] = rng.uniform(0.0, 1.0, count)
    amounts = np.exp(rng.uniform(np.log(1e-4), np.log(1e4), (4, count)))
    amounts[rng.uniform(size=amounts.shape) < 0.3] = 0.0
    grid = time_grid(np.arange(0.0, 301.0, 5.0), SESSIONS, fine=16, coarsest=5.0)
    late = Schedule(jnp.asarray(grid.steps), jnp.asarray(grid.event), jnp.asarray(grid.times > 90.0))
    parameters = KineticsParameters(
        potency=jnp.ones(count), **{name: jnp.asarray(value) for name, value in wild.items()}
    )
    transmission, force = (np.asarray(part) for part in course(jnp.asarray(amounts), parameters, late))
    assert np.all(np.isfinite(transmission))
    assert np.all(np.isfinite(force))
    assert transmission.min() > -1e-3
    assert transmission.max() < 1 + 1e-9
    assert force.min() > -1e-3
    assert force.max() < 1 + 1e-9


def test_slopes_of_wild_parameters_are_finite():
    rng = np.random.default_rng(3)
    drawn = {
        name: np.exp(rng.uniform(*np.log([max(low, 1e-3), high]), 200)) for name, (low, high) in ranges("E").items()
    }
    amounts = np.exp(rng.uniform(np.log(1e-3), np.log(1e3), (4, 200)))
    amounts[:, :20] = 0.0
    parameters = KineticsParameters(
        potency=jnp.ones(200), **{name: jnp.asarray(value) for name, value in drawn.items()}
    )
    slopes = jax.jit(jax.grad(lambda a, p: course(a, p)[1].mean(), argnums=(0, 1)))(jnp.asarray(amounts), parameters)
    assert all(np.all(np.isfinite(leaf)) for leaf in jax.tree.leaves(slopes))


@given(in_range("A"), st.integers(0, 2**32 - 1))
def test_one_set_of_terminals_serves_all_muscles(parameters, seed):
    """Where all sessions repeat one pattern, the shared path is the general path, however endplates are grouped."""
    rng = np.random.default_rng(seed)
    total = jnp.asarray(np.exp(rng.uniform(-3.0, 4.0, (3, 5, 1))))
    density = jnp.asarray(rng.dirichlet(np.ones(5), 3))
    share = jnp.asarray(rng.dirichlet(np.ones(4)))[:, None, None, None]
    group = jnp.asarray(rng.dirichlet(np.ones(2), (3, 5, 1))).transpose(3, 0, 1, 2)
    shared, general, grouped = map(
        np.asarray,
        (
            whole(total, share, density, parameters),
            whole(total, jnp.broadcast_to(share, (4, 3, 1, 1)), density, parameters),
            whole(total, jnp.broadcast_to(share, (4, 3, 2, 1)), density, parameters, group),
        ),
    )
    np.testing.assert_allclose(general, shared, rtol=1e-11)
    np.testing.assert_allclose(grouped, shared, rtol=1e-11)


@jax.jit
def whole(total, share, density, parameters, group=None):
    return transmit(total, share, density=density, schedule=SCHEDULE, parameters=parameters, group=group).whole.value
