"""`endplate evidence`: what is known, with its sources."""

from __future__ import annotations

import json
import sys
from typing import Annotated, Any, get_args

import typer
from rich.console import Console
from rich.table import Table

from endplate.evidence import Library, Quantity, load
from endplate.evidence.bibliography import spelled_out
from endplate.evidence.quantity import Grade, Use

__all__ = ["app"]

app = typer.Typer(help="List, filter and show the sourced numbers of the model.", no_args_is_help=False)

_PIPE_WIDTH = 160
_SHOWN_FIRST = ("meaning", "value", "unit", "sd", "low", "high", "grade", "confidence", "use")

Text = Annotated[str | None, typer.Argument(help="Words in name, meaning, system or source key.")]
TextOption = Annotated[str | None, typer.Option("--text", "-t", help="Words in name, meaning, system or source key.")]
GradeOption = Annotated[str | None, typer.Option("--grade", help=f"One of {', '.join(get_args(Grade))}.")]
UseOption = Annotated[str | None, typer.Option("--use", help=f"One of {', '.join(get_args(Use))}.")]
StageOption = Annotated[str | None, typer.Option("--stage", help="File of the library, such as kinetics.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Plain data for programs.")]


@app.callback(invoke_without_command=True)
def evidence(
    context: typer.Context,
    text: TextOption = None,
    *,
    grade: GradeOption = None,
    use: UseOption = None,
    stage: StageOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the entries; `show NAME` spells one out."""
    if context.invoked_subcommand is None:
        _list(text, {"grade": grade, "use": use, "stage": stage}, as_json=as_json)


@app.command("list")
def list_entries(
    text: Text = None,
    *,
    grade: GradeOption = None,
    use: UseOption = None,
    stage: StageOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the entries that hold TEXT and match the options."""
    _list(text, {"grade": grade, "use": use, "stage": stage}, as_json=as_json)


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="Name of an entry, such as k_tr.A.")], as_json: JsonOption = False
) -> None:
    """Show all that is known of one entry, with its sources spelled out."""
    library = load()
    entry = library[name]
    if as_json:
        _print_json(_spelled(library, entry))
    else:
        _print_entry(library, entry)


def _uncertainty(entry: Quantity) -> str:
    """Standard deviation and range of an entry, in words."""
    known = [] if entry.sd is None else [f"± {entry.sd:g}"]
    if entry.low is not None or entry.high is not None:
        ends = ("…" if end is None else f"{end:g}" for end in (entry.low, entry.high))
        known.append(" to ".join(ends))
    return "; ".join(known)


def _list(text: str | None, wanted: dict[str, str | None], *, as_json: bool) -> None:
    library = load()
    known = {"grade": get_args(Grade), "use": get_args(Use), "stage": sorted(set(library.stages.values()))}
    for option, value in wanted.items():
        if value is not None and value not in known[option]:
            raise typer.BadParameter(f"no {option} {value!r}; choose one of {', '.join(known[option])}")
    found = library.filter(text, **wanted)
    if as_json:
        entries = [entry.to_dict() | {"stage": library.stages[entry.name]} for entry in found]
        _print_json({"hash": library.hash, "entries": entries})
    else:
        _print_list(library, found)


def _print_list(library: Library, found: list[Quantity]) -> None:
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("entry", no_wrap=True)
    table.add_column("value", justify="right", no_wrap=True)
    table.add_column("unit", no_wrap=True)
    for column in ("uncertainty", "grade", "use", "meaning", "source"):
        table.add_column(column)
    for entry in found:
        number = (f"{entry.value:.6g}", entry.unit, _uncertainty(entry))
        table.add_row(entry.name, *number, entry.grade, entry.use, entry.meaning, ", ".join(entry.source))
    console = _console()
    console.print(table)
    console.print(f"{len(found)} of {len(library)} entries; library {library.hash[:12]}")


def _print_entry(library: Library, entry: Quantity) -> None:
    fields = entry.to_dict()
    order = [*_SHOWN_FIRST, *(key for key in fields if key not in _SHOWN_FIRST)]
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column()
    table.add_row("entry", entry.name)
    for key in order:
        if key in fields and key not in ("name", "source"):
            table.add_row(key, f"{fields[key]:.10g}" if isinstance(fields[key], float) else str(fields[key]))
    table.add_row("stage", library.stages[entry.name])
    for key in entry.source:
        table.add_row("source", f"{key}: {spelled_out(library.sources[key])}")
    _console().print(table, markup=False)


def _spelled(library: Library, entry: Quantity) -> dict[str, Any]:
    sources = {key: dict(library.sources[key]) for key in entry.source}
    return entry.to_dict() | {"stage": library.stages[entry.name], "sources": sources}


def _print_json(content: object) -> None:
    typer.echo(json.dumps(content, ensure_ascii=False, indent=2))


def _console() -> Console:
    """A console that does not squeeze its columns where the output is no terminal."""
    console = Console(highlight=False)
    return console if sys.stdout.isatty() else Console(highlight=False, width=max(console.width, _PIPE_WIDTH))
