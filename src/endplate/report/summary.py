"""What is worth telling of a course: the muscles that weaken, the lines that change, lid and brow.

Nothing is simulated here: numbers are picked from the course of one patient.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from endplate.case import Baseline
from endplate.course import Course
from endplate.outcome import COLUMNS, EFFORTS, RATERS, spock

__all__ = [
    "NOTICEABLE",
    "SIDES",
    "AffectedMuscle",
    "ArchedBrow",
    "ChangedRegion",
    "Extreme",
    "Ptosis",
    "Summary",
    "modal_grade",
    "paired",
    "paired_regions",
    "summarise",
]

# A loss below this is not worth a line; it is a choice of the report, not of the model.
_LEAST_LOSS = 0.01
NOTICEABLE = 0.05  # mm; smaller movements of lid and brow are not worth a word
_MONTH = 365.25 / 12
_MOST_COLUMNS = 13
SIDES = ("left", "right")

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class AffectedMuscle:
    """A muscle that loses force, or a left and right one with the same course.

    `captured` [half-cleaving levels] is one number per session, without antitoxin; `peak_loss` a share;
    `onset`, `peak` and `half_recovery` are days, infinity for never.
    """

    names: tuple[str, ...]
    captured: tuple[float, ...]
    peak_loss: float
    onset: float
    peak: float
    half_recovery: float


@dataclass(frozen=True, slots=True)
class ChangedRegion:
    """Lines that were graded at baseline or change, or those of the left and right side with the same course.

    `maximum` and `rest` are the investigator's likeliest grades at the summary's months; the
    durations are days from the first session, infinity for "still holds on the last day".
    """

    names: tuple[str, ...]
    maximum: tuple[int, ...]
    rest: tuple[int, ...]
    onset: float
    none_or_mild: float
    one_grade: float
    to_baseline: float


@dataclass(frozen=True, slots=True)
class Extreme:
    """The lowest and highest position of a lid or a column of the brow [mm], each with its day."""

    side: str
    part: str
    start: float
    lowest: float
    lowest_day: float
    highest: float
    highest_day: float

    @property
    def moves(self) -> bool:
        """Whether it moves at all."""
        return self.lowest < self.highest


@dataclass(frozen=True, slots=True)
class Ptosis:
    """A lid that falls by as much as counts as ptosis: how far [mm], and its first and last day of it."""

    side: str
    fall: float
    first: float
    last: float


@dataclass(frozen=True, slots=True)
class ArchedBrow:
    """A brow whose lateral part rises above its medial one ("Spock"): by how much at most [mm], and when [day]."""

    side: str
    rise: float
    day: float


@dataclass(frozen=True, slots=True)
class Summary:
    """One patient's course in short.

    `months` [month] are the times of the regions' grades; `spared` counts muscles that lose
    less than 1 % of their force. `ptosis` and `spock` hold the sides that show it. From
    `antitoxin_day` on antitoxin cleared free toxin, which `captured` leaves out; None without.
    """

    length: float
    months: tuple[int, ...]
    muscles: tuple[AffectedMuscle, ...]
    spared: int
    regions: tuple[ChangedRegion, ...]
    lids: tuple[Extreme, ...]
    brows: tuple[Extreme, ...]
    ptosis: tuple[Ptosis, ...] = ()
    spock: tuple[ArchedBrow, ...] = ()
    antitoxin_day: float | None = None


def summarise(course: Course, baseline: Baseline | None = None, *, patient: int = 0) -> Summary:
    """The summary of one patient.

    Parameters
    ----------
    course
        What `simulate` gave.
    baseline
        The patient's grades before treatment; a graded region is always told of.
    patient
        Index on the patient axis.
    """
    days = np.asarray(course.days, float)
    months = _months(float(days[-1]))
    told = tuple(_muscles(course, patient))
    return Summary(
        length=float(days[-1]),
        months=months,
        muscles=tuple(sorted(told, key=lambda one: -one.peak_loss)),
        spared=len(course.muscles) - len(told),
        regions=tuple(_regions(course, baseline or Baseline(), patient, months)),
        lids=tuple(_extreme(days, np.asarray(course.lid)[:, s, patient], side, "") for s, side in enumerate(SIDES)),
        brows=tuple(
            _extreme(days, np.asarray(course.brow)[:, s, c, patient], side, column)
            for s, side in enumerate(SIDES)
            for c, column in enumerate(COLUMNS)
        ),
        ptosis=tuple(_ptosis(course, days, patient)),
        spock=tuple(_spock(course, days, patient)),
        antitoxin_day=course.antitoxin_day,
    )


def paired(muscles: tuple[AffectedMuscle, ...]) -> list[AffectedMuscle]:
    """Left and right told together where nothing of their courses differs by more than a digit that is shown."""
    rows: list[AffectedMuscle] = []
    by_stem = sorted(muscles, key=lambda one: one.names[0])
    for _, group in groupby(by_stem, key=lambda one: one.names[0].partition(".")[0]):
        members = list(group)
        if len({_shown(one) for one in members}) == 1:
            first = members[0]
            names = tuple(name for one in members for name in one.names)
            numbers = (first.captured, first.peak_loss, first.onset, first.peak, first.half_recovery)
            members = [AffectedMuscle(names, *numbers)]
        rows += members
    return sorted(rows, key=lambda one: -one.peak_loss)


def paired_regions(regions: tuple[ChangedRegion, ...]) -> list[ChangedRegion]:
    """Left and right lines told together where nothing of them differs by more than a tenth of a day."""
    rows: dict[tuple[object, ...], ChangedRegion] = {}
    for one in regions:
        times = (one.onset, one.none_or_mild, one.one_grade, one.to_baseline)
        stem = one.names[0].removesuffix("_left").removesuffix("_right")
        key = (stem, one.maximum, one.rest, *(f"{days:.1f}" for days in times))
        other = rows.get(key)
        rows[key] = one if other is None else replace(other, names=other.names + one.names)
    return list(rows.values())


def modal_grade(course: Course, effort: str, *, rater: str = "investigator", patient: int = 0) -> NDArray[np.int64]:
    """The likeliest grade of each day and region (T, R)."""
    likely = np.asarray(course.grade)[:, :, EFFORTS.index(effort), RATERS.index(rater), :, patient]
    return likely.argmax(axis=-1)


def _shown(one: AffectedMuscle) -> tuple[str, ...]:
    numbers = (*one.captured, one.onset, one.peak, one.half_recovery)
    return (f"{one.peak_loss:.2f}", *(f"{number:.1f}" for number in numbers))


def _muscles(course: Course, patient: int) -> Iterator[AffectedMuscle]:
    captured, found = np.asarray(course.captured), course.milestones
    fields = [np.asarray(one)[:, patient] for one in (found.peak_loss, found.onset, found.peak, found.half_recovery)]
    for j, name in enumerate(course.muscles):
        loss, onset, peak, recovery = (float(field[j]) for field in fields)
        if loss >= _LEAST_LOSS:
            levels = tuple(float(one) for one in captured[:, j, patient])
            yield AffectedMuscle((name,), levels, loss, onset, peak, recovery)


def _regions(course: Course, baseline: Baseline, patient: int, months: tuple[int, ...]) -> Iterator[ChangedRegion]:
    days, found = np.asarray(course.days, float), course.durations
    at = [int(np.abs(days - month * _MONTH).argmin()) for month in months]
    grades = {effort: modal_grade(course, effort, patient=patient)[at] for effort in EFFORTS}
    strain = np.asarray(course.strain)[..., patient]
    for r, name in enumerate(course.regions):
        graded = any(grade is not None for grade in (baseline.maximum[r], baseline.rest[r]))
        # The strain follows the muscles only; depths also change with age.
        changes = bool(np.ptp(strain[:, r]) > _LEAST_LOSS * strain[0, r])
        if graded or changes:
            lasting = (found.onset, found.none_or_mild, found.one_grade, found.to_baseline)
            maximum, rest = (tuple(int(g) for g in grades[effort][:, r]) for effort in ("maximum", "rest"))
            yield ChangedRegion((name,), maximum, rest, *(float(np.asarray(one)[r, patient]) for one in lasting))


def _extreme(days: Array, value: Array, side: str, part: str) -> Extreme:
    low, high = int(value.argmin()), int(value.argmax())
    numbers = (value[0], value[low], days[low], value[high], days[high])
    return Extreme(side, part, *(float(number) for number in numbers))


def _ptosis(course: Course, days: Array, patient: int) -> Iterator[Ptosis]:
    lid, fallen = np.asarray(course.lid)[..., patient], np.asarray(course.ptosis)[..., patient]
    for s, side in enumerate(SIDES):
        held = days[fallen[:, s]]
        if len(held):
            yield Ptosis(side, float(lid[0, s] - lid[:, s].min()), float(held[0]), float(held[-1]))


def _spock(course: Course, days: Array, patient: int) -> Iterator[ArchedBrow]:
    arch = np.asarray(spock(course.brow))[..., patient]
    for s, side in enumerate(SIDES):
        top = int(arch[:, s].argmax())
        if arch[top, s] >= NOTICEABLE:
            yield ArchedBrow(side, float(arch[top, s]), float(days[top]))


def _months(length: float) -> tuple[int, ...]:
    """Whole months within the simulated days, thinned to at most 13."""
    # Half a day of grace, so that 365 days count as twelve months.
    last = int((length + 0.5) / _MONTH)
    return tuple(range(0, last + 1, last // _MOST_COLUMNS + 1))
