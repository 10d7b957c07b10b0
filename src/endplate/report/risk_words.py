"""Risks of a plan as data for tables, pages and programs."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from endplate.case import Case
from endplate.evidence import Library
from endplate.safety import antibodies, antitoxin_window, overdose_words, treated
from endplate.safety.antibody import LOST_RESPONSE
from endplate.safety.joined import Event, Span
from endplate.safety.rescue import SIGNS, UNDOABLE
from endplate.safety.risk import Rate
from endplate.safety.trait import UNFOLLOWED, traits

__all__ = ["event_name", "percent", "plan_risks", "span_words", "verdict_words"]

_NAMES = {"injection_site_haematoma": "haematoma", "injection_site_bruising": "bruise", "eyelid_ptosis": "lid droops"}
_NAMES |= {"eyelid_sensory_disorder": "lid feels odd", "eyelid_oedema": "swollen lid", "brow_ptosis": "brow drops"}
_NAMES |= {
    "neck_muscle_weakness": "weak neck",
    "dysphagia": "trouble with swallowing",
    "skin_tightness": "tight skin",
    "any_ae": "any event",
    "brow_arch": "arched (Spock) brow",
    "smile_asymmetry": "uneven smile",
    "diplopia": "double vision",
    "dry_eye": "dry eye, weak closure",
    "flu_like": "flu-like complaints",
    "taste_perversion": "altered taste",
}


def event_name(event: str) -> str:
    """An event in words.

    Examples
    --------
    >>> event_name("dry_mouth")
    'dry mouth'
    """
    return _NAMES.get(event, event.replace("_", " ").replace("injection site", "needle"))


def percent(rate: Rate) -> str:
    """A share with its interval.

    Examples
    --------
    >>> percent(Rate(-0.021, 0.012, 0.043))
    '1.2 (−2.1 to 4.3)'
    """
    low, middle, high = (f"{100 * one:.1f}".replace("-", "−") for one in (rate.low, rate.middle, rate.high))
    return f"{middle} ({low} to {high})"


def span_words(span: Span | None) -> str:
    """Days with the range of nine in ten.

    Examples
    --------
    >>> span_words(Span(2.0, 6.0, 18.0)), span_words(None)
    ('6 (2 to 18)', '–')
    """
    if span is None:
        return "–"
    low, middle, high = (f"{one:.0f}" for one in (span.low, span.middle, span.high))
    return middle if low == high else f"{middle} ({low} to {high})"


def verdict_words(one: Event) -> str:
    """Where an event is from and whom it is laid to, in words."""
    if one.origin == "counts":
        return ("trials" if one.blamed else "trials: as under placebo") if one.own else "other products or regions"
    words = "model" if one.blamed else "model: nobody"
    if one.check is None:
        return words
    return f"{words}; trials {percent(one.check)}" + ("" if one.agrees else ", which differs")


def plan_risks(case: Case, library: Library) -> dict[str, Any]:
    """What is told of the risks of a plan beside its adverse events, as plain data."""
    asked, window, free = treated(case, library), antitoxin_window(library), antibodies(case, library)
    return {
        "treated": None if asked is None else asdict(asked),
        "level": 0.9,
        "traits": [asdict(one) for one in traits(case)],
        "unfollowed": UNFOLLOWED,
        "antibodies": asdict(free) | {"lost_response": list(LOST_RESPONSE)},
        "overdose": {
            "words": overdose_words(case, library),
            "signs": SIGNS,
            "antitoxin_hours": asdict(window),
            "rescue": list(UNDOABLE),
        },
    }
