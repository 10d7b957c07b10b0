"""`endplate check`: hold a candidate and a plan against labels and the map, before it is simulated."""

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
from endplate.case.file import read_tree
from endplate.case.keys import injection_keys
from endplate.cli.gate import FOUND, VERDICT_COLOURS, OverrideOption, with_overrides
from endplate.evidence import load
from endplate.evidence.rule import VERDICTS, rules
from endplate.report.names import plural
from endplate.report.words import DISCLAIMER
from endplate.safety import Finding, check_plan, preparation, unchecked

__all__ = ["app"]

_PIPE_WIDTH = 120

app = typer.Typer()


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="A case file.", show_default=False)],
    *,
    override: OverrideOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Plain data for programs.")] = False,
) -> None:
    """Check a candidate and a plan against labels and the map.

    Exit code 0: clean, notes at most. 1: findings. 2: the file cannot be used.
    """
    case, tree = read_tree(file)
    case = with_overrides(case, override)
    found = check_plan(case, load(), keys=injection_keys(tree))
    grave = [one for one in found if not one.clean]
    if as_json:
        typer.echo(json.dumps(_document(case, found, clean=not grave), ensure_ascii=False, indent=2))
    else:
        _print(case, found)
    if grave:
        raise typer.Exit(FOUND)


def _document(case: Case, found: Sequence[Finding], *, clean: bool) -> dict[str, object]:
    prepared = preparation(case, load())
    return {
        "title": case.title,
        "product": case.plan.product.code,
        "clean": clean,
        "verdict": found[0].verdict if found else None,
        "counts": {verdict: sum(one.verdict == verdict for one in found) for verdict in VERDICTS},
        "findings": [one.to_dict() for one in found],
        "overrides": dict(case.overrides),
        "preparation": None if prepared is None else prepared.to_dict(),
        "unchecked": unchecked(case),
        "library": load().hash,
        "disclaimer": DISCLAIMER,
    }


def _print(case: Case, found: Sequence[Finding]) -> None:
    console = Console(highlight=False, markup=False)
    if not sys.stdout.isatty():
        console = Console(highlight=False, markup=False, width=max(console.width, _PIPE_WIDTH))
    console.print(Text(case.title, style="bold"))
    _print_preparation(console, case)
    if not found:
        console.print("clean: no rule finds anything")
    for verdict in VERDICTS:
        group = [one for one in found if one.verdict == verdict]
        if group:
            console.print()
            console.print(Text(f"{verdict}: {plural(len(group), 'finding')}", style=VERDICT_COLOURS[verdict]))
            console.print(_table(group))
    console.print()
    missing = unchecked(case)
    if missing:
        console.print(f"Not checked, because the case does not tell it: {', '.join(missing)}.", style="dim")
    console.print(DISCLAIMER, style="bold")


def _print_preparation(console: Console, case: Case) -> None:
    found = preparation(case, load())
    if found is not None:
        console.print(
            f"from the vial: {found.tenth:.4g} U in 0.1 mL, {plural(found.vials, 'vial')} of {found.units:g} U, "
            f"{found.wasted:g} U left over"
        )


def _table(group: Sequence[Finding]) -> Table:
    """Equal messages once, with every place where they stand."""
    places: dict[tuple[str, str, str, str], list[str]] = {}
    for one in group:
        reason = "" if one.overridden is None else f" Overridden: {one.overridden}"
        where = "our own rule" if one.approval == "ours" else one.approval
        listed = places.setdefault((one.rule, one.message + reason, one.remedy, f"{one.source} [{where}]"), [])
        if one.key is not None and one.key not in listed:
            listed.append(one.key)
    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 1))
    for name, ratio in (("where", 2), ("what", 4), ("what to do", 3), ("source", 3)):
        table.add_column(name, ratio=ratio, overflow="fold")
    for (rule, message, remedy, source), keys in places.items():
        where = Text("\n".join(keys))
        table.add_row(where, Text(f"{rules()[rule].title}. {message}"), Text(remedy), Text(source, style="dim"))
    return table
