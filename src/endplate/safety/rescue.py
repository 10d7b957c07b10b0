"""Overdose and rescue: signs and their time, how long antitoxin still finds toxin, and what cannot be undone."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, inf

from endplate.case import Case
from endplate.evidence import Library

__all__ = ["SIGNS", "UNDOABLE", "Window", "antitoxin_window", "overdose_words", "reachable"]

SIGNS = (
    "Trouble with swallowing, speaking or breathing, drooping lids, double sight, dry mouth, or weakness far from "
    "the site: seek medical care at once, at any hour. Do not wait for it to pass, and do not treat it at home."
)
UNDOABLE = (
    "What cannot be undone: toxin inside a nerve ending. No medicine takes it out or stops it; the weakness passes "
    "as the nerve recovers, over weeks to months, and care supports swallowing and breathing until then.",
    "Antitoxin reaches toxin outside nerve endings only. It is kept by health authorities for poisoning, may do "
    "harm, and is for a hospital to decide.",
    "A drooping upper lid after treatment of the face: a doctor may consider apraclonidine eye drops, which lift the"
    " lid a little through another muscle (Müller's) while they act. They do not shorten the droop, and are not for "
    "every eye. See an eye doctor if the lid covers the pupil, if the pupil changes, or if there is double sight or "
    "pain.",
)
_DAY = 24.0
_LATEST = 30.0
_HALVINGS = 50


@dataclass(frozen=True, slots=True)
class Window:
    """Time after an injection until antitoxin finds almost nothing outside nerve endings [hour]."""

    low: float
    middle: float
    high: float
    left: float


def reachable(day: float, *, clearance: float, uptake: float, entry: float) -> float:
    """Share of the toxin that will ever enter nerve endings which is still outside them: free or bound.

    ``F' = -(c + u) F``, ``B' = u F - e B``; the share is ``(u F/(c + u) + B) (c + u)/u`` of the start.

    Parameters
    ----------
    day : [day]
        Since the injection.
    clearance, uptake, entry : [1/day]
        c of free toxin, u to end plates, e of bound toxin into endosomes.

    Examples
    --------
    >>> reachable(0.0, clearance=2.4, uptake=2.4, entry=203.0)
    1.0
    """
    leave = clearance + uptake
    free = exp(-leave * day)
    bound = leave / (entry - leave) * (exp(-leave * day) - exp(-entry * day))
    return free + bound


def antitoxin_window(library: Library) -> Window:
    """How long antitoxin still helps, from the rates of the model and their ranges.

    Examples
    --------
    >>> from endplate.evidence import load
    >>> 6 < antitoxin_window(load()).middle < 18
    True
    """
    left = library["reachable_left"].value
    clear, up, entry = (library[name] for name in ("k_clr", "k_up", "k_int"))
    slow = (clear.low or clear.value, up.low or up.value, entry.low or entry.value)
    fast = (clear.high or clear.value, up.high or up.value, entry.high or entry.value)
    usual = (clear.value, up.value, entry.value)
    first, middle, last = (_until(left, *rates) for rates in (fast, usual, slow))
    return Window(first, middle, last, left)


def overdose_words(case: Case, library: Library) -> str:
    """How far the session with most units is from the range in which distant weakness was reported."""
    product, dose = case.plan.product.code, max(case.plan.total_dose)
    first, last = library["distant_onset_first"], library["distant_onset_last"]
    label = f"label_total.{product}"
    ratio = dose / library[label].value if label in library else inf
    times = (
        f"Weakness far from the site begins {_DAY * first.value:.0f} hours to {last.value:.0f} days after a "
        "treatment; it was reported at and below the doses of cervical dystonia, so no dose is known to be free of "
        "it."
    )
    if label not in library:
        return f"The library knows no label total of {product}. {times}"
    gross = library["gross_excess"].value
    scale = "a gross excess: expect it" if ratio >= gross else "beyond the label" if ratio > 1 else "within the label"
    return f"{dose:g} U of {product} are {ratio:.2g} times the largest total on its label: {scale}. {times}"


def _until(left: float, clearance: float, uptake: float, entry: float) -> float:
    """Hours until the reachable share has fallen to `left`, by halving."""
    early, late = 0.0, _LATEST
    for _ in range(_HALVINGS):
        day = 0.5 * (early + late)
        still = reachable(day, clearance=clearance, uptake=uptake, entry=entry) > left
        early, late = (day, late) if still else (early, day)
    return _DAY * late
