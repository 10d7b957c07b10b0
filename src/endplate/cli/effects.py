"""`endplate effects`: how often a plan has effects beside the wanted one, over patients like this one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from endplate.case import Case
from endplate.case.file import read_case
from endplate.cli.folder import check_folder, write_files
from endplate.cli.interrupt import check
from endplate.course.engine import prepare
from endplate.errors import InvalidRequest
from endplate.population.effects import Effects
from endplate.population.effects import effects as effects_of
from endplate.report.effects import effect_rows, effect_words, effects_figure, plain_effects
from endplate.report.style import write_png
from endplate.report.words import DISCLAIMER, case_words

__all__ = ["app", "case_effects", "print_effects"]

app = typer.Typer(add_completion=False)

_PATIENTS, _MOST = 512, 100_000
_PIPE_WIDTH = 140

FileArgument = Annotated[Path, typer.Argument(metavar="CASE", help="A case file.", show_default=False)]
FolderOption = Annotated[Path | None, typer.Option("--output", "-o", help="Folder for effects.json and effects.png.")]
CountOption = Annotated[int, typer.Option("--patients", help="How many patients like this one are drawn.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Plain data for programs.")]


@app.command()
def effects(
    file: FileArgument, output: FolderOption = None, *, patients: CountOption = _PATIENTS, as_json: JsonOption = False
) -> None:
    """Probability of a drooping lid, dropped brow, uneven smile, double vision, dysphagia … over patients."""
    if not 1 <= patients <= _MOST:
        raise InvalidRequest(f"--patients: {patients} is out of range; give 1 to {_MOST}")
    case = read_case(file)
    if output is not None:
        check_folder(output)
    prepare()
    with Console(stderr=True).status("solving moved needles and other tissue; the first run of a plan takes a minute"):
        found = case_effects(case, patients)
        check()
    told = {"title": case.title, "product": case.plan.product.code, **plain_effects(found)}
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False, allow_nan=False))
    else:
        print_effects(case, found)
    if output is not None:
        paths = write_files(output, _writers(told, found, case.title))
        typer.echo("\n".join(f"wrote {path}" for path in paths), err=as_json)


def case_effects(case: Case, patients: int = _PATIENTS) -> Effects:
    """The effects of a case."""
    return effects_of(case.plan, case.patient, count=patients, seed=case.seed)


def print_effects(case: Case, found: Effects) -> None:
    """A table and sentences for people."""
    console = Console(highlight=False, markup=False)
    if not console.is_terminal:
        console = Console(highlight=False, markup=False, width=max(console.width, _PIPE_WIDTH))
    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 1))
    for name in ("effect", "patients", "90 % interval", "remainder", "from day", "days", "severity"):
        table.add_column(name)
    for row in effect_rows(found):
        values = (row.share, row.interval, row.remainder, row.onset, row.duration, row.severity)
        table.add_row(row.name, *values)
    console.print(case.title, style="bold")
    console.print(case_words(case))
    console.print()
    console.print(table)
    console.print()
    for line in effect_words(found):
        console.print(line)
    console.print()
    console.print(
        "Medians, and the range of nine patients of ten who have the effect. The interval is that of the draw,"
    )
    console.print("not the uncertainty of the model. Remainder: an empirical term, fitted to trials, not a mechanism.")
    console.print(DISCLAIMER, style="bold")


def _writers(told: dict[str, Any], found: Effects, title: str) -> dict[str, Any]:
    def numbers(path: Path) -> None:
        path.write_text(json.dumps(told, ensure_ascii=False, indent=2, allow_nan=False) + "\n", encoding="utf-8")

    def figure(path: Path) -> None:
        write_png(effects_figure(found, title=title), path)

    return {"effects.json": numbers, "effects.png": figure}
