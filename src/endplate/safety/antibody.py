"""Antibodies: how likely a plan makes them, and what to look for when a response is lost.

Hazard of a treatment: ``h = -ln(1 - s)/n · (load / load of the trials)^b``, times a factor after a
short interval; the share with antibodies after all treatments is ``1 - exp(-Σ h)``.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import log

import numpy as np

from endplate.case import Case
from endplate.evidence import Library
from endplate.safety.chart import chart_of
from endplate.safety.risk import Rate

__all__ = ["LOST_RESPONSE", "Antibodies", "antibodies"]

LOST_RESPONSE = (
    "Was it the treatment? Product, storage, dilution, dose, points and depth of the last sessions, and whether the "
    "muscle that troubles now is the one that was treated.",
    "Was it the illness? Patterns change, and a worse illness looks like a weaker effect.",
    "Does toxin still work in this patient? A small dose into a muscle that is easy to see or to measure: one side "
    "of the frontalis or corrugator, the sternocleidomastoid, or the extensor digitorum brevis with its electric "
    "response before and after. No weakness in two to four weeks points to antibodies.",
    "Are there antibodies? A test that shows whether serum neutralises toxin (mouse hemidiaphragm, or protection of "
    "mice); a binding test alone does not tell. Most patients who lose the response have none.",
    "A specialist decides what follows. A higher dose or a shorter interval brings more protein.",
)
_COUNTED = ("neck", "glabella", "lateral_canthus")
_LIMBS = ("arm", "leg", "limb")
_DRAWS, _SEED = 4000, 21


@dataclass(frozen=True, slots=True)
class Antibodies:
    """Share of patients with neutralising antibodies after the plan and what went before it.

    Parameters
    ----------
    share
        None if the library does not know what a unit of the product holds.
    load : [ng]
        Protein of the session with most units.
    sessions, short
        Treatments that count, earlier ones included, and those of them that follow within 12 weeks.
    basis
        What it rests on, in words.
    """

    share: Rate | None
    load: float | None
    sessions: int
    short: int
    basis: str


def antibodies(case: Case, library: Library) -> Antibodies:
    """Antibodies of a case.

    Examples
    --------
    >>> from endplate.case.file import parse_case, write_template
    >>> from endplate.evidence import load
    >>> found = antibodies(parse_case(write_template("glabella-20u")), load())
    >>> found.load, found.share.high < 0.02
    (1.0, True)
    """
    product, least = case.plan.product.code, library["session_interval"].value
    earlier = [one for one in case.patient.health.treatments or () if one.product == product]
    planned = zip(case.plan.days, case.plan.total_dose, strict=True)
    given = sorted([*((-one.ago, one.dose) for one in earlier), *planned])
    short = [False, *(after[0] - before[0] < least for before, after in pairwise(given))]
    name = f"antibody_load.{product}"
    if name not in library:
        return Antibodies(
            None, None, len(given), sum(short), f"the library does not know the protein in a unit of {product}"
        )
    loads = [dose * library[name].value for _, dose in given]
    share, region = _share(case, library, loads=loads, short=short)
    entry = library[region]
    basis = (
        f"{entry.where} with ona ({entry.system}), taken on by protein load: {library['antibody_load_power'].grade}; "
        f"treatments behind that count and the factor of a short interval are assumed"
    )
    return Antibodies(share, max(loads), len(given), sum(short), basis)


def _share(case: Case, library: Library, *, loads: list[float], short: list[bool]) -> tuple[Rate, str]:
    """Share with its interval over the ranges of the entries, and the entry of the counted region."""
    region = _region(case, library)
    seen = library[region]
    rng = np.random.default_rng(_SEED)
    count = rng.beta(*_counts(seen.where), size=_DRAWS)
    power = _between(rng, library, "antibody_load_power")
    sessions = _between(rng, library, "antibody_sessions")
    factor = _between(rng, library, "antibody_short_interval")
    base = _reference(region, library) * library["antibody_load.ona"].value
    hazard = -np.log1p(-count) / sessions
    total = sum(
        hazard * (load / base) ** power * np.where(close, factor, 1.0) for load, close in zip(loads, short, strict=True)
    )
    return Rate.of(-np.expm1(-total)), region


def _between(rng: np.random.Generator, library: Library, name: str) -> np.ndarray:
    """Draws of an entry: even in the logarithm over its range."""
    entry = library[name]
    assert entry.low is not None
    assert entry.high is not None
    return np.exp(rng.uniform(log(entry.low), log(entry.high), size=_DRAWS))


def _counts(where: str) -> tuple[float, float]:
    """Parameters of Jeffreys' beta from words such as ``4 of 319 patients``."""
    events, patients = (int(word) for word in where.split() if word.isdigit())
    return events + 0.5, patients - events + 0.5


def _region(case: Case, library: Library) -> str:
    found = chart_of(case, library).treated
    own = next((region for region in _COUNTED if region in found), None)
    return f"antibody_share.{own or ('limb' if found & set(_LIMBS) else 'any')}"


def _reference(region: str, library: Library) -> float:
    """Units of ona behind the share of a region: the label's."""
    own = f"label_{region.partition('.')[2]}.ona"
    return library[own].value if own in library else library["label_total.ona"].value / 2.0
