"""What a reader must know of a case before its course: antitoxin, doses beyond every label.

A note is no fault: the case is simulated all the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from endplate.case.case import Case
from endplate.case.plan import Plan
from endplate.evidence import Library

__all__ = ["Note", "antitoxin_words", "case_notes"]


@dataclass(frozen=True, slots=True)
class Note:
    """One thing to know.

    Parameters
    ----------
    kind
        What it is about, in a word or two, for programs.
    message
        The sentence.
    source
        Where the number that it rests on stands, if it rests on one.
    """

    kind: str
    message: str
    source: str | None = None

    def __str__(self) -> str:
        return f"{self.message.removesuffix('.')} ({self.source})." if self.source else self.message

    def to_dict(self) -> dict[str, str | None]:
        """The note as plain data, for JSON."""
        return asdict(self)


def case_notes(case: Case, library: Library) -> list[Note]:
    """All notes of a case.

    Examples
    --------
    >>> from endplate.case.file import parse_case, write_template
    >>> from endplate.evidence import load
    >>> case_notes(parse_case(write_template("glabella-20u")), load())
    []
    """
    return [*_antitoxin(case.antitoxin_day), *_doses(case.plan, library)]


def antitoxin_words(day: float) -> str:
    """What antitoxin does in a course, in one sentence."""
    return (
        f"Antitoxin from day {day:g} on clears free toxin only, at a constant rate to the end of the run. Bound toxin "
        "is out of its reach. Its waning, for which the library has no half-life, is left out, so sessions long after "
        "it act too little. The captured doses are those without antitoxin."
    )


def _antitoxin(day: float | None) -> Iterator[Note]:
    if day is not None:
        yield Note("antitoxin", antitoxin_words(day))


def _doses(plan: Plan, library: Library) -> Iterator[Note]:
    """Sessions whose total is beyond the largest one on the product's label."""
    code, name = plan.product.code, f"label_total.{plan.product.code}"
    if name not in library:
        yield Note("no label", f"The library has no label total of {code}, so its doses are compared with none.")
        return
    label = library[name]
    for day, total in zip(plan.days, plan.total_dose, strict=True):
        if total > label.value:
            title = library.sources[label.source[0]]["title"]
            yield Note(
                "dose beyond the label",
                f"{total:g} U of {code} on day {day:g} are {total / label.value:.2g} times the largest total on its "
                f"label, {label.value:g} U; the model knows no systemic effect.",
                f"{name}: {title}, {label.where}",
            )
