"""Lid and brow."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from endplate.evidence import load
from endplate.outcome import COLUMNS, brow_change, lid_position, spock

share = st.floats(0.0, 1.0)
ONE = jnp.ones((1, 2, len(COLUMNS), 1))


def lid(levator: float, pretarsal: float, parameters):
    return lid_position(jnp.full((1, 2, 1), levator), jnp.full((1, 2, 1), pretarsal), parameters=parameters)


def test_untreated_lid_and_brow_stay(parameters):
    untouched = lid(1.0, 1.0, parameters)
    np.testing.assert_allclose(untouched.margin_distance, 3.5)
    assert not untouched.ptosis.any()
    np.testing.assert_allclose(brow_change(ONE, ONE, parameters=parameters), 0)


def test_ptosis_of_two_millimetres_at_a_block_of_27_percent(parameters):
    assert lid(1 - 0.27, 1.0, parameters).ptosis.all()
    assert not lid(1 - 0.26, 1.0, parameters).ptosis.any()


@given(levator=share, pretarsal=share, weaker=share)
def test_a_weaker_levator_lowers_and_a_weaker_orbicularis_raises_the_lid(levator, pretarsal, weaker, parameters):
    now = lid(levator, pretarsal, parameters).margin_distance
    assert (lid(weaker * levator, pretarsal, parameters).margin_distance <= now + 1e-12).all()
    assert (lid(levator, weaker * pretarsal, parameters).margin_distance >= now - 1e-12).all()


def test_all_depressors_together_raise_the_mid_brow_as_measured(parameters):
    """Regression: a quarter of force left in every depressor, the frontalis untreated."""
    change = brow_change(ONE, 0.25 * ONE, parameters=parameters)
    measured = load()["brow.rise.all_depressors"]
    assert measured.low <= change[0, 0, COLUMNS.index("central"), 0] <= measured.high
    assert (change > 0).all()


def test_forehead_with_glabella_lowers_the_whole_brow(parameters):
    assert (brow_change(0.4 * ONE, 0.3 * ONE, parameters=parameters) < 0).all()


def test_an_untreated_lateral_column_gives_the_spock_brow(parameters):
    missed = jnp.array([0.3, 0.3, 1.0]).reshape(1, 1, -1, 1) * ONE
    assert (spock(brow_change(missed, ONE, parameters=parameters)) > 1).all()
    assert (spock(brow_change(0.3 * ONE, ONE, parameters=parameters)) < 1).all()


@given(frontalis=share, depressor=share, weaker=share)
def test_the_brow_follows_its_muscles(frontalis, depressor, weaker, parameters):
    now = brow_change(frontalis * ONE, depressor * ONE, parameters=parameters)
    assert (brow_change(weaker * frontalis * ONE, depressor * ONE, parameters=parameters) <= now + 1e-12).all()
    assert (brow_change(frontalis * ONE, weaker * depressor * ONE, parameters=parameters) >= now - 1e-12).all()
    np.testing.assert_allclose(now[:, 0], now[:, 1])


def test_single_precision_and_slopes(parameters):
    narrow = jax.tree.map(lambda value: value.astype(jnp.float32), (0.5 * ONE, 0.2 * ONE, parameters))
    single = brow_change(narrow[0], narrow[1], parameters=narrow[2])
    assert single.dtype == jnp.float32
    np.testing.assert_allclose(single, brow_change(0.5 * ONE, 0.2 * ONE, parameters=parameters), atol=1e-6)
    slope = jax.grad(lambda p: jnp.sum(brow_change(0.5 * ONE, 0.2 * ONE, parameters=p)))(parameters)
    assert slope.brow_fall_central == pytest.approx(-(1 + 2 * parameters.brow_coupling))
