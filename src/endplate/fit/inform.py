"""A posterior that knows more: products that the library does not hold, and arms whose results are known."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from endplate.case import products
from endplate.course.store import Store
from endplate.errors import InvalidRequest
from endplate.evidence import load
from endplate.fit.calibrate import effective_share, log_likelihoods
from endplate.fit.model import build_model
from endplate.fit.posterior import Posterior
from endplate.fit.prior import packaged_priors
from endplate.fit.question import Question
from endplate.fit.rows import TrialRow
from endplate.fit.validate import asked_of, drawn_effects

__all__ = ["NewProduct", "inform", "with_products"]

Floats = NDArray[np.float64]

# Each draw stands so often, with other effects of trials and potencies of new products: some will fit the arms.
_REPEATS = 8
_STREAM = 7
# What is believed of a product of which nothing but the name is known.
_STRANGER = "potency.nivo"


@dataclass(frozen=True, slots=True)
class NewProduct:
    """A product that the library does not hold.

    Parameters
    ----------
    like
        Known product whose patterns and serotype it is taken to have.
    ratio
        Units of that product that one unit counts as; published, or believed.
    """

    like: str
    ratio: float = 1.0


def with_products(posterior: Posterior, new: Mapping[str, NewProduct], *, seed: int = 0) -> Posterior:
    """The posterior with products that the library does not hold.

    Their potency is that of the product they are like, times the ratio, and as uncertain as that of a product of which
    nothing but the name is known.

    Parameters
    ----------
    posterior
        To begin with.
    new
        By code.
    seed
        Of the draws of their potencies.

    Raises
    ------
    InvalidRequest
        If a product is known already, is like none that is known, or has no ratio above 0; told all at once.

    Examples
    --------
    >>> from endplate.fit import packaged_posterior
    >>> wider = with_products(packaged_posterior(), {"elixir": NewProduct("ona", 2.0)})
    >>> wider.names[-1], len(wider.draws)
    ('potency.elixir', 2048)
    """
    if wrong := _faults(new):
        raise InvalidRequest("; ".join(wrong))
    if not new:
        return posterior
    doubt = next(one.sd for one in packaged_priors().entries if one.name == _STRANGER)
    wider, random = _repeated(posterior), np.random.default_rng([seed, _STREAM])
    columns = []
    for one in new.values():
        # Evenly placed over the prior, in any order.
        off = ndtri((random.permutation(len(wider.draws)) + 0.5) / len(wider.draws))
        columns.append(one.ratio * _drawn(wider, f"potency.{one.like}") * np.exp(doubt * off))
    names = (*wider.names, *(f"potency.{name}" for name in new))
    draws = np.column_stack([wider.draws, *columns])
    middle = np.append(wider.middle, np.median(columns, axis=1))
    return replace(wider, names=names, middle=middle, draws=draws, new={name: one.like for name, one in new.items()})


def _faults(new: Mapping[str, NewProduct]) -> list[str]:
    known, told = products(), []
    for name, one in new.items():
        if name in known:
            told.append(f"{name} is a known product; leave it out")
        if one.like not in known:
            told.append(f"{name} is like {one.like!r}, which is not known; known: {', '.join(known)}")
        if not 0 < one.ratio < np.inf:
            told.append(f"the ratio of {name} is {one.ratio:g}; give one above 0")
    return told


def _drawn(posterior: Posterior, name: str) -> Floats:
    """Draws of an entry; its value in the library where no fit moves it (D,)."""
    if name in posterior.names:
        return posterior.draws[:, posterior.names.index(name)]
    return np.full(len(posterior.draws), load()[name].value)


def _repeated(posterior: Posterior) -> Posterior:
    draws, scatters = (np.repeat(part, _REPEATS, axis=0) for part in (posterior.draws, posterior.scatters))
    return replace(posterior, draws=draws, scatters=scatters)


def inform(
    posterior: Posterior,
    rows: Sequence[TrialRow],
    *,
    patients: int = 128,
    seed: int = 0,
    store: Store | None = None,
    tell: Callable[[int, int], object] = lambda _done, _all: None,
) -> Posterior:
    """The posterior after the reports of some arms: draws stand as often as they agree with them.

    Parameters
    ----------
    posterior
        Before.
    rows
        Arms with what they reported.
    patients
        Of each arm, a power of two.
    seed
        Of the effects of their trials.
    store
        Where solved layouts are kept; nowhere if None.
    tell
        Told how many draws are done, of how many; may raise to stop.

    Returns
    -------
    Posterior
        Its facts say how many rows were used (``known_rows``), how many draws are left (``known_effective_draws``), and
        which rows were not used and why (``known_rows_not_used``).

    Raises
    ------
    InvalidRequest
        If no row can be used.
    """
    asked = asked_of(rows, new=posterior.new)
    used = [one for one in asked if isinstance(one, Question) and one.row.value is not None]
    unused = [f"line {row.line}: {why}" for row, one in zip(rows, asked, strict=True) if (why := _why_not(one))]
    if not used:
        raise InvalidRequest(f"no row of the known arms can be used: {'; '.join(unused)}")
    wider = posterior if posterior.new else _repeated(posterior)
    model, count = build_model(used, patients=patients, store=store), len(wider.draws)
    # Other effects than those that predictions draw.
    effects = drawn_effects(model, wider.scatters, seed=seed + 1)
    found = np.empty((count, len(used)))
    for number, values in enumerate(wider.spread(count)):
        found[number] = model.predict(values, effects[number])
        tell(number + 1, count)
    logs = log_likelihoods(model, found, spreads=wider.scatters)
    kept = _as_often(logs)
    told = {"known_rows": len(used), "known_effective_draws": round(effective_share(logs) * count)}
    return replace(
        wider,
        middle=np.median(wider.draws[kept], axis=0),
        draws=wider.draws[kept],
        scatters=wider.scatters[kept],
        facts={**wider.facts, **told, "known_rows_not_used": "; ".join(unused)},
    )


def _why_not(one: Question | str) -> str:
    """Why nothing can be learned from a row; empty where it can."""
    if isinstance(one, str):
        return one
    return "" if one.row.value is not None else "reports no number"


def _as_often(logs: Floats) -> NDArray[np.int_]:
    """Which draws to keep, each as often as its weight says: systematic resampling (Kitagawa 1996), then any order."""
    weights = np.exp(logs - logs.max())
    edges = np.cumsum(weights) / weights.sum()
    places = (np.arange(len(logs)) + 0.5) / len(logs)
    kept = np.minimum(np.searchsorted(edges, places), len(logs) - 1)
    return np.random.default_rng(_STREAM).permutation(kept)
