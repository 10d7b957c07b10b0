"""`endplate risks`: what a plan may do beyond its aim, from the model and from counts of trials, and what helps."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from textwrap import fill
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from endplate.case import Case
from endplate.case.file import read_tree
from endplate.case.keys import injection_keys
from endplate.cli.folder import check_folder, write_files
from endplate.cli.gate import check_injected, print_findings
from endplate.cli.interrupt import check
from endplate.cli.progress import shown_progress
from endplate.course.engine import prepare
from endplate.evidence import load
from endplate.population.adverse import Followed
from endplate.report.adverse import answer_of, plain_risks
from endplate.report.names import plural
from endplate.report.risk_figure import risk_figure
from endplate.report.risk_words import event_name, percent, span_words, verdict_words
from endplate.report.style import write_png
from endplate.report.words import DISCLAIMER
from endplate.safety import Answer, Event, antibodies, antitoxin_window, check_plan, overdose_words, treated
from endplate.safety.antibody import LOST_RESPONSE
from endplate.safety.rescue import SIGNS, UNDOABLE
from endplate.safety.trait import UNFOLLOWED, traits

__all__ = ["app"]

app = typer.Typer(add_completion=False)

_PIPE_WIDTH = 150
_WIDTH = 110
_PATIENTS, _MOST = 512, 100_000
_HEAD = ("event", "under placebo", "because of the drug", "begins, day", "lasts, days", "from")
_COLUMNS = ("event", "origin", "laid_to_the_drug", "placebo", "added", "added_low", "added_high", "onset", "lasting")

FileArgument = Annotated[Path, typer.Argument(metavar="CASE", help="A case file.", show_default=False)]
FolderOption = Annotated[
    Path | None, typer.Option("--output", "-o", help="Folder for risks.json, risks.csv and risks.png.")
]
CountOption = Annotated[
    int, typer.Option("--patients", min=0, max=_MOST, help="Patients that the model follows; 0: trials alone, at once.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Plain data for programs.")]


@app.command("risks")
def tell(
    file: FileArgument, output: FolderOption = None, *, patients: CountOption = _PATIENTS, as_json: JsonOption = False
) -> None:
    """Adverse effects by the model and by counts of trials, antibodies, overdose and rescue."""
    case, tree = read_tree(file)
    check_injected(case)
    findings = check_plan(case, load(), keys=injection_keys(tree))
    if output is not None:
        check_folder(output)
    prepare()
    with shown_progress("following patients like this one", "injections") as told:
        answer, followed = answer_of(case, load(), patients=patients, told=told)
        check()
    content = plain_risks(case, answer, followed=followed) | {"findings": [one.to_dict() for one in findings]}
    if as_json:
        typer.echo(json.dumps(content, ensure_ascii=False, indent=2))
    else:
        print_findings(findings)
        _print(case, answer, followed)
    if output is not None:
        paths = write_files(
            output,
            {
                "risks.json": lambda path: path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n"),
                "risks.csv": lambda path: _write_rows(answer, path),
                "risks.png": lambda path: write_png(risk_figure(answer), path),
            },
        )
        typer.echo("\n".join(["", *(f"wrote {path}" for path in paths)]), err=as_json)


def _write_rows(answer: Answer, path: Path) -> None:
    """One row an event; shares as numbers, days as medians."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(_COLUMNS)
        for one in answer.events:
            days = ("" if span is None else f"{span.middle:.4g}" for span in (one.onset, one.lasting))
            shares = (one.placebo.middle, one.added.middle, one.added.low, one.added.high)
            rows.writerow([one.event, one.origin, int(one.blamed), *(f"{share:.5g}" for share in shares), *days])


def _print(case: Case, answer: Answer, followed: Followed | None) -> None:
    console = Console(highlight=False, markup=False)
    if not sys.stdout.isatty():
        console = Console(highlight=False, markup=False, width=max(console.width, _PIPE_WIDTH))
    console.print(Text(case.title, style="bold"))
    _print_events(console, case, answer, followed)
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


def _print_events(console: Console, case: Case, answer: Answer, followed: Followed | None) -> None:
    asked = treated(case, load())
    what = "" if asked is None else f", {asked.dose:g} U of {asked.product} in the {asked.part}"
    _section(console, f"Adverse events of one session{what}: patients in 100 [90 %]")
    shown = [one for one in answer.events if one.blamed or one.origin == "counts"]
    if shown:
        console.print(_table(shown))
    else:
        console.print("Nothing is laid to the drug by the model, and no trial of the table treated these regions.")
    if followed is not None:
        nobody = [event_name(one.event) for one in answer.events if one.origin != "counts" and not one.blamed]
        if nobody:
            console.print(f"model, in none of {followed.patients} patients: {', '.join(nobody)}")
    for name, why in answer.unknown.items():
        console.print(f"{event_name(name)}: {why}", style="dim")
    _print_published(console, shown)
    for one in traits(case):
        console.print(f"{one.meaning}, for {', '.join(map(event_name, one.events))}: {one.words}")
    console.print(UNFOLLOWED, style="dim")
    _print_total(console, answer)


def _table(shown: list[Event]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 1))
    for name in _HEAD:
        table.add_column(name, justify="left" if name in ("event", "from") else "right")
    for one in shown:
        spans = (span_words(one.onset), span_words(one.lasting))
        table.add_row(event_name(one.event), percent(one.placebo), percent(one.added), *spans, verdict_words(one))
    return table


def _print_published(console: Console, shown: list[Event]) -> None:
    for one in shown:
        if one.published is not None and one.timing == "model":
            begin, length = (f"{span.low:.0f} to {span.high:.0f}" for span in one.published)
            console.print(f"{event_name(one.event)}, as texts give it: begins on day {begin}, lasts {length} days")


def _print_total(console: Console, answer: Answer) -> None:
    total = answer.total
    per_patient = "{0.middle:.2g} ({0.low:.2g} to {0.high:.2g})".format
    _section(console, "All of them, as if they were independent")
    counted = ", ".join(event_name(name) for name in total.counted) or "nothing"
    console.print(f"counted: {counted}")
    console.print(f"events because of the drug in a patient, on average: {per_patient(total.events)}")
    console.print(f"days with an event, on average: {per_patient(total.days)}")
    console.print(f"patients in 100 with at least one: {percent(total.any)}; of any cause {percent(total.any_cause)}")
    if total.trials is not None:
        console.print(f"beyond placebo in the trial's own count of any adverse event: {percent(total.trials)}")


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
