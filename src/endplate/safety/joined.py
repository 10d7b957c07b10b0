"""One answer: what follows from spread and force, what trials counted, and what both add up to for a plan.

No event stands twice. What the model derives is taken from it, with the rate of trials beside it as a check; the
rest is what trials counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from endplate.case import Case
from endplate.evidence import Library
from endplate.evidence.counts import adverse_counts
from endplate.safety.risk import DRAWS, Rate, Risk, counted_whole, expect, treated
from endplate.solve.waiting import mean_of, range_of

__all__ = ["ASKED", "DAYS", "MODELLED", "Answer", "Derived", "Event", "Span", "Total", "join", "unknown"]

Floats = NDArray[np.float64]

# Days on which the share of patients with an event is told: as long as patients are followed.
DAYS = np.arange(0.0, 180.0)
_TAIL = 0.05
_GUESS = "assumed"
# Effects of the model, and the event of the counts that is the same; the model's own name where nobody counted it.
MODELLED: Mapping[str, str] = {
    "lid_ptosis": "eyelid_ptosis",
    "brow_drop": "brow_ptosis",
    "brow_arch": "brow_arch",
    "smile_asymmetry": "smile_asymmetry",
    "diplopia": "diplopia",
    "weak_closure": "dry_eye",
    "dysphagia": "dysphagia",
    "neck_weakness": "neck_muscle_weakness",
}
# What is asked about after every treatment: an answer that leaves one out would look like none.
ASKED = (
    *("headache", "nausea", "tiredness", "anxiety", "flu_like", "dry_mouth"),
    *("injection_site_pain", "injection_site_bruising", "injection_site_haematoma"),
)


@dataclass(frozen=True, slots=True)
class Span:
    """5 %, median and 95 % over patients who have an event [day]."""

    low: float
    middle: float
    high: float

    @classmethod
    def of(cls, days: Floats) -> Span:
        """Quantiles of days."""
        return cls(*(float(one) for one in np.quantile(days, [_TAIL, 0.5, 1.0 - _TAIL])))

    @classmethod
    def around(cls, median: float, shape: float) -> Span:
        """Of a gamma distribution."""
        return cls(*range_of(median, shape, tail=_TAIL))


@dataclass(frozen=True, slots=True)
class Derived:
    """An event as the model derives it.

    Parameters
    ----------
    effect
        Its name in the model.
    placebo, added
        Draws of the share of patients who report it without toxin, and because of it.
    onset, lasting : [day]
        Over those who have it because of the drug; None if nobody has.
    timing
        ``model``, or the grade of the entries that begin and length are from.
    prevalence
        Share of them who have it on each of `DAYS`.
    mean_days
        Days with it on average over those who have it.
    empirical
        Share that an empirical term adds to spread as modelled; 0 if there is none.
    """

    effect: str
    placebo: Floats
    added: Floats
    onset: Span | None
    lasting: Span | None
    timing: str | None
    prevalence: Floats
    mean_days: float
    empirical: float


@dataclass(frozen=True, slots=True)
class Event:
    """One adverse event of a plan.

    Parameters
    ----------
    event
        Its name in the table of counts, or in the model.
    origin
        ``model``, ``counts`` or ``both``: then the model is used, and the counts are the check.
    placebo, added, total
        Share of patients without the drug, because of it, and of any cause.
    blamed
        Whether it is laid to the drug.
    own
        Whether the model or a trial of this product in these regions tells of it.
    onset, lasting : [day]
        Begin and length; None if nothing is known.
    timing
        Where begin and length are from: ``model``, or the grade of their entries.
    days
        Days with the event because of the drug, on average over all patients.
    prevalence
        Share of patients who have it because of the drug on each of `DAYS`.
    check
        What trials counted, where the model is used; `agrees` if the intervals of both overlap.
    published
        Begin and length as texts and labels give them (lower end, middle, upper end), where they do.
    empirical
        See `Derived`.
    """

    event: str
    origin: str
    placebo: Rate
    added: Rate
    total: Rate
    blamed: bool
    own: bool
    onset: Span | None
    lasting: Span | None
    timing: str | None
    days: float
    prevalence: tuple[float, ...]
    check: Rate | None = None
    agrees: bool | None = None
    published: tuple[Span, Span] | None = None
    empirical: float = 0.0


@dataclass(frozen=True, slots=True)
class Total:
    """What the events of a plan add up to, as if they were independent.

    Parameters
    ----------
    events
        Events because of the drug, expected in a patient.
    days : [day]
        Days with an event because of the drug, expected in a patient; two on one day count twice.
    any
        Share of patients with at least one event because of the drug.
    any_cause
        Share of patients with at least one of these events, whatever its cause.
    counted
        Events that went in; the others are at the level of placebo or not known for this product.
    trials
        What trials counted as any adverse event beyond placebo, of every kind and cause, if they did.
    """

    events: Rate
    days: Rate
    any: Rate
    any_cause: Rate
    counted: tuple[str, ...]
    trials: Rate | None


@dataclass(frozen=True, slots=True)
class Answer:
    """All adverse events of a plan, the likeliest first, and what they add up to."""

    events: tuple[Event, ...]
    total: Total
    unknown: Mapping[str, str]


def join(case: Case, found: Sequence[Risk], *, derived: Sequence[Derived], library: Library) -> Answer:
    """One answer from both sources.

    Parameters
    ----------
    case
        The case.
    found
        Of `risks`.
    derived
        Of the model; none if it was not asked.
    library
        The evidence library.
    """
    asked = treated(case, library)
    rates = {one.event: one for one in found}
    model = {MODELLED[one.effect]: one for one in derived}
    draws = {} if asked is None else {name: expect(name, asked, library=library) for name in rates}
    made = [
        *(
            _from_model(one, rates.get(name), draws.get(name), published=_published(name, library))
            for name, one in model.items()
        ),
        *(_from_counts(rates[name], *both, library=library) for name, both in draws.items() if name not in model),
    ]
    events = sorted((one for one, _ in made), key=lambda one: (not one.own, not one.blamed, -one.added.middle))
    whole = None if asked is None else counted_whole(asked, library)
    return Answer(tuple(events), _total(made, whole), unknown(case, rates, library=library))


def unknown(case: Case, known: Mapping[str, Risk], *, library: Library) -> dict[str, str]:
    """Events of `ASKED` of which the table of counts tells nothing for these regions, and why.

    Examples
    --------
    >>> from endplate.case.file import parse_case, write_template
    >>> from endplate.evidence import load
    >>> unknown(parse_case(write_template("glabella-20u")), {}, library=load())["anxiety"]
    'not known: no row of any trial'
    """
    asked = treated(case, library)
    part = "these regions" if asked is None else f"the {asked.part}"
    counted = {one.event for one in adverse_counts()}
    return {
        name: f"not known: no row with placebo for {part}" if name in counted else "not known: no row of any trial"
        for name in ASKED
        if name not in known
    }


Made = tuple[Event, tuple[Floats, Floats]]


def _published(event: str, library: Library) -> tuple[Span, Span] | None:
    names = [f"adverse_{kind}.{event}" for kind in ("onset", "lasting")]
    if not all(name in library and library[name].grade != _GUESS for name in names):
        return None
    onset, lasting = (_range(library, name) for name in names)
    return onset, lasting


def _range(library: Library, name: str) -> Span:
    one = library[name]
    return Span(one.value if one.low is None else one.low, one.value, one.value if one.high is None else one.high)


def _from_model(
    one: Derived,
    rate: Risk | None,
    draws: tuple[Floats, Floats] | None,
    *,
    published: tuple[Span, Span] | None,
) -> Made:
    name = MODELLED[one.effect]
    own = rate is not None and rate.own
    # The model knows no patient without toxin; where trials do, the placebo part is theirs.
    base = draws[0] if own and draws is not None and not one.placebo.any() else one.placebo
    total, check = Rate.of(base + one.added), rate.active if rate is not None and own else None
    mean = float(one.added.mean()) if one.onset is not None else 0.0
    event = Event(
        name,
        "both" if check else "model",
        placebo=Rate.of(base),
        added=Rate.of(one.added),
        total=total,
        blamed=one.onset is not None,
        own=True,
        onset=one.onset,
        lasting=one.lasting,
        timing=one.timing,
        days=mean * one.mean_days,
        prevalence=tuple((mean * one.prevalence).tolist()),
        check=check,
        agrees=None if check is None else check.low <= total.high and total.low <= check.high,
        published=published,
        empirical=one.empirical,
    )
    return event, (base, one.added)


def _from_counts(one: Risk, base: Floats, active: Floats, *, library: Library) -> Made:
    spans = [None if days is None else Span.around(days, one.shape) for days in (one.onset, one.lasting)]
    grade = library[f"adverse_onset.{one.event}"].grade if one.onset is not None else None
    mean = 0.0 if one.lasting is None else mean_of(one.lasting, one.shape)
    event = Event(
        one.event,
        "counts",
        placebo=one.placebo,
        added=one.added,
        total=one.active,
        blamed=one.blamed,
        own=one.own,
        onset=spans[0],
        lasting=spans[1],
        timing=grade,
        days=float(np.mean(active - base)) * mean,
        prevalence=tuple(one.prevalence(DAYS).tolist()),
    )
    return event, (base, active - base)


def _total(made: Sequence[Made], trials: Rate | None) -> Total:
    """Over what is laid to the drug here, by the model or by trials of this product in these regions."""
    events, days, free, clean = (np.zeros(DRAWS), np.zeros(DRAWS), np.ones(DRAWS), np.ones(DRAWS))
    for one, (base, added) in made:
        if not one.own or (one.origin != "counts" and not one.blamed):
            continue
        clean = clean * (1.0 - np.clip(base + added, 0.0, 1.0))
        if one.blamed:
            share = np.clip(added, 0.0, 1.0)
            events = events + share
            days = days + share * (one.days / float(added.mean()) if added.mean() > 0 else 0.0)
            free = free * (1.0 - share)
    counted = tuple(one.event for one, _ in made if one.own and one.blamed)
    return Total(Rate.of(events), Rate.of(days), Rate.of(1.0 - free), Rate.of(1.0 - clean), counted, trials)
