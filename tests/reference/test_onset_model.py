"""The onset model of Lebeda et al. 2008 as a limit of the same chain: no clearance, no loss of light chain."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest

from endplate.kinetics import KineticsParameters, light_chain
from endplate.units import convert

CLOSE = {"rel": 1e-3}
DEPOTS = ["bath", "mouse", "human"]


@pytest.fixture(scope="module")
def published(curves):
    """A published or recomputed time [min]."""
    return lambda name: curves.seen(f"observed.lebeda.{name}", "minute")


@pytest.mark.parametrize(("level", "share"), [("t10", 0.1), ("t50", 0.5), ("t90", 0.9)])
def test_three_steps_reach_the_published_tensions_on_time(curves, published, level, share):
    found = curves.minutes_until(share, curves.tension)
    print(f"{level} {found:.2f} min")
    assert found == pytest.approx(published(f"{level}.three_step"), **CLOSE)


@pytest.mark.parametrize("depot", DEPOTS)
@pytest.mark.parametrize(("level", "share"), [("t10", 0.1), ("t50", 0.5)])
def test_a_depot_in_front_gives_the_four_step_model(curves, published, depot, level, share):
    found = curves.minutes_until(share, curves.tension, depot)
    print(f"{depot} {level} {found:.1f} min")
    assert found == pytest.approx(published(f"{level}.four_step_{depot}"), **CLOSE)


def test_antitoxin_comes_too_late_when_a_tenth_is_unbound(curves, published):
    limit = curves.minutes_until(0.1, curves.reachable)
    assert limit == pytest.approx(published("t_inhib.three_step"), **CLOSE)
    assert limit == pytest.approx(np.log(10) / curves.seen("observed.lebeda.k_b", "1/minute"), rel=1e-9)


@pytest.mark.parametrize("depot", DEPOTS)
def test_antitoxin_limit_of_the_four_step_model(curves, published, depot):
    found = curves.minutes_until(0.1, curves.reachable, depot)
    print(f"{depot} t_inhib {found:.1f} min")
    assert found == pytest.approx(published(f"t_inhib.four_step_{depot}"), **CLOSE)


def test_swift_antitoxin_at_the_limit_spares_a_tenth_of_the_tension(curves, published):
    """What is bound by then still blocks: the limit seen in the course instead of in the free toxin."""
    swift = KineticsParameters(**(vars(curves.bath()) | {"antitoxin_rate": jnp.asarray(1e9)}))
    limit = convert(published("t_inhib.three_step"), "minute", to="day")
    dose = jnp.asarray([1.0, 0.0, 0.0, 0.0])[:, None]
    flags = jnp.asarray([False, True, True, True])
    level = light_chain(dose, jnp.asarray([limit, 0.5, 0.5]), parameters=swift, antitoxin=flags)
    assert float(1 - level.value[-1, 0]) == pytest.approx(0.1, rel=1e-3)


def test_printed_times_agree_with_the_computed_ones(published):
    """The paper rounds 204.08 min to 204, 39.7 to 40 and 15452 to 15450."""
    for printed, computed in [
        ("printed_t10.three_step", "t10.three_step"),
        ("printed_t10.human", "t10.four_step_human"),
        ("printed_t_inhib", "t_inhib.three_step"),
    ]:
        assert published(printed) == pytest.approx(published(computed), rel=0.01)
