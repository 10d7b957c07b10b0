"""The fit: parameters that make the model's rates agree with those of published trials, and how sure they are.

Rates are compared on the scale on which a binomial share has the same variance everywhere, median times on that of
their logarithm. Trials differ in ways that no table tells (who enrolled, who rated): effects with heavy tails, drawn
with the parameters and with their own spreads, so that a maker's trials do not count as often as they have rows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from numpy.typing import NDArray

from endplate.fit.answer import EFFECTS
from endplate.fit.chains import Drawn, draw
from endplate.fit.model import Model
from endplate.fit.prior import Priors
from endplate.fit.surrogate import Surrogate, train
from endplate.trial.result import FREEDOM

__all__ = [
    "MIXED",
    "Fit",
    "Scatter",
    "calibrate",
    "effective_share",
    "link",
    "log_likelihoods",
    "observed",
    "refit",
    "sizes",
    "trusted_share",
    "unlink",
]

Floats = NDArray[np.float64]

MIXED = 1.05  # ratio of spreads below which chains agree
_UNKNOWN_SIZE = 100.0  # patients of an arm whose size was not reported
_DRAWS = 250  # of each chain at a time
_WIDE, _WIDER, _LEAST = 0.8, 1.5, 0.4  # widths of runs: at first, over the posterior's, at least [prior sd]
_SHARED = 0.5  # correlation of the sampling errors of two rows of one arm
# Share of an arm that a median time rests on, and the variance of its logarithm for one patient.
_RESPONDERS, _TIME_ERROR = 0.75, 0.6
_SHIFT, _SOONEST = 3 / 8, 1e-3  # Anscombe 1948, Biometrika 35:246; the least time [day]
_AGAINST = ("relapse_rate", "median_onset")  # endpoints that fall where the others rise


@dataclass(frozen=True, slots=True)
class Scatter:
    """Spreads: effects of trials in the order of `EFFECTS`, and single rows on the link scale."""

    effects: tuple[float, ...] = (0.3, 0.5, 0.1, 0.3)
    rates: float = 0.05
    times: float = 0.1

    def vector(self) -> Floats:
        """Their logarithms."""
        return np.log([*self.effects, self.rates, self.times])


# What is believed of the scatter beforehand: medians, and a factor of two either way.
_USUAL, _DOUBT = Scatter(), float(np.log(2.0))


@dataclass(frozen=True)
class Fit:
    """Draws of the posterior.

    Parameters
    ----------
    points
        Parameters, in units of the priors' sd (D, K).
    effects
        Effects of the trials (D, S, E).
    scatters
        Spreads as the fields of `Scatter` (D, E + 2).
    mixing, effective
        See `endplate.fit.chains.Drawn`; over all that is drawn.
    surrogate, surrogate_error
        What stood for the model, see `endplate.fit.surrogate.train`.
    """

    points: Floats
    effects: Floats
    scatters: Floats
    mixing: float
    effective: float
    surrogate: Surrogate
    surrogate_error: float

    @property
    def point(self) -> Floats:
        """Mean of the parameters (K,)."""
        return self.points.mean(axis=0)

    @property
    def scatter(self) -> Scatter:
        """Median spreads."""
        *effects, rates, times = map(float, np.median(self.scatters, axis=0))
        return Scatter(tuple(effects), rates, times)


class _Reports(NamedTuple):
    """What rows report; R rows, A arms.

    seen, variance: on the link scale, and its sampling variance (R,).
    use: 1 for rows that count (R,).
    timed: whether a row is a median time (R,).
    size: patients of each row's arm (R,).
    arm, sign: arm of each row, and whether its endpoint rises with those of the others (R,).
    arms: one number for each arm (A,).
    """

    seen: Array
    variance: Array
    use: Array
    timed: Array
    size: Array
    arm: Array
    sign: Array
    arms: Array


class _Data(NamedTuple):
    """What the density knows besides its point.

    surrogate: of the model.
    reports: of all rows.
    usual, doubt: middle and standard deviation of the logarithms of the spreads (E + 2,).
    sources: one number for each trial (S,).
    """

    surrogate: Surrogate
    reports: _Reports
    usual: Array
    doubt: Array
    sources: Array


def link(value: Floats, model: Model) -> Floats:
    """Shares as the arcsine of the square root, with Anscombe's correction for the arm's size; times as logarithm."""
    size, timed = sizes(model), model.timed
    share = (np.clip(value, 0.0, 1.0) * size + _SHIFT) / (size + 2 * _SHIFT)
    return np.where(timed, np.log(np.maximum(value, _SOONEST)), np.arcsin(np.sqrt(share)))


def unlink(value: Floats, model: Model) -> Floats:
    """Back to shares and days."""
    size = sizes(model)
    share = np.sin(np.clip(value, 0.0, np.pi / 2)) ** 2 * (size + 2 * _SHIFT) - _SHIFT
    return np.where(model.timed, np.exp(np.clip(value, -20.0, 20.0)), np.clip(share / size, 0.0, 1.0))


def sizes(model: Model) -> Floats:
    """Patients of the arm of each row; a usual number where none was reported (R,)."""
    return np.array([_UNKNOWN_SIZE if one.row.size is None else one.row.size for one in model.questions])


def observed(model: Model) -> tuple[Floats, Floats]:
    """What the rows report on the link scale, and its sampling variance; NaN where nothing was reported (R,)."""
    timed, size = model.timed, sizes(model)
    value = np.array([np.nan if one.row.value is None else one.row.value for one in model.questions])
    # A median rests on the responders; its error on the log scale is about that of a rate over the slope of the curve.
    variance = np.where(timed, _TIME_ERROR / (_RESPONDERS * size), 1 / (4 * size + 2))
    return link(np.where(timed, value, value / 100), model), variance


def calibrate(
    model: Model,
    priors: Priors,
    *,
    scatter: Scatter | None = None,
    seed: int = 0,
    tell: Callable[[str, int, int], object] = lambda _what, _done, _all: None,
) -> Fit:
    """Draws of the posterior.

    Polynomials stand for the model: first around the priors' medians, then around what these have found.

    Parameters
    ----------
    model
        Rows with what they report.
    priors
        What is moved, and what is believed of it.
    scatter
        Between trials and rows, kept as it is; drawn with the parameters if None.
    seed
        Of runs and draws.
    tell
        Told what is done, how much of it, of how much; may raise to stop.
    """
    center, width = np.zeros(len(priors.names)), np.full(len(priors.names), _WIDE)
    fit = None
    for turn in range(2):
        told = ("runs of the model, first round", "runs of the model, second round")[turn]
        made, error = train(
            model, priors, center=center, width=width, seed=seed + turn, tell=lambda *done, told=told: tell(told, *done)
        )
        fit = _drawn(model, made, error, rows=None, scatter=scatter, seed=seed)
        center = fit.point
        width = np.maximum(_WIDER * fit.points.std(axis=0), _LEAST)
    assert fit is not None
    return fit


def refit(model: Model, fit: Fit, *, rows: NDArray[np.bool_], seed: int = 0) -> Fit:
    """Draws of the posterior that has seen some rows only (R,), with the polynomials of another fit."""
    return _drawn(model, fit.surrogate, fit.surrogate_error, rows=rows, scatter=None, seed=seed)


def _drawn(
    model: Model,
    surrogate: Surrogate,
    error: float,
    *,
    rows: NDArray[np.bool_] | None,
    scatter: Scatter | None,
    seed: int,
) -> Fit:
    data = _data(model, surrogate, rows=rows, scatter=scatter)
    counts = [len(part) for part in _begin(data)]
    start = np.concatenate(_begin(data))
    found: Drawn = draw(_density, start, data=data, count=_DRAWS, seed=seed, mixed=MIXED)
    flat = found.points.reshape(-1, sum(counts))
    points, effects, logs, _ = np.split(flat, np.cumsum(counts)[:-1], axis=1)
    scatters = np.exp(np.asarray(data.usual) + np.asarray(data.doubt) * logs)
    shifts = effects.reshape(len(flat), -1, len(EFFECTS)) * scatters[:, None, : len(EFFECTS)]
    return Fit(points, shifts, scatters, found.mixing, found.effective, surrogate, error)


def _data(model: Model, surrogate: Surrogate, *, rows: NDArray[np.bool_] | None, scatter: Scatter | None) -> _Data:
    usual, doubt = (_USUAL, _DOUBT) if scatter is None else (scatter, 0.0)
    return _Data(
        surrogate,
        _reports(model, rows=rows),
        usual=jnp.asarray(usual.vector()),
        doubt=jnp.full(len(EFFECTS) + 2, doubt),
        sources=jnp.zeros(len(model.sources)),
    )


def _reports(model: Model, *, rows: NDArray[np.bool_] | None) -> _Reports:
    seen, variance = observed(model)
    use = np.isfinite(seen) & (True if rows is None else rows)
    arms = [(*one.row.source, one.row.product, one.row.dose) for one in model.questions]
    known = list(dict.fromkeys(arms))
    sign = [-1.0 if one.row.endpoint in _AGAINST else 1.0 for one in model.questions]
    return _Reports(
        seen=jnp.asarray(np.where(use, seen, 0.0)),
        variance=jnp.asarray(variance),
        use=jnp.asarray(use.astype(float)),
        timed=jnp.asarray(model.timed),
        size=jnp.asarray(sizes(model)),
        arm=jnp.asarray([known.index(one) for one in arms]),
        sign=jnp.asarray(sign),
        arms=jnp.zeros(len(known)),
    )


def _begin(data: _Data) -> tuple[Floats, ...]:
    """Parameters, effects of trials, logarithms of spreads, errors of arms: over their spreads, at their middle."""
    effects = len(data.sources) * len(EFFECTS)
    return tuple(map(np.zeros, (len(data.surrogate.center), effects, len(data.usual), len(data.reports.arms))))


def _density(place: Array, data: _Data) -> Array:
    """Logarithm of the posterior density, up to a constant."""
    counts = np.cumsum([len(part) for part in _begin(data)])[:-1]
    point, effects, logs, arms = jnp.split(place, counts)
    tails = -0.5 * (FREEDOM + 1) * jnp.sum(jnp.log1p(effects**2 / FREEDOM))
    normal = -0.5 * (jnp.sum(point**2) + jnp.sum(logs**2) + jnp.sum(arms**2))
    spread = jnp.exp(data.usual + data.doubt * logs)
    shifts = effects.reshape(-1, len(EFFECTS)) * spread[: len(EFFECTS)]
    return normal + tails + _likelihood(data.surrogate.rows(point, shifts), spread, arms, data.reports)


def _likelihood(found: Array, spread: Array, arms: Array, told: _Reports) -> Array:
    """Of rates and times (R,) given the spreads, and the errors that the rows of an arm share (A,)."""
    timed = told.timed
    share = (found * told.size + _SHIFT) / (told.size + 2 * _SHIFT)
    flat = jnp.where(
        timed,
        jnp.log(jnp.where(timed, found, 1.0)),
        jnp.arcsin(jnp.sqrt(jnp.where(timed, 0.5, share))),
    )
    rest = told.seen - flat - told.sign * jnp.sqrt(_SHARED * told.variance) * arms[told.arm]
    own = (1 - _SHARED) * told.variance + jnp.where(timed, spread[-1], spread[-2]) ** 2
    return -0.5 * jnp.sum(told.use * (rest**2 / own + jnp.log(own)))


def trusted_share(
    model: Model,
    priors: Priors,
    *,
    fit: Fit,
    draws: int = 128,
    tell: Callable[[int, int], object] = lambda _done, _all: None,
) -> float:
    """Effective share of draws when the polynomials' likelihood is replaced by the model's: 1 where they agree.

    Parameters
    ----------
    model, priors, fit
        The fit.
    draws
        How many are looked at.
    tell
        Told how many draws are done; may raise to stop.

    Notes
    -----
    Sampling errors that the rows of an arm share are summed over, effects of trials are those of the draw.
    """
    chosen = np.linspace(0, len(fit.points) - 1, draws).astype(int)
    exact, near = np.empty((2, draws, len(model.questions)))
    for number, one in enumerate(chosen):
        point, shifts = fit.points[one], fit.effects[one]
        exact[number] = model.predict(priors.values(point), shifts)
        near[number] = fit.surrogate.rows(jnp.asarray(point), jnp.asarray(shifts))
        tell(number + 1, draws)
    own, other = (log_likelihoods(model, one, spreads=fit.scatters[chosen]) for one in (exact, near))
    return effective_share(own - other)


def effective_share(logs: Floats) -> float:
    """Share of draws that are left when they get these logarithms of weights: 1 for even ones.

    Examples
    --------
    >>> effective_share(np.log([1.0, 1.0, 1e-9, 1e-9]))
    0.5
    """
    weights = np.exp(logs - logs.max())
    return round(float(weights.sum() ** 2 / (len(logs) * np.square(weights).sum())), 6)


def log_likelihoods(model: Model, found: Floats, *, spreads: Floats) -> Floats:
    """Logarithm of the likelihood of what rows report, for each draw; errors that rows of an arm share are summed over.

    Parameters
    ----------
    model
        Rows with what they report; others do not count.
    found
        What is predicted (D, R).
    spreads
        As `Fit.scatters` (D, E + 2).
    """
    told = _reports(model, rows=None)
    pairs = zip(jnp.asarray(found), jnp.asarray(spreads), strict=True)
    return np.array([float(_marginal(one, own, told)) for one, own in pairs])


@jax.jit
def _marginal(found: Array, spread: Array, told: _Reports) -> Array:
    """Logarithm of the likelihood with the errors of arms summed over."""
    zero = jnp.zeros_like(told.arms)

    def given(arms: Array) -> Array:
        return _likelihood(found, spread, arms, told) - 0.5 * jnp.sum(arms**2)

    # Quadratic in each arm's own error: slope and curvature at 0 tell the whole sum.
    slope = jax.grad(given)(zero)
    curve = slope - jax.grad(given)(zero + 1)
    return given(zero) + 0.5 * jnp.sum(slope**2 / curve - jnp.log(curve))
