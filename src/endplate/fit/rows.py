"""Tables of trial results: one row is an arm, an endpoint and a time."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from math import isfinite, nan
from pathlib import Path

from endplate.case.nearest import nearest
from endplate.errors import Fault, TableError

__all__ = ["TrialRow", "calibration_rows", "parse_rows", "read_rows"]

# Without these columns nothing can be predicted; the others of the packaged table may be missing.
_NEEDED = ("trial_id", "indication", "product", "dose_u", "endpoint", "time_days")
_WORDS = ("trial_id", "indication", "product", "endpoint")
# Columns of numbers: the least and the largest that can stand there.
_NUMBERS = {
    **dict.fromkeys(("dose_u", "dose_u_lo", "dose_u_hi"), (0.0, 1e5)),
    **dict.fromkeys(("n", "n_total"), (1.0, 1e7)),
    **dict.fromkeys(("time_days", "value_days"), (0.0, 36525.0)),
    "value": (-1e6, 1e6),
    "year": (1980.0, 2100.0),
}
# What a value is in percent or days, by its unit; an empty one is told by the kind of value.
_UNITS = {"percent": 1.0, "%": 1.0, "day": 1.0, "days": 1.0, "week": 7.0, "weeks": 7.0}
_SHARES = ("", "proportion")
_OPEN = re.compile(r"\bopen[- ]label\b", re.IGNORECASE)
# A year within words: the first one tells when a trial was published.
_YEAR = re.compile(r"(?<!\d)(?:19[89]|20[0-4])\d(?!\d)")
# Trials are compared with those published in one year; drift is not carried beyond the years of those it was fitted to.
_COMPARED, _FIRST, _LAST = 2020.0, 2002.0, 2025.0
_ALLOCATION = re.compile(r"(\d+):(\d+)")
_TEXTS = {
    "basis": "dose_basis",
    "patients": "population",
    "definition": "endpoint_definition",
    "sites": "injection_sites",
    "confidence": "confidence",
    "use": "use",
}
_LARGEST = 64 * 2**20
_EVENT, _HUNDRED = "time_to_event", 100.0


@dataclass(frozen=True, slots=True)
class TrialRow:
    """One row of a table of trials.

    Parameters
    ----------
    line
        Line of the file.
    trial, study
        Trial, and the study within it if it pools several.
    indication, product, endpoint
        Codes; the product of a placebo arm is ``placebo``.
    dose
        Units in all; the middle where a range is given; None if unknown.
    size
        Patients of the arm; half of the trial's where only those are known; None if unknown.
    year
        Of publication: the column, else the first year in the source or the trial's code; None if unknown.
    day
        Day of assessment; None for times to an event.
    value
        Percent, or days for times to an event; None where nothing was reported.
    basis
        What the dose is of: empty or ``total`` for the whole session.
    patients, definition, sites
        Patients, endpoint and injections in the words of the source.
    confidence, use
        How well it was checked, and whether it may be fitted.
    """

    line: int
    trial: str
    study: str
    indication: str
    product: str
    endpoint: str
    dose: float | None
    size: float | None
    year: float | None
    day: float | None
    value: float | None
    basis: str
    patients: str
    definition: str
    sites: str
    confidence: str
    use: str

    @property
    def placebo(self) -> bool:
        """Whether nothing active was given."""
        return self.product == "placebo"

    @property
    def open_label(self) -> bool:
        """Whether everybody knew what was given."""
        return _OPEN.search(self.patients) is not None

    @property
    def decades(self) -> float:
        """How long after 2020 it was published [decade]; 0 where that is unknown, and not before 2002 or after 2025."""
        return 0.0 if self.year is None else (max(_FIRST, min(self.year, _LAST)) - _COMPARED) / 10

    @property
    def source(self) -> tuple[str, str]:
        """Trial and study: rows with the same one share patients, raters and investigators."""
        return self.trial, self.study


@cache
def calibration_rows() -> tuple[TrialRow, ...]:
    """The packaged rows that may be fitted."""
    text = (resources.files("endplate.evidence") / "trials" / "trials.csv").read_text(encoding="utf-8")
    return tuple(row for row in parse_rows(text, name="trials.csv") if row.use == "calib")


def read_rows(path: Path) -> tuple[TrialRow, ...]:
    """The rows of a CSV file.

    Raises
    ------
    TableError
        With every fault of the file: line, column and remedy.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise TableError([Fault("the file is larger than 64 MiB", file=str(path), remedy="split it")])
        return parse_rows(path.read_bytes().decode("utf-8-sig"), name=str(path))
    except OSError as error:
        raise TableError(
            [Fault(f"cannot be read: {error.strerror}", file=str(path), remedy="check the path")]
        ) from None
    except UnicodeDecodeError:
        raise TableError([Fault("is not UTF-8 text", file=str(path), remedy="save it as UTF-8 CSV")]) from None


def parse_rows(text: str, *, name: str) -> tuple[TrialRow, ...]:
    """The rows of a CSV text.

    Parameters
    ----------
    text
        With the columns of the packaged ``trials.csv``.
    name
        What to call it in faults.

    Raises
    ------
    TableError
        With every fault of the text.

    Examples
    --------
    >>> head = "trial_id,indication,product,dose_u,endpoint,time_days"
    >>> row = "X,glabellar_lines,ona,20,inv_none_mild,30"
    >>> parse_rows(f"{head}{chr(10)}{row}", name="x.csv")[0].dose
    20.0
    """
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    faults: list[Fault] = []
    rows: list[TrialRow] = []
    try:
        columns = [column for column in reader.fieldnames or () if column]
        faults += _missing(columns, name)
        if faults:
            raise TableError(faults)
        rows += [_row(reader.line_num, cells, faults, name) for cells in reader if any(cells.values())]
    except csv.Error as error:
        remedy = "close every quotation mark, and save it as CSV again"
        faults.append(Fault(f"is not CSV: {error}", file=name, line=reader.line_num, remedy=remedy))
    if not rows and not faults:
        faults.append(Fault("has no rows", file=name, line=1, remedy="add a row for each arm, endpoint and time"))
    if faults:
        raise TableError(faults)
    return tuple(rows)


def _missing(columns: list[str], name: str) -> list[Fault]:
    """Columns that are not there, or twice."""
    lacking = [one for one in _NEEDED if one not in columns]
    twice = sorted({one for one in columns if columns.count(one) > 1})
    told = [(one, "is missing", nearest(one, columns)) for one in lacking]
    told += [(one, "stands twice", "keep one") for one in twice]
    return [Fault(f"column {one!r} {what}", file=name, line=1, key=one, remedy=remedy) for one, what, remedy in told]


def _row(line: int, cells: Mapping[str, str | None], faults: list[Fault], name: str) -> TrialRow:
    if None in cells or None in cells.values():
        remedy = "quote cells with commas; give every row as many cells as the head has"
        faults.append(Fault("has another number of cells than the head", file=name, line=line, remedy=remedy))
    words = {column: str(text or "").strip() for column, text in cells.items() if isinstance(text, str | None)}
    numbers = {column: _number(words.get(column, "")) for column in _NUMBERS}
    for column in _WORDS:
        if not words[column]:
            faults.append(Fault("is empty", file=name, line=line, key=column, remedy="fill it in"))
    for column, number in numbers.items():
        least, most = _NUMBERS[column]
        if number is not None and not least <= number <= most:
            said = f"{words[column][:40]!r} cannot stand here"
            remedy = f"write a number from {least:g} to {most:g}, or leave the cell empty"
            faults.append(Fault(said, file=name, line=line, key=column, remedy=remedy))
    low, high, total = (numbers[column] for column in ("dose_u_lo", "dose_u_hi", "n_total"))
    middle = None if low is None or high is None else (low + high) / 2
    dose, size = numbers["dose_u"], numbers["n"]
    return TrialRow(
        line,
        *(words.get(column, "") for column in ("trial_id", "sub_study", "indication", "product", "endpoint")),
        dose=0.0 if words["product"] == "placebo" else middle if dose is None else dose,
        size=size if size is not None else _arm_size(total, words),
        year=_year(words) if numbers["year"] is None else numbers["year"],
        day=numbers["time_days"],
        value=_reported(numbers, words),
        **{field: words.get(column, "") for field, column in _TEXTS.items()},
    )


def _year(words: Mapping[str, str]) -> float | None:
    """The first year in the source, else in the code of the trial."""
    told = (_YEAR.search(words.get(column, "")) for column in ("source", "trial_id"))
    return next((float(one[0]) for one in told if one), None)


def _arm_size(total: float | None, words: Mapping[str, str]) -> float | None:
    """Patients of an arm of a trial of two: by the allocation that is told, active to placebo, else half."""
    if total is None:
        return None
    told = _ALLOCATION.search(words.get("n_text", ""))
    active, placebo = (int(told[1]), int(told[2])) if told else (1, 1)
    part = placebo if words.get("product") == "placebo" else active
    return total * part / max(active + placebo, 1)


def _reported(numbers: Mapping[str, float | None], words: Mapping[str, str]) -> float | None:
    """Percent, or days for a time to an event; None where the value is of another kind."""
    kind, value = words.get("value_type", ""), numbers["value"]
    factor = _UNITS.get(words.get("unit", "").lower(), 1.0)
    if numbers["value_days"] is not None:
        return numbers["value_days"]
    if kind == _EVENT:
        return None if value is None else value * factor
    return value if kind in _SHARES and value is not None and 0 <= value <= _HUNDRED else None


def _number(text: str) -> float | None:
    """A finite number, NaN for what is none, None for an empty cell."""
    if not text:
        return None
    try:
        found = float(text)
    except ValueError:
        return nan
    return found if isfinite(found) else nan
