"""The onset model of Lebeda et al. 2008 as a limit of the same chain: no clearance, no loss of light chain."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.optimize import brentq

from endplate.evidence import defaults, load
from endplate.kinetics import KineticsParameters, light_chain, toxin_chain
from endplate.solve.chain import member_weights, respond
from endplate.units import convert

LIBRARY = load()
FOUR_STEP = ["bath", "mouse", "human"]
CLOSE = {"rel": 1e-3}


def minutes(name: str) -> float:
    return convert(LIBRARY[name].value, LIBRARY[name].unit, to="minute")


def per_day(name: str) -> float:
    return convert(LIBRARY[name].value, LIBRARY[name].unit, to="1/day")


def days(time_in_minutes: float) -> float:
    return convert(time_in_minutes, "minute", to="day")


@pytest.fixture(scope="module")
def bath() -> KineticsParameters:
    """Rat phrenic nerve and diaphragm in a bath: the published rates, nothing lost."""
    values = defaults(KineticsParameters, LIBRARY, serotype="A", product="ona") | {
        "clearance_rate": 0.0,
        "light_chain_half_life": np.inf,
        "uptake_rate": per_day("observed.lebeda.k_b"),
        "internalisation_rate": per_day("observed.lebeda.k_t"),
        "translocation_rate": per_day("observed.lebeda.k_l"),
    }
    return KineticsParameters(**{name: jnp.asarray(value) for name, value in values.items()})


def when(remaining, share: float) -> float:
    """Minutes until `remaining` has fallen to `share`."""
    return brentq(lambda time: float(remaining(jnp.asarray(time))) - share, 0.0, 1e6, xtol=1e-9)


def tension(parameters: KineticsParameters, depot: str | None = None):
    """Tension left at a time [min], by the solver's own exact step after a unit dose."""
    release = None if depot is None else jnp.asarray(per_day(f"observed.lebeda.k_s.{depot}"))
    chain = toxin_chain(parameters, depot_rate=release)
    dose = jnp.asarray([1.0, 0.0])[:, None]
    return jax.jit(lambda time: 1 - respond(chain, time[None] * days(1.0), doses=dose).value[-1, 0])


def outside(parameters: KineticsParameters, depot: str | None = None):
    """Share of the toxin that antitoxin can still reach at a time [min]: in the depot or free."""
    release = None if depot is None else jnp.asarray(per_day(f"observed.lebeda.k_s.{depot}"))
    chain = toxin_chain(parameters, depot_rate=release)
    modes = [member_weights(chain, member) for member in range(1 if depot is None else 2)]
    return jax.jit(lambda time: sum(jnp.sum(weight * jnp.exp(-rate * time * days(1.0))) for rate, weight in modes))


@pytest.mark.parametrize(("level", "share"), [("t10", 0.1), ("t50", 0.5), ("t90", 0.9)])
def test_three_steps_reach_the_published_tensions_on_time(bath, level, share):
    assert when(tension(bath), share) == pytest.approx(minutes(f"observed.lebeda.{level}.three_step"), **CLOSE)


@pytest.mark.parametrize("depot", FOUR_STEP)
@pytest.mark.parametrize(("level", "share"), [("t10", 0.1), ("t50", 0.5)])
def test_a_depot_in_front_gives_the_four_step_model(bath, depot, level, share):
    expected = minutes(f"observed.lebeda.{level}.four_step_{depot}")
    assert when(tension(bath, depot), share) == pytest.approx(expected, **CLOSE)


def test_antitoxin_comes_too_late_when_a_tenth_is_unbound(bath):
    limit = when(outside(bath), 0.1)
    assert limit == pytest.approx(minutes("observed.lebeda.t_inhib.three_step"), **CLOSE)
    assert limit == pytest.approx(np.log(10) / LIBRARY["observed.lebeda.k_b"].value, rel=1e-9)


@pytest.mark.parametrize("depot", FOUR_STEP)
def test_antitoxin_limit_of_the_four_step_model(bath, depot):
    expected = minutes(f"observed.lebeda.t_inhib.four_step_{depot}")
    assert when(outside(bath, depot), 0.1) == pytest.approx(expected, **CLOSE)


def test_swift_antitoxin_at_the_limit_spares_a_tenth_of_the_tension(bath):
    """What is bound by then still blocks: the printed limit, seen in the course instead of in the free toxin."""
    swift = KineticsParameters(**(vars(bath) | {"antitoxin_rate": jnp.asarray(1e9)}))
    limit = days(minutes("observed.lebeda.t_inhib.three_step"))
    steps = jnp.asarray([limit, 0.5, 0.5])
    dose = jnp.asarray([1.0, 0.0, 0.0, 0.0])[:, None]
    level = light_chain(dose, steps, parameters=swift, antitoxin=jnp.asarray([False, True, True, True]))
    assert float(1 - level.value[-1, 0]) == pytest.approx(0.1, rel=1e-3)


def test_printed_times_agree_with_the_computed_ones():
    """The paper rounds 204.08 min to 204, 39.7 to 40 and 15452 to 15450."""
    for printed, computed in [
        ("printed_t10.three_step", "t10.three_step"),
        ("printed_t10.human", "t10.four_step_human"),
        ("printed_t_inhib", "t_inhib.three_step"),
    ]:
        assert minutes(f"observed.lebeda.{printed}") == pytest.approx(minutes(f"observed.lebeda.{computed}"), rel=0.01)
