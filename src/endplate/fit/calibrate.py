"""The fit: parameters that make the model's rates agree with those of published trials, and how sure they are.

Rates are compared on the scale on which a binomial share has the same variance everywhere, median times on that of
their logarithm. Trials differ in ways that no table tells (who enrolled, who rated); these are normal effects, summed
over by linearising the model around the most probable ones, so that the trials of one maker do not count as often as
they have rows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.optimize import minimize

from endplate.fit.answer import EFFECTS
from endplate.fit.model import Model
from endplate.fit.prior import Priors

__all__ = [
    "SETTLED",
    "Fit",
    "Line",
    "Scatter",
    "Step",
    "calibrate",
    "held_out",
    "link",
    "observed",
    "sizes",
    "trusted_share",
    "unlink",
]

Floats = NDArray[np.float64]

_UNKNOWN_SIZE = 100.0  # patients of an arm whose size was not reported
_MOVE = 1e-3
SETTLED = 0.05  # move, in units of the priors' sd, below which a fit ends
_HALVINGS, _MOVES = 4, 2
_SHARED = 0.5  # correlation of the sampling errors of two rows of one arm
# Share of an arm that a median time rests on, and the variance of its logarithm for one patient.
_RESPONDERS, _TIME_ERROR = 0.75, 0.6
_SHIFT, _SOONEST = 3 / 8, 1e-3  # Anscombe 1948, Biometrika 35:246; the least time [day]
_AGAINST = ("relapse_rate", "median_onset")  # endpoints that fall where the others rise


@dataclass(frozen=True, slots=True)
class Scatter:
    """Standard deviations: effects of trials in the order of `EFFECTS`, and single rows on the link scale."""

    effects: tuple[float, ...] = (0.3, 0.5, 0.1)
    rates: float = 0.05
    times: float = 0.1

    def vector(self) -> Floats:
        """Their logarithms."""
        return np.log([*self.effects, self.rates, self.times])


def scatter_of(vector: Floats) -> Scatter:
    """From logarithms."""
    *effects, rates, times = np.exp(vector)
    return Scatter(tuple(effects), rates, times)


# What is believed of the scatter beforehand: medians, and a factor of two either way.
_USUAL, _DOUBT = Scatter(), float(np.log(2.0))


@dataclass(frozen=True, slots=True)
class Step:
    """How a fit went on: objective (minus log of the posterior density), and the largest move in units of sd."""

    number: int
    objective: float
    move: float


@dataclass(frozen=True)
class Line:
    """The model around a point: value, slopes with the point and the row's own effects, what these add."""

    value: Floats
    points: Floats
    shifts: Floats
    own_effects: Floats

    def only(self, rows: NDArray[np.bool_]) -> Line:
        """Some of the rows."""
        return Line(*(getattr(self, name)[rows] for name in ("value", "points", "shifts", "own_effects")))


@dataclass(frozen=True)
class Fit:
    """A normal approximation of the posterior around its mode.

    Parameters
    ----------
    point, covariance
        Of the parameters, in units of the priors' sd (K,) and (K, K).
    effects
        Most probable effects of the trials (S, E).
    scatter
        Between trials and rows.
    steps
        How it went.
    line
        The model around the mode, on the link scale.
    """

    point: Floats
    covariance: Floats
    effects: Floats
    scatter: Scatter
    steps: tuple[Step, ...]
    line: Line


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
    start: Floats | None = None,
    rows: NDArray[np.bool_] | None = None,
    scatter: Scatter | None = None,
    most: int = 20,
    tell: Callable[[Step], object] = lambda _step: None,
) -> Fit:
    """The posterior mode, and the normal distribution around it.

    Parameters
    ----------
    model
        Rows with what they report.
    priors
        What is moved, and what is believed of it.
    start
        Where to begin; the priors' medians if None.
    rows
        Which rows are used; all that report something if None.
    scatter
        Between trials and rows, kept as it is; estimated together with the parameters if None.
    most
        Steps.
    tell
        Told after each step; may raise to stop.
    """
    seen, variance = observed(model)
    use = np.isfinite(seen) if rows is None else rows & np.isfinite(seen)
    point = np.zeros(len(priors.names)) if start is None else np.array(start, float)
    effects = np.zeros((len(model.sources), len(EFFECTS)))
    spread, steps = scatter or _USUAL, []
    line = _linearised(model, priors, point, effects)
    covariance = np.eye(len(point))
    for number in range(most):
        around = _Around(model, priors, seen, variance, use, line, point)
        spread = around.scatter(spread) if scatter is None else spread
        cost = around.cost(spread)
        move, covariance = cost.step(around.rest, point)
        steps.append(Step(number, cost.objective(around.rest, point), float(np.abs(move).max())))
        tell(steps[-1])
        found = None if steps[-1].move < SETTLED else around.search(cost, move)
        if found is None:
            break
        point, effects = found
        line = _linearised(model, priors, point, effects)
    return Fit(point, covariance, effects, spread, tuple(steps), line)


@dataclass(frozen=True)
class _Around:
    """A fit at a point: rows in use, the linearised model, what the rows leave to explain."""

    model: Model
    priors: Priors
    seen: Floats
    variance: Floats
    use: NDArray[np.bool_]
    line: Line
    point: Floats

    @property
    def rest(self) -> Floats:
        """What is left of the rows in use without the effects of trials."""
        return (self.seen - self.line.value + self.line.own_effects)[self.use]

    def cost(self, spread: Scatter) -> _Cost:
        """The distribution of the rows in use."""
        return _Cost(self.line.only(self.use), self.variance[self.use], spread, self.model, self.use)

    def scatter(self, start: Scatter) -> Scatter:
        """The most probable scatter."""
        own, variance = self.line.only(self.use), self.variance[self.use]
        return _scatter(self.rest, own, variance, self.model, self.use, start=start)

    def search(self, cost: _Cost, move: Floats) -> tuple[Floats, Floats] | None:
        """The farthest of some points along a move that lowers the objective, and effects there; None if none does."""
        here, share = cost.objective(self.rest, self.point), min(1.0, 1.5 / float(np.abs(move).max()))
        for _ in range(_HALVINGS):
            point = self.point + share * move
            left = self.rest - self.line.points[self.use] @ (share * move)
            effects = cost.effects(left, len(self.model.sources))
            found = link(self.model.predict(self.priors.values(point), effects), self.model)
            own = np.einsum("re,re->r", self.line.shifts, effects[self.model.source_of])
            if cost.objective((self.seen - found + own)[self.use], point) < here:
                return point, effects
            share /= 2
        return None


def _linearised(model: Model, priors: Priors, point: Floats, effects: Floats) -> Line:
    """The model around a point, by differences over a small move.

    One program serves all directions, where forward-mode differentiation of the whole takes minutes
    to compile. A row follows the effects of its own trial only, so all trials are moved at once.
    """

    def at(one: Floats, shifts: Floats) -> Floats:
        return model.predict(priors.values(one), shifts)

    found = at(point, effects)
    points = np.stack([(at(point + by, effects) - found) / _MOVE for by in _MOVE * np.eye(len(point))], axis=1)
    shifts = np.stack([(at(point, effects + by) - found) / _MOVE for by in _MOVE * np.eye(len(EFFECTS))], axis=1)
    timed, size = model.timed, sizes(model)
    share = (np.clip(found, 0.0, 1.0) * size + _SHIFT) / (size + 2 * _SHIFT)
    slope = 0.5 / np.sqrt(share * (1 - share)) * size / (size + 2 * _SHIFT)
    by = np.where(timed, 1 / np.maximum(found, _SOONEST), slope)
    shifts = by[:, None] * shifts
    own = np.einsum("re,re->r", shifts, effects[model.source_of])
    return Line(link(found, model), by[:, None] * points, shifts, own)


def trusted_share(
    model: Model,
    priors: Priors,
    *,
    fit: Fit,
    draws: int = 128,
    seed: int = 0,
    tell: Callable[[int, int], object] = lambda _done, _all: None,
) -> float:
    """Effective share of draws of the normal approximation: 1 where it is the posterior, near 0 where it is not.

    Parameters
    ----------
    model, priors, fit
        The fit.
    draws, seed
        Of the approximation.
    tell
        Told how many draws are done; may raise to stop.

    Notes
    -----
    Importance weights of the posterior, with the effects of trials summed over around the mode, over the
    approximation.
    """
    seen, variance = observed(model)
    use = np.isfinite(seen)
    own = fit.line.only(use)
    cost = _Cost(own, variance[use], fit.scatter, model, use)
    root = np.linalg.cholesky(fit.covariance)
    normal = np.random.default_rng(seed).standard_normal((draws, len(fit.point)))
    logs = []
    for number, one in enumerate(normal):
        point = fit.point + root @ one
        found = link(model.predict(priors.values(point), fit.effects), model)
        rest = (seen - found + fit.line.own_effects)[use]
        logs.append(0.5 * float(one @ one) - cost.objective(rest, point))
        tell(number + 1, draws)
    weights = np.exp(np.array(logs) - max(logs))
    return float(weights.sum() ** 2 / (draws * np.square(weights).sum()))


def held_out(model: Model, priors: Priors, *, fit: Fit, rows: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """What a fit without some rows predicts for them: middle and standard deviation on the link scale (R,).

    Parameters
    ----------
    model, priors, fit
        The fit with all rows, which tells where to begin.
    rows
        The rows to leave out, whole trials (R,).

    Notes
    -----
    A fit of its own from the mode of the whole one. Effects of trials, scatter of rows and sampling are part of the
    standard deviation.
    """
    own = calibrate(model, priors, start=fit.point, rows=~rows, most=_MOVES)
    middle = link(model.predict(priors.values(own.point), np.zeros_like(own.effects)), model)
    doubt = np.einsum("rk,kl,rl->r", own.line.points, own.covariance, own.line.points)
    between = np.square(own.line.shifts) @ np.square(own.scatter.effects)
    scatter = np.where(model.timed, own.scatter.times, own.scatter.rates) ** 2
    return middle, np.sqrt(doubt + between + scatter + observed(model)[1])


class _Cost:
    """The normal distribution of what rows report, given a linearised model."""

    def __init__(self, line: Line, variance: Floats, spread: Scatter, model: Model, use: NDArray[np.bool_]) -> None:
        self.line, self.spread = line, spread
        self.source = model.source_of[use]
        self.total = _covariance(line, variance, spread, model, use)
        self.factor = cho_factor(self.total)

    def objective(self, rest: Floats, point: Floats) -> float:
        """Minus the log of the posterior density, up to a constant."""
        half_log = float(np.log(np.diag(self.factor[0])).sum())
        doubt = (self.spread.vector() - _USUAL.vector()) / _DOUBT
        return 0.5 * float(rest @ cho_solve(self.factor, rest)) + half_log + 0.5 * float(point @ point + doubt @ doubt)

    def step(self, rest: Floats, point: Floats) -> tuple[Floats, Floats]:
        """The move to the mode of the linearised posterior, and its covariance."""
        weighed = cho_solve(self.factor, self.line.points)
        covariance = np.linalg.inv(self.line.points.T @ weighed + np.eye(len(point)))
        return covariance @ (weighed.T @ rest - point), covariance

    def effects(self, rest: Floats, count: int) -> Floats:
        """The most probable effects of the trials."""
        weighed = cho_solve(self.factor, rest)
        out = np.zeros((count, len(EFFECTS)))
        np.add.at(out, self.source, self.line.shifts * weighed[:, None])
        return out * np.square(self.spread.effects)


def _covariance(line: Line, variance: Floats, spread: Scatter, model: Model, use: NDArray[np.bool_]) -> Floats:
    questions = [one for one, used in zip(model.questions, use, strict=True) if used]
    timed, source = model.timed[use], model.source_of[use]
    scaled = line.shifts * np.asarray(spread.effects)
    same = source[:, None] == source[None, :]
    total = np.where(same, scaled @ scaled.T, 0.0)
    arms = [(*one.row.source, one.row.product, one.row.dose) for one in questions]
    arm = np.array([arms.index(one) for one in arms])
    root = np.sqrt(variance) * [-1.0 if one.row.endpoint in _AGAINST else 1.0 for one in questions]
    total += np.where(arm[:, None] == arm[None, :], _SHARED, 0.0) * np.outer(root, root)
    own = (1 - _SHARED) * variance + np.where(timed, spread.times, spread.rates) ** 2
    total[np.diag_indices_from(total)] += own
    return total


def _scatter(
    rest: Floats, line: Line, variance: Floats, model: Model, use: NDArray[np.bool_], *, start: Scatter
) -> Scatter:
    """The scatter that makes the residuals most probable, the parameters' own doubt included."""

    def cost(vector: Floats) -> float:
        spread = scatter_of(vector)
        total = _covariance(line, variance, spread, model, use) + line.points @ line.points.T
        factor = cho_factor(total)
        doubt = (vector - _USUAL.vector()) / _DOUBT
        quadratic = float(rest @ cho_solve(factor, rest))
        return 0.5 * quadratic + float(np.log(np.diag(factor[0])).sum()) + 0.5 * float(doubt @ doubt)

    found = minimize(cost, start.vector(), method="Nelder-Mead", options={"maxiter": 250, "xatol": 0.02, "fatol": 0.02})
    return scatter_of(found.x)
