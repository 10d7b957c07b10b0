"""What holds for any skin."""

from __future__ import annotations

import equinox
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from endplate.case.patient import REGIONS
from endplate.skin import fold

DAYS = jnp.array([0.0, 1.0, 3.0, 7.0, 14.0, 30.0, 60.0, 90.0, 120.0, 180.0, 240.0, 365.0])
SHAPE = (len(DAYS), len(REGIONS), 2)
run = jax.jit(fold)
share = st.floats(0.0, 1.0)
age = st.floats(16.0, 90.0)


def course(loss: list[float]) -> jax.Array:
    """Force that starts whole and then loses what is asked, alike in all regions."""
    return (1 - jnp.asarray([0.0, *loss]))[:, None, None] * jnp.ones(SHAPE)


@given(age=age, loss=st.lists(share, min_size=len(DAYS) - 1, max_size=len(DAYS) - 1), less=share)
def test_more_force_never_gives_less_depth(age, loss, less, person, parameters):
    who = person(age, age + 5)
    strong = run(course([less * one for one in loss]), DAYS, person=who, parameters=parameters)
    weak = run(course(loss), DAYS, person=who, parameters=parameters)
    for more, fewer in zip(strong, weak, strict=True):
        assert (more >= fewer - 1e-12).all()
        assert jnp.isfinite(more).all()
        assert (fewer >= 0).all()


@given(age=age, habit=st.floats(0.0, 3.0), more=st.floats(0.0, 2.0))
def test_more_habit_never_gives_less_crease(age, habit, more, person, parameters):
    who = [person(age, age, habit=jnp.full(SHAPE[1:], value)) for value in (habit, habit + more)]
    less_used, more_used = (run(jnp.ones(SHAPE), DAYS, person=one, parameters=parameters) for one in who)
    assert (more_used.depth_rest >= less_used.depth_rest - 1e-12).all()


@given(first=age, second=age)
def test_untreated_lines_deepen_with_age(first, second, person, parameters):
    young, old = sorted((first, second))
    depth = run(jnp.ones(SHAPE), DAYS, person=person(young, old), parameters=parameters)
    assert (depth.depth_rest[:, :, 1] >= depth.depth_rest[:, :, 0] - 1e-9).all()
    assert (depth.depth_effort[:, :, 1] >= depth.depth_effort[:, :, 0] - 1e-9).all()
    # No loss of force: nothing changes but by a year of ageing.
    assert (jnp.diff(depth.depth_rest, axis=0) >= -1e-9).all()
    assert (depth.depth_rest[-1] - depth.depth_rest[0] < 0.03).all()


@given(known=st.floats(0.0, 2.0))
def test_a_known_depth_at_rest_replaces_the_history(known, person, parameters):
    resting = jnp.full(SHAPE[1:], jnp.nan).at[0, 1].set(known)
    typical = run(jnp.ones(SHAPE), DAYS, person=person(45, 45), parameters=parameters)
    measured = run(jnp.ones(SHAPE), DAYS, person=person(45, 45, resting_depth=resting), parameters=parameters)
    assert measured.depth_rest[0, 0, 1] == pytest.approx(known, abs=1e-12)
    np.testing.assert_allclose(measured.depth_rest[:, 1:], typical.depth_rest[:, 1:])
    np.testing.assert_allclose(measured.depth_rest[:, 0, 0], typical.depth_rest[:, 0, 0])


def test_regions_are_not_hard_wired(person, parameters):
    """The same answer for the glabella alone."""
    first = jax.tree.map(lambda value: value[:1] if jnp.ndim(value) else value, parameters)
    who = person(45)
    alone = who._replace(
        habit=who.habit[:1], muscle_thickness=who.muscle_thickness[:1], resting_depth=who.resting_depth[:1]
    )
    whole = run(jnp.ones((3, len(REGIONS), 1)), DAYS[:3], person=who, parameters=parameters)
    part = run(jnp.ones((3, 1, 1)), DAYS[:3], person=alone, parameters=first)
    np.testing.assert_allclose(part.depth_rest, whole.depth_rest[:, :1])


def test_parameters_may_differ_between_patients(person, parameters):
    wide = equinox.tree_at(
        lambda p: (p.skin_modulus, p.load_share, p.crease_start),
        parameters,
        (jnp.array([0.25, 0.3]), jnp.stack([parameters.load_share] * 2, axis=1), jnp.array([15.0, 18.0])),
    )
    both = run(course([0.5] * 11), DAYS, person=person(45, 45), parameters=wide)
    one = run(course([0.5] * 11)[..., :1], DAYS, person=person(45), parameters=parameters)
    for mixed, plain in zip(both, one, strict=True):
        np.testing.assert_allclose(mixed[..., :1], plain)
    assert (both.depth_effort[0, :, 0] != both.depth_effort[0, :, 1]).all()


def test_gradients_are_finite_even_without_any_force(person, parameters):
    who = person(16, 70)

    def depth(effort, who, parameters):
        skin = fold(effort, DAYS, person=who, parameters=parameters)
        return jnp.sum(skin.depth_rest) + jnp.sum(skin.depth_effort)

    slope = jax.jit(jax.grad(depth, argnums=(0, 1, 2)))
    for level in (0.0, 0.3, 1.0):
        by_effort, by_person, by_parameter = slope(level * jnp.ones(SHAPE), who, parameters)
        for part in jax.tree.leaves((by_effort, by_person, by_parameter)):
            assert jnp.isfinite(part).all()
    assert (by_person.age > 0).all()


def test_single_precision_agrees_with_double(person, parameters):
    effort = course([0.1, 0.5, 0.7, 0.8, 0.8, 0.7, 0.6, 0.4, 0.2, 0.1, 0.0])
    double = run(effort, DAYS, person=person(30, 60), parameters=parameters)
    narrow = jax.tree.map(lambda value: value.astype(jnp.float32), (effort, DAYS, person(30, 60), parameters))
    single = run(narrow[0], narrow[1], person=narrow[2], parameters=narrow[3])
    for one, two in zip(single, double, strict=True):
        assert one.dtype == jnp.float32
        np.testing.assert_allclose(one, two, rtol=2e-4, atol=1e-6)
