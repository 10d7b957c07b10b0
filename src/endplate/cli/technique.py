"""`endplate technique`: a plan in the hands of a novice and of an expert."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from endplate.case import Case
from endplate.case.file import read_tree
from endplate.case.keys import injection_keys
from endplate.cli.folder import check_folder, write_files
from endplate.cli.gate import OverrideOption, check_injected, passed, print_findings, with_overrides
from endplate.cli.interrupt import check
from endplate.course.engine import prepare
from endplate.evidence import load
from endplate.population.happening import EFFECTS
from endplate.population.technique import OPERATORS, Complication, Quantiles, Technique, technique
from endplate.report.document import finite
from endplate.report.names import muscle_name
from endplate.report.style import write_png
from endplate.report.technique_figure import technique_figure
from endplate.report.words import DISCLAIMER

__all__ = ["app"]

app = typer.Typer(add_completion=False)

_PIPE_WIDTH = 120
_BASIS = (
    "Errors of both hands are assumed; no measurement was found. Missed needles reach what layered tissue lets them; a "
    "miss of more than 6 mm counts as 6. The patient is typical: `endplate risks` lets patients differ."
)

FileArgument = Annotated[Path, typer.Argument(metavar="CASE", help="A case file.", show_default=False)]
FolderOption = Annotated[
    Path | None, typer.Option("--output", "-o", help="Folder for technique.json and technique.png.")
]
DrawsOption = Annotated[int, typer.Option("--draws", min=2, max=4096, help="How often the session is given by each.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Plain data for programs.")]


@app.command("technique")
def tell(
    file: FileArgument,
    output: FolderOption = None,
    *,
    draws: DrawsOption = 128,
    override: OverrideOption = None,
    as_json: JsonOption = False,
) -> None:
    """Scatter needle tips, depths, doses and the dilution of the first session as a novice and an expert do."""
    case, tree = read_tree(file)
    check_injected(case)
    case = with_overrides(case, override)
    findings = passed(case, keys=injection_keys(tree), file=str(file), as_json=as_json)
    if output is not None:
        check_folder(output)
    with Console(stderr=True).status("solving missed needles; the first run of a plan takes a minute"):
        found = _run(case, draws)
    content = _document(case, found) | {"findings": [one.to_dict() for one in findings]}
    if as_json:
        typer.echo(json.dumps(content, ensure_ascii=False, indent=2))
    else:
        print_findings(findings)
        _print(case, found)
    if output is not None:
        text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
        paths = write_files(
            output,
            {
                "technique.json": lambda path: path.write_text(text, encoding="utf-8"),
                "technique.png": lambda path: write_png(technique_figure(found), path),
            },
        )
        typer.echo("\n".join(["", *(f"wrote {path}" for path in paths)]), err=as_json)


def _run(case: Case, draws: int) -> list[Technique]:
    prepare()
    found: list[Technique] = []
    for operator in OPERATORS:
        found.append(technique(case.plan, case.patient, operator=operator, library=load(), draws=draws, seed=case.seed))
        check()
    return found


def _document(case: Case, found: Sequence[Technique]) -> dict[str, Any]:
    told = [
        one._asdict()
        | {
            "hand": {name: getattr(one.hand, name) for name in ("across", "depth", "dose", "dilution")},
            "losses": {name: loss._asdict() for name, loss in one.losses.items()},
            "points": [point._asdict() for point in one.points],
            "complications": [each._asdict() | {"words": EFFECTS[each.name]} for each in one.complications],
        }
        | {name: getattr(one, name)._asdict() for name in ("asymmetry", "lid", "brow")}
        for one in found
    ]
    content = {"title": case.title, "product": case.plan.product.code, "basis": _BASIS, "operators": told}
    return finite(content | {"seed": case.seed, "library": load().hash, "disclaimer": DISCLAIMER})


def _print(case: Case, found: Sequence[Technique]) -> None:
    console = Console(highlight=False, markup=False)
    if not sys.stdout.isatty():
        console = Console(highlight=False, markup=False, width=max(console.width, _PIPE_WIDTH))
    console.print(Text(case.title, style="bold"))
    for one in found:
        hand = one.hand
        words = f"{hand.across:g} mm along the skin, {hand.depth:g} mm in depth, {100 * hand.dose:g} % of dose"
        console.print(f"{one.operator}: {words}, {100 * hand.dilution:g} % of dilution (standard deviations)")
    console.print()
    console.print(_losses(found))
    console.print()
    console.print(_rest(found))
    worst = found[0].points[0]
    console.print()
    console.print(f"most error-sensitive point: {worst.name}")
    console.print(_BASIS, style="dim")
    console.print(DISCLAIMER, style="bold")


def _losses(found: Sequence[Technique]) -> Table:
    table = _table("largest loss of force [%]", "as planned", *(one.operator for one in found))
    names = dict.fromkeys(name for one in found for name in one.losses)
    for name in sorted(names, key=lambda name: -max(one.planned.get(name, 0.0) for one in found)):
        planned = max(one.planned.get(name, 0.0) for one in found)
        cells = (_interval(one.losses[name], 100.0, 0) if name in one.losses else "–" for one in found)
        table.add_row(muscle_name(name), f"{100 * planned:.0f}", *cells)
    return table


def _rest(found: Sequence[Technique]) -> Table:
    table = _table("", *(one.operator for one in found))
    table.add_row("left against right, loss of force [%]", *(_interval(one.asymmetry, 100.0, 0) for one in found))
    table.add_row("fall of an upper lid [mm]", *(_interval(one.lid, 1.0, 2) for one in found))
    table.add_row("fall of a brow [mm]", *(_interval(one.brow, 1.0, 2) for one in found))
    shares = [{one.name: one for one in who.complications} for who in found]
    for name in dict.fromkeys(name for one in shares for name in one):
        cells = (_share(one[name]) if name in one else "0" for one in shares)
        table.add_row(f"{EFFECTS[name]}, share of draws [%]", *cells)
    for point in found[0].points:
        scatter = ({one.name: one.scatter for one in who.points}[point.name] for who in found)
        table.add_row(f"scatter by {point.name} [%]", *(f"{100 * value:.0f}" for value in scatter))
    return table


def _share(one: Complication) -> str:
    """By spread as modelled, and by the empirical term where there is one."""
    return f"{100 * one.share:.1f}" + (f" + {100 * one.remainder:.1f}" if one.remainder else "")


def _table(first: str, *others: str) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 2))
    table.add_column(first)
    for name in others:
        table.add_column(name, justify="right")
    return table


def _interval(one: Quantiles, scale: float, digits: int) -> str:
    low, middle, high = (f"{scale * value:.{digits}f}" for value in one)
    return f"{middle} ({low} to {high})"
