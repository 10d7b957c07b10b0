"""Rates of an adverse event from trials: a partial pooling of arms over trials, products, regions and doses.

``logit p = A + a_trial + [active] (D + d_group + g ln(dose / dose of the group))``, with normal priors
on every term; the spreads of ``a`` and ``d`` come from Laplace's marginal likelihood.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from math import exp, log

import numpy as np
from numpy.typing import NDArray

from endplate.evidence import Library
from endplate.evidence.counts import PLACEBO, Count
from endplate.solve.logistic import LogisticFit, fit_logistic

__all__ = ["Pooled", "pool"]

Floats = NDArray[np.float64]
_GRID = 9
_WIDEST = 2.0
_NARROWEST = 0.05


@dataclass(frozen=True, slots=True)
class Pooled:
    """What the arms of an event say, as a normal distribution of the terms.

    Parameters
    ----------
    trials, groups
        Trials, and product with treated regions, in the order of their terms.
    doses
        Typical dose of each group [U of its product].
    mean, covariance
        Of A, a, D, d, g.
    between
        Spreads of a and d.
    """

    trials: tuple[str, ...]
    groups: tuple[tuple[str, str], ...]
    doses: tuple[float, ...]
    mean: Floats
    covariance: Floats
    between: tuple[float, float]

    def draws(self, count: int, *, seed: int) -> Floats:
        """Draws of the terms (count, number of terms)."""
        return np.random.default_rng(seed).multivariate_normal(self.mean, self.covariance, size=count)

    def log_odds(
        self, code: str, *, treated: str, dose: float, trial: str | None, count: int, seed: int
    ) -> tuple[Floats, Floats]:
        """Draws of the log-odds under placebo and under a dose of a product, (count,) each.

        The code of a product and regions that no trial told of are drawn as a further group, a trial that is
        none of the table as a further trial.
        """
        terms, rng = self.draws(count, seed=seed), np.random.default_rng(seed + 1)
        n, group = len(self.trials), (code, treated)
        own = terms[:, 1 + self.trials.index(trial)] if trial in self.trials else self._new(rng, 0, count)
        base = terms[:, 0] + own
        if group in self.groups:
            index = self.groups.index(group)
            drug = terms[:, 2 + n + index] + terms[:, -1] * log(dose / self.doses[index])
        else:
            drug = self._new(rng, 1, count)
        return base, base + terms[:, 1 + n] + drug

    def _new(self, rng: np.random.Generator, which: int, count: int) -> Floats:
        return self.between[which] * rng.standard_normal(count)


def pool(counts: Sequence[Count], library: Library) -> Pooled:
    """Pool the arms of one event.

    Parameters
    ----------
    counts
        Arms, of one event.
    library
        The evidence library, for the priors.
    """
    trials = tuple(dict.fromkeys(one.trial for one in counts))
    active = [one for one in counts if one.product != PLACEBO]
    groups = tuple(dict.fromkeys((one.product, one.treated) for one in active))
    doses = tuple(
        exp(float(np.mean([log(one.dose) for one in active if (one.product, one.treated) == group])))
        for group in groups
    )
    design = np.array([_row(one, trials, groups, doses) for one in counts])
    patients = np.array([one.patients for one in counts], dtype=np.float64)
    events = np.array([one.events for one in counts], dtype=np.float64)
    steps = np.geomspace(_NARROWEST, _WIDEST, _GRID)
    found: list[tuple[float, LogisticFit, tuple[float, float]]] = []
    for between in product(steps.tolist(), repeat=2):
        mean, precision = _prior(library, len(trials), len(groups), between)
        fit = fit_logistic(design, trials=patients, successes=events, mean=mean, precision=precision)
        found.append((fit.evidence + _spread_prior(library, between), fit, between))
    _, fit, between = max(found, key=lambda one: one[0])
    return Pooled(trials, groups, doses, fit.mean, fit.covariance, between)


def _row(one: Count, trials: Sequence[str], groups: Sequence[tuple[str, str]], doses: Sequence[float]) -> list[float]:
    given = one.product != PLACEBO
    group = (one.product, one.treated)
    own = [float(one.trial == trial) for trial in trials]
    drug = [float(given and group == known) for known in groups]
    slope = log(one.dose / doses[groups.index(group)]) if given else 0.0
    return [1.0, *own, float(given), *drug, slope]


def _prior(library: Library, trials: int, groups: int, between: tuple[float, float]) -> tuple[Floats, Floats]:
    """Mean and precision of each term."""
    value = {name: library[f"adverse.{name}"].value for name in ("base", "base_spread", "drug_spread", "dose_slope")}
    slope = library["adverse.dose_slope_spread"].value
    mean = np.array([value["base"], *[0.0] * (trials + 1 + groups), value["dose_slope"]])
    spread = [value["base_spread"], *[between[0]] * trials, value["drug_spread"], *[between[1]] * groups, slope]
    return mean, np.array(spread) ** -2.0


def _spread_prior(library: Library, between: tuple[float, float]) -> float:
    """Log of the half-normal priors of the two spreads, and of the grid's even steps in their logarithm."""
    scales = library["adverse.trial_spread"].value, library["adverse.group_spread"].value
    return sum(log(one) - 0.5 * (one / scale) ** 2 for one, scale in zip(between, scales, strict=True))
