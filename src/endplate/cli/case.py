"""`endplate case`: write, check and describe case files."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from endplate.case.anatomy import anatomy
from endplate.case.case import Case
from endplate.case.dose import dose_by_muscle
from endplate.case.file import case_schema, read_case, write_template
from endplate.case.note import case_notes
from endplate.cli.interrupt import hold
from endplate.errors import CaseError, Fault, InvalidRequest
from endplate.evidence import load
from endplate.report.names import muscle_name, plural

__all__ = ["app", "write_new"]

app = typer.Typer(help="Write, check and describe case files.", no_args_is_help=True)

JsonOption = Annotated[bool, typer.Option("--json", help="Plain data for programs.")]


@app.command()
def new(
    pattern: Annotated[str, typer.Option("--pattern", "-p", help="A name from `endplate case patterns`.")],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="File to write; else to the terminal.")] = None,
    *,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")] = False,
) -> None:
    """Write a commented case file to start from."""
    text = write_template(pattern)
    if output is None:
        typer.echo(text, nl=False)
        return
    write_new(output, text, force=force)
    typer.echo(f"wrote {output}")


@app.command()
def patterns(*, as_json: JsonOption = False) -> None:
    """List the patterns: product, units in all, sites."""
    found = anatomy().patterns.values()
    if as_json:
        rows = [
            {"name": one.name, "product": one.product, "total": one.total_dose, "sites": len(one.shots)}
            | {"title": one.title, "status": one.status, "source": one.source, "note": one.note}
            for one in found
        ]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    table = Table(box=None, pad_edge=False)
    table.add_column("pattern", no_wrap=True)
    for column in ("product", "units", "sites", "status", "what"):
        table.add_column(column)
    for one in found:
        numbers = (f"{one.total_dose:g}", str(len(one.shots)))
        table.add_row(one.name, one.product, *numbers, one.status, Text(one.title))
    Console().print(table)
    for code, why in anatomy().without_pattern.items():
        typer.echo(f"{code}: {why}")


@app.command()
def schema() -> None:
    """Print the JSON Schema of a case file."""
    typer.echo(json.dumps(case_schema(), ensure_ascii=False, indent=2))


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="A case file.", show_default=False)], *, as_json: JsonOption = False
) -> None:
    """Check a case file: every fault at once, or what it asks for, session by session."""
    try:
        case = read_case(file)
    except CaseError as error:
        if as_json:
            _print_json([], error.faults)
        raise
    if as_json:
        _print_json([case], ())
    else:
        _print_case(case)


def write_new(path: Path, text: str, *, force: bool = False) -> None:
    """Write a text file in one step: to a temporary name beside it, then renamed.

    Raises
    ------
    InvalidRequest
        If the file exists and `force` is not set, or it cannot be written.
    """
    try:
        if path.exists() and not force:
            raise InvalidRequest(f"{path} exists; give another name, or --force to replace it")
        if path.is_dir():
            raise InvalidRequest(f"{path} is a directory; give the name of a file")
        with hold(), tempfile.TemporaryDirectory(dir=path.parent, prefix=".endplate-") as folder:
            draft = Path(folder) / "draft"
            draft.write_text(text, encoding="utf-8")
            draft.replace(path)
    except (OSError, ValueError) as error:
        raise InvalidRequest(f"{path} cannot be written: {getattr(error, 'strerror', error)}") from None


def _print_case(case: Case) -> None:
    plan = case.plan
    what = f"{plural(len(plan.injections), 'injection')} of {plan.product.code} in {plural(len(plan.days), 'session')}"
    late = "" if case.antitoxin_day is None else f", antitoxin from day {case.antitoxin_day:g} on"
    console = Console(highlight=False, markup=False, soft_wrap=True)
    console.print(Text(case.title, style="bold"))
    console.print(f"no fault: {what}, {case.days:g} days followed{late}")
    table = Table(box=None, pad_edge=False)
    for column in ("day", "injections", "total [U]"):
        table.add_column(column, justify="right")
    table.add_column("by muscle [U]")
    for index, day in enumerate(plan.days):
        count = str(len(plan.session_injections(index)))
        table.add_row(f"{day:g}", count, f"{plan.total_dose[index]:g}", Text(_doses(dose_by_muscle(plan, index))))
    console.print(table)
    for note in case_notes(case, load()):
        console.print(f"note: {note}")


def _doses(by_muscle: dict[str, float]) -> str:
    """Doses in words, left and right of a muscle together."""
    sides: dict[str, list[str]] = {}
    for name, dose in by_muscle.items():
        stem, _, side = name.partition(".")
        sides.setdefault(stem, []).append(f"{dose:g} {side}".strip())
    return "; ".join(f"{muscle_name(stem)} {', '.join(doses)}" for stem, doses in sides.items())


def _print_json(cases: list[Case], faults: Iterable[Fault]) -> None:
    content: dict[str, object] = {"valid": bool(cases), "faults": [fault.to_dict() for fault in faults]}
    for case in cases:
        plan = case.plan
        content |= {"title": case.title, "product": plan.product.code, "unit": plan.product.unit, "days": plan.days}
        content |= {"total_dose": plan.total_dose, "injections": len(plan.injections), "length": case.days}
        content |= {"sessions": [_session(case, index) for index in range(len(plan.days))]}
        content |= {"antitoxin_day": case.antitoxin_day, "seed": case.seed}
        content |= {"notes": [note.to_dict() for note in case_notes(case, load())]}
    typer.echo(json.dumps(content, ensure_ascii=False, indent=2))


def _session(case: Case, index: int) -> dict[str, object]:
    plan = case.plan
    return {
        "day": plan.days[index],
        "injections": len(plan.session_injections(index)),
        "total": plan.total_dose[index],
        "by_muscle": dose_by_muscle(plan, index),
    }
