"""One terminal: intact protein, release, the safety factor of its fibre."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from endplate.evidence import defaults, load
from endplate.kinetics import KineticsParameters, SafetyFactor
from endplate.kinetics.terminal import intact_slope, intact_step

KNOWN = defaults(KineticsParameters, load(), serotype="A", product="ona")
KNOWN |= {"release_exponent": 2.5, "safety_factor": 3.5, "safety_factor_spread": 0.35}
USUAL = SafetyFactor.of(KineticsParameters(**{name: jnp.asarray(value) for name, value in KNOWN.items()}))


def transmits(intact: float) -> float:
    return 1 - float(USUAL.fails(jnp.asarray(intact), jnp.asarray(0.0))[0])


def test_an_intact_terminal_always_transmits():
    assert transmits(1.0) == 1.0


def test_half_of_the_fibres_fail_where_release_meets_the_safety_factor():
    """q = S^h = 1/SF: the median fibre."""
    assert transmits(3.5 ** (-1 / 2.5)) == pytest.approx(0.5, abs=1e-3)


def test_a_small_loss_of_protein_is_not_felt():
    """The margin of safety: 20 % cleaved blocks less than one fibre in a hundred."""
    assert transmits(0.8) > 0.97
    assert transmits(0.2) < 1e-3


@given(st.floats(1e-4, 1.0), st.floats(1e-4, 1.0))
def test_more_intact_protein_never_transmits_less(one, other):
    low, high = sorted((one, other))
    assert 0.0 <= transmits(low) <= transmits(high) <= 1.0


@given(st.floats(0.05, 0.999), st.floats(-0.5, 0.5))
def test_slope_is_the_derivative_in_time(intact, slope):
    value, told = jax.jvp(lambda s: 1 - USUAL.fails(s, s)[0], (jnp.asarray(intact),), (jnp.asarray(slope),))
    assert float(USUAL.fails(jnp.asarray(intact), jnp.asarray(slope))[1]) == pytest.approx(float(told), abs=1e-9)
    assert 0.0 <= float(value) <= 1.0


@given(st.floats(0.05, 0.3), st.floats(0.0, 1500.0))
def test_intact_protein_settles_where_loss_and_renewal_balance(turnover, level):
    """At a constant level L half the protein is intact at L = 1: S = 1/(1 + L)."""
    settled = jnp.asarray(1.0)
    for _ in range(3):
        settled = intact_step(
            settled, jnp.asarray(400.0), turnover=turnover, area=jnp.asarray(400.0 * level), rise=jnp.asarray(0.0)
        )
    assert float(settled) == pytest.approx(1 / (1 + level), rel=1e-6)
    assert float(intact_slope(settled, jnp.asarray(level), turnover=turnover)) == pytest.approx(0.0, abs=1e-6)


def test_a_step_without_toxin_renews_protein_by_its_half_life():
    turnover = np.log(2) / 7.0
    zero = jnp.asarray(0.0)
    left = intact_step(jnp.asarray(0.2), jnp.asarray(7.0), turnover=turnover, area=zero, rise=zero)
    assert float(left) == pytest.approx(1 - 0.8 / 2, rel=1e-7)
