"""Endpoints: their definitions, and smooth probabilities against raters that are drawn."""

from __future__ import annotations

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from endplate.errors import InvalidRequest
from endplate.trial import ENDPOINTS, Timing, default_trial_parameters, endpoint, run_trial, sample_trial
from endplate.trial.view import sample_of, view_of

TIMING = Timing((30.0, 120.0), 30.0, (1.0, 2.0))
DAYS = (1.0, 2.0, 30.0, 120.0)
BOTH = (2, 2, 0)
PARAMETERS = default_trial_parameters()
# Grade at baseline and on day 30, by both raters; which endpoints are met.
CASES = {
    (3, 3): set(),
    (3, 2): {"inv_ge1", "subj_ge1", "composite_ge1"},
    (3, 1): {
        *("inv_ge1", "subj_ge1", "composite_ge1", "composite_ge2", "composite_ge2_and_0_1"),
        *("inv_none_mild", "subj_none_mild", "inv_and_subj_none_mild"),
    },
    (2, 1): {
        *("inv_ge1", "subj_ge1", "composite_ge1"),
        *("inv_none_mild", "subj_none_mild", "inv_and_subj_none_mild"),
    },
    (2, 0): {
        *("inv_ge1", "subj_ge1", "composite_ge1", "composite_ge2", "composite_ge2_and_0_1"),
        *("inv_none_mild", "subj_none_mild", "inv_and_subj_none_mild"),
    },
    (2, 2): set(),
}
TOLD = set().union(*CASES.values())


def sharp():
    """Raters who err by next to nothing and expect nothing."""
    values = {f"{rater}_noise": jnp.asarray(1e-3) for rater in ("investigator", "subject", "panel")}
    return replace(PARAMETERS, subject_expectation=jnp.asarray(0.0), **values)


def course(*severity):
    """One patient's severity on the days (T, 1)."""
    return jnp.asarray(severity, float)[:, None]


def rate(name, severity, before, *, parameters=PARAMETERS, least=BOTH):
    view = view_of(severity, before, days=DAYS, least=least, parameters=parameters)
    share = endpoint(name).share(view, TIMING)
    return np.asarray(share.hits / share.among)[:, 0]


@pytest.mark.parametrize(("grades", "met"), CASES.items())
def test_sharp_raters_meet_the_definitions(grades, met):
    before, after = grades
    for name in TOLD:
        found = rate(name, course(before, before, after, before), jnp.asarray([before * 1.0]), parameters=sharp())
        assert found[0] == pytest.approx(float(name in met), abs=1e-9), name


def test_sharp_raters_lose_and_return_in_turn():
    severity, before = course(3, 3, 1, 2), jnp.asarray([3.0])
    lost, returned = (
        rate(name, severity, before, parameters=sharp()) for name in ("median_loss_none_mild", "median_return_baseline")
    )
    assert lost == pytest.approx([1, 0])
    assert returned == pytest.approx([1, 1])
    assert rate("inv_none_mild_maintained", severity, before, parameters=sharp()) == pytest.approx([0])
    assert rate("relapse_rate", severity, before, parameters=sharp()) == pytest.approx([0, 0])
    back = course(3, 3, 1, 3)
    assert rate("relapse_rate", back, before, parameters=sharp()) == pytest.approx([0, 1])


def test_who_is_not_let_in_does_not_count():
    view = view_of(course(0, 0, 0, 0), jnp.asarray([1.0]), days=DAYS, least=BOTH, parameters=sharp())
    for one in ENDPOINTS.values():
        assert np.asarray(one.share(view, TIMING).among) == pytest.approx(0, abs=1e-12), one.name


@pytest.mark.parametrize("name", ENDPOINTS)
def test_smooth_probabilities_agree_with_raters_drawn_many_times(name):
    # The same patient many times over: a severe one, treated, between grades.
    many = 40_000
    severity, before = course(2.4, 2.0, 0.9, 1.6), jnp.asarray([2.7])
    view = view_of(severity, before, days=DAYS, least=BOTH, parameters=PARAMETERS)
    share = endpoint(name).share(view, TIMING)
    expected = np.asarray(share.hits / share.among)[:, 0]
    normal = jax.random.normal(jax.random.key(3), (3, len(DAYS) + 2, many))
    wide = (jnp.broadcast_to(severity, (len(DAYS), many)), jnp.broadcast_to(before, (many,)))
    sample = sample_of(*wide, days=DAYS, normal=normal, parameters=PARAMETERS)
    let_in = np.asarray(jnp.all(sample.first >= jnp.asarray(BOTH)[:, None], axis=0))
    seen = endpoint(name).seen(sample, TIMING)
    hits, among = (np.asarray(part)[:, let_in].sum(axis=1) for part in seen)
    error = np.sqrt(expected * (1 - expected) / among) + 1e-6
    assert np.all(np.abs(hits / among - expected) < 4.5 * error), (hits / among, expected)


def test_rates_have_slopes_in_severity_and_raters():
    def mean(severity, parameters, name):
        view = view_of(severity, jnp.asarray([2.7]), days=DAYS, least=BOTH, parameters=parameters)
        return jnp.mean(endpoint(name).share(view, TIMING).hits)

    for name in ENDPOINTS:
        slopes = jax.grad(mean, argnums=(0, 1))(course(2.4, 2.0, 0.9, 1.6), PARAMETERS, name)
        assert all(np.all(np.isfinite(leaf)) for leaf in jax.tree.leaves(slopes)), name
        assert np.any(np.asarray(slopes[0]) != 0), name


def test_a_trial_drawn_patient_by_patient_reports_the_expected_rates(trial):
    large = replace(trial, arms=tuple(replace(arm, size=3000) for arm in trial.arms), dropout=0.3, patients=4096)
    expected = run_trial(large)
    for arm, drawn in zip(expected.arms, sample_trial(large, number=1), strict=True):
        for name, curve in arm.curves.items():
            for row, rate_, size in zip(curve.rows, drawn.rates[name], drawn.sizes[name], strict=True):
                error = np.hypot(np.sqrt(row.rate * (1 - row.rate) / max(size, 1)), row.error)
                assert abs(row.rate - rate_) < 4.5 * error + 2e-3, (arm.name, name, row.day)
                assert abs(row.size - size) < 5 * np.sqrt(row.size) + 3, (arm.name, name, row.day)


def test_another_number_gives_another_trial_and_the_same_one_the_same(trial):
    first, again, other = (sample_trial(trial, number=number)[0].counts["subj_ge1"] for number in (0, 0, 1))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_an_unknown_endpoint_names_the_nearest():
    with pytest.raises(InvalidRequest, match="composite_ge2"):
        endpoint("composit_ge2")
