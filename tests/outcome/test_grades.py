"""Severity and what raters make of it."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jax.scipy.special import ndtr

from endplate.outcome import (
    EFFORTS,
    FWS,
    MERZ,
    RATERS,
    depth_of_severity,
    expected_grade,
    grade_probability,
    latent_severity,
    severity_of_depth,
)

severity = jax.jit(latent_severity)
rate = jax.jit(grade_probability, static_argnames="scale")
depth = st.floats(0.0, 3.0)
grade = st.floats(0.0, 3.0)
REST, MAXIMUM = EFFORTS.index("rest"), EFFORTS.index("maximum")
INVESTIGATOR, SUBJECT = RATERS.index("investigator"), RATERS.index("subject")


def course(first: float, later: float) -> jax.Array:
    return jnp.array([first, later]).reshape(2, 1, 1)


@given(furrow=depth, line=depth, maximum=grade, rest=grade)
def test_no_change_of_depth_is_no_change_of_severity(furrow, line, maximum, rest, parameters):
    own = {"maximum": jnp.full((1, 1), maximum), "rest": jnp.full((1, 1), rest)}
    latent = severity(course(furrow, furrow), course(line, line), parameters=parameters, **own)
    np.testing.assert_allclose(latent[1], latent[0])
    assert latent[0, 0, REST, 0] == pytest.approx(rest, abs=1e-9)
    assert latent[0, 0, MAXIMUM, 0] == pytest.approx(max(maximum, rest), abs=1e-9)


@given(furrow=depth, line=depth, share=st.floats(0.0, 1.0), more=st.floats(0.0, 1.0))
def test_deeper_lines_are_never_milder(furrow, line, share, more, parameters):
    less, deep = sorted((share, more))
    few = severity(course(furrow, less * furrow), course(line, less * line), parameters=parameters)
    many = severity(course(furrow, deep * furrow), course(line, deep * line), parameters=parameters)
    assert (many >= few - 1e-12).all()
    assert (few[..., REST, :] <= few[..., MAXIMUM, :]).all()


def test_own_grades_replace_typical_ones_only_where_given(parameters):
    unknown = jnp.array([[jnp.nan, 2.5]])
    furrow, line = (value * jnp.ones((2, 1, 2)) for value in (1.34, 0.3))
    latent = severity(furrow, line, parameters=parameters, maximum=unknown, rest=unknown)
    typical = severity_of_depth(jnp.array([0.3, 1.34]), parameters)
    np.testing.assert_allclose(latent[0, 0, :, 0], typical)
    np.testing.assert_allclose(latent[0, 0, :, 1], 2.5)


@given(depth=depth)
def test_depth_and_typical_severity_are_inverse(depth, parameters):
    there = severity_of_depth(jnp.asarray(depth), parameters)
    assert depth_of_severity(there, parameters) == pytest.approx(depth, abs=1e-9)


def test_a_line_of_a_fifth_of_a_millimetre_is_mild(parameters):
    assert severity_of_depth(jnp.asarray(0.2), parameters) == pytest.approx(1.0)


@given(value=st.floats(-1.0, 5.0), scale=st.sampled_from((FWS, MERZ)), treated=st.booleans())
def test_probabilities_sum_to_one(value, scale, treated, parameters):
    p = rate(
        jnp.full((2, 1, 2, 1), value),
        parameters,
        scale=scale,
        treated=jnp.array([0.0, float(treated)]).reshape(-1, 1, 1, 1),
    )
    assert p.shape == (2, 1, 2, 2, len(scale), 1)
    assert (p >= 0).all()
    np.testing.assert_allclose(p.sum(axis=-2), 1, atol=1e-12)


@given(value=grade, rise=st.floats(0.0, 1.0))
def test_worse_lines_are_never_graded_milder(value, rise, parameters):
    p = rate(jnp.array([value, value + rise]).reshape(2, 1, 1, 1), parameters)
    up_to = jnp.cumsum(p, axis=-2)
    assert (up_to[1] <= up_to[0] + 1e-12).all()
    assert (expected_grade(p)[1] >= expected_grade(p)[0] - 1e-12).all()


def test_grades_are_whole_numbers_nearest_to_the_noisy_severity(parameters):
    p = rate(jnp.full((1, 1, 1, 1), 1.2), parameters)[0, 0, 0, INVESTIGATOR, :, 0]
    noise = parameters.investigator_noise
    edges = ndtr((jnp.array([0.5, 1.5, 2.5]) - 1.2) / noise)
    np.testing.assert_allclose(p, jnp.diff(jnp.array([0.0, *edges, 1.0])), atol=1e-12)


def test_the_same_lines_get_the_same_verdict_on_both_scales_at_the_ends(parameters):
    for value, best in ((0.0, 0), (3.0, -1)):
        latent = jnp.full((1, 1, 1, 1), value)
        for scale in (FWS, MERZ):
            p = rate(latent, parameters, scale=scale)[0, 0, 0, INVESTIGATOR, :, 0]
            assert jnp.argmax(p) == best % len(scale)


def test_placebo_pleases_a_quarter_of_subjects_and_few_investigators(parameters):
    """At least one grade less after placebo: subjects 18.9-27.5 %, by the same rater at baseline."""
    noise = np.random.default_rng(1).normal(size=(2, 2, 20000))
    grades = {}
    for name, who in (("investigator", 0), ("subject", 1)):
        sd = getattr(parameters, f"{name}_noise")
        shift = jnp.array([[0.0], [1.0]]) * getattr(parameters, f"{name}_expectation")
        grades[name] = jnp.clip(jnp.round(2.5 + shift + sd * noise[:, who]), 0, 3)
    assert 0.15 < float(jnp.mean(grades["subject"][1] < grades["subject"][0])) < 0.45
    p = rate(jnp.full((1, 1, 1, 1), 2.5), parameters, treated=jnp.ones(1))
    assert p[0, 0, 0, INVESTIGATOR, :2].sum() < 0.061


def test_expectation_shifts_subjects_only_once_treated(parameters):
    p = rate(jnp.full((2, 1, 1, 1), 2.0), parameters, treated=jnp.array([0.0, 1.0]).reshape(-1, 1, 1, 1))
    mean = expected_grade(p)[:, 0, 0, :, 0]
    assert mean[1, SUBJECT] < mean[0, SUBJECT]
    fall = mean[0] - mean[1]
    assert jnp.abs(fall[INVESTIGATOR]) < 0.3 * fall[SUBJECT]


def test_gradients_are_finite_even_without_any_line(parameters):
    def seen(furrow, line, parameters):
        latent = latent_severity(furrow, line, parameters=parameters, maximum=jnp.array([[jnp.nan, 2.0]]))
        return jnp.sum(expected_grade(grade_probability(latent, parameters)))

    slope = jax.jit(jax.grad(seen, argnums=(0, 1, 2)))
    for first, later in ((0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 0.4)):
        values = course(first, later) * jnp.ones((1, 1, 2))
        assert all(jnp.isfinite(part).all() for part in jax.tree.leaves(slope(values, values, parameters)))


def test_single_precision_agrees_with_double(parameters):
    furrow, line = jnp.linspace(1.3, 0.1, 12).reshape(3, 2, 2), jnp.linspace(0.4, 0.2, 12).reshape(3, 2, 2)
    narrow = jax.tree.map(lambda value: value.astype(jnp.float32), (furrow, line, parameters))
    double = rate(severity(furrow, line, parameters=parameters), parameters)
    single = rate(severity(narrow[0], narrow[1], parameters=narrow[2]), narrow[2])
    assert single.dtype == jnp.float32
    np.testing.assert_allclose(single, double, atol=3e-6)
