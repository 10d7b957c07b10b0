"""Reading a case file: a `Case`, or every fault of the file at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from pydantic import ValidationError

from endplate.case.build import Build
from endplate.case.case import Case
from endplate.case.health import Health, Treatment, Vial
from endplate.case.health_table import HealthTable
from endplate.case.injection import Injection
from endplate.case.offer import Given
from endplate.case.patient import REGIONS, Baseline, Habits, Patient, Skin
from endplate.case.plan import Plan
from endplate.case.product import product, products
from endplate.case.reading import Kind, refusing, schema_of, text_of, toml_of
from endplate.case.table import CaseTable, Context, InjectionTable, PatientTable, SessionTable
from endplate.case.template import write_template
from endplate.errors import CaseError

__all__ = [
    "case_of",
    "case_schema",
    "context_of",
    "parse_case",
    "parse_tree",
    "read_case",
    "read_tree",
    "write_template",
]

_KIND = Kind("case", "write one with `endplate case new --pattern glabella-20u`", CaseTable, CaseError)


def read_case(path: str | Path) -> Case:
    """Read a case file.

    Parameters
    ----------
    path
        A TOML file; see ``endplate case schema``.

    Returns
    -------
    Case
        What the file says, checked.

    Raises
    ------
    CaseError
        If the file cannot be used; it holds every fault with file, line, key and remedy.
    """
    return parse_case(text_of(Path(path), _KIND), file=str(path))


def read_tree(path: str | Path) -> tuple[Case, dict[str, Any]]:
    """Read a case file, and give its tables too; see `read_case`."""
    return parse_tree(text_of(Path(path), _KIND), file=str(path))


def parse_case(text: str, *, file: str | None = None) -> Case:
    """Read the text of a case file; see `read_case`.

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
    >>> case = parse_case(write_template("glabella-20u"))
    >>> case.plan.total_dose
    (20.0,)
    """
    return parse_tree(text, file=file)[0]


def parse_tree(text: str, *, file: str | None = None) -> tuple[Case, dict[str, Any]]:
    """Read the text of a case file, and give its tables too; see `parse_case`.

    Examples
    --------
    >>> case, tree = parse_tree(write_template("glabella-20u"))
    >>> tree["plan"]["product"], case_of(tree) == case
    ('ona', True)
    """
    data = toml_of(text, _KIND, file=file)
    with refusing(_KIND, text=text, file=file):
        return _case(_checked(data)), data


def case_of(tree: Mapping[str, Any]) -> Case:
    """The case that the tables of a case file say.

    Parameters
    ----------
    tree
        Tables, lists and values as TOML gives them.

    Raises
    ------
    CaseError
        If they cannot be used; the faults are those of `parse_case`, with keys and without lines.

    Examples
    --------
    >>> case_of({"title": "One point", "plan": {"product": "ona", "session": [{"at": 0, "pattern": "dao-5u"}]}}).days
    365.0
    """
    with refusing(_KIND):
        return _case(_checked(tree))


def case_schema() -> dict[str, Any]:
    """JSON Schema of a case file.

    Examples
    --------
    >>> case_schema()["title"]
    'endplate case'
    """
    return schema_of(_KIND)


def _checked(data: Mapping[str, Any]) -> CaseTable:
    return CaseTable.model_validate(data, context=context_of(data))


def context_of(data: Mapping[str, Any]) -> Context:
    """What the checks between the tables of a file need to know, from tables that are not checked yet."""
    return Context(_product_of(data), _build_of(data), offered=bool(data.get("offers")))


def _build_of(data: Mapping[str, Any]) -> Build:
    """The size of the head that the file gives; of what is at fault, that of the muscle map."""
    patient: object = data.get("patient")
    given = cast("dict[str, object]", patient) if isinstance(patient, dict) else {}
    found: dict[str, float] = {}
    for name in ("intercanthal_width", "forehead_height"):
        with suppress(ValidationError):
            found |= {name: getattr(PatientTable.model_validate({name: given[name]}), name)} if name in given else {}
    return Build(**found)


def _product_of(data: Mapping[str, Any]) -> str | None:
    """The plan's product, if the file names a known one."""
    plan: object = data.get("plan")
    code = cast("dict[str, object]", plan).get("product") if isinstance(plan, dict) else None
    return code if isinstance(code, str) and code in products() else None


def _case(table: CaseTable) -> Case:
    patient = _patient(table.patient)
    build = Build.of(replace(patient, muscle_mass=1.0))
    given = tuple(one.given() for one in table.offers)
    injections = tuple(
        replace(one, volume=one.volume + _added(given, session.at))
        for session in table.plan.session
        for one in _injections(session, build)
    )
    return Case(
        title=table.title,
        plan=Plan(product(table.plan.product), injections, table.plan.massage),
        patient=patient,
        days=table.simulation.days,
        antitoxin_day=None if table.antitoxin is None else table.antitoxin.at,
        seed=table.simulation.seed,
        vial=None if table.plan.vial is None else Vial(**table.plan.vial.model_dump()),
        overrides=tuple(table.override.items()),
        offers=given,
    )


def _added(given: Sequence[Given], day: float) -> float:
    """Volume of anaesthetic that is added to each injection of a day [mL]."""
    return sum(one.volume for one in given if one.day == day)


def _patient(table: PatientTable) -> Patient:
    grades = [getattr(table.baseline, region) for region in REGIONS]
    return Patient(
        age=table.age,
        sex=table.sex,
        muscle_mass=table.muscle_mass,
        intercanthal_width=table.intercanthal_width,
        forehead_height=table.forehead_height,
        menopause=table.menopause,
        skin=Skin(**table.skin.model_dump()),
        habits=Habits(**table.habits.model_dump()),
        baseline=Baseline(tuple(one.maximum for one in grades), tuple(one.rest for one in grades)),
        antibody_free_fraction=table.antibody_free_fraction,
        weight=table.weight,
        health=_health(table.health),
    )


def _health(table: HealthTable) -> Health:
    told: dict[str, Any] = {name: getattr(table, name) for name in HealthTable.lists}
    return Health(
        **{name: None if names is None else tuple(names) for name, names in told.items()},
        pregnant=table.pregnant,
        breastfeeding=table.breastfeeding,
        treatments=None
        if table.treatments is None
        else tuple(Treatment(one.product, one.dose, one.ago) for one in table.treatments),
    )


def _injections(session: SessionTable, build: Build) -> Iterator[Injection]:
    """The pattern's injections, then the session's own."""
    for shot in session.shots():
        place = InjectionTable(site=shot.site, dose=shot.dose, volume=shot.volume)
        yield _injection(place, session.at, build)
    for place in session.injection:
        yield _injection(place, session.at, build)


def _injection(place: InjectionTable, day: float, build: Build) -> Injection:
    spot = place.spot(build)
    return Injection(
        site=spot.tip,
        dose=place.dose,
        volume=place.volume,
        day=day,
        name=place.site,
        depth=spot.needle,
        frame=spot.frame_name,
    )
