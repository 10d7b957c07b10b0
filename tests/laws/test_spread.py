"""Laws of spread: captured doses superpose, depend on no unit of time and no side, and touch one patient only."""

from __future__ import annotations

from dataclasses import fields

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from endplate.case import anatomy, endplates
from endplate.evidence import defaults, load
from endplate.spread import SpreadParameters, capture

LIBRARY = load()
RANGES = {field.name: LIBRARY[field.metadata["evidence"]] for field in fields(SpreadParameters)}
POINTS = jnp.asarray(np.random.default_rng(1).uniform(-15.0, 15.0, (40, 3, 1)))
FACE = [muscle for muscle in anatomy().muscles if muscle.frame == "head"]


def arrays(values: dict) -> SpreadParameters:
    return SpreadParameters(**{name: jnp.asarray(value, float) for name, value in values.items()})


USUAL = arrays(defaults(SpreadParameters, LIBRARY))
PARAMETERS = st.fixed_dictionaries({name: st.floats(one.low, one.high) for name, one in RANGES.items()}).map(arrays)
SITE = st.tuples(*[st.floats(-12.0, 12.0)] * 3)
INJECTIONS = st.lists(st.tuples(SITE, st.floats(0.1, 50.0), st.floats(0.01, 1.0)), min_size=3, max_size=3)


@jax.jit
def captured(points, sites, doses, volumes, parameters):
    """Captured dose from each injection (N, …, P)."""
    return capture(points, sites, doses=doses, volumes=volumes, parameters=parameters)


def arranged(injections) -> list[jax.Array]:
    return [jnp.asarray(np.array(part, float)) for part in zip(*injections, strict=True)]


@given(PARAMETERS, INJECTIONS)
def test_injections_superpose(parameters, injections):
    """Three together capture the sum of the three alone."""
    sites, doses, volumes = arranged(injections)
    together = captured(POINTS, sites, doses, volumes, parameters).sum(axis=0)
    alone = [
        captured(POINTS, jnp.tile(sites[i], (3, 1)), doses[i] * jnp.eye(3)[i], volumes[i] * jnp.ones(3), parameters)
        for i in range(3)
    ]
    np.testing.assert_allclose(together, sum(part.sum(axis=0) for part in alone), rtol=1e-10, atol=1e-300)


@given(PARAMETERS, SITE, st.floats(0.1, 50.0), st.floats(0.01, 1.0))
def test_a_dose_in_three_parts_at_one_place_is_the_whole_dose(parameters, site, dose, volume):
    """As long as each part brings the same volume: volume acts on spread only."""
    sites, volumes = jnp.tile(jnp.asarray(site), (3, 1)), jnp.full(3, volume)
    parts = captured(POINTS, sites, jnp.asarray([0.2, 0.5, 0.3]) * dose, volumes, parameters)
    whole = captured(POINTS, sites, jnp.asarray([dose, 0.0, 0.0]), volumes, parameters)
    np.testing.assert_allclose(parts.sum(axis=0), whole.sum(axis=0), rtol=1e-12)


@given(PARAMETERS, SITE, st.floats(0.01, 1.0))
def test_more_dose_is_proportionally_more_captured_and_none_is_none(parameters, site, volume):
    sites, volumes = jnp.tile(jnp.asarray(site), (3, 1)), jnp.full(3, volume)
    one, double, none = captured(POINTS, sites, jnp.asarray([1.0, 2.0, 0.0]), volumes, parameters)
    np.testing.assert_array_equal(none, 0.0)
    np.testing.assert_allclose(double, 2 * one, rtol=1e-12)
    # Far from a sharp front the difference of error functions may round to a trillionth below zero.
    assert np.asarray(one).min() > -1e-12 * np.asarray(one).max() - 1e-15


@given(PARAMETERS, INJECTIONS)
def test_captured_dose_does_not_depend_on_the_unit_of_time(parameters, injections):
    """Rates per hour and diffusion per hour give the same: only their ratios count."""
    hourly = {name: 1 / 24 if one.unit.endswith("/day") else 1.0 for name, one in RANGES.items()}
    by_hour = arrays({name: value * hourly[name] for name, value in vars(parameters).items()})
    assert sum(factor != 1.0 for factor in hourly.values()) == 3
    by_day = captured(POINTS, *arranged(injections), parameters)
    np.testing.assert_allclose(captured(POINTS, *arranged(injections), by_hour), by_day, rtol=1e-9, atol=1e-300)


@given(PARAMETERS, INJECTIONS, st.floats(0.0, 2 * np.pi))
def test_space_has_no_preferred_place_or_direction(parameters, injections, angle):
    sites, doses, volumes = arranged(injections)
    turn = jnp.asarray([[np.cos(angle), -np.sin(angle), 0.0], [np.sin(angle), np.cos(angle), 0.0], [0.0, 0.0, 1.0]])
    shift = jnp.asarray([3.0, -7.0, 11.0])
    moved = captured(
        jnp.einsum("ab,ibp->iap", turn, POINTS) + shift[:, None], sites @ turn.T + shift, doses, volumes, parameters
    )
    np.testing.assert_allclose(moved, captured(POINTS, sites, doses, volumes, parameters), rtol=1e-6, atol=1e-15)


@given(st.tuples(st.floats(-45.0, 45.0), st.floats(-30.0, 60.0), st.floats(-20.0, 0.0)), st.floats(0.02, 0.5))
def test_the_face_has_no_preferred_side(site, volume):
    """An injection and its mirror image reach a muscle and its partner on the other side alike."""
    ends = np.stack([endplates(muscle)[0] for muscle in FACE])[..., None]
    weights = np.stack([endplates(muscle)[1] for muscle in FACE])
    sites = jnp.asarray([site, [-site[0], *site[1:]]])
    one, other = captured(jnp.asarray(ends), sites, jnp.ones(2), jnp.full(2, volume), USUAL)[..., 0]
    partner = [[m.name for m in FACE].index(mirrored(muscle.name)) for muscle in FACE]
    reached = np.sort(np.asarray(one), axis=1)
    np.testing.assert_allclose(np.sort(np.asarray(other)[partner], axis=1), reached, rtol=1e-9, atol=1e-15)
    means = (np.asarray(one) * weights).sum(axis=1), (np.asarray(other) * weights).sum(axis=1)[partner]
    np.testing.assert_allclose(means[1], means[0], rtol=1e-9, atol=1e-15)


def mirrored(name: str) -> str:
    other = {"left": "right", "right": "left"}
    stem, dot, side = name.partition(".")
    return stem + dot + other.get(side, side)


def test_patients_do_not_touch_each_other():
    rng = np.random.default_rng(4)
    drawn = {name: rng.uniform(one.low, one.high, 6) for name, one in RANGES.items()}
    points = jnp.asarray(rng.uniform(-10.0, 10.0, (40, 3, 6)))
    injection = arranged([((1.0, 2.0, 3.0), 4.0, 0.1), ((-4.0, 0.0, 1.0), 2.0, 0.05)])
    together = captured(points, *injection, arrays(drawn))
    assert together.shape == (2, 40, 6)
    for patient in range(6):
        alone = captured(
            points[..., patient : patient + 1],
            *injection,
            arrays({name: value[patient] for name, value in drawn.items()}),
        )
        np.testing.assert_allclose(together[..., patient], alone[..., 0], rtol=1e-12)


def test_single_precision_agrees():
    injection = arranged([((1.0, 2.0, 3.0), 4.0, 0.1), ((-4.0, 0.0, 1.0), 2.0, 0.05)])
    double = captured(POINTS, *injection, USUAL)
    single = captured(*jax.tree.map(lambda x: x.astype(jnp.float32), (POINTS, *injection, USUAL)))
    assert single.dtype == jnp.float32
    np.testing.assert_allclose(single, double, atol=1e-6 * float(double.max()))


@pytest.mark.parametrize("wanted", range(4))
def test_gradients_are_the_finite_differences(wanted):
    """By site, dose, volume and parameters, also with the needle in the middle of an end plate."""
    points = POINTS.at[0, :, 0].set(0.0)
    at = [jnp.zeros((1, 3)), jnp.asarray([3.0]), jnp.asarray([0.1]), USUAL]
    step = 1e-4

    def total(*values):
        return (captured(points, *values) ** 2).sum()

    slope = jax.grad(total, argnums=wanted)(*at)
    leaves, tree = jax.tree.flatten(at[wanted])
    for index, leaf in enumerate(leaves):
        for place in np.ndindex(leaf.shape):
            ends = []
            for sign in (1, -1):
                moved = [*leaves]
                moved[index] = leaf.at[place].add(sign * step)
                ends.append(float(total(*at[:wanted], jax.tree.unflatten(tree, moved), *at[wanted + 1 :])))
            numeric = (ends[0] - ends[1]) / (2 * step)
            found = float(jax.tree.leaves(slope)[index][place])
            assert found == pytest.approx(numeric, rel=1e-4, abs=1e-9)
