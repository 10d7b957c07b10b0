"""The model's rows as polynomials of few features: microseconds instead of a third of a second.

A row follows fewer numbers than there are parameters: the logarithm of the dose that counts is the sum of those of
potency, region and trial, and the effects of a trial shift numbers that parameters shift, too. Polynomials in these
features are fitted to runs of the model spread over where a posterior may lie, and their error is told.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.scipy.special import ndtr
from numpy.typing import NDArray
from scipy.special import ndtri

from endplate.fit.answer import EFFECTS
from endplate.fit.model import Model
from endplate.fit.prior import Priors

__all__ = ["Design", "Surrogate", "design_of", "train"]

Floats = NDArray[np.float64]

_DOSE, _THRESHOLD = "dose", "trial.noticed_change"
_OPENLY, _DRIFT = "trial.open_label", "trial.drift"
_CAPTURED, _POTENCY = "trial.captured.", "potency."
# What the effects of a trial shift besides the dose and the threshold: the share of severe patients; both raters.
_MIX, _RATERS = "population.severe_share", ("expectation.investigator", "expectation.subject")
_CUBIC = ("dose", "trial.half_life", "severity.exponent", "population.sensitivity_spread")
_RARE = 1e-6
_RUNS_PER_TERM = 4
_FARTHEST = 5.0  # standard deviations of the runs
_SLACK = 0.02  # least weight of a run, so that certain rows still have a slope
_APART = 0.8, 0.8, 0.15, 0.5  # spread of trial effects in the runs: wider than trials are, on their own scales


@dataclass(frozen=True)
class Design:
    """How features follow parameters and effects.

    Parameters
    ----------
    features
        Their names (F,).
    points, effects
        Slopes of each row's features with the parameters in units of their priors' sd (R, F, K), and with the effects
        of the row's trial (R, F, E).
    """

    features: tuple[str, ...]
    points: Floats
    effects: Floats


class Surrogate(NamedTuple):
    """Polynomials around a point.

    center: parameters where all features are 0 (K,).
    points, effects: slopes of the scaled features (R, F, K) and (R, F, E).
    level, slope, curve, cubic: coefficients (R,), (R, F), (R, F, F) and (R, C, C, C) of the first C features.
    source: trial of each row (R,).
    timed: whether a row is the logarithm of a time, else a probit (R,).
    """

    center: Array
    points: Array
    effects: Array
    level: Array
    slope: Array
    curve: Array
    cubic: Array
    source: Array
    timed: Array

    def rows(self, point: Array, effects: Array) -> Array:
        """Rates and times [day] of all rows (R,), from parameters (K,) and effects of all trials (S, E)."""
        z = _bounded(self.points @ (point - self.center) + jnp.einsum("rfe,re->rf", self.effects, effects[self.source]))
        first = z[:, : self.cubic.shape[1]]
        found = self.level + jnp.einsum("rf,rf->r", self.slope + jnp.einsum("rfg,rg->rf", self.curve, z), z)
        found += jnp.einsum("rabc,ra,rb,rc->r", self.cubic, first, first, first)
        return jnp.where(self.timed, jnp.exp(jnp.clip(found, -5, 9)), ndtr(found))


def _bounded(z: Array) -> Array:
    """Features that cannot leave the runs far behind, where polynomials would swing."""
    return _FARTHEST * jnp.tanh(z / _FARTHEST)


def design_of(model: Model, priors: Priors) -> Design:
    """Which features there are, and how they follow what is moved."""
    own = [one.name for one in priors.entries if not one.name.startswith((_POTENCY, _CAPTURED))]
    merged = (_OPENLY, _DRIFT)
    names = [_DOSE, *(name for name in own if name not in merged)]
    names += [name for name in (_MIX, *_RATERS, _THRESHOLD) if name not in names]
    names.sort(key=lambda name: _CUBIC.index(name) if name in _CUBIC else len(_CUBIC))
    points = np.zeros((len(model.questions), len(names), len(priors.entries)))
    effects = np.zeros((len(model.questions), len(names), len(EFFECTS)))
    for row, one in enumerate(model.questions):
        region = one.layout.region.removesuffix("_left").removesuffix("_right")
        doses = (f"{_POTENCY}{one.row.product}", f"{_CAPTURED}{region}")
        for column, prior in enumerate(priors.entries):
            if prior.name in own and prior.name not in merged:
                points[row, names.index(prior.name), column] = prior.sd
            elif prior.name == _OPENLY:
                points[row, names.index(_THRESHOLD), column] = prior.sd * one.row.open_label
            elif prior.name == _DRIFT:
                points[row, 0, column] = 0.0 if one.row.placebo else prior.sd * one.row.decades
            elif prior.name in doses and not one.row.placebo:
                points[row, 0, column] = prior.sd
        effects[row, 0, 0] = not one.row.placebo
        effects[row, names.index(_MIX), 1] = 1.0
        effects[row, [names.index(name) for name in _RATERS], 2] = 1.0
        effects[row, names.index(_THRESHOLD), 3] = 1.0
    return Design(tuple(names), points, effects)


def train(
    model: Model,
    priors: Priors,
    *,
    center: Floats,
    width: Floats,
    seed: int = 0,
    tell: Callable[[int, int], object] = lambda _done, _all: None,
) -> tuple[Surrogate, float]:
    """Polynomials fitted to runs of the model, and their error on runs that they have not seen.

    Parameters
    ----------
    model, priors
        What is run, and what is moved.
    center, width
        Middle and standard deviation of the parameters of the runs (K,).
    seed
        Of the runs.
    tell
        Told how many runs are done, of how many; may raise to stop.

    Returns
    -------
    Surrogate, float
        The error is the square root of the mean square, on the scale of arcsines of square roots and of logarithms.
    """
    design = design_of(model, priors)
    cubes = sum(name in _CUBIC for name in design.features)
    terms = _terms(len(design.features), cubes)
    fitted = _RUNS_PER_TERM * (1 + len(terms))
    random = np.random.default_rng(seed)
    number = fitted + max(fitted // 8, 8)
    points = center + width * random.standard_normal((number, len(center)))
    effects = np.array(_APART) * random.standard_normal((number, len(model.sources), len(EFFECTS)))
    found = np.empty((number, len(model.questions)))
    for run in range(number):
        found[run] = model.predict(priors.values(points[run]), effects[run])
        tell(run + 1, number)
    by_point, by_effect = _scaled(design, width)
    z = np.einsum("rfk,nk->nrf", by_point, points[:fitted] - center)
    z += np.einsum("rfe,nre->nrf", by_effect, effects[:fitted, model.source_of])
    parts = _fitted(np.asarray(_bounded(jnp.asarray(z))), found[:fitted], model.timed, terms, cubes)
    whole = (center, by_point, by_effect, *parts, model.source_of, model.timed)
    made = Surrogate(*(jnp.asarray(part) for part in whole))
    return made, _error(made, points[fitted:], effects[fitted:], found[fitted:])


def _scaled(design: Design, width: Floats) -> tuple[Floats, Floats]:
    """Slopes of features that vary by about 1 over the runs."""
    by_point = np.sqrt(np.square(design.points * width).sum(axis=(0, 2)) / len(design.points))
    by_effect = np.sqrt(np.square(design.effects * np.array(_APART)).mean(axis=0).sum(axis=1))
    scale = np.hypot(by_point, by_effect)
    scale = np.where(scale > 0, scale, 1.0)[:, None]
    return design.points / scale, design.effects / scale


def _fitted(
    z: Floats, found: Floats, timed: NDArray[np.bool_], terms: list[tuple[int, ...]], cubes: int
) -> tuple[Floats, ...]:
    """Coefficients of all rows from runs (N, R, F) of the model (N, R)."""
    target = np.where(timed, np.log(np.maximum(found, 1e-3)), ndtri(np.clip(found, _RARE, 1 - _RARE)))
    weight = np.where(timed, 1.0, _SLACK + _arcsine_slope(target))
    solved = [_solve(z[:, row], target[:, row], weight[:, row], terms) for row in range(z.shape[1])]
    return _parts(np.array(solved), terms, z.shape[2], cubes)


def _terms(features: int, cubes: int) -> list[tuple[int, ...]]:
    ones, twos = ([*combinations_with_replacement(range(features), power)] for power in (1, 2))
    return [*ones, *twos, *combinations_with_replacement(range(cubes), 3)]


def _arcsine_slope(probit: Floats) -> Floats:
    """Slope of the arcsine of the square root of a share with its probit, over that at a half."""
    density = np.exp(-0.5 * probit**2)
    share = np.asarray(ndtr(probit))
    return density / np.sqrt(np.maximum(4 * share * (1 - share), 1e-12))


def _solve(z: Floats, target: Floats, weight: Floats, terms: list[tuple[int, ...]]) -> Floats:
    """Coefficients by weighted least squares, drawn a little to 0 (1 + terms,)."""
    columns = np.stack([np.ones(len(z)), *(np.prod(z[:, list(term)], axis=1) for term in terms)], axis=1)
    left = (columns * weight[:, None] ** 2).T @ columns
    pull = 1e-3 * np.trace(left) / len(left)
    return np.linalg.solve(left + pull * np.eye(len(left)), (columns * weight[:, None] ** 2).T @ target)


def _parts(solved: Floats, terms: list[tuple[int, ...]], features: int, cubes: int) -> tuple[Floats, ...]:
    rows = len(solved)
    slope, curve = np.zeros((rows, features)), np.zeros((rows, features, features))
    cubic = np.zeros((rows, *(cubes,) * 3))
    into = {1: slope, 2: curve, 3: cubic}
    for column, term in enumerate(terms):
        into[len(term)][(slice(None), *term)] = solved[:, column + 1]
    return solved[:, 0], slope, curve, cubic


def _error(made: Surrogate, points: Floats, effects: Floats, found: Floats) -> float:
    def flat(value: Floats) -> Floats:
        share = np.arcsin(np.sqrt(np.clip(value, 0, 1)))
        return np.where(np.asarray(made.timed), np.log(np.maximum(value, 1e-3)), share)

    guessed = np.stack(
        [np.asarray(made.rows(jnp.asarray(p), jnp.asarray(e))) for p, e in zip(points, effects, strict=True)]
    )
    return float(np.sqrt(np.mean(np.square(flat(guessed) - flat(found)))))
