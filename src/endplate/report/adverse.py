"""From patients that were followed and arms that were counted to one answer on adverse events, and to plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from endplate.case import Case
from endplate.evidence import Library, load
from endplate.population.adverse import Followed, Told, background, by_toxin, follow_session
from endplate.population.happening import EFFECTS, Record
from endplate.report.document import finite
from endplate.report.risk_words import event_name, plan_risks, verdict_words
from endplate.report.words import DISCLAIMER
from endplate.safety import risks
from endplate.safety.joined import DAYS, MODELLED, Answer, Derived, Span, join
from endplate.safety.risk import DRAWS
from endplate.solve.waiting import begun_and_not_ended, mean_of

__all__ = ["answer_of", "derived_of", "plain_answer", "plain_risks", "risks_document"]

Floats = NDArray[np.float64]

_SCALE_95 = 1.959963984540054  # of a normal distribution: an interval of 95 %
_TAIL = 0.05
_HEAD = "head"
# Entries of the empirical term, and of what counts as each effect.
_TERMS = {"lid_ptosis": ("lid_background", "lid_slope"), "dysphagia": ("throat_background", "throat_slope")}
_BOUNDS = {
    "lid_ptosis": "ptosis_threshold",
    "brow_drop": "effect.brow_drop",
    "brow_arch": "effect.brow_arch",
    "smile_asymmetry": "effect.smile_asymmetry",
    "weak_closure": "effect.closure_loss",
    "dysphagia": "effect.swallowing_loss",
    "neck_weakness": "effect.neck_loss",
}


def answer_of(
    case: Case, library: Library, *, patients: int, told: Told | None = None
) -> tuple[Answer, Followed | None]:
    """The adverse events of a case, and the patients that were followed for it.

    Parameters
    ----------
    case
        The case; the session with most units counts.
    library
        The evidence library.
    patients
        How many are followed; with 0 the model is not asked. It is not asked of plans outside the head either.
    told
        See `follow_session`.
    """
    inside = any(one.frame == _HEAD for one in case.plan.injections)
    followed = None
    if patients and inside:
        followed = follow_session(case.plan, case.patient, count=patients, seed=case.seed, told=told)
    derived = [] if followed is None else derived_of(followed, library)
    return join(case, risks(case, library), derived=derived, library=library), followed


def risks_document(case: Case, *, patients: int, told: Told | None = None) -> dict[str, Any]:
    """Everything that is told of the risks of a case, as plain data; see `answer_of`."""
    answer, followed = answer_of(case, load(), patients=patients, told=told)
    return plain_risks(case, answer, followed=followed)


def plain_risks(case: Case, answer: Answer, *, followed: Followed | None) -> dict[str, Any]:
    """The document of an answer that is there already."""
    head = {"title": case.title, "product": case.plan.product.code, "disclaimer": DISCLAIMER}
    events = plain_answer(answer, followed, library=load())
    return finite(head | plan_risks(case, load()) | events | {"library": load().hash})


def derived_of(followed: Followed, library: Library) -> list[Derived]:
    """What the model says of each adverse event, with draws for the interval.

    The interval holds how few patients were drawn, and the range of the empirical term; not the model's own error.
    """
    rng = np.random.default_rng(followed.seed)
    return [_derived(name, followed, library, rng) for name in MODELLED]


def plain_answer(answer: Answer, followed: Followed | None, *, library: Library) -> dict[str, Any]:
    """The answer as plain data for JSON."""
    return {
        "days": DAYS.tolist(),
        "events": [asdict(one) | {"name": event_name(one.event), "words": verdict_words(one)} for one in answer.events],
        "total": asdict(answer.total),
        "unknown": [{"event": name, "name": event_name(name), "words": why} for name, why in answer.unknown.items()],
        "model": None if followed is None else _plain_model(followed, library),
    }


def _derived(name: str, followed: Followed, library: Library, rng: np.random.Generator) -> Derived:
    seen, patients = followed.records[name], max(followed.patients, 1)
    number = int(seen.has.sum())
    spread = rng.beta(number + 0.5, patients - number + 0.5, DRAWS)
    placebo, further = _remainder_draws(name, followed, library, rng)
    empirical = float(by_toxin(followed.remainder, name, seen=seen).mean()) if followed.patients else 0.0
    first, held, weight = _course(name, followed, empirical)
    if not len(first) and empirical:
        return _timed_by_entries(name, (placebo, spread + further), library, empirical)
    there = [float(weight @ ((first <= day) & (day < first + held))) for day in DAYS] if len(first) else 0.0 * DAYS
    return Derived(
        name,
        placebo,
        spread + further,
        onset=_span(first, weight),
        lasting=_span(held, weight),
        timing="model" if len(first) else None,
        prevalence=np.asarray(there),
        mean_days=float(weight @ held) if len(first) else 0.0,
        empirical=empirical,
    )


def _remainder_draws(
    name: str, followed: Followed, library: Library, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Draws of the share by the empirical term: without toxin, and because of it."""
    seen, rest, nothing = followed.records[name], followed.remainder, np.zeros(DRAWS)
    hazard = rest.hazard(name, seen.exposed)
    if name not in _TERMS or not np.any(hazard > 0):
        return nothing, nothing
    factors = [_factors(f"remainder.{term}", library, rng) for term in _TERMS[name]]
    still = -np.log1p(-background(rest, name, exposed=seen.exposed))
    slope = hazard - still
    base = -np.expm1(-factors[0][:, None] * still)
    whole = -np.expm1(-(factors[0][:, None] * still + factors[1][:, None] * slope))
    return np.where(seen.has, 0.0, base).mean(axis=1), np.where(seen.has, 0.0, whole - base).mean(axis=1)


def _factors(name: str, library: Library, rng: np.random.Generator) -> Floats:
    """Draws of an entry over its value: log-normal, each side with its own spread; the range is one of 95 %."""
    entry, normal = library[name], rng.standard_normal(DRAWS)
    low, high = (abs(np.log(edge / entry.value)) / _SCALE_95 for edge in (entry.low, entry.high) if edge)
    return np.exp(normal * np.where(normal < 0, low, high))


def _course(name: str, followed: Followed, empirical: float) -> tuple[Floats, Floats, Floats]:
    """First day, days and weight of those who have an effect: by spread as modelled, and lids by the remainder."""
    seen, droop = followed.records[name], followed.droop
    first, held = seen.first[seen.has], seen.held[seen.has]
    weight = np.full(len(first), 1.0 / max(followed.patients, 1))
    if name == "lid_ptosis" and droop is not None and len(droop.first):
        first, held = np.concatenate([first, droop.first]), np.concatenate([held, droop.held])
        weight = np.concatenate([weight, np.full(len(droop.first), empirical / len(droop.first))])
    return first, held, weight / weight.sum() if len(weight) else weight


def _span(days: Floats, weight: Floats) -> Span | None:
    if not len(days):
        return None
    order = np.argsort(days)
    along = np.cumsum(weight[order]) - 0.5 * weight[order]
    return Span(*(float(np.interp(share, along, days[order])) for share in (_TAIL, 0.5, 1.0 - _TAIL)))


def _timed_by_entries(name: str, draws: tuple[Floats, Floats], library: Library, empirical: float) -> Derived:
    """An effect of the empirical term alone: begin and length are those of the counted event."""
    event, shape = MODELLED[name], library["adverse_shape"].value
    entries = [library[f"adverse_{kind}.{event}"] for kind in ("onset", "lasting")]
    begin, length = (entry.value for entry in entries)
    there = begun_and_not_ended(DAYS, begin=begin, length=length, shape=shape)
    onset, lasting = (Span.around(median, shape) for median in (begin, length))
    return Derived(name, *draws, onset, lasting, entries[0].grade, there, mean_of(length, shape), empirical)


def _plain_model(followed: Followed, library: Library) -> dict[str, Any]:
    droop = followed.droop
    return {
        "patients": followed.patients,
        "failed": followed.failed,
        "seed": followed.seed,
        "interval": "90 %: of the draw of patients and the range of the empirical term, not the error of the model",
        "lid_exposure_factor": None if droop is None else droop.factor,
        "effects": {name: _plain_record(name, one, library) for name, one in followed.records.items()},
    }


def _plain_record(name: str, one: Record, library: Library) -> dict[str, Any]:
    """What counts, and the share if the bound were at either end of its range."""
    entry = library[_BOUNDS[name]] if name in _BOUNDS else None
    ends = [] if entry is None else [edge for edge in (entry.low, entry.high) if edge is not None]
    shares: Mapping[str, float] = {f"{edge:g}": float((one.largest >= edge).mean()) for edge in ends}
    return {
        "effect": EFFECTS[name],
        "number": int(one.has.sum()),
        "counts_from": one.threshold,
        "unit": one.unit,
        "share_by_bound": shares,
        "largest": [float(value) for value in np.quantile(one.largest, [_TAIL, 0.5, 1.0 - _TAIL])],
    }
