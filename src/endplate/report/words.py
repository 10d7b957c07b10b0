"""The key findings of a course in words, made from its numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isfinite

import numpy as np

from endplate.case import Case, Plan
from endplate.course import Course
from endplate.outcome import EFFORTS, FWS, RATERS
from endplate.report.names import day_text, duration_text, pair_name, plural, region_name
from endplate.report.summary import (
    NOTICEABLE,
    SIDES,
    AffectedMuscle,
    ArchedBrow,
    ChangedRegion,
    Extreme,
    Ptosis,
    Summary,
    modal_grade,
    paired,
    paired_regions,
)

__all__ = ["DISCLAIMER", "case_words", "key_findings", "ptosis_words", "spock_words"]

DISCLAIMER = "Illustration, not a prediction of a person. Research and education software, not a medical device."
_MOST_RUNS = 6


def case_words(case: Case) -> str:
    """Who is treated with what, in one sentence.

    Examples
    --------
    >>> from endplate.case.file import parse_case, write_template
    >>> case_words(parse_case(write_template("glabella-20u")))
    'Woman of 45 years; 20 U of onabotulinumtoxinA in 5 injections on day 0; 365 days followed.'
    """
    plan, patient = case.plan, case.patient
    who = {"female": "Woman", "male": "Man"}[patient.sex]
    if not plan.injections:
        return f"{who} of {patient.age:g} years; no toxin; {day_text(case.days)} days followed."
    return (
        f"{who} of {patient.age:g} years; {_range(plan.total_dose)} U of {plan.product.name} in "
        f"{_counts(plan)} {_times(plan.days)}; {_antitoxin(case.antitoxin_day)}{day_text(case.days)} days followed."
    )


def _antitoxin(day: float | None) -> str:
    return "" if day is None else f"antitoxin from day {day_text(day)} on; "


def _range(numbers: Sequence[float]) -> str:
    low, high = min(numbers), max(numbers)
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


def _counts(plan: Plan) -> str:
    counts = {len(plan.session_injections(index)) for index in range(len(plan.days))}
    return plural(counts.pop(), "injection") if len(counts) == 1 else f"{min(counts)} to {max(counts)} injections"


def _times(days: Sequence[float]) -> str:
    if len(days) == 1:
        return f"on day {days[0]:g}"
    if len(days) <= _MOST_RUNS:
        return f"on each of the days {', '.join(f'{day:g}' for day in days)}"
    return f"in each of {len(days)} sessions, day {days[0]:g} to {days[-1]:g}"


def key_findings(course: Course, summary: Summary, *, ptosis: float, patient: int = 0) -> list[str]:
    """Sentences about lines, muscles, lid and brow.

    Parameters
    ----------
    course, summary
        The course of one patient and its summary.
    ptosis : [mm]
        Fall of the lid that counts as ptosis.
    patient
        Index on the patient axis.
    """
    lines = [
        text
        for region in paired_regions(summary.regions)
        for text in _line_words(course, region, summary.length, patient)
    ]
    found = [*lines, *_muscle_words(summary)]
    if any(one.moves for one in (*summary.lids, *summary.brows)):
        found += [*_lid_words(summary, ptosis), *_brow_words(summary.brows)]
        found += [f"Brow: {spock_words(summary.spock)}."] if summary.spock else []
    return found


def _line_words(course: Course, region: ChangedRegion, length: float, patient: int) -> Iterator[str]:
    r, days = course.regions.index(region.names[0]), np.asarray(course.days, float)
    name = region_name(region.names)
    maximum, rest = (modal_grade(course, effort, patient=patient)[:, r] for effort in ("maximum", "rest"))
    if not np.ptp(maximum) and not np.ptp(rest):
        yield f"{name}: {FWS[int(maximum[0])]} at maximum effort and {FWS[int(rest[0])]} at rest throughout."
        return
    yield f"{name} at maximum effort: {_runs(days, maximum)}."
    yield f"{name} at rest: {_runs(days, rest)}."
    if isfinite(region.onset):
        yield _effect_words(course, region, length, patient)


def _effect_words(course: Course, region: ChangedRegion, length: float, patient: int) -> str:
    """How sure and how long the effect on a region is."""
    grades = np.asarray(course.grade)[:, course.regions.index(region.names[0]), ..., patient]
    likely = grades[:, EFFORTS.index("maximum"), RATERS.index("investigator"), :2].sum(axis=-1)
    best = int(likely.argmax())
    name = region_name(region.names)
    return (
        f"Effect on the {name[0].lower()}{name[1:]}: the probability that an investigator sees none or mild reaches "
        f"{100 * likely[best]:.0f} % (day {day_text(float(np.asarray(course.days)[best]))}). Counted from the first "
        f"session, the effect lasts {_lasting(region.none_or_mild, length)} as none or mild, "
        f"{_lasting(region.one_grade, length)} as one grade better, and {_lasting(region.to_baseline, length)} until "
        "back at baseline."
    )


def _lasting(days: float, length: float) -> str:
    text = duration_text(days, length)
    return f"{text} days" if text != "–" else "no day"


def _runs(days: np.ndarray, grades: np.ndarray) -> str:
    """A course of grades as "severe before treatment, mild from day 9, severe again from day 200"."""
    starts = [0, *(np.flatnonzero(np.diff(grades)) + 1).tolist()]
    if len(starts) == 1:
        return f"{FWS[int(grades[0])]} throughout"
    if len(starts) > _MOST_RUNS:
        return _busy(days, grades)
    seen: set[int] = set()
    words: list[str] = []
    for start in starts:
        grade = int(grades[start])
        again = " again" if grade in seen else ""
        words.append(f"{FWS[grade]}{again} from day {days[start]:g}" if start else f"{FWS[grade]} at first")
        seen.add(grade)
    return ", ".join(words)


def _busy(days: np.ndarray, grades: np.ndarray) -> str:
    """A course with many changes in short."""
    best = int(grades.min())
    first, share = days[int(grades.argmin())], float((grades == best).mean())
    return (
        f"{FWS[int(grades[0])]} at first, at best {FWS[best]} (first on day {first:g}, {100 * share:.0f} % of all "
        f"days), {FWS[int(grades[-1])]} at the end"
    )


def _muscle_words(summary: Summary) -> Iterator[str]:
    rows = paired(summary.muscles)
    if not rows:
        yield "No muscle loses 1 % of its force or more."
        return
    first, others = rows[0], rows[1:]
    yield f"Most weakened: {_loss(first)}, {_when(first, summary.length)}."
    if others:
        yield f"Also weakened: {'; '.join(_loss(one) for one in others)}."
    yield f"Less than 1 % of force lost: {plural(summary.spared, 'other muscle')} of the map."


def _loss(one: AffectedMuscle) -> str:
    return f"{pair_name(one.names)} −{100 * one.peak_loss:.0f} %"


def _when(one: AffectedMuscle, length: float) -> str:
    if not isfinite(one.peak):
        return "too little for an onset"
    half = f"by day {day_text(one.half_recovery)}" if isfinite(one.half_recovery) else f"later than day {length:g}"
    return f"onset on day {day_text(one.onset)}, deepest on day {day_text(one.peak)}, half of it regained {half}"


def ptosis_words(ptosis: Sequence[Ptosis]) -> str:
    """Which lids fall so far, how far and when.

    Examples
    --------
    >>> ptosis_words([Ptosis("left", 2.31, 6.0, 71.0)])
    'left, by 2.3 mm at most, day 6 to 71'
    """
    return "; ".join(f"{one.side}, by {one.fall:.1f} mm at most, day {one.first:g} to {one.last:g}" for one in ptosis)


def spock_words(arched: Sequence[ArchedBrow]) -> str:
    """How far the lateral part of the brow rises above the medial one; once for both sides where they agree.

    Examples
    --------
    >>> spock_words([ArchedBrow("left", 0.52, 20.0), ArchedBrow("right", 0.54, 20.0)])
    'the lateral part rises above the medial one by up to 0.5 mm on both sides (day 20)'
    """
    texts = {one.side: f"{one.rise:.1f} mm|(day {one.day:g})" for one in arched}
    alike = len(texts) == len(SIDES) and len(set(texts.values())) == 1
    told = (
        {"both sides": next(iter(texts.values()))} if alike else {f"the {side}": text for side, text in texts.items()}
    )
    where = ", ".join(text.replace("|", f" on {side} ") for side, text in told.items())
    return f"the lateral part rises above the medial one by up to {where}"


def _lid_words(summary: Summary, ptosis: float) -> Iterator[str]:
    falls = {lid.side: lid.start - lid.lowest for lid in summary.lids}
    worst = max(falls.values())
    if summary.ptosis:
        yield f"Upper lid: ptosis, a fall by {ptosis:g} mm or more: {ptosis_words(summary.ptosis)}."
    elif worst >= NOTICEABLE:
        sides = ", ".join(f"{side} {fall:.2f} mm" for side, fall in falls.items())
        yield f"Upper lid: falls a little ({sides}); ptosis ({ptosis:g} mm) is not reached."
    else:
        yield f"Upper lid: moves by less than {NOTICEABLE:g} mm."


def _brow_words(brows: Sequence[Extreme]) -> Iterator[str]:
    moves: list[str] = []
    for column in dict.fromkeys(brow.part for brow in brows):
        both = [brow for brow in brows if brow.part == column]
        texts = {_move(brow) for brow in both}
        if len(texts) == 1:
            moves += [f"{column} part {text}" for text in texts if text]
        else:
            moves += [f"{column} part, {brow.side}, {_move(brow)}" for brow in both if _move(brow)]
    yield f"Brow: {'; '.join(moves)}." if moves else f"Brow: moves by less than {NOTICEABLE:g} mm."


def _move(brow: Extreme) -> str:
    up, down = brow.highest - brow.start, brow.start - brow.lowest
    texts = [f"up by {up:.1f} mm (day {brow.highest_day:g})"] if up >= NOTICEABLE else []
    texts += [f"down by {down:.1f} mm (day {brow.lowest_day:g})"] if down >= NOTICEABLE else []
    return " and ".join(texts)
