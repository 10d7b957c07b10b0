"""What a row of a table asks of the model: an arm, an endpoint and a day; or why it cannot be asked."""

from __future__ import annotations

import re
from dataclasses import dataclass

from endplate.case import products
from endplate.case.anatomy import anatomy
from endplate.fit.rows import TrialRow
from endplate.trial.endpoints import ENDPOINTS

__all__ = ["EVENTS", "LATEST", "RESPONSE", "Layout", "Question", "ask"]

# Endpoints of tables that are endpoints of the registry under another name, or on another scale of four grades.
_SAME = {
    "onset_cum_subject_KM": "onset_cum_subject",
    "onset_day1": "onset_cum_subject",
    "median_onset": "onset_cum_subject",
    "composite_ge2_and_1_2": "composite_ge2_and_0_1",
    "inv_min_mild": "inv_none_mild",
    "subj_min_mild": "subj_none_mild",
}
# Day that tells responders, and the last one that is followed.
RESPONSE, LATEST = 30.0, 730.0
_MAINTAINED = "inv_none_mild_maintained"
# Times to an event: the median of a curve.
EVENTS = ("median_onset", "median_loss_none_mild", "median_return_baseline", "median_loss_ge1")
_REGIONS = {
    "glabellar_lines": "glabella",
    "lateral_canthal_lines": "lateral_canthus_left",
    "forehead_lines": "forehead",
    "platysma_prominence": "platysma_left",
}
_REASONS = {
    "blepharoptosis": "an adverse event, not a grade of lines: see `endplate effects`",
    "not_returned_baseline": "contradicts the median time to return of the same arm wherever both are reported",
}
_DEFAULT_LAYOUT = {
    "glabella": "glabella-20u",
    "lateral_canthus_left": "lateral-canthus-24u",
    "platysma_left": "platysma-31u",
}
_WITHOUT_GLABELLA, _WITH_GLABELLA, _WITH_CANTHI = "forehead-20u", "forehead-glabella-40u", "upper-face-64u"
_ONE_GRADE = re.compile(r"(≥|>=) ?(1|one)[- ](point|grade)|\b(1|one)-(point|grade)")


@dataclass(frozen=True, slots=True)
class Layout:
    """Where it was injected: a pattern, the product's serotype, and the region that is rated."""

    pattern: str
    serotype: str
    region: str


@dataclass(frozen=True, slots=True)
class Question:
    """What a row asks.

    Parameters
    ----------
    row
        The row itself.
    layout
        Sites, serotype and region.
    dose
        Units over those of the pattern.
    endpoint
        Name in the registry.
    day
        When; None for the median time of the endpoint's curve.
    """

    row: TrialRow
    layout: Layout
    dose: float
    endpoint: str
    day: float | None


def ask(row: TrialRow) -> Question | str:
    """The question of a row, or the reason why it cannot be asked.

    Examples
    --------
    >>> from endplate.fit.rows import calibration_rows
    >>> ask(calibration_rows()[0]).layout.pattern
    'glabella-20u'
    """
    region = _REGIONS.get(row.indication)
    if region is None:
        return f"indication {row.indication!r} is not rated by lines; known: {', '.join(_REGIONS)}"
    if not row.placebo and row.product not in products():
        known = ", ".join((*products(), "placebo"))
        return f"product {row.product!r} is not known; known: {known}; else say --like {row.product}=ona"
    endpoint = _endpoint(row)
    if endpoint not in ENDPOINTS:
        return _REASONS.get(row.endpoint, f"endpoint {row.endpoint!r} is not in the registry")
    dose = _whole_dose(row, region)
    if dose is None:
        return "the dose of the arm is not given, or not that of a whole session"
    day = 1.0 if row.endpoint == "onset_day1" else row.day
    if endpoint in EVENTS or row.endpoint in EVENTS:
        if row.placebo and ENDPOINTS[endpoint].lasts:
            return "a median of the few who respond to placebo"
        day = None
    elif day is None or day > LATEST:
        return f"the day of assessment is not given, or beyond {LATEST:g} days"
    elif endpoint == _MAINTAINED and day <= RESPONSE:
        return f"asks who still responds, on a day before responders are told (day {RESPONSE:g})"
    layout = _layout(row, region)
    whole = anatomy().patterns[layout.pattern].total_dose
    return Question(row, layout, dose / whole, endpoint, None if day is None else round(day, 2))


def _whole_dose(row: TrialRow, region: str) -> float | None:
    """Units of the whole session; None where the table gives those of a part that cannot be told."""
    if row.dose is None or row.basis in ("", "total", "placebo", "both_eyes", "per_visit"):
        return row.dose
    sides = 2.0 if region.endswith("_left") else None
    return row.dose * sides if sides and row.basis in ("per_side", "per_eye") else None


def _endpoint(row: TrialRow) -> str:
    one_grade = _ONE_GRADE.search(row.definition) and "subject" not in row.definition.lower()
    if row.endpoint in ("median_duration", "duration") and one_grade:
        return "median_loss_ge1"
    return _SAME.get(row.endpoint, row.endpoint)


def _layout(row: TrialRow, region: str) -> Layout:
    """The product's own pattern of the region, else that of ona; for foreheads by what was treated as well."""
    known, serotype = anatomy().patterns, "A" if row.placebo else products()[row.product].serotype
    if region == "forehead":
        words, dose = row.sites.lower(), row.dose or 0.0
        beside = "glabella" in words or "procerus" in words
        both, all_three = (known[one].total_dose for one in (_WITH_GLABELLA, _WITH_CANTHI))
        # Where no site is told, the label's own doses decide: its forehead is treated with the glabella.
        beside = beside if words else dose >= (known[_WITHOUT_GLABELLA].total_dose + both) / 2
        pattern = (_WITH_CANTHI if dose > (both + all_three) / 2 else _WITH_GLABELLA) if beside else _WITHOUT_GLABELLA
    else:
        default = _DEFAULT_LAYOUT[region]
        stem = default.rsplit("-", 1)[0]
        own = [name for name, one in known.items() if one.product == row.product and name.startswith(stem)]
        pattern = next(iter(own), default)
    return Layout(_twin(pattern), serotype, region)


def _twin(pattern: str) -> str:
    """The first pattern with the same sites, shares and volumes, so that equal layouts are solved once."""
    known = anatomy().patterns
    shape = _shape(pattern)
    return next(name for name in known if _shape(name) == shape)


def _shape(pattern: str) -> tuple[tuple[str, float, float], ...]:
    found = anatomy().patterns[pattern]
    return tuple((one.site, round(one.dose / found.total_dose, 12), one.volume) for one in found.shots)
