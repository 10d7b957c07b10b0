"""The fit: links, what trials share, and truth recovered from made-up reports."""

from __future__ import annotations

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest

from endplate.fit import Model, Scatter, ask, build_model, calibrate, packaged_posterior, packaged_priors
from endplate.fit.answer import EFFECTS
from endplate.fit.calibrate import MIXED, link, observed, refit, trusted_share, unlink
from endplate.fit.kept import table_store
from endplate.fit.posterior import posterior_of, write_posterior
from endplate.fit.surrogate import design_of

MOVED = ("trial.captured.glabella", "trial.half_life", "population.severe_share")


def reported(model: Model, values, *, effects, random) -> Model:
    """The same rows, with what a trial with these parameters would report."""
    found = model.predict(values, effects)
    rows = []
    for one, value, timed in zip(model.questions, found, model.timed, strict=True):
        size = 100 if one.row.size is None else int(one.row.size)
        drawn = value * np.exp(random.normal(0, 0.05)) if timed else 100 * random.binomial(size, value) / size
        rows.append(replace(one, row=replace(one.row, value=float(drawn), size=float(size))))
    return Model(tuple(rows), model.sources, model.asked, model.patients)


def test_links_go_there_and_back(model):
    for share in (0.0, 0.2, 1.0):
        values = np.where(model.timed, 150.0, share)
        assert unlink(link(values, model), model) == pytest.approx(values)


def test_all_reports_of_none_and_all_stay_finite(model):
    seen, variance = observed(model)
    assert np.all(np.isfinite(seen))
    assert np.all(variance > 0)


@pytest.fixture(scope="module")
def made(model):
    """A truth, trials that it made up, and the fit to them."""
    priors = packaged_priors().only(MOVED)
    truth = np.array([-0.8, 0.7, 0.6])
    random = np.random.default_rng(3)
    effects = random.normal(0, 1, (len(model.sources), len(EFFECTS))) * np.array([0.1, 0.1, 0.03, 0.1])
    told = reported(model, priors.values(truth), effects=effects, random=random)
    return told, priors, truth, calibrate(told, priors, scatter=Scatter((0.1, 0.1, 0.03, 0.1), 0.02, 0.05))


def test_a_fit_finds_the_truth_of_made_up_trials(made):
    _, _, truth, fit = made
    sd = fit.points.std(axis=0)
    assert np.all(np.abs(fit.point - truth) < 3 * sd)
    assert np.all(sd < 0.9)
    assert fit.mixing < MIXED
    assert fit.surrogate_error < 0.02


def test_the_model_would_have_chosen_the_same_draws(made):
    told, priors, _, fit = made
    assert trusted_share(told, priors, fit=fit, draws=32) > 0.3


def test_polynomials_follow_effects_of_trials(made):
    told, priors, _, fit = made
    effects = np.array([[0.4, -0.5, 0.1, 0.2]] * len(told.sources))
    near = np.asarray(fit.surrogate.rows(jnp.asarray(fit.point), jnp.asarray(effects)))
    exact = told.predict(priors.values(fit.point), effects)
    assert link(near, told) == pytest.approx(link(exact, told), abs=0.08)


def test_polynomials_follow_the_drift_of_trials(model):
    priors = packaged_priors().only(("trial.drift",))
    design = design_of(model, priors)
    for row, one in enumerate(model.questions):
        along = 0.0 if one.row.placebo else priors.entries[0].sd * one.row.decades
        assert design.points[row, design.features.index("dose")] == pytest.approx([along])
        assert np.count_nonzero(design.points[row]) == (along != 0)


def test_polynomials_follow_what_diaries_of_a_trial_note(model):
    row = replace(model.questions[0].row, endpoint="onset_cum_subject", day=2.0)
    small = build_model([ask(row)], patients=32, store=table_store())
    design = design_of(small, packaged_priors())
    threshold = design.features.index("trial.noticed_change")
    assert design.effects[0, threshold] == pytest.approx([float(one == "noticed") for one in EFFECTS])


def test_a_trial_that_was_left_out_is_known_less(made):
    told, _, _, fit = made
    without = told.source_of == 1
    assert without.any()
    again = refit(told, fit, rows=~without)
    own, other = again.effects[:, 1], fit.effects[:, 1]
    assert own.std(axis=0)[0] > other.std(axis=0)[0]
    assert abs(own[:, 0].mean()) < 0.3


def test_without_rows_a_fit_is_the_prior(made):
    told, _, _, fit = made
    nothing = refit(told, fit, rows=np.zeros(len(told.questions), bool))
    assert np.abs(nothing.point).max() < 0.2
    assert nothing.points.std(axis=0) == pytest.approx(1, abs=0.15)
    assert nothing.scatter.effects == pytest.approx(Scatter().effects, rel=0.2)


def test_the_posterior_is_written_as_it_is_read(made):
    _, priors, _, fit = made
    posterior = posterior_of(fit, priors, facts={"script": "x", "rows": 3})
    values, facts = write_posterior(posterior)
    assert values.splitlines()[0].startswith(",".join(priors.names) + ",spread.sensitivity")
    assert len(values.splitlines()) == 2 + len(posterior.draws)
    assert "[scatter]" in facts
    assert np.median(posterior.draws, axis=0) == pytest.approx(posterior.middle, rel=0.2)


def test_the_packaged_posterior_is_of_the_packaged_priors():
    posterior = packaged_posterior()
    assert set(posterior.names) == set(packaged_priors().names)
    assert len(posterior.spread(64)) == 64
    assert np.all(np.isfinite(posterior.draws))
    assert np.all(posterior.scatters > 0)


@pytest.mark.slow
def test_intervals_of_fits_hold_the_truth_as_often_as_they_say(model):
    """Truths from the priors, made-up trials, fits: ranks of truths among draws must be even."""
    priors = packaged_priors().only((*MOVED, "sigma_rater.investigator", "expectation.subject"))
    random = np.random.default_rng(11)
    scatter = Scatter((0.2, 0.3, 0.05, 0.2), 0.02, 0.05)
    below = []
    for number in range(16):
        truth = random.normal(size=len(priors.names))
        effects = random.standard_t(4, size=(len(model.sources), len(EFFECTS))) * np.asarray(scatter.effects)
        told = reported(model, priors.values(truth), effects=effects, random=random)
        fit = calibrate(told, priors, scatter=scatter, seed=number)
        below.append((fit.points < truth).mean(axis=0))
    ranks = np.array(below)
    assert np.mean(np.abs(ranks - 0.5) < 0.45) > 0.8
    assert np.mean(np.abs(ranks - 0.5) < 0.25) == pytest.approx(0.5, abs=0.17)
    assert np.all(np.abs(ranks.mean(axis=0) - 0.5) < 0.25)
