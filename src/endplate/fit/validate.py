"""Predictions for the rows of any table of trials, with intervals, and how they compare with what was reported."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri
from scipy.stats import kendalltau

from endplate.course.store import Store
from endplate.fit.answer import EFFECTS
from endplate.fit.calibrate import link, observed, unlink
from endplate.fit.model import Model, build_model
from endplate.fit.posterior import Posterior
from endplate.fit.question import Question, ask
from endplate.fit.rows import TrialRow
from endplate.trial.result import FREEDOM

__all__ = ["LEVEL", "Prediction", "Validation", "asked_of", "drawn_effects", "intervals", "summarise", "validate"]

Floats = NDArray[np.float64]

LEVEL = 0.9


@dataclass(frozen=True, slots=True)
class Prediction:
    """What is predicted for a row.

    Parameters
    ----------
    row
        The row.
    predicted, low, high
        Median and 90 % interval: percent, or days for times to an event; None where it cannot be expressed.
    reason
        Why it cannot be expressed; None where it can.
    """

    row: TrialRow
    predicted: float | None
    low: float | None
    high: float | None
    reason: str | None
    timed: bool = False

    @property
    def error(self) -> float | None:
        """Predicted less observed."""
        known = self.predicted is not None and self.row.value is not None
        return self.predicted - self.row.value if known else None  # pyright: ignore[reportOperatorIssue]

    @property
    def inside(self) -> bool | None:
        """Whether what was reported lies in the interval."""
        if self.row.value is None or self.low is None or self.high is None:
            return None
        return self.low <= self.row.value <= self.high


@dataclass(frozen=True, slots=True)
class Validation:
    """All rows of a table in their order, and what was used."""

    predictions: tuple[Prediction, ...]
    posterior: Posterior
    draws: int


def validate(
    rows: Sequence[TrialRow],
    posterior: Posterior,
    *,
    draws: int = 64,
    patients: int = 128,
    seed: int = 0,
    store: Store | None = None,
    tell: Callable[[int, int], object] = lambda _done, _all: None,
) -> Validation:
    """Predict every row that the model can express.

    Parameters
    ----------
    rows
        From `read_rows`.
    posterior
        Parameters and scatter between trials.
    draws
        Of parameters and trials.
    patients
        Of each arm, a power of two.
    seed
        Of the draws.
    store
        Where solved layouts are kept; nowhere if None.
    tell
        Told how many draws are done, of how many; may raise to stop.
    """
    asked = asked_of(rows, new=posterior.new)
    questions = [one for one in asked if isinstance(one, Question)]
    found = iter(())
    if questions:
        model = build_model(questions, patients=patients, store=store)
        found = iter(zip(*intervals(model, posterior, draws=draws, seed=seed, tell=tell), model.timed, strict=True))
    out = []
    for row, one in zip(rows, asked, strict=True):
        if isinstance(one, str):
            out.append(Prediction(row, None, None, None, one))
        else:
            middle, low, high, timed = next(found)
            out.append(Prediction(row, float(middle), float(low), float(high), None, bool(timed)))
    return Validation(tuple(out), posterior, draws)


def asked_of(rows: Sequence[TrialRow], *, new: Mapping[str, str]) -> list[Question | str]:
    """The question of each row, or why there is none; a row that repeats another one counts once."""
    first: dict[TrialRow, int] = {}
    found: list[Question | str] = []
    for row in rows:
        known = first.setdefault(replace(row, line=0), row.line)
        found.append(_asked_as(row, new) if known == row.line else f"repeats line {known}")
    return found


def _asked_as(row: TrialRow, new: Mapping[str, str]) -> Question | str:
    """The question of a row, of new products as of those that they are like; see `endplate.fit.question.ask`."""
    one = ask(replace(row, product=new.get(row.product, row.product)))
    return replace(one, row=row) if isinstance(one, Question) else one


def intervals(
    model: Model,
    posterior: Posterior,
    *,
    draws: int,
    seed: int = 0,
    tell: Callable[[int, int], object] = lambda _done, _all: None,
) -> tuple[Floats, Floats, Floats]:
    """Median and 90 % interval of every row, percent or days: parameters, trials, rows and sampling drawn (R,)."""
    chosen, spreads = posterior.spread(draws), posterior.scatters[posterior.chosen(draws)]
    effects = drawn_effects(model, spreads, seed=seed)
    seen = np.empty((draws, len(model.questions)))
    for number in range(draws):
        seen[number] = link(model.predict(chosen[number], effects[number]), model)
        tell(number + 1, draws)
    own = np.where(model.timed, spreads[:, -1:], spreads[:, -2:-1])
    wide = np.sqrt(observed(model)[1] + own**2)
    edges = (_quantiles(seen, wide, share) for share in (0.5 - LEVEL / 2, 0.5 + LEVEL / 2))
    scale = np.where(model.timed, 1.0, 100.0)
    best, below, above = (scale * unlink(part, model) for part in (np.median(seen, axis=0), *edges))
    return best, below, above


def drawn_effects(model: Model, spreads: Floats, *, seed: int) -> Floats:
    """Effects of trials of which nothing is known (D, S, E), from spreads (D, E + 2)."""
    one = np.stack([_drawn(source, draws=len(spreads), seed=seed) for source in model.sources], axis=1)
    return one * spreads[:, None, : len(EFFECTS)]


def _drawn(source: tuple[str, str], *, draws: int, seed: int) -> Floats:
    """Effects of a trial over their spreads, the same whatever else the table holds (D, E)."""
    own = np.random.default_rng([seed, zlib.crc32("|".join(source).encode())])
    return own.standard_t(FREEDOM, (draws, len(EFFECTS)))


def _quantiles(latent: Floats, wide: Floats, share: float) -> Floats:
    """Quantile of a mixture of normal distributions around the draws, on the link scale (R,)."""
    nodes = ndtri((np.arange(64) + 0.5) / 64)
    return np.quantile((latent[..., None] + wide[..., None] * nodes).swapaxes(1, 2), share, axis=(0, 1))


def summarise(predictions: Sequence[Prediction]) -> dict[str, float | int | None]:
    """Numbers of a set of predictions: errors in points over active arms, coverage, rank agreement.

    Examples
    --------
    >>> summarise(())["n_rows"]
    0
    """
    told = [one for one in predictions if one.predicted is not None and one.row.value is not None]
    rates = [one for one in told if not one.timed]
    active = [one for one in rates if not one.row.placebo]
    times = [one for one in told if one.timed]
    return {
        "n_rows": len(predictions),
        "n_predicted": sum(one.predicted is not None for one in predictions),
        "n_compared": len(told),
        "n_active": len(active),
        "mean_absolute_error_points": _mean([abs(one.error or 0.0) for one in active]),
        "mean_absolute_error_placebo_points": _mean([abs(one.error or 0.0) for one in rates if one.row.placebo]),
        "bias_points": _mean([one.error or 0.0 for one in active]),
        "mean_absolute_error_days": _mean([abs(one.error or 0.0) for one in times]),
        "coverage_90": _mean([float(bool(one.inside)) for one in told]),
        "rank_agreement": _rank(active),
    }


def _mean(values: Sequence[float]) -> float | None:
    return float(np.mean(values)) if values else None


def _rank(some: Sequence[Prediction]) -> float | None:
    """Kendall's tau of predicted and observed rates; None for fewer than three."""
    pairs = [(one.predicted, one.row.value) for one in some]
    if len(pairs) <= 2 or len({b for _, b in pairs}) == 1:
        return None
    tau = float(kendalltau(*zip(*pairs, strict=True))[0])  # pyright: ignore[reportArgumentType]
    return None if np.isnan(tau) else tau
