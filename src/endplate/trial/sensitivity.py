"""Which unknowns matter: Morris' elementary effects and Sobol's indices of a trial's results, by SALib."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from endplate.errors import EndplateError, InvalidRequest
from endplate.evidence import load
from endplate.trial.vary import OUTCOMES, Factor, Variants

try:
    from SALib.analyze import morris as morris_analysis
    from SALib.analyze import sobol as sobol_analysis
    from SALib.sample import morris as morris_sample
    from SALib.sample import sobol as sobol_sample
except ModuleNotFoundError as missing:
    raise EndplateError(
        f"sensitivity needs the package {missing.name}; install it: pip install 'endplate[sensitivity]'"
    ) from None

__all__ = ["Index", "Sensitivity", "morris", "sobol"]

# SALib leaves its interface without types.
_SALIB: dict[str, Any] = {
    "morris_sample": morris_sample.sample,
    "morris": morris_analysis.analyze,
    "sobol_sample": sobol_sample.sample,
    "sobol": sobol_analysis.analyze,
}
_LEVELS = 4
_CONFIDENCE = 0.95

Progress = Callable[[int, int], object]


@dataclass(frozen=True, slots=True)
class Index:
    """How much one entry moves one outcome.

    Parameters
    ----------
    entry, outcome
        Names.
    alone, alone_error
        Sobol: share of the variance that the entry explains alone, S₁ [1]. Morris: mean absolute effect
        of walking through the entry's range, μ* [unit of the outcome]. With half of its 95 % interval.
    whole, whole_error
        Sobol: share with all its interplay, S_T [1], and half of its 95 % interval. Morris: standard deviation
        of the effects, σ, large where the effect follows other entries or bends [unit of the outcome]; no error.
    """

    entry: str
    outcome: str
    alone: float
    alone_error: float
    whole: float
    whole_error: float | None


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """Indices of all entries that were varied, and what they were worked out from.

    Parameters
    ----------
    method
        "Sobol" or "Morris".
    arm, endpoint
        What was looked at.
    factors
        What was varied; every other number was held at the library's value or at that of the trial file.
    indices
        By outcome, the largest `whole` (Sobol) or `alone` (Morris) first.
    centre
        Outcomes with nothing varied, and their smallest, middle and largest value over all runs.
    runs, patients, seed
        Model runs, virtual patients behind each, and the seed.
    evidence
        Hash of the evidence library.
    """

    method: str
    arm: str
    endpoint: str
    factors: tuple[Factor, ...]
    indices: tuple[Index, ...]
    centre: tuple[tuple[str, float, float, float, float], ...]
    runs: int
    patients: int
    seed: int
    evidence: str

    def of(self, outcome: str) -> list[Index]:
        """The indices of an outcome, the largest first."""
        return [one for one in self.indices if one.outcome == outcome]

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        plain = asdict(self)
        names = ("outcome", "nothing_varied", "lowest", "median", "highest")
        plain["centre"] = [dict(zip(names, one, strict=True)) for one in self.centre]
        plain["outcomes"] = [one._asdict() for one in OUTCOMES]
        return plain


def morris(
    variants: Variants, factors: Sequence[Factor], *, trajectories: int = 10, seed: int = 0, progress: Progress
) -> Sensitivity:
    """Morris' screening: cheap, and ranks many entries.

    Parameters
    ----------
    variants
        The arm of a trial.
    factors
        What is varied, at least two.
    trajectories
        Walks through the ranges; each costs one run more than there are factors.
    seed
        Of the walks.
    progress
        Called with the number of runs done and of all; may raise to stop.

    Raises
    ------
    InvalidRequest
        If fewer than two factors are given.
    """
    problem = _problem(factors)
    places = _SALIB["morris_sample"](problem, trajectories, num_levels=_LEVELS, seed=seed)
    found = _runs(variants, factors, places, progress)
    indices: list[Index] = []
    for column, outcome in enumerate(OUTCOMES):
        told = _SALIB["morris"](problem, places, found[:, column], num_levels=_LEVELS, seed=seed)
        parts = zip(factors, told["mu_star"], told["mu_star_conf"], told["sigma"], strict=True)
        rows = [Index(f.name, outcome.name, float(a), float(e), float(w), None) for f, a, e, w in parts]
        indices += sorted(rows, key=lambda one: -one.alone)
    return _told("Morris", variants, factors, indices, found)


def sobol(
    variants: Variants, factors: Sequence[Factor], *, base: int = 128, seed: int = 0, progress: Progress
) -> Sensitivity:
    """Sobol's indices: shares of the variance, each with a bootstrap interval.

    Parameters
    ----------
    variants, factors, progress
        As for `morris`.
    base
        Size of the base sample, a power of two; a run costs two more than there are factors times this.
    seed
        Of the sample.

    Raises
    ------
    InvalidRequest
        If fewer than two factors are given, or `base` is no power of two.
    """
    if base < 2 or base & (base - 1):
        raise InvalidRequest(f"the base sample is {base}; give a power of two, such as 128")
    problem = _problem(factors)
    places = _SALIB["sobol_sample"](problem, base, calc_second_order=False, seed=seed)
    found = _runs(variants, factors, places, progress)
    indices: list[Index] = []
    for column, outcome in enumerate(OUTCOMES):
        told = _SALIB["sobol"](problem, found[:, column], calc_second_order=False, conf_level=_CONFIDENCE, seed=seed)
        parts = zip(factors, *(told[name] for name in ("S1", "S1_conf", "ST", "ST_conf")), strict=True)
        rows = [Index(f.name, outcome.name, *(float(part) for part in own)) for f, *own in parts]
        indices += sorted(rows, key=lambda one: -one.whole)
    return _told("Sobol", variants, factors, indices, found)


def _problem(factors: Sequence[Factor]) -> dict[str, Any]:
    if len(factors) < 2:
        raise InvalidRequest(f"{len(factors)} entries are varied; give at least two")
    return {"num_vars": len(factors), "names": [one.name for one in factors], "bounds": [[0.0, 1.0]] * len(factors)}


def _runs(variants: Variants, factors: Sequence[Factor], places: np.ndarray, progress: Progress) -> np.ndarray:
    """Outcomes of all runs (N, outcome)."""
    found = np.empty((len(places), len(OUTCOMES)))
    for number, row in enumerate(places):
        progress(number, len(places))
        found[number] = variants.values({one.name: one.at(place) for one, place in zip(factors, row, strict=True)})
    progress(len(places), len(places))
    if not np.isfinite(found).all():
        count = int(np.sum(~np.isfinite(found).all(axis=1)))
        raise EndplateError(f"{count} of {len(found)} runs gave no finite outcome; narrow the ranges")
    return found


def _told(
    method: str, variants: Variants, factors: Sequence[Factor], indices: list[Index], found: np.ndarray
) -> Sensitivity:
    typical = variants.values({})
    spread = (found.min(axis=0), np.median(found, axis=0), found.max(axis=0))
    rows = zip(OUTCOMES, typical, *spread, strict=True)
    centre = tuple((one.name, float(a), float(b), float(c), float(d)) for one, a, b, c, d in rows)
    trial = variants.trial
    made = {"runs": len(found), "patients": variants.patients, "seed": trial.seed, "evidence": load().hash}
    what = (trial.arms[0].name, trial.endpoints[0])
    return Sensitivity(method, *what, tuple(factors), tuple(indices), centre, **made)
