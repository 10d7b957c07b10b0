"""Traits of a candidate that are said to change the rate of an event, and what is known of by how much."""

from __future__ import annotations

from dataclasses import dataclass

from endplate.case import Case, vocabulary

__all__ = ["UNFOLLOWED", "Trait", "traits"]

_WEAK = ("myasthenia_gravis", "lambert_eaton_syndrome", "amyotrophic_lateral_sclerosis", "motor_neuropathy")
# Group and names of `vocabulary`, and the events that labels name with them.
_NAMED: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("conditions", ("ptosis",), ("eyelid_ptosis",)),
    ("conditions", ("dermatochalasis", "facial_asymmetry"), ("brow_ptosis", "eyelid_ptosis")),
    ("conditions", ("dry_eye", "corneal_disease"), ("dry_eye",)),
    ("conditions", ("dysphagia", "breathing_trouble"), ("dysphagia",)),
    ("conditions", _WEAK, ("dysphagia", "neck_muscle_weakness", "eyelid_ptosis")),
    ("conditions", ("bleeding_disorder",), ("injection_site_bruising", "injection_site_haematoma")),
    ("medicines", ("anticoagulant", "antiplatelet"), ("injection_site_bruising", "injection_site_haematoma")),
    ("surgery", ("eyelid", "brow", "face"), ("eyelid_ptosis", "brow_ptosis")),
    ("surgery", ("neck",), ("dysphagia",)),
)
_WORDS = "said by labels to raise the risk; no counted figure was found, so the rate is that of patients without it"
UNFOLLOWED = (
    "Age, sex, weight, thickness of the skin, deep-set eyes and length of the neck are not known to change a counted "
    "rate: no counted figure by them was found. Muscle mass and the size of the head act in the model's own shares."
)


@dataclass(frozen=True, slots=True)
class Trait:
    """A trait that the case tells of.

    Parameters
    ----------
    name, meaning
        Of `vocabulary`.
    events
        Those that are said to become likelier.
    words
        What is known of by how much.
    """

    name: str
    meaning: str
    events: tuple[str, ...]
    words: str


def traits(case: Case) -> list[Trait]:
    r"""Traits of a candidate that are said to change a rate; none of them changes a number.

    Examples
    --------
    >>> from endplate.case.file import parse_case, write_template
    >>> told = write_template("glabella-20u") + '\n[patient.health]\nconditions = ["ptosis"]\n'
    >>> [(one.name, one.events) for one in traits(parse_case(told))]
    [('ptosis', ('eyelid_ptosis',))]
    """
    return [
        Trait(name, vocabulary()[group][name], events, _WORDS)
        for group, names, events in _NAMED
        for name in names
        if name in (getattr(case.patient.health, group) or ())
    ]
