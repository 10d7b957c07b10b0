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
from endplate.case.file import case_schema, read_case, write_template
from endplate.cli.interrupt import hold
from endplate.errors import CaseError, Fault, InvalidRequest

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
    """Check a case file; every fault is told at once."""
    try:
        case = read_case(file)
    except CaseError as error:
        if as_json:
            _print_json([], error.faults)
        raise
    if as_json:
        _print_json([case], ())
    else:
        typer.echo(_summary(case))


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


def _summary(case: Case) -> str:
    doses = ", ".join(f"{dose:g}" for dose in case.plan.total_dose)
    days = ", ".join(f"{day:g}" for day in case.plan.days)
    count = len(case.plan.injections)
    return f"{case.title}: {count} injections of {case.plan.product.code}, {doses} U on day {days}"


def _print_json(cases: list[Case], faults: Iterable[Fault]) -> None:
    content: dict[str, object] = {"valid": bool(cases), "faults": [fault.to_dict() for fault in faults]}
    for case in cases:
        content |= {"title": case.title, "product": case.plan.product.code, "days": case.plan.days}
        content |= {"total_dose": case.plan.total_dose, "injections": len(case.plan.injections)}
    typer.echo(json.dumps(content, ensure_ascii=False, indent=2))
