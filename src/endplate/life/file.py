"""Reading a years file: a `Life`, or every fault of the file at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from endplate.case import REGIONS, Case, anatomy
from endplate.case.file import case_of, context_of
from endplate.case.keys import injection_keys
from endplate.case.reading import Kind, refusing, schema_of, text_of, toml_of
from endplate.case.region import folding
from endplate.errors import CaseError, Fault
from endplate.evidence import load
from endplate.life.plan import Change, Life, Schedule
from endplate.life.table import YearsFile, YearsTable
from endplate.safety.chart import chart_of

__all__ = ["Read", "parse_years", "read_years", "years_of", "years_schema"]

_KIND = Kind("years", "write one with `endplate years --new glabella-20u`", YearsFile, CaseError)
_OF_A_CASE = ("title", "patient", "plan", "override")
_LEAST, _MOSTLY = 84.0, 0.5


class Read(NamedTuple):
    """A life, its first session as a case, and where its injections stand in the file."""

    life: Life
    case: Case
    keys: list[str]


def read_years(path: str | Path) -> Read:
    """Read a years file.

    Parameters
    ----------
    path
        A TOML file: patient and plan as in a case file, and ``[years]``.

    Raises
    ------
    CaseError
        If the file cannot be used; it holds every fault with file, line, key and remedy.
    """
    return parse_years(text_of(Path(path), _KIND), file=str(path))


def parse_years(text: str, *, file: str | None = None) -> Read:
    """Read the text of a years file; see `read_years`.

    Parameters
    ----------
    text
        TOML.
    file
        Name of the file in messages.

    Raises
    ------
    CaseError
        If the text cannot be used.

    Examples
    --------
    >>> from endplate.life.template import years_template
    >>> parse_years(years_template("glabella-20u")).life.regions
    ('glabella',)
    """
    data = toml_of(text, _KIND, file=file)
    with refusing(_KIND, text=text, file=file):
        return _read(data, file)


def years_of(tree: Mapping[str, Any]) -> Read:
    """The life that the tables of a years file say.

    Parameters
    ----------
    tree
        Tables, lists and values as TOML gives them.

    Raises
    ------
    CaseError
        If they cannot be used; the faults are those of `parse_years`, with keys and without lines.

    Examples
    --------
    >>> plan = {"product": "ona", "session": [{"at": 0, "pattern": "glabella-20u"}]}
    >>> years_of({"title": "A life", "plan": plan, "years": {"until": 60}}).life.until
    60.0
    """
    with refusing(_KIND):
        return _read(tree, None)


def _read(data: Mapping[str, Any], file: str | None) -> Read:
    table = YearsFile.model_validate(data, context=context_of(data))
    case = case_of({key: data[key] for key in _OF_A_CASE if key in data})
    regions = tuple(table.years.regions) or _treated(case, table.years.region)
    if not regions:
        remedy = "name those to follow: [years] regions"
        raise CaseError([Fault("the session treats no skin whose lines are followed", file, key="plan", remedy=remedy)])
    life = replace(_life(case, table.years, regions), offers=tuple(one.given() for one in table.offers))
    return Read(life, case, injection_keys(data))


def years_schema() -> dict[str, Any]:
    """JSON Schema of a years file.

    Examples
    --------
    >>> years_schema()["title"]
    'endplate years'
    """
    return schema_of(_KIND)


def _treated(case: Case, looked: str | None) -> tuple[str, ...]:
    """Regions that the treated muscles fold for the most part, and the one that is looked at."""
    meant = {point.muscle for point in chart_of(case, load()).points}
    muscles = anatomy().muscles
    share = folding(muscles) @ [float(muscle.name in meant) for muscle in muscles]
    return tuple(name for name, part in zip(REGIONS, share, strict=True) if name == looked or part >= _MOSTLY)


def _life(case: Case, years: YearsTable, regions: tuple[str, ...]) -> Life:
    start = case.patient.age if years.start is None else years.start
    schedule = Schedule(
        start=start,
        stop=years.until if years.stop is None else years.stop,
        every=years.every,
        grade=years.grade,
        region=years.region or regions[0],
        least=_LEAST if years.least is None else years.least,
        pauses=tuple(years.pauses),
    )
    changes = (Change(one.age, what, factor) for one in years.change for what, factor in one.factors.items())
    return Life(
        title=case.title,
        patient=case.patient,
        plan=case.plan,
        until=years.until,
        schedule=schedule,
        changes=tuple(changes),
        regions=regions,
        antibodies=years.antibodies,
        seed=years.seed,
        overrides=case.overrides,
    )
