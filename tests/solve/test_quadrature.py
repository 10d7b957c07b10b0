"""Averages over exponential times and log-normal doses."""

from __future__ import annotations

import math

import jax.numpy as jnp
import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import ndtr
from scipy.stats import norm

from endplate.solve.quadrature import LOG_NODES, exponential_average, lognormal_weights


@pytest.mark.parametrize("count", [1, 3, 6])
def test_exponential_average_is_exact_for_polynomials(count):
    nodes, weights = exponential_average(count)
    for power in range(2 * count):
        mean = sum(weight * node**power for node, weight in zip(nodes, weights, strict=True))
        assert mean == pytest.approx(math.factorial(power), rel=1e-9)


def transmits(level: np.ndarray) -> np.ndarray:
    """A fibre in balance at a level of light chain: S = 1/(1 + L), safety factor 3.5 with ln-sd 0.35, exponent 2.5."""
    return ndtr((np.log(3.5) - 2.5 * np.log1p(level)) / 0.35) / ndtr(np.log(3.5) / 0.35)


@pytest.mark.parametrize("spread", [1.1, 1.2, 1.8])
@pytest.mark.parametrize("median", [1e-3, 0.05, 0.5, 2.0, 20.0, 300.0, 1e5])
def test_share_of_blocked_fibres_over_a_lognormal_cloud(median, spread):
    weight = np.asarray(lognormal_weights(jnp.log(jnp.asarray(median)), jnp.asarray(spread)))
    found = weight @ (1 - transmits(np.exp(LOG_NODES)))
    exact = quad(
        lambda x: norm.pdf(x, np.log(median), spread) * (1 - transmits(np.exp(x))),
        -12.0,
        25.0,
        limit=400,
        points=[-1.0, 0.0],
    )[0]
    # Nodes 0.6 apart in ln(dose) resolve the transition of single fibres to less than 0.1 % of all fibres.
    assert found == pytest.approx(exact, abs=1e-3)


@pytest.mark.parametrize("spread", [1.1, 1.2, 1.8])
def test_weights_count_every_endplate_once(spread):
    """Also where the cloud meets the highest node; endplates below the lowest are left out."""
    centre = jnp.linspace(-10.0, 15.0, 400)
    weight = np.asarray(lognormal_weights(centre, jnp.asarray(spread)))
    assert weight.shape == (len(LOG_NODES), 400)
    assert weight.min() >= 0.0
    assert weight.sum(axis=0).max() < 1 + 2e-5
    well_above = np.asarray(centre) > LOG_NODES[0] + 5 * spread
    np.testing.assert_allclose(weight.sum(axis=0)[well_above], 1.0, atol=2e-5)


def test_no_dose_weighs_nothing():
    weight = lognormal_weights(jnp.log(jnp.asarray(jnp.finfo(float).tiny)), jnp.asarray(1.2))
    assert float(jnp.abs(weight).max()) == 0.0
