"""What a check could not look at, because the case does not tell it."""

from __future__ import annotations

from endplate.case import Case

__all__ = ["unchecked"]

_WORDS = {
    "conditions": "illness",
    "medicines": "medicines",
    "allergies": "allergies",
    "pregnant": "pregnancy",
    "breastfeeding": "breast-feeding",
    "surgery": "earlier surgery",
    "skin": "kind of skin",
    "expectations": "expectations",
    "treatments": "earlier treatments with botulinum toxin",
}


def unchecked(case: Case) -> list[str]:
    """What the case does not tell, in words.

    Examples
    --------
    >>> from endplate.case.file import parse_case, write_template
    >>> unchecked(parse_case(write_template("glabella-20u")))[0]
    'illness'
    """
    missing = [_WORDS[name] for name in case.patient.health.unknown]
    return missing + (["the vial that is used"] if case.vial is None else [])
