"""Risks of a plan as data for tables, pages and programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from endplate.case import Case
from endplate.evidence import Library
from endplate.safety import antibodies, antitoxin_window, burden, overdose_words, risks, treated
from endplate.safety.antibody import LOST_RESPONSE
from endplate.safety.rescue import SIGNS, UNDOABLE
from endplate.safety.risk import Rate, Risk

__all__ = ["event_name", "percent", "plan_risks", "verdict_words"]

_NAMES = {"injection_site_haematoma": "haematoma", "injection_site_bruising": "bruise", "eyelid_ptosis": "lid droops"}
_NAMES |= {"eyelid_sensory_disorder": "lid feels odd", "eyelid_oedema": "swollen lid", "brow_ptosis": "brow drops"}
_NAMES |= {
    "neck_muscle_weakness": "weak neck",
    "dysphagia": "trouble with swallowing",
    "skin_tightness": "tight skin",
    "any_ae": "any event",
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


def verdict_words(one: Risk) -> str:
    """Whom an event is laid to, in words."""
    if not one.own:
        return "not counted here: from other products"
    return "laid to the drug" if one.blamed else "as under placebo"


def plan_risks(case: Case, library: Library, *, found: Sequence[Risk] | None = None) -> dict[str, Any]:
    """Everything about the risks of a plan, as plain data."""
    listed = risks(case, library) if found is None else found
    asked, window, free = treated(case, library), antitoxin_window(library), antibodies(case, library)
    return {
        "treated": None if asked is None else asdict(asked),
        "level": 0.9,
        "events": [asdict(one) | {"name": event_name(one.event), "words": verdict_words(one)} for one in listed],
        "burden": asdict(burden(case, listed, library=library)),
        "antibodies": asdict(free) | {"lost_response": list(LOST_RESPONSE)},
        "overdose": {
            "words": overdose_words(case, library),
            "signs": SIGNS,
            "antitoxin_hours": asdict(window),
            "rescue": list(UNDOABLE),
        },
    }
