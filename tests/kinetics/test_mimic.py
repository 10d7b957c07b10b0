"""A peptide that competes for the SNARE complex: nothing without it, back and forth, together with toxin."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from endplate.evidence import defaults, load
from endplate.kinetics import (
    MimicParameters,
    Schedule,
    concentration_for_loss,
    held_snare,
    loss_of_transmission,
    transmit,
)
from endplate.solve.grid import time_grid


@pytest.fixture(scope="module")
def inside(terminal):
    values = defaults(MimicParameters, load())
    mimic = MimicParameters(**{name: jnp.asarray(value) for name, value in values.items()})
    return {"mimic": mimic, "parameters": terminal("A")}


def test_without_the_peptide_nothing_is_held_and_nothing_lost(inside):
    assert float(held_snare(jnp.asarray(0.0), **inside)) == 1
    assert float(loss_of_transmission(jnp.asarray(0.0), **inside)) == 0
    assert float(concentration_for_loss(jnp.asarray(0.0), **inside)) == 0


def test_at_the_inhibitory_concentration_half_of_the_release_is_left(inside):
    held = held_snare(inside["mimic"].inhibitory_concentration, **inside)
    assert float(held ** inside["parameters"].release_exponent) == pytest.approx(0.5)


@settings(max_examples=50, deadline=None)
@given(loss=st.floats(1e-3, 0.999))
def test_the_inverse_agrees_with_the_forward_law(inside, loss):
    enough = concentration_for_loss(jnp.asarray(loss), **inside)
    assert float(loss_of_transmission(enough, **inside)) == pytest.approx(loss, rel=1e-6)


def test_more_peptide_never_blocks_less(inside):
    amounts = jnp.geomspace(1e-9, 1, 40)
    assert bool(jnp.all(jnp.diff(loss_of_transmission(amounts, **inside)) >= 0))


def course(dose: float, held: np.ndarray | None, p):
    grid = time_grid(np.array([60.0]), np.array([0.0]))
    free = None if held is None else jnp.full((len(grid.times), 1), held)
    schedule = Schedule(jnp.asarray(grid.steps), jnp.asarray(grid.event), held=free)
    share, total = jnp.ones((1, 1, 1, 1)), jnp.full((1, 1, 1), dose)
    return np.asarray(transmit(total, share, density=jnp.ones((1, 1)), schedule=schedule, parameters=p).parent)[:, 0, 0]


def test_end_plates_without_toxin_follow_the_closed_form(inside):
    held = held_snare(jnp.asarray(2e-4), **inside)
    lost = 1 - course(0.0, held, inside["parameters"])
    assert lost[1:] == pytest.approx(float(loss_of_transmission(jnp.asarray(2e-4), **inside)), rel=1e-9)


def test_toxin_and_peptide_act_together(inside):
    p, held = inside["parameters"], held_snare(jnp.asarray(1e-4), **inside)
    both, toxin, peptide = course(2.0, held, p), course(2.0, None, p), course(0.0, held, p)
    assert np.all(both[1:] < np.minimum(toxin, peptide)[1:])
    assert course(2.0, jnp.asarray(1.0), p) == pytest.approx(toxin, abs=1e-12)
