"""`endplate risks`: what a plan may do beyond its aim, from counts of trials, and what helps."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from textwrap import fill
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from endplate.case import Case
from endplate.case.file import read_case
from endplate.cli.folder import check_folder, write_files
from endplate.cli.gate import check_injected
from endplate.evidence import load
from endplate.report.document import finite
from endplate.report.names import plural
from endplate.report.risk_figure import risk_figure
from endplate.report.risk_words import event_name, percent, plan_risks, verdict_words
from endplate.report.style import write_png
from endplate.report.words import DISCLAIMER
from endplate.safety import Risk, antibodies, antitoxin_window, burden, overdose_words, risks, treated
from endplate.safety.antibody import LOST_RESPONSE
from endplate.safety.rescue import SIGNS, UNDOABLE

__all__ = ["app"]

app = typer.Typer(add_completion=False)

_PIPE_WIDTH = 120
_WIDTH = 110

FileArgument = Annotated[Path, typer.Argument(metavar="CASE", help="A case file.", show_default=False)]
FolderOption = Annotated[Path | None, typer.Option("--output", "-o", help="Folder for risks.json and risks.png.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Plain data for programs.")]


@app.command("risks")
def tell(file: FileArgument, output: FolderOption = None, *, as_json: JsonOption = False) -> None:
    """Adverse effects that trials counted, antibodies, overdose and rescue."""
    case = read_case(file)
    check_injected(case)
    if output is not None:
        check_folder(output)
    found = risks(case, load())
    content = _document(case, found)
    if as_json:
        typer.echo(json.dumps(content, ensure_ascii=False, indent=2))
    else:
        _print(case, found)
    if output is not None:
        paths = write_files(
            output,
            {
                "risks.json": lambda path: path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n"),
                "risks.png": lambda path: write_png(risk_figure(found), path),
            },
        )
        typer.echo("\n".join(["", *(f"wrote {path}" for path in paths)]), err=as_json)


def _document(case: Case, found: list[Risk]) -> dict[str, Any]:
    told = {"title": case.title, "product": case.plan.product.code, "disclaimer": DISCLAIMER}
    return finite(told | plan_risks(case, load(), found=found) | {"library": load().hash})


def _print(case: Case, found: list[Risk]) -> None:
    console = Console(highlight=False, markup=False)
    if not sys.stdout.isatty():
        console = Console(highlight=False, markup=False, width=max(console.width, _PIPE_WIDTH))
    console.print(Text(case.title, style="bold"))
    _print_events(console, case, found)
    _print_antibodies(console, case)
    window = antitoxin_window(load())
    hours = f"{window.middle:.0f} hours ({window.low:.0f} to {window.high:.0f})"
    _section(console, "Overdose and rescue")
    _lines(
        console,
        overdose_words(case, load()),
        SIGNS,
        f"By the model's rates, {hours} after an injection less than a tenth of the toxin that will act is still "
        "outside nerve endings in the injected tissue, free or bound. That is no reason to wait or to give up: ask "
        "at once.",
        *UNDOABLE,
    )
    console.print()
    console.print(DISCLAIMER, style="bold")


def _print_events(console: Console, case: Case, found: list[Risk]) -> None:
    asked = treated(case, load())
    if asked is None:
        _section(console, "Adverse events")
        console.print("No trial of the table treated these regions.")
        return
    total = burden(case, found, library=load())
    _section(
        console, f"Adverse events, {asked.dose:g} U of {asked.product} in the {asked.part}: patients in 100 [90 %]"
    )
    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 1))
    for name in ("event", "under placebo", "beyond placebo", "begins", "lasts", ""):
        table.add_column(name, justify="right" if name.endswith("placebo") else "left")
    for one in found:
        times = ("–" if day is None else f"{day:.2g} d" for day in (one.onset, one.lasting))
        name = event_name(one.event) + (" *" if one.of_spread else "")
        table.add_row(name, percent(one.placebo), percent(one.added), *times, verdict_words(one))
    console.print(table)
    console.print(f"laid to the drug, any: {percent(total.blamed)}; days with one: {total.days.middle:.2g} on average")
    console.print(f"any event beyond placebo, those at its level included: {percent(total.possible)}")
    if total.counted is not None:
        console.print(f"beyond placebo in the trial's own count of any adverse event: {percent(total.counted)}")
    console.print("* follows from points, depth and volume, which these rates do not see: `endplate effects` does")


def _print_antibodies(console: Console, case: Case) -> None:
    found = antibodies(case, load())
    _section(console, "Antibodies")
    if found.share is None:
        console.print(f"Not told: {found.basis}.")
    else:
        times = f"after {plural(found.sessions, 'treatment')}, {found.short} of them less than 12 weeks after another"
        _lines(console, f"{percent(found.share)} in 100 patients {times}, at most {found.load:.3g} ng of protein each.")
        _lines(console, f"Rests on {found.basis}.")
    _section(console, "A response that is lost: what to look for")
    _lines(console, *LOST_RESPONSE)


def _section(console: Console, words: str) -> None:
    console.print()
    console.print(Text(words, style="bold"))


def _lines(console: Console, *texts: str) -> None:
    for text in texts:
        console.print(fill(text, _WIDTH, initial_indent="- ", subsequent_indent="  "))
