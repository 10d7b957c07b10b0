"""The error tree. Every error says what is wrong, the value, where, and what to do.

EndplateError
├─ UnitError            a text or unit that cannot be read, or units that must not mix
├─ FaultyFile           a file with one or more faults, all reported together
│  ├─ CaseError         a case file
│  ├─ TrialError        a trial file
│  ├─ TableError        a table of trial results
│  └─ EvidenceError     the evidence library
└─ InvalidRequest       an argument of a public function
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

__all__ = [
    "CaseError",
    "EndplateError",
    "EvidenceError",
    "Fault",
    "FaultyFile",
    "InvalidRequest",
    "TableError",
    "TrialError",
    "UnitError",
]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, where it stands, and what to do about it.

    Parameters
    ----------
    message
        What is wrong, with the value.
    file, line, key
        Where: path as the user gave it, 1-based line, dotted key.
    remedy
        What to do.
    """

    message: str
    file: str | None = None
    line: int | None = None
    key: str | None = None
    remedy: str | None = None

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line) if part is not None)
        parts = [place, self.key, self.message]
        text = ": ".join(part for part in parts if part)
        return f"{text} ({self.remedy})" if self.remedy else text

    def to_dict(self) -> dict[str, str | int | None]:
        """The fault as plain data, for JSON."""
        return asdict(self)


class EndplateError(Exception):
    """Any error endplate raises on purpose."""


class UnitError(EndplateError):
    """A quantity that cannot be read, or units that must not mix."""


class InvalidRequest(EndplateError):
    """An argument of a public function that cannot be used."""


class FaultyFile(EndplateError):
    """A file with faults; `faults` holds all of them."""

    def __init__(self, faults: list[Fault] | tuple[Fault, ...]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class CaseError(FaultyFile):
    """A case file that cannot be used."""


class TrialError(FaultyFile):
    """A trial file that cannot be used."""


class TableError(FaultyFile):
    """A table of trial results that cannot be used."""


class EvidenceError(FaultyFile):
    """An evidence library that cannot be used."""
