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

__all__ = ["Fit", "Line", "Scatter", "Step", "calibrate", "held_out", "link", "observed", "trusted_share", "unlink"]

Floats = NDArray[np.float64]

_UNKNOWN_SIZE = 100.0  # patients of an arm whose size was not reported
_MOVE = 1e-3
_SETTLED = 0.1  # change of the objective below which a fit ends
_SHARED = 0.5  # correlation of the sampling errors of two rows of one arm
_RESPONDERS = 0.75  # share of an arm that a median time rests on


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


def link(value: Floats, timed: NDArray[np.bool_]) -> Floats:
    """Shares as arcsine of the square root, times as logarithm."""
    share = np.clip(value, 0.0, 1.0)
    return np.where(timed, np.log(np.maximum(value, 1e-3)), np.arcsin(np.sqrt(share)))


def unlink(value: Floats, timed: NDArray[np.bool_]) -> Floats:
    """Back to shares and days."""
    share = np.sin(np.clip(value, 0.0, np.pi / 2)) ** 2
    return np.where(timed, np.exp(np.clip(value, -20.0, 20.0)), share)


def observed(model: Model) -> tuple[Floats, Floats]:
    """What the rows report on the link scale, and its sampling variance; NaN where nothing was reported (R,)."""
    timed = model.timed
    size = np.array([_UNKNOWN_SIZE if one.row.size is None else one.row.size for one in model.questions])
    value = np.array([np.nan if one.row.value is None else one.row.value for one in model.questions])
    # Anscombe's correction keeps shares of 0 and 1 off the ends.
    share = (np.where(timed, 0.0, value) / 100 * size + 3 / 8) / (size + 3 / 4)
    seen = np.where(timed, np.log(np.maximum(value, 1e-3)), np.arcsin(np.sqrt(np.clip(share, 0, 1))))
    # A median rests on the responders; its error on the log scale is about that of a rate over the slope of the curve.
    variance = np.where(timed, 0.6 / (_RESPONDERS * size), 1 / (4 * size + 2))
    return seen, variance


def calibrate(
    model: Model,
    priors: Priors,
    *,
    start: Floats | None = None,
    rows: NDArray[np.bool_] | None = None,
    scatter: Scatter | None = None,
    most: int = 12,
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
    damping, best = 1.0, np.inf
    kept: tuple[Floats, Floats] = (point, effects)
    for number in range(most):
        line = _linearised(model, priors, point, effects)
        rest = (seen - line.value + line.own_effects)[use]
        own = line.only(use)
        if scatter is None:
            spread = _scatter(rest, own, variance[use], model, use, start=spread)
        cost = _Cost(own, variance[use], spread, model, use)
        objective = cost.objective(rest, point)
        if objective > best + _SETTLED and damping > 1 / 64:
            damping /= 4
            point, effects = kept[0] + damping * (point - kept[0]), kept[1] + damping * (effects - kept[1])
            continue
        settled = abs(best - objective) < _SETTLED
        best, kept = objective, (point, effects)
        move, covariance = cost.step(rest, point)
        size = float(np.abs(move).max())
        steps.append(Step(number, objective, size))
        tell(steps[-1])
        if settled:
            break
        move *= min(1.0, 1.5 / max(size, 1e-12))
        point = point + damping * move
        damping = min(1.0, 2 * damping)
        effects = cost.effects(rest - own.points @ move, len(model.sources))
    line = _linearised(model, priors, *kept)
    own = line.only(use)
    cost = _Cost(own, variance[use], spread, model, use)
    _, covariance = cost.step((seen - line.value + line.own_effects)[use], kept[0])
    return Fit(kept[0], covariance, kept[1], spread, tuple(steps), line)


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
    timed = model.timed
    share = np.clip(found, 1e-4, 1 - 1e-4)
    by = np.where(timed, 1 / np.maximum(found, 1e-3), 0.5 / np.sqrt(share * (1 - share)))
    shifts = by[:, None] * shifts
    own = np.einsum("re,re->r", shifts, effects[model.source_of])
    return Line(link(found, timed), by[:, None] * points, shifts, own)


def trusted_share(
    model: Model,
    priors: Priors,
    *,
    fit: Fit,
    draws: int = 64,
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
    approximation; truncated after Ionides 2008, J Comput Graph Stat 17:295.
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
        found = link(model.predict(priors.values(point), fit.effects), model.timed)
        rest = (seen - found + fit.line.own_effects)[use]
        logs.append(0.5 * float(one @ one) - cost.objective(rest, point))
        tell(number + 1, draws)
    weights = np.exp(np.array(logs) - max(logs))
    weights = np.minimum(weights, np.sqrt(draws) * weights.mean())
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
    The model is linearised at the mode of the whole fit, the mode without the rows found, and the model linearised
    there again. Effects of trials, scatter of rows and sampling are part of the standard deviation.
    """
    seen, variance = observed(model)
    use = np.isfinite(seen) & ~rows
    line, point, effects = fit.line, fit.point, fit.effects
    for last in (False, True):
        rest = (seen - line.value + line.own_effects)[use]
        own = line.only(use)
        spread = _scatter(rest, own, variance[use], model, use, start=fit.scatter)
        cost = _Cost(own, variance[use], spread, model, use)
        move, covariance = cost.step(rest, point)
        if last:
            break
        point = point + move
        effects = cost.effects(rest - own.points @ move, len(model.sources))
        line = _linearised(model, priors, point, effects)
    middle = line.value - line.own_effects + line.points @ move
    doubt = np.einsum("rk,kl,rl->r", line.points, covariance, line.points)
    between = np.square(line.shifts) @ np.square(spread.effects)
    scatter = np.where(model.timed, spread.times, spread.rates) ** 2
    return middle, np.sqrt(doubt + between + scatter + variance)


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
    arm = np.array([hash((one.row.source, one.row.product, one.row.dose)) for one in questions])
    root = np.sqrt(variance)
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
