"""Injections into layered tissue: closed form as a limit, sheets, track, gradients."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from endplate.evidence import defaults, load
from endplate.solve.diffusion import across_links
from endplate.spread import Layers, Needle, Numerics, SpreadParameters, capture, deposit, unit_capture

COUNT = 37
MIDDLE = COUNT // 2
SHAPE = (COUNT,) * 3
TIP = jnp.full(3, float(MIDDLE))
FINE = Numerics(steps=12, stages=4, track=COUNT, sweeps=60)
VALUES = defaults(SpreadParameters, load())


def parameters(**changes: float) -> SpreadParameters:
    return SpreadParameters(**{name: jnp.asarray(value) for name, value in (VALUES | changes).items()})


def layers(**given: jax.Array) -> Layers:
    """All muscle without fibres and sheets, but for what is given."""
    nothing = jnp.zeros(SHAPE)
    none = across_links(nothing, lambda low, high: 0 * low * high, count=9)
    usual = Layers(nothing, nothing, jnp.ones(SHAPE), jnp.zeros((3, *SHAPE)), none, none, none)
    return usual._replace(**given)


def needle(volume: float = 0.1, tip: jax.Array = TIP) -> Needle:
    return Needle(tip, tip + jnp.array([0.0, 0.0, 8.0]), jnp.asarray(volume))


def test_homogeneous_tissue_gives_the_closed_form():
    p = parameters(track_share=0.0, leak_share=0.0)
    found = np.asarray(unit_capture(needle(), layers(), spacing=1.0, parameters=p, numerics=FINE))
    points = jnp.zeros((16, 3, 1)).at[:, 0, 0].set(jnp.arange(16.0))
    exact = np.asarray(capture(points, jnp.zeros((1, 3)), doses=jnp.ones(1), volumes=jnp.full(1, 0.1), parameters=p))[
        0, :, 0
    ]
    error = np.abs(found[MIDDLE : MIDDLE + 16, MIDDLE, MIDDLE] - exact).max() / exact.max()
    print(f"largest difference from the closed form at 1 mm: {error:.2%} of the maximum")
    assert error < 0.01
    assert found.sum() == pytest.approx(float(p.uptake_rate / (p.uptake_rate + p.clearance_rate)), rel=1e-3)


def test_all_that_does_not_leak_is_deposited():
    p = parameters(leak_share=0.1)
    found = deposit(needle(), layers(), spacing=1.0, parameters=p, numerics=FINE)
    assert float(found.sum()) == pytest.approx(0.9, rel=1e-6)
    assert float(found.min()) > -1e-6


def test_track_keeps_its_share():
    p = parameters(track_share=0.2, front_dispersion=0.3, leak_share=0.0)
    found = np.asarray(deposit(needle(0.02), layers(), spacing=1.0, parameters=p, numerics=FINE))
    assert found[:, :, MIDDLE + 6 :].sum() == pytest.approx(0.2 * 2.5 / 8, rel=0.3)


def test_thin_muscle_in_fascia_spreads_the_bolus_sideways():
    depth = jnp.abs(jnp.arange(COUNT) - MIDDLE)[None, None, :] * jnp.ones(SHAPE)
    sheet = (depth <= 1).astype(float)
    walls = across_links(sheet, lambda low, high: jnp.abs(low - high), count=9)
    wrapped = layers(muscle=sheet, fat=1 - sheet, fascia=walls)
    bare = wrapped._replace(fascia=layers().fascia)
    p = parameters(track_share=0.0, front_dispersion=1.0)
    offset = (np.arange(COUNT) - MIDDLE)[:, None, None] ** 2
    wide, round_ = (
        float((np.asarray(deposit(needle(), one, spacing=1.0, parameters=p, numerics=FINE)) * offset).sum())
        for one in (wrapped, bare)
    )
    assert wide > 1.3 * round_


def test_septum_shields_what_lies_behind_it():
    side = (jnp.arange(COUNT) > MIDDLE + 4).astype(float)[:, None, None] * jnp.ones(SHAPE)
    crossed = across_links(side, lambda low, high: jnp.abs(low - high), count=9)
    behind = [
        float(
            unit_capture(needle(), layers(septum=crossed), spacing=1.0, parameters=p, numerics=FINE)[MIDDLE + 5 :].sum()
        )
        for p in (parameters(septum_detour=length) for length in (0.0, 2.0, 50.0))
    ]
    print(behind)
    assert behind[0] > 1.3 * behind[1] > 1.3 * 1.3 * behind[2]


def test_only_muscles_take_up_toxin():
    fat = jnp.zeros(SHAPE).at[: MIDDLE - 2].set(1.0)
    p = parameters(leak_share=0.0)
    found = unit_capture(needle(), layers(muscle=1 - fat, fat=fat), spacing=1.0, parameters=p, numerics=FINE)
    taken = float((found * (1 - fat)).sum())
    lost = float(found.sum()) * float(p.clearance_rate / p.uptake_rate)
    assert taken + lost == pytest.approx(1.0, rel=1e-5)


def test_response_is_differentiable_in_site_and_volume():
    """Beyond the bolus, where both matter."""
    p = parameters()

    def seen(moved: jax.Array) -> jax.Array:
        one = needle(0.1 + moved[1], TIP.at[0].add(0.3 + moved[0]))
        return unit_capture(one, layers(), spacing=1.0, parameters=p, numerics=FINE)[MIDDLE + 9, MIDDLE, MIDDLE]

    slope = np.asarray(jax.grad(seen)(jnp.zeros(2)))
    width = np.array([0.1, 0.01])
    for axis in (0, 1):
        step = jnp.zeros(2).at[axis].set(width[axis])
        difference = float(seen(step) - seen(-step)) / (2 * width[axis])
        print(f"slope {slope[axis]:.3e}, by differences {difference:.3e}")
        assert slope[axis] == pytest.approx(difference, rel=0.1)
    assert slope.min() > 0


def test_a_pocket_that_no_fluid_reaches_stays_empty():
    """An open voxel between closed ones: the residual of the pressure is no flow."""
    walled = jnp.ones(SHAPE).at[MIDDLE + 3 : MIDDLE + 6, MIDDLE - 1 : MIDDLE + 2, MIDDLE - 1 : MIDDLE + 2].set(0.0)
    pocket = (MIDDLE + 4, MIDDLE, MIDDLE)
    found = deposit(
        needle(0.2), layers(muscle=walled.at[pocket].set(1.0)), spacing=1.0, parameters=parameters(), numerics=FINE
    )
    assert float(jnp.abs(found[pocket])) < 1e-9
    assert float(found.sum()) == pytest.approx(1 - float(parameters().leak_share), rel=1e-5)
