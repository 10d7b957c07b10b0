"""Tables of trial results: one row is an arm, an endpoint and a time."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from math import isfinite, isnan, nan
from pathlib import Path

from endplate.case.nearest import nearest
from endplate.errors import Fault, TableError

__all__ = ["TrialRow", "calibration_rows", "parse_rows", "read_rows"]

# Without these columns nothing can be predicted; the others of the packaged table may be missing.
_NEEDED = ("trial_id", "indication", "product", "dose_u", "endpoint", "time_days")
_WORDS = ("trial_id", "indication", "product", "endpoint")
_NUMBERS = ("dose_u", "dose_u_lo", "dose_u_hi", "n", "n_total", "time_days", "value", "value_days")
_TEXTS = {
    "definition": "endpoint_definition",
    "sites": "injection_sites",
    "confidence": "confidence",
    "use": "use",
}
_LARGEST = 64 * 2**20
_EVENT = "time_to_event"


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
    day
        Day of assessment; None for times to an event.
    value
        Percent, or days for times to an event; None where nothing was reported.
    definition, sites
        The endpoint and the injections in the words of the source.
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
    day: float | None
    value: float | None
    definition: str
    sites: str
    confidence: str
    use: str

    @property
    def placebo(self) -> bool:
        """Whether nothing active was given."""
        return self.product == "placebo"

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
    reader = csv.DictReader(io.StringIO(text, newline=""))
    columns = [column for column in reader.fieldnames or () if column]
    faults = [
        Fault(f"column {one!r} is missing", file=name, line=1, key=one, remedy=nearest(one, columns))
        for one in _NEEDED
        if one not in columns
    ]
    if faults:
        raise TableError(faults)
    rows = [_row(reader.line_num, cells, faults, name) for cells in reader if any(cells.values())]
    if not rows and not faults:
        faults.append(Fault("has no rows", file=name, line=1, remedy="add a row for each arm, endpoint and time"))
    if faults:
        raise TableError(faults)
    return tuple(rows)


def _row(line: int, cells: Mapping[str, str | None], faults: list[Fault], name: str) -> TrialRow:
    words = {column: str(text or "").strip() for column, text in cells.items() if isinstance(text, str | None)}
    numbers = {column: _number(words.get(column, "")) for column in _NUMBERS}
    for column in _WORDS:
        if not words[column]:
            faults.append(Fault("is empty", file=name, line=line, key=column, remedy="fill it in"))
    for column, number in numbers.items():
        if number is not None and (isnan(number) or (number < 0 and column != "value")):
            said = f"{words[column][:40]!r} cannot stand here"
            remedy = "write a finite number ≥ 0, or leave the cell empty"
            faults.append(Fault(said, file=name, line=line, key=column, remedy=remedy))
    low, high, total = (numbers[column] for column in ("dose_u_lo", "dose_u_hi", "n_total"))
    middle = None if low is None or high is None else (low + high) / 2
    dose, size = numbers["dose_u"], numbers["n"]
    return TrialRow(
        line,
        *(words.get(column, "") for column in ("trial_id", "sub_study", "indication", "product", "endpoint")),
        dose=0.0 if words["product"] == "placebo" else middle if dose is None else dose,
        size=size if size is not None else None if total is None else total / 2,
        day=numbers["time_days"],
        value=numbers["value_days" if words.get("value_type") == _EVENT else "value"],
        **{field: words.get(column, "") for field, column in _TEXTS.items()},
    )


def _number(text: str) -> float | None:
    """A finite number, NaN for what is none, None for an empty cell."""
    if not text:
        return None
    try:
        found = float(text)
    except ValueError:
        return nan
    return found if isfinite(found) else nan
