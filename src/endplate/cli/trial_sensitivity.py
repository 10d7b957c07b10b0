"""`endplate trial sensitivity`: which unknowns matter for a trial's results."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from endplate import report as reports
from endplate import trial as trials
from endplate.cli.folder import check_folder, write_files
from endplate.cli.progress import shown_progress
from endplate.course.engine import prepare
from endplate.errors import InvalidRequest
from endplate.report.words import DISCLAIMER
from endplate.trial import Trial, read_trial
from endplate.trial.vary import OUTCOMES, Factor, Variants

if TYPE_CHECKING:
    from endplate.trial.sensitivity import Index, Sensitivity

__all__ = ["sensitivity"]

# After a screening of all entries, Sobol's indices are worked out for the largest few.
_MOST, _SHOWN, _PIPE_WIDTH = 8, 12, 140
_COLUMNS = ("method", "outcome", "entry", "alone", "alone_error", "whole", "whole_error")

FileArgument = Annotated[Path, typer.Argument(metavar="TRIAL", help="A trial file.", show_default=False)]
EntriesOption = Annotated[
    list[str] | None,
    typer.Option("--entry", "-e", help="Entry of the evidence library to vary; give it again for more."),
]
ArmOption = Annotated[str | None, typer.Option("--arm", help="Arm; the first with a treatment if not given.")]
BaseOption = Annotated[int, typer.Option("--base", min=2, help="Base sample of Sobol's indices, a power of two.")]
OutputOption = Annotated[
    Path | None, typer.Option("--output", "-o", help="Folder for sensitivity.json, .csv and the figures.")
]


def sensitivity(
    file: FileArgument,
    output: OutputOption = None,
    *,
    entry: EntriesOption = None,
    arm: ArmOption = None,
    base: BaseOption = 128,
    screen: Annotated[bool, typer.Option("--screen", help="Screen by Morris only.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Plain data for programs.")] = False,
) -> None:
    """Tell which unknowns matter: Sobol's indices of responders, peak and duration over the ranges of entries.

    Without --entry, all entries that act are screened by Morris first, and the largest go on to Sobol.
    """
    trial = read_trial(file)
    if output is not None:
        check_folder(output)
    methods = trials.sensitivity
    prepare()
    variants = Variants(trial, _arm(trial, arm))
    found: list[Sensitivity] = []
    factors = variants.factors(tuple(entry or ()))
    if screen or not entry:
        with shown_progress(f"screening {len(factors)} entries", "runs") as tell:
            found.append(methods.morris(variants, factors, seed=trial.seed, progress=tell))
        factors = _largest(found[0], factors)
    if not screen:
        with shown_progress(f"indices of {len(factors)} entries", "runs") as tell:
            found.append(methods.sobol(variants, factors, base=base, seed=trial.seed, progress=tell))
    if as_json:
        typer.echo(json.dumps(_plain(found), ensure_ascii=False))
    else:
        _print(found)
    if output is not None:
        paths = _write(output, found)
        typer.echo("\n".join(["", *(f"wrote {path}" for path in paths)]), err=as_json)


def _arm(trial: Trial, name: str | None) -> int:
    treated = [number for number, one in enumerate(trial.arms) if not one.placebo]
    if name is None:
        if not treated:
            raise InvalidRequest("no arm gives anything; there is nothing to vary")
        return treated[0]
    names = [one.name for one in trial.arms]
    if name not in names:
        raise InvalidRequest(f"no arm {name!r}; arms: {', '.join(names)}")
    return names.index(name)


def _largest(screened: Sensitivity, factors: list[Factor]) -> list[Factor]:
    """The entries that move an outcome most, relative to the largest effect on it, in the order of the library."""
    share: dict[str, float] = {}
    for outcome in OUTCOMES:
        rows = screened.of(outcome.name)
        for one in rows:
            share[one.entry] = max(share.get(one.entry, 0.0), one.alone / max(rows[0].alone, 1e-12))
    kept = sorted(share, key=lambda name: -share[name])[:_MOST]
    return [one for one in factors if one.name in kept]


def _plain(found: list[Sensitivity]) -> dict[str, Any]:
    return {"disclaimer": DISCLAIMER, "analyses": [one.to_dict() for one in found]}


def _print(found: list[Sensitivity]) -> None:
    console = Console(highlight=False, markup=False)
    console = console if sys.stdout.isatty() else Console(highlight=False, markup=False, width=_PIPE_WIDTH)
    for one in found:
        console.print(f"{one.method}: {one.endpoint} in {one.arm}", style="bold")
        console.print(
            f"varied over their ranges: {len(one.factors)} entries, {one.runs} runs of {one.patients} virtual "
            "patients, the same in every run; all other numbers held at the library's values or those of the file"
        )
        console.print(_table(one))
        for name, typical, low, middle, high in one.centre:
            unit = next(outcome.unit for outcome in OUTCOMES if outcome.name == name)
            spread = f"{low:.1f}–{high:.1f}, median {middle:.1f}"
            console.print(f"{name}: {typical:.1f} {unit} with nothing varied; over all runs {spread}")
        console.print()
    console.print(DISCLAIMER, style="bold")


def _table(one: Sensitivity) -> Table:
    sobol = one.method == "Sobol"
    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 2))
    table.add_column("entry", no_wrap=True)
    for outcome in OUTCOMES:
        table.add_column(
            f"{outcome.name}: S_T (S_1)" if sobol else f"{outcome.name}: µ* [{outcome.unit}]", justify="right"
        )
    rows = {outcome.name: {index.entry: index for index in one.of(outcome.name)} for outcome in OUTCOMES}
    names = list(
        dict.fromkeys(
            index.entry
            for place in range(_SHOWN)
            for outcome in OUTCOMES
            for index in one.of(outcome.name)[place : place + 1]
        )
    )
    for name in names[:_SHOWN]:
        table.add_row(name, *(_cell(rows[outcome.name][name]) for outcome in OUTCOMES))
    return table


def _cell(one: Index) -> str:
    if one.whole_error is None:
        return f"{one.alone:.1f} ±{one.alone_error:.1f}"
    return f"{one.whole:.2f} ±{one.whole_error:.2f} ({one.alone:.2f})"


def _write(output: Path, found: list[Sensitivity]) -> list[Path]:
    def data(path: Path) -> None:
        path.write_text(json.dumps(_plain(found), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

    def table(path: Path) -> None:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(_COLUMNS)
            for one in found:
                for index in one.indices:
                    numbers = (index.alone, index.alone_error, index.whole, index.whole_error)
                    writer.writerow([one.method, index.outcome, index.entry, *numbers])

    writers = {"sensitivity.json": data, "sensitivity.csv": table}
    for one in found:
        writers[f"{one.method.lower()}.png"] = lambda path, one=one: reports.write_sensitivity(one, path)
    return write_files(output, writers)
