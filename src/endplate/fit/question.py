"""What a row of a table asks of the model: an arm, an endpoint and a day; or why it cannot be asked."""

from __future__ import annotations

from dataclasses import dataclass

from endplate.case import products
from endplate.case.anatomy import anatomy
from endplate.fit.rows import TrialRow
from endplate.trial.endpoints import ENDPOINTS

__all__ = ["EVENTS", "LAYOUTS", "Layout", "Question", "ask"]

# Endpoints of tables that are endpoints of the registry under another name, or on another scale of four grades.
_SAME = {
    "onset_cum_subject_KM": "onset_cum_subject",
    "onset_day1": "onset_cum_subject",
    "median_onset": "onset_cum_subject",
    "composite_ge2_and_1_2": "composite_ge2_and_0_1",
    "inv_min_mild": "inv_none_mild",
    "subj_min_mild": "subj_none_mild",
}
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
_ONE_GRADE = ("≥1", ">=1", "1-point", "1-grade", "one-grade", "one-point")


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
        return f"product {row.product!r} is not known; known: {', '.join(products())}, placebo"
    endpoint = _endpoint(row)
    if endpoint not in ENDPOINTS:
        return _REASONS.get(row.endpoint, f"endpoint {row.endpoint!r} is not in the registry")
    if row.dose is None:
        return "the dose of the arm is not given"
    day = 1.0 if row.endpoint == "onset_day1" else row.day
    if row.endpoint in EVENTS or endpoint == "median_loss_ge1":
        if row.placebo and ENDPOINTS[endpoint].lasts:
            return "a median of the few who respond to placebo"
        day = None
    elif day is None:
        return "the day of assessment is not given"
    layout = _layout(row, region)
    whole = anatomy().patterns[layout.pattern].total_dose
    return Question(row, layout, row.dose / whole, endpoint, day)


def _endpoint(row: TrialRow) -> str:
    if row.endpoint in ("median_duration", "duration") and any(one in row.definition for one in _ONE_GRADE):
        return "median_loss_ge1"
    return _SAME.get(row.endpoint, row.endpoint)


def _layout(row: TrialRow, region: str) -> Layout:
    """The product's own pattern of the region, else that of ona; for foreheads by what was treated as well."""
    known, serotype = anatomy().patterns, "A" if row.placebo else products()[row.product].serotype
    if region == "forehead":
        words = row.sites.lower()
        beside = "glabella" in words or "procerus" in words
        nearer = (row.dose or 0.0) > (known[_WITH_GLABELLA].total_dose + known[_WITH_CANTHI].total_dose) / 2
        pattern = (_WITH_CANTHI if nearer else _WITH_GLABELLA) if beside else _WITHOUT_GLABELLA
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


LAYOUTS = tuple(_REGIONS.values())
