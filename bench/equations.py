"""The same equations written out for other solvers, and their reference solution."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp
from scipy.special import ndtr
from workload import LAST, Units

from endplate.solve.quadrature import LOG_NODES

Array = NDArray[np.float64]
SCALE = np.exp(LOG_NODES)
DAYS = np.arange(LAST + 1.0)


def transmission(intact: Array, sprout: Array, q: dict[str, float], weights: Array) -> tuple[Array, Array]:
    """Share of fibres that transmit, with and without sprouts, from S (K, …)."""
    margin, spread = np.log(q["safety_factor"]), q["safety_factor_spread"]
    p = ndtr((margin + q["release_exponent"] * np.log(np.maximum(intact, 1e-300))) / spread) / ndtr(margin / spread)
    parent = 1 - weights @ (1 - p)
    return parent + (1 - parent) * q["sprout_weight"] * sprout, parent


def slope(_: float, y: Array, q: dict[str, float], weights: Array) -> Array:
    """Right-hand side; y = F, B, E, L, X, M, S₁ … S_K."""
    free, bound, inside, light, sprout, size, *_rest = y
    intact = y[6:]
    whole, parent = transmission(intact, sprout, q, weights)
    rate = (1 - whole) / q["atrophy_time"] + whole / q["recovery_time"]
    turnover = np.log(2) / q["snare_half_life"]
    head = [
        -(q["clearance_rate"] + q["uptake_rate"]) * free,
        q["uptake_rate"] * free - q["internalisation_rate"] * bound,
        q["internalisation_rate"] * bound - q["translocation_rate"] * inside,
        q["translocation_rate"] * inside - np.log(2) / q["light_chain_half_life"] * light,
        q["sprout_growth_rate"] * (1 - parent) * (1 - sprout) - q["sprout_retraction_rate"] * parent * sprout,
        (1 - q["atrophy_limit"] * (1 - whole) - size) * rate,
    ]
    return np.concatenate([head, turnover * (1 - intact * (1 + SCALE * light))])


def integrate(units: Units, index: int, *, method: str, rtol: float, atol: float) -> Array:
    """Daily force of one unit by a scipy method, restarted at every dose."""
    q, weights = units.one(index), units.weights[:, index]
    free = (q["clearance_rate"] + q["uptake_rate"]) / q["uptake_rate"]
    y = np.concatenate([np.zeros(5), np.ones(1 + len(SCALE))])
    out, now = np.ones(len(DAYS)), 0.0
    given = [(day, dose) for day, dose in zip(units.days[:, index], units.share[:, index], strict=True) if dose > 0]
    for day, dose in [*given, (float(LAST), 0.0)]:
        if day > now:
            inside = (now <= DAYS) & (day >= DAYS)
            times = np.union1d(DAYS[inside], day)
            done = solve_ivp(slope, (now, day), y, method=method, t_eval=times, rtol=rtol, atol=atol, args=(q, weights))
            at = np.isin(done.t, DAYS[inside])
            out[inside] = transmission(done.y[6:, at], done.y[4, at], q, weights)[0] * done.y[5, at]
            y = done.y[:, -1].copy()
        y[0] += dose * free
        now = day
    return out
