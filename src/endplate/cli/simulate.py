"""`endplate simulate`: a case file becomes a course, told here and written into a folder."""

from __future__ import annotations

import json
import shlex
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

import endplate.course as course_room
import endplate.report as report_room
from endplate.case import Case, Note, case_notes
from endplate.case.file import read_tree
from endplate.case.keys import injection_keys
from endplate.case.table import LONGEST, SHORTEST
from endplate.cli.effects import case_effects
from endplate.cli.folder import check_folder
from endplate.cli.gate import OverrideOption, passed, print_findings, with_overrides
from endplate.cli.interrupt import check
from endplate.cli.manifest import made_from, shown, write_with_manifest
from endplate.cli.tables import print_tables
from endplate.course import Course
from endplate.course.case import simulate_case
from endplate.course.engine import prepare
from endplate.course.field import first_fields
from endplate.errors import InvalidRequest, UnitError
from endplate.evidence import load
from endplate.report.document import plain
from endplate.report.effects import effect_words, plain_effects
from endplate.report.offers import case_offers
from endplate.report.summary import summarise
from endplate.report.told import Told
from endplate.units import parse

__all__ = ["app"]

app = typer.Typer(add_completion=False)

_WAIT = "simulating; the first run of a kind compiles for some seconds"
_FILE = {"case file": "case_file", "SHA-256 of the case": "case_sha256"}

FileArgument = Annotated[Path, typer.Argument(metavar="CASE", help="A case file.", show_default=False)]
FolderOption = Annotated[
    Path | None, typer.Option("--output", "-o", help="Folder for course.nc, report.html and manifest.json.")
]
DaysOption = Annotated[
    str | None, typer.Option("--days", help="Simulated length, such as 180 or '26 weeks', instead of the case's own.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Plain data for programs, with full curves.")]
EffectsOption = Annotated[
    bool, typer.Option("--effects", help="Also the probability of drooping lids and the like; a minute more at first.")
]


@app.command()
def simulate(
    file: FileArgument,
    output: FolderOption = None,
    *,
    days: DaysOption = None,
    override: OverrideOption = None,
    as_json: JsonOption = False,
    with_effects: EffectsOption = False,
) -> None:
    """Simulate a case that the safety check lets pass: tables here, and with -o a report, a netCDF file, a manifest."""
    begun, clock = datetime.now(UTC), time.perf_counter()
    whole, tree = read_tree(file)
    whole = with_overrides(whole, override)
    found = passed(whole, keys=injection_keys(tree), file=str(file), as_json=as_json)
    case, left_out = _shortened(whole, days)
    notes = [*left_out, *case_notes(case, load())]
    if output is not None:
        check_folder(output)
    with Console(stderr=True).status(_WAIT):
        course = _run(case)
        check()
        summary = summarise(course, case.patient.baseline)
        beside = case_effects(case) if with_effects else None
    check()
    if as_json:
        content = plain(case, course, summary=summary, notes=notes, findings=found)
        content |= {} if beside is None else {"effects": plain_effects(beside)}
        typer.echo(json.dumps(content, ensure_ascii=False, allow_nan=False))
    else:
        print_findings(found)
        print_tables(case, summary, evidence=course.evidence, notes=notes)
        if case.offers:
            typer.echo("\n".join(["", "Other offers:", *(f"- {one}" for one in case_offers(case, load()))]))
        if beside is not None:
            typer.echo("\n".join(["", "Effects beside the wanted one:", *effect_words(beside)]))
    if output is not None:
        asked = _command(file, output, days=days, override=override, with_effects=with_effects)
        made = _made(case, file, begun) | {"command": asked}
        made |= {"findings": [one.to_dict() for one in found], "overrides": dict(case.overrides)}
        with Console(stderr=True).status("writing"):
            paths = _write(output, case, course, told=Told(notes, found, beside), made=made, clock=clock)
        typer.echo("\n".join(["", *(f"wrote {path}" for path in paths)]), err=as_json)


def _shortened(case: Case, days: str | None) -> tuple[Case, list[Note]]:
    """The case with the asked length, without what lies beyond it, and a note of each such thing."""
    length = case.days if days is None else _length(days)
    kept = tuple(one for one in case.plan.injections if one.day < length)
    offered = tuple(one for one in case.offers if one.day < length)
    if not kept and not offered:
        raise InvalidRequest(f"no session lies within {length:g} days; simulate longer, see --days")
    later = sorted({one.day for one in case.plan.injections} - {one.day for one in kept})
    left = [f"session of day {day:g}" for day in later]
    left += [f"{one.name} of day {one.day:g}" for one in case.offers if one.day >= length]
    antitoxin = case.antitoxin_day
    if antitoxin is not None and antitoxin >= length:
        left.append(f"antitoxin of day {antitoxin:g}")
        antitoxin = None
    notes = [Note("left out", f"Left out, since {length:g} days are simulated: {', '.join(left)}.")] if left else []
    plan = replace(case.plan, injections=kept)
    return replace(case, days=length, plan=plan, antitoxin_day=antitoxin, offers=offered), notes


def _length(text: str) -> float:
    """A length in days from a number or a text with a unit."""
    try:
        length = float(text)
    except ValueError:
        try:
            length = parse(text, "day")
        except UnitError as error:
            raise InvalidRequest(f"--days: {error}") from None
    if not SHORTEST <= length <= LONGEST:
        raise InvalidRequest(f"--days: {text} is out of range; give at least {SHORTEST:g} and at most {LONGEST:g} days")
    return length


def _run(case: Case) -> Course:
    prepare()
    return simulate_case(case)


def _made(case: Case, file: Path, begun: datetime) -> dict[str, Any]:
    return made_from(
        "case",
        file,
        title=case.title,
        product=case.plan.product.code,
        days=case.days,
        antitoxin_day=case.antitoxin_day,
        seed=case.seed,
        precision="float64",
        begun=begun.isoformat(timespec="seconds"),
    )


def _command(file: Path, output: Path, *, days: str | None, override: list[str] | None, with_effects: bool) -> str:
    asked = ["endplate", "simulate", str(file), "-o", str(output), *(["--effects"] if with_effects else [])]
    asked += [word for one in override or () for word in ("--override", one)]
    return shlex.join(asked if days is None else [*asked, "--days", days])


def _write(
    output: Path,
    case: Case,
    course: Course,
    *,
    told: Told,
    made: dict[str, Any],
    clock: float,
) -> list[Path]:
    """Write the three files."""

    # Both rooms load what draws and writes only here, when it is asked for.
    def netcdf(path: Path) -> None:
        course_room.write_netcdf(course, path, title=case.title)

    def report(path: Path) -> None:
        fields = first_fields(case.plan, case.patient)
        page = report_room.report_html(case, course, fields=fields, library=load(), made=shown(made, _FILE), told=told)
        path.write_text(page, encoding="utf-8")

    return write_with_manifest(output, {"course.nc": netcdf, "report.html": report}, made=made, clock=clock)
