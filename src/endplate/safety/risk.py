"""Adverse events that trials counted: what a plan may bring beyond placebo, from when and for how long."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from endplate.case import Case
from endplate.evidence import Library
from endplate.evidence.counts import PLACEBO, Count, adverse_counts
from endplate.safety.chart import chart_of
from endplate.safety.pooling import Pooled, pool
from endplate.solve.logistic import chance
from endplate.solve.waiting import begun_and_not_ended

__all__ = ["DRAWS", "LEVEL", "Rate", "Risk", "Treated", "counted_whole", "expect", "risks", "treated"]

LEVEL = 0.9
DRAWS, _SEED = 4000, 20
_WHOLE = "any_ae"
# Events that the model derives from spread and force; the counts stand beside them as what trials saw.
_OF_SPREAD = ("eyelid_ptosis", "brow_ptosis", "dysphagia", "neck_muscle_weakness", "dry_eye")
_CLASSES = {
    "upper face": ("glabella", "forehead", "lateral_canthus", "upper_face"),
    "neck": ("neck",),
    "eyelid": ("eyelid",),
}


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of patients with its 90 % interval."""

    low: float
    middle: float
    high: float

    @classmethod
    def of(cls, draws: NDArray[np.float64]) -> Rate:
        """Median and interval of draws."""
        tail = (1.0 - LEVEL) / 2.0
        low, middle, high = np.quantile(draws, [tail, 0.5, 1.0 - tail]).tolist()
        return cls(low, middle, high)


@dataclass(frozen=True, slots=True)
class Risk:
    """One adverse event of a plan.

    Parameters
    ----------
    event
        Its name in the table of counts.
    placebo, active, added
        Share of patients under placebo, under the plan, and the difference that is the drug's.
    blamed
        Whether the whole interval of the difference lies above zero; else the event is as
        usual under placebo, as far as trials can tell.
    onset, lasting : [day]
        Medians of begin and length; None if the library has none.
    of_spread
        Whether the model derives the event from spread and force too.
    own
        Whether a trial of this product in these regions counted it; else it is taken over from
        other products and regions, with all their spread.
    shape
        Of the distributions of begin and length.
    """

    event: str
    placebo: Rate
    active: Rate
    added: Rate
    blamed: bool
    onset: float | None
    lasting: float | None
    of_spread: bool
    own: bool
    shape: float

    def prevalence(self, days: NDArray[np.float64]) -> NDArray[np.float64]:
        """Share of patients who have the event on each day because of the drug.

        Begin and length are gamma-distributed around their medians, with `shape`; zero if a
        median is not known.

        Parameters
        ----------
        days : (T,) [day]
            Since the treatment.
        """
        if self.onset is None or self.lasting is None:
            return np.zeros_like(days)
        there = begun_and_not_ended(days, begin=self.onset, length=self.lasting, shape=self.shape)
        return max(self.added.middle, 0.0) * there


@dataclass(frozen=True, slots=True)
class Treated:
    """What trials are asked about: a dose of a product in regions of one part of the body.

    Parameters
    ----------
    part
        ``upper face``, ``neck`` or ``eyelid``.
    regions
        Joined by ``+`` in the order of the alphabet.
    product, dose : [U of the product]
        Given there in the session with most units.
    """

    part: str
    regions: str
    product: str
    dose: float


def treated(case: Case, library: Library) -> Treated | None:
    """What the session with most units treats; None where no trial of the table treated.

    Examples
    --------
    >>> from endplate.case.file import parse_case, write_template
    >>> from endplate.evidence import load
    >>> treated(parse_case(write_template("upper-face-64u")), load()).regions
    'forehead+glabella+lateral_canthus'
    """
    if not case.plan.injections:
        return None
    session = int(np.argmax(case.plan.total_dose))
    points = [one for one in chart_of(case, library).points if one.session == session]
    for part, members in _CLASSES.items():
        own = [one for one in points if one.region in members]
        if own:
            dose = sum(one.injection.dose for one in own)
            return Treated(part, "+".join(sorted({one.region for one in own})), case.plan.product.code, dose)
    return None


def risks(case: Case, library: Library) -> list[Risk]:
    """Adverse events of the session with most units, the likeliest first; none where no trial of the table treated.

    Parameters
    ----------
    case
        The case; trials tell of adults, and nothing here follows the patient.
    library
        The evidence library, for priors, begin and length.
    """
    asked = treated(case, library)
    found = [] if asked is None else [_risk(event, asked, library) for event in _events(asked.part)]
    return sorted(found, key=lambda one: (not one.own, not one.blamed, -one.added.middle))


def expect(
    event: str, asked: Treated, *, library: Library, trial: str | None = None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Draws of the share of patients with an event, under placebo and under what is asked about.

    Without a trial, the placebo level is that of the trial of this product in these regions, or
    of a further one.
    """
    base, active = _pooled(event, library).log_odds(
        asked.product,
        treated=asked.regions,
        dose=asked.dose,
        trial=trial or _trial(event, asked),
        count=DRAWS,
        seed=_SEED,
    )
    return chance(base), chance(active)


def counted_whole(asked: Treated, library: Library) -> Rate | None:
    """What trials counted as any adverse event beyond placebo, of every kind and cause; None if they did not."""
    if _trial(_WHOLE, asked) is None:
        return None
    base, active = expect(_WHOLE, asked, library=library)
    return Rate.of(active - base)


def _risk(event: str, asked: Treated, library: Library) -> Risk:
    base, active = expect(event, asked, library=library)
    added = Rate.of(active - base)
    onset, lasting = (
        library[name].value if (name := f"adverse_{kind}.{event}") in library else None for kind in _TIMES
    )
    return Risk(
        event,
        Rate.of(base),
        Rate.of(active),
        added,
        added.low > 0.0,
        onset=onset,
        lasting=lasting,
        of_spread=event in _OF_SPREAD,
        own=_trial(event, asked) is not None,
        shape=library["adverse_shape"].value,
    )


_TIMES = ("onset", "lasting")


def _pooled(event: str, library: Library) -> Pooled:
    """The pooled arms of an event; each library is asked once."""
    key = event, library.hash
    if key not in _KEPT:
        _KEPT[key] = pool(_rows(event), library)
    return _KEPT[key]


_KEPT: dict[tuple[str, str], Pooled] = {}


@cache
def _rows(event: str) -> tuple[Count, ...]:
    return tuple(one for one in adverse_counts() if one.event == event)


def _events(part: str) -> list[str]:
    """Events that a trial with placebo counted in a part of the body."""
    members = set(_CLASSES[part])
    compared = {
        one.event
        for one in adverse_counts()
        if one.product == PLACEBO and not members.isdisjoint(one.treated.split("+"))
    }
    return sorted(compared - {_WHOLE})


def _trial(event: str, asked: Treated) -> str | None:
    """The first trial of this product in these regions that counted the event."""
    group = asked.product, asked.regions
    return next((one.trial for one in _rows(event) if (one.product, one.treated) == group), None)
