"""A trial with other numbers than those of the evidence library, and what it comes to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from endplate.case import REGIONS
from endplate.course import Parameters
from endplate.course.lines import prepare_lines
from endplate.course.responses import MASSES, default_spread
from endplate.errors import InvalidRequest
from endplate.evidence import Library, load
from endplate.trial.block import BLOCK, Work, patients_of, prepared, seen
from endplate.trial.tally import Tally, added, empty, of_block
from endplate.trial.trial import Trial

__all__ = ["OUTCOMES", "Factor", "Outcome", "Variants"]

# JAX leaves parts of its interface without types.
_JAX: Any = jax
# Numbers of lid, brow, antitoxin, newtons and synergists move no line at maximum effort; others tell of other trials.
_APART = ("MRD1_0", "lid_", "ptosis", "brow.", "k_antitoxin", "onset_loss", "f_L", "g_c")
_OF_OTHERS = ("trial.between.", "trial.drift", "trial.open_label")
# Solved in tissue once, for minutes, so that its entries are held.
_SPREAD = "spread"
# Patients of a block share the population; and how far a probability may round.
_SHARED, _SLACK = "population", 1e-5
# Ranges wider than this are walked through in equal ratios.
_WIDE = 3.0


@dataclass(frozen=True, slots=True)
class Factor:
    """An entry of the evidence library that is varied.

    Parameters
    ----------
    name, meaning, unit
        Of the entry.
    low, high
        The range it is drawn from.
    ratio
        Whether it is drawn in equal ratios, as where the range is wide, or in equal steps.
    """

    name: str
    meaning: str
    unit: str
    low: float
    high: float
    ratio: bool

    def at(self, place: float) -> float:
        """The value at a place from 0 to 1 of the range."""
        if self.ratio:
            return float(self.low * (self.high / self.low) ** place)
        return float(self.low + (self.high - self.low) * place)


class Outcome(NamedTuple):
    """Name, meaning and unit of a result that is looked at."""

    name: str
    meaning: str
    unit: str


OUTCOMES = (
    Outcome("responders", "expected rate of the primary endpoint at the response visit", "%"),
    Outcome("peak", "highest expected rate of the primary endpoint at any visit", "%"),
    Outcome("duration", "time as a responder of the primary endpoint up to the last visit, mean over patients", "day"),
)


class _Home(NamedTuple):
    """Where an entry stands: part of the model, its field, and the place among regions where it differs by region."""

    part: str
    field: str
    row: int | None


class Variants:
    """One arm of a trial under any values of evidence entries.

    Parameters
    ----------
    trial
        What is asked; its first endpoint is looked at.
    arm
        Number of the arm, one with a treatment.
    patients
        Virtual patients, the same in every variant; rounded up to whole blocks.

    Raises
    ------
    InvalidRequest
        If the arm gives nothing, or the first endpoint is not told at visits.
    """

    def __init__(self, trial: Trial, arm: int, *, patients: int = BLOCK) -> None:
        plan, primary = trial.arms[arm].plan, trial.told[0]
        if plan is None:
            raise InvalidRequest(f"arm {trial.arms[arm].name!r} gives nothing; name an arm with a treatment")
        if primary.days(trial.timing) != trial.timing.visits:
            raise InvalidRequest(f"{primary.name} is not told at every visit; put another endpoint first")
        self.trial = replace(trial, arms=(trial.arms[arm],), endpoints=(primary.name,))
        self._blocks = -(-patients // BLOCK)
        with _JAX.enable_x64(True):
            self._work = prepared(self.trial)
        self._plan = plan
        variant = {"serotype": plan.product.serotype, "product": plan.product.code, "region": trial.region}
        self._homes = _homes(self._parts(self._work), variant)
        self._spread = default_spread(plan, np.array(MASSES), p=_typical(self._work).spread)

    @property
    def patients(self) -> int:
        """Virtual patients behind every variant."""
        return self._blocks * BLOCK

    def factors(self, names: tuple[str, ...] = (), *, library: Library | None = None) -> list[Factor]:
        """Entries that may move the results, with their ranges.

        Parameters
        ----------
        names
            Entries; if there are none, all that act on lines and raters and that the trial file leaves as they are.
            Those of spread are held: they would have the tissue solved anew in each run.
        library
            The packaged one if None.

        Raises
        ------
        InvalidRequest
            If entries do not act on the trial, have no range or stand twice; told all at once.
        """
        known = library or load()
        wrong = [one for one in (self._complaint(name, names, known) for name in dict.fromkeys(names)) if one]
        if wrong:
            raise InvalidRequest("; ".join(wrong))
        return [_factor(name, known) for name in names or self._acting(known)]

    def values(self, given: Mapping[str, float]) -> np.ndarray:
        """The outcomes, in the order of `OUTCOMES`, with these values of entries and the library's of all others."""
        with _JAX.enable_x64(True):
            work, total = self._with(given), empty(self.trial)
            for block in range(self._blocks):
                total = added(total, _followed(work, block))
        visits, sums = self.trial.timing.visits, total.by_endpoint(0)[self.trial.endpoints[0]]
        rate, days = 100 * sums.rate, np.array([0.0, *visits])
        held = np.concatenate([[0.0], rate]) / 100
        return np.array([rate[visits.index(self.trial.timing.response)], rate.max(), np.trapezoid(held, days)])

    def unsound(self, factors: Sequence[Factor], *, block: int, seed: int) -> int:
        """Patients of a block, each with values of his own of all factors, who give a number that cannot be.

        Values are drawn evenly over the ranges; those of the population, which patients share, once a block.

        Parameters
        ----------
        factors
            What is drawn.
        block
            Which patients; another block has other values.
        seed
            Of the draw of values.
        """
        place = np.random.default_rng([seed, block]).random((len(factors), BLOCK))
        given = {one.name: np.array([one.at(part) for part in row]) for one, row in zip(factors, place, strict=True)}
        with _JAX.enable_x64(True):
            work = self._with(given)
            crowd = patients_of(work, np.arange(block * BLOCK, (block + 1) * BLOCK), seed=self.trial.seed)
            found = seen(work, crowd, arm=0, counted=jnp.ones(BLOCK, bool))
            severity = np.asarray(found.severity.value)
            sound = np.isfinite(severity).all(axis=0) & np.asarray(found.severity.solved)
            for share in found.counts.shares.values():
                hits, among = (np.asarray(part) for part in share)
                # Probabilities in single precision may miss 0 and 1 by a little.
                sound &= ((hits >= -_SLACK) & (hits <= among + _SLACK) & (among <= 1 + _SLACK)).all(axis=0)
        return int(np.sum(~sound))

    def _with(self, given: Mapping[str, float | np.ndarray]) -> Work:
        parts = self._parts(self._work)
        for name, value in given.items():
            for home in self._homes[name]:
                part = parts[home.part]
                one = np.ravel(value)[0] if home.part == _SHARED or not np.ndim(value) else value
                parts[home.part] = replace(part, **{home.field: _changed(getattr(part, home.field), one, home.row)})
        population, raters = parts.pop("population"), parts.pop("trial")
        p = Parameters(**parts)
        # Without a table of doses, which would have to be made anew for each variant.
        days, region = self.trial.days, self.trial.region
        lines = prepare_lines(self._plan, region=region, days=days, p=p, spread=self._spread)
        return Work(self.trial, population, raters, (p,), (lines,))

    def _parts(self, work: Work) -> dict[str, Any]:
        p = _typical(work)
        stages: dict[str, Any] = {field.name: getattr(p, field.name) for field in fields(p)}
        return stages | {"trial": work.parameters, "population": work.population}

    def _acting(self, library: Library) -> list[str]:
        said = {*dict(self.trial.population), *dict(self.trial.raters)}
        raters = {f"{rater}_{field}" for rater in ("panel",) for field in ("noise", "bias", "expectation")}
        return [
            name
            for name, homes in self._homes.items()
            if not name.startswith((*_APART, *_OF_OTHERS))
            and not any(home.field in said | raters or home.part == _SPREAD for home in homes)
            and _range(name, library) is not None
        ]

    def _complaint(self, name: str, names: tuple[str, ...], library: Library) -> str | None:
        if names.count(name) > 1:
            return f"{name} stands twice"
        if name not in library:
            return str(library.unknown(name, "entry to vary"))
        if name not in self._homes or name.startswith(_OF_OTHERS):
            return f"{name} does not act on this arm; entries that do: {', '.join(self._acting(library))}"
        if any(home.part == _SPREAD for home in self._homes[name]):
            return f"{name} is of spread, which is solved once for all runs; leave it out"
        return None if _range(name, library) else f"{name} has neither a range nor a standard deviation in the library"


def _typical(work: Work) -> Parameters:
    (p,) = work.typical
    assert p is not None  # the arm gives something
    return p


def _followed(work: Work, block: int) -> Tally:
    crowd = patients_of(work, np.arange(block * BLOCK, (block + 1) * BLOCK), seed=work.trial.seed)
    return of_block([seen(work, crowd, arm=0, counted=jnp.ones(BLOCK, bool)).counts])


def _changed(old: Array, value: float | np.ndarray, row: int | None) -> Array:
    """A parameter with another value, or one for each patient."""
    if row is None:
        return jnp.asarray(value, old.dtype)
    wide = jnp.broadcast_to(old[:, None], (len(old), *np.shape(value))) if np.ndim(value) else old
    return wide.at[row].set(jnp.asarray(value, old.dtype))


def _homes(parts: Mapping[str, Any], variant: Mapping[str, str]) -> dict[str, list[_Home]]:
    """Every entry that the parameters of an arm are made of."""
    found: dict[str, list[_Home]] = {}
    for part, module in parts.items():
        for field in fields(module):
            symbol, per = field.metadata.get("evidence"), field.metadata.get("per")
            if symbol is not None:
                row = REGIONS.index(variant["region"]) if per == "region" else None
                name = symbol if per is None else f"{symbol}.{variant[per]}"
                found.setdefault(name, []).append(_Home(part, field.name, row))
    return found


def _range(name: str, library: Library) -> tuple[float, float] | None:
    """Low and high, or two standard deviations either way; None where nothing is known or nothing varies."""
    entry = library[name]
    low, high = entry.low, entry.high
    if low is None or high is None:
        if entry.sd is None:
            return None
        low, high = entry.value - 2 * entry.sd, entry.value + 2 * entry.sd
    return (low, high) if high > low else None


def _factor(name: str, library: Library) -> Factor:
    entry, (low, high) = library[name], _range(name, library) or (0.0, 0.0)
    return Factor(name, entry.meaning, entry.unit, low, high, ratio=low > 0 and high > _WIDE * low)
