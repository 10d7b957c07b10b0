"""Reading a case file: a `Case`, or every fault of the file at once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from endplate.case.case import Case
from endplate.case.injection import Injection
from endplate.case.nearest import nearest
from endplate.case.patient import REGIONS, Baseline, Habits, Patient, Skin
from endplate.case.plan import Plan
from endplate.case.product import product, products
from endplate.case.show import show
from endplate.case.table import CaseTable, Context, InjectionTable, PatientTable, SessionTable
from endplate.case.template import write_template
from endplate.errors import CaseError, Fault
from endplate.evidence.locate import lines

__all__ = ["case_of", "case_schema", "parse_case", "parse_tree", "read_case", "write_template"]

_LARGEST_FILE = 1_000_000
_LINE = re.compile(r"at line (\d+)")
_NEW = "write one with `endplate case new --pattern glabella-20u`"
_SCHEMA = "https://json-schema.org/draft/2020-12/schema"
_PLAIN = {
    "missing": ("missing", "add it"),
    "model_type": ("is not a table", "write a table here"),
    "list_type": ("is not a list", "write [[…]] tables here"),
    "too_long": ("too many entries", "shorten the list"),
    "too_short": ("an empty list", "add at least one entry"),
}

Path_ = tuple[str | int, ...]


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
    return parse_case(_text(Path(path), str(path)), file=str(path))


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
    data = _toml(text, file)
    try:
        return _case(_checked(data)), data
    except ValidationError as error:
        raise CaseError(_faults(error.errors(include_url=False), lines(text), file)) from None


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
    try:
        return _case(_checked(tree))
    except ValidationError as error:
        raise CaseError([_fault(one, None, None) for one in error.errors(include_url=False)]) from None


def case_schema() -> dict[str, Any]:
    """JSON Schema of a case file.

    Examples
    --------
    >>> case_schema()["title"]
    'endplate case'
    """
    return {"$schema": _SCHEMA} | CaseTable.model_json_schema() | {"title": "endplate case"}


def _checked(data: Mapping[str, Any]) -> CaseTable:
    return CaseTable.model_validate(data, context=Context(_product_of(data)))


def _text(path: Path, file: str) -> str:
    """The text of a regular, small UTF-8 file."""
    try:
        if not path.is_file():
            what = "is a directory" if path.is_dir() else "is not a file" if path.exists() else "does not exist"
            raise _error(file, what, f"give the path of a case file, or {_NEW}")
        with path.open("rb") as stream:
            raw = stream.read(_LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        raise _error(file, f"cannot be read: {error}", "give the path of a readable case file") from None
    if len(raw) > _LARGEST_FILE:
        raise _error(file, f"is larger than {_LARGEST_FILE} bytes", "a case file is a few kilobytes of text")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise _error(file, "is not UTF-8 text", "save the file as UTF-8", line=line) from None


def _toml(text: str, file: str | None) -> dict[str, Any]:
    if not text.strip():
        raise _error(file, "the file is empty", _NEW)
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise _error(file, "lists or tables are nested too deeply", "a case needs only a few levels") from None
    except ValueError as error:
        found = _LINE.search(str(error))
        last = len(text.splitlines())
        message = f"is not valid TOML: {str(error)[:200]}"
        raise _error(file, message, "correct the line", line=int(found[1]) if found else last) from None


def _error(file: str | None, message: str, remedy: str, *, line: int | None = None) -> CaseError:
    return CaseError([Fault(message, file=file, line=line, remedy=remedy)])


def _product_of(data: Mapping[str, Any]) -> str | None:
    """The plan's product, if the file names a known one."""
    plan: object = data.get("plan")
    code = cast("dict[str, object]", plan).get("product") if isinstance(plan, dict) else None
    return code if isinstance(code, str) and code in products() else None


def _faults(errors: list[ErrorDetails], where: dict[Path_, int], file: str | None) -> list[Fault]:
    """One fault for each error, in the order of the file."""
    found = [_fault(error, where, file) for error in errors]
    return sorted(found, key=lambda one: (one.line or 0, one.key or ""))


def _fault(error: ErrorDetails, where: dict[Path_, int] | None, file: str | None) -> Fault:
    path = _path(error)
    message, remedy = _words(error)
    line = None if where is None else _line(path, where)
    return Fault(message, file=file, line=line, key=_key(path), remedy=remedy)


def _line(path: Path_, where: dict[Path_, int]) -> int:
    """The line of a key, or else of the nearest table around it."""
    known = next((path[:end] for end in range(len(path), 0, -1) if path[:end] in where), ())
    return where.get(known, 1)


def _path(error: ErrorDetails) -> Path_:
    """The path of the key at fault; the fault may name one beside the checked one."""
    path, key = error["loc"], error.get("ctx", {}).get("key")
    return path if key is None else (*path[:-1], *str(key).split(".")) if key else path[:-1]


def _words(error: ErrorDetails) -> tuple[str, str]:
    """Message and remedy of an error of pydantic."""
    kind, context = error["type"], error.get("ctx", {})
    if kind == "endplate":
        return str(context["message"]), str(context["remedy"])
    if kind == "extra_forbidden":
        return "unknown key", nearest(str(error["loc"][-1]), _keys_beside(error["loc"]))
    message, remedy = _PLAIN.get(kind, (error["msg"], "correct the value"))
    return f"{show(error['input'])} {message}" if kind.endswith("_type") else message, remedy


def _key(path: Path_) -> str:
    """A path as text, such as ``plan.session[0].at``."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{show(part)[1:-1]}" for part in path)
    return "".join(parts).removeprefix(".")


def _keys_beside(path: Path_) -> list[str]:
    """The known keys of the table in which `path` stands."""
    table: type[BaseModel] = CaseTable
    for part in path[:-1]:
        if isinstance(part, str):
            table = next(_tables(table.model_fields[part].annotation), table)
    return list(table.model_fields)


def _tables(annotation: object) -> Iterator[type[BaseModel]]:
    """Tables within a type such as ``list[SessionTable]``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _tables(part)


def _case(table: CaseTable) -> Case:
    injections = tuple(one for session in table.plan.session for one in _injections(session))
    return Case(
        title=table.title,
        plan=Plan(product(table.plan.product), injections),
        patient=_patient(table.patient),
        days=table.simulation.days,
        antitoxin_day=None if table.antitoxin is None else table.antitoxin.at,
        seed=table.simulation.seed,
    )


def _patient(table: PatientTable) -> Patient:
    grades = [getattr(table.baseline, region) for region in REGIONS]
    return Patient(
        age=table.age,
        sex=table.sex,
        muscle_mass=table.muscle_mass,
        skin=Skin(**table.skin.model_dump()),
        habits=Habits(**table.habits.model_dump()),
        baseline=Baseline(tuple(one.maximum for one in grades), tuple(one.rest for one in grades)),
        antibody_free_fraction=table.antibody_free_fraction,
    )


def _injections(session: SessionTable) -> Iterator[Injection]:
    """The pattern's injections, then the session's own."""
    for shot in session.shots():
        place = InjectionTable(site=shot.site, dose=shot.dose, volume=shot.volume)
        yield _injection(place, session.at)
    for place in session.injection:
        yield _injection(place, session.at)


def _injection(place: InjectionTable, day: float) -> Injection:
    return Injection(
        site=place.spot().tip,
        dose=place.dose,
        volume=place.volume,
        day=day,
        name=place.site,
        depth=place.spot().needle,
        frame=place.spot().frame_name,
    )
