"""The fit: links, what trials share, and truth recovered from made-up reports."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from endplate.fit import Model, Scatter, calibrate, packaged_posterior, packaged_priors
from endplate.fit.calibrate import held_out, link, observed, unlink
from endplate.fit.posterior import posterior_of, write_posterior

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


def test_a_fit_finds_the_truth_of_made_up_trials(model):
    priors = packaged_priors().only(MOVED)
    truth = np.array([-0.8, 0.7, 0.6])
    random = np.random.default_rng(3)
    effects = random.normal(0, 1, (len(model.sources), 3)) * np.array([0.1, 0.1, 0.03])
    made = reported(model, priors.values(truth), effects=effects, random=random)
    fit = calibrate(made, priors, scatter=Scatter((0.1, 0.1, 0.03), 0.02, 0.05))
    sd = np.sqrt(np.diag(fit.covariance))
    assert np.all(np.abs(fit.point - truth) < 3 * sd)
    assert np.all(sd < 1)
    assert fit.steps[-1].objective <= fit.steps[0].objective
    without = model.source_of == 1
    middle, spread = held_out(made, priors, fit=fit, rows=without)
    seen, _ = observed(made)
    assert np.all(np.abs(middle - seen)[without] < 4 * spread[without])


def test_without_rows_a_fit_is_the_prior(model):
    priors = packaged_priors().only(MOVED)
    fit = calibrate(model, priors, rows=np.arange(len(model.questions)) < 1, scatter=Scatter((3.0, 3.0, 1.0), 1.0, 1.0))
    assert np.abs(fit.point).max() < 0.3
    assert np.diag(fit.covariance) == pytest.approx(1, abs=0.1)


def test_the_posterior_is_written_as_it_is_read(model):
    priors = packaged_priors().only(MOVED)
    fit = calibrate(model, priors, most=1)
    posterior = posterior_of(fit, priors, facts={"script": "x", "rows": 3})
    values, facts = write_posterior(posterior)
    assert values.splitlines()[0] == ",".join(priors.names)
    assert len(values.splitlines()) == 2 + len(posterior.draws)
    assert "[scatter]" in facts
    assert posterior.draws.mean(axis=0) == pytest.approx(posterior.mode, rel=0.3)


def test_the_packaged_posterior_is_of_the_packaged_priors():
    posterior = packaged_posterior()
    assert set(posterior.names) == set(packaged_priors().names)
    assert len(posterior.spread(64)) == 64
    assert np.all(np.isfinite(posterior.draws))


@pytest.mark.slow
def test_intervals_of_fits_hold_the_truth_as_often_as_they_say(model):
    """Truths from the priors, made-up trials, fits: deviations must be those of a normal posterior."""
    priors = packaged_priors().only((*MOVED, "sigma_rater.investigator", "expectation.subject"))
    random = np.random.default_rng(11)
    scatter = Scatter((0.2, 0.3, 0.05), 0.02, 0.05)
    far = []
    for _ in range(16):
        truth = random.normal(size=len(priors.names))
        effects = random.normal(size=(len(model.sources), 3)) * np.asarray(scatter.effects)
        made = reported(model, priors.values(truth), effects=effects, random=random)
        fit = calibrate(made, priors, scatter=scatter)
        far.append((fit.point - truth) / np.sqrt(np.diag(fit.covariance)))
    far = np.array(far)
    assert 0.6 < np.mean(far**2) < 1.6
    assert np.mean(np.abs(far) < 1.645) > 0.8
    assert np.all(np.abs(far.mean(axis=0)) < 0.8)
