"""`endplate check`: hold a plan against labels and the map, before it is simulated."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from endplate.case import Case
from endplate.case.file import parse_tree, read_case
from endplate.case.keys import injection_keys
from endplate.evidence import load
from endplate.report.names import plural
from endplate.report.words import DISCLAIMER
from endplate.safety import VERDICTS, Finding, check_plan, rules

__all__ = ["FOUND", "UNCHECKED", "app"]

FOUND = 1
UNCHECKED = (
    "Not checked, because a case file does not hold it: health, medicines, pregnancy, earlier treatments, "
    "body weight, the vial that is used."
)
_COLOURS = {"stop": "bold red", "refer": "magenta", "caution": "yellow", "note": "dim"}
_PIPE_WIDTH = 120

app = typer.Typer()


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="A case file.", show_default=False)],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Plain data for programs.")] = False,
) -> None:
    """Check a plan against labels and the map.

    Exit code 0: clean, notes at most. 1: findings. 2: the file cannot be used.
    """
    case, keys = _read(file)
    found = check_plan(case, load(), keys=keys)
    grave = [one for one in found if one.verdict != VERDICTS[-1]]
    if as_json:
        typer.echo(json.dumps(_document(case, found, clean=not grave), ensure_ascii=False, indent=2))
    else:
        _print(case, found)
    if grave:
        raise typer.Exit(FOUND)


def _read(file: Path) -> tuple[Case, list[str]]:
    """The case, and where each injection stands in the file; an unusable file raises its faults."""
    read_case(file)
    case, tree = parse_tree(file.read_text(encoding="utf-8-sig"), file=str(file))
    return case, injection_keys(tree)


def _document(case: Case, found: Sequence[Finding], *, clean: bool) -> dict[str, object]:
    counts = {verdict: sum(one.verdict == verdict for one in found) for verdict in VERDICTS}
    return {
        "title": case.title,
        "product": case.plan.product.code,
        "clean": clean,
        "verdict": found[0].verdict if found else None,
        "counts": counts,
        "findings": [one.to_dict() for one in found],
        "unchecked": UNCHECKED,
        "library": load().hash,
        "disclaimer": DISCLAIMER,
    }


def _print(case: Case, found: Sequence[Finding]) -> None:
    console = Console(highlight=False, markup=False)
    if not sys.stdout.isatty():
        console = Console(highlight=False, markup=False, width=max(console.width, _PIPE_WIDTH))
    console.print(Text(case.title, style="bold"))
    if not found:
        console.print("clean: no rule finds anything")
    for verdict in VERDICTS:
        group = [one for one in found if one.verdict == verdict]
        if group:
            console.print()
            console.print(Text(f"{verdict}: {plural(len(group), 'finding')}", style=_COLOURS[verdict]))
            console.print(_table(group))
    console.print()
    console.print(UNCHECKED, style="dim")
    console.print(DISCLAIMER, style="bold")


def _table(group: Sequence[Finding]) -> Table:
    """Equal messages once, with every place where they stand."""
    places: dict[tuple[str, str, str, str], list[str]] = {}
    for one in group:
        listed = places.setdefault((one.rule, one.message, one.remedy, one.source), [])
        if one.key is not None and one.key not in listed:
            listed.append(one.key)
    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 1))
    for name, ratio in (("where", 2), ("what", 4), ("what to do", 3), ("source", 3)):
        table.add_column(name, ratio=ratio, overflow="fold")
    for (rule, message, remedy, source), keys in places.items():
        where = Text("\n".join(keys))
        table.add_row(where, Text(f"{rules()[rule].title}. {message}"), Text(remedy), Text(source, style="dim"))
    return table
