"""What `endplate trial` prints."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from math import isfinite

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from endplate.report.trial_page import cycle_cells, shown_days, trial_findings, trial_words
from endplate.report.words import DISCLAIMER
from endplate.trial import ENDPOINTS, Trial, TrialResult
from endplate.trial.cycles import ArmCycles
from endplate.trial.power import Power
from endplate.trial.result import Curve

__all__ = ["power_words", "print_check", "print_endpoints", "print_result"]

_PIPE_WIDTH = 140
# Fewer expected counts than these strain the normal approximation.
_FEW = 5


def print_endpoints(*, as_json: bool) -> None:
    """Names and definitions of the endpoints."""
    if as_json:
        rows = [{"name": one.name, "meaning": one.meaning} for one in ENDPOINTS.values()]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    table = _table("endpoint", "definition")
    for one in ENDPOINTS.values():
        table.add_row(one.name, one.meaning)
    _console().print(table)


def print_check(trial: Trial, *, as_json: bool) -> None:
    """What a sound trial file asks for."""
    if as_json:
        arms = [{"name": one.name, "dose": one.dose, "size": one.size, "placebo": one.placebo} for one in trial.arms]
        content = {"valid": True, "faults": [], "title": trial.title, "arms": arms, "visits": trial.timing.visits}
        typer.echo(json.dumps(content | {"endpoints": trial.endpoints}, ensure_ascii=False, indent=2))
        return
    console = _console()
    console.print(Text(trial.title, style="bold"))
    console.print(f"no fault: {trial_words(trial)}")
    console.print(f"endpoints: {', '.join(trial.endpoints)}")


def print_result(trial: Trial, result: TrialResult, *, cycles: Sequence[ArmCycles] = ()) -> None:
    """Findings, and a table of expected rates for each endpoint."""
    console = _console()
    console.print(Text(trial.title, style="bold"))
    console.print(trial_words(trial))
    for finding in trial_findings(trial, result):
        console.print(f"- {finding}")
    for name in trial.endpoints:
        console.print()
        console.print(_rates(result, name))
    console.print()
    console.print("expected %, and what nine of ten new trials of this size would report", style="dim")
    if cycles:
        console.print()
        console.print(_cycles(cycles))
        words = "" if trial.retreatment is None else f"one drawn trial. {trial.retreatment.words}"
        console.print(words, style="dim")
    if result.failed:
        console.print(f"{result.failed} virtual patients could not be solved and were left out", style="yellow")
    made = f"{result.patients} virtual patients, seed {result.seed}, library {result.evidence[:12]}"
    console.print(made, style="dim")
    console.print(DISCLAIMER, style="bold")


def _cycles(arms: Sequence[ArmCycles]) -> Table:
    table = _table("treated again")
    for name in ("treatment", "patients", "responders [%]", "95 %", "treated again", "median days to the next"):
        table.add_column(name, justify="right")
    for arm in arms:
        for cycle in arm.cycles:
            table.add_row(arm.name, str(cycle.number), *cycle_cells(cycle))
    return table


def power_words(found: Power, *, arms: tuple[str, str], endpoint: str, day: float) -> list[str]:
    """A sample size in words."""
    rates = " against ".join(f"{100 * rate:.1f} % ({arm})" for rate, arm in zip(found.rates, arms, strict=True))
    sizes = " and ".join(f"{size} in {arm}" for size, arm in zip(found.sizes, arms, strict=True))
    few = min(size * min(rate, 1 - rate) for rate, size in zip(found.rates, found.sizes, strict=True)) < _FEW
    rough = [f"with fewer than {_FEW} expected responders or failures in an arm the formula is rough"] if few else []
    return [
        f"{endpoint} on day {day:g}: expected {rates}",
        f"{100 * found.wanted:g} % power needs {sizes}, counted on that day",
        f"simulated trials of these sizes show it in {100 * found.power:.1f} %; where trials differ from each other as "
        f"well, in {100 * found.power_between:.1f} %",
        *rough,
    ]


def _rates(result: TrialResult, name: str) -> Table:
    table = _table(name)
    rows = result.arms[0].curves[name].rows
    shown = shown_days(len(rows))
    for place in shown:
        table.add_column(f"day {rows[place].day:g}", justify="right", no_wrap=True)
    timed = any(arm.curves[name].median is not None for arm in result.arms)
    if timed:
        table.add_column("median", justify="right")
    for arm in result.arms:
        curve = arm.curves[name]
        table.add_row(arm.name, *_cells(curve, shown), *([_median(curve)] if timed else []))
    return table


def _cells(curve: Curve, shown: list[int]) -> list[str]:
    return [
        f"{100 * row.rate:.1f} ({100 * row.prediction.low:.0f}–{100 * row.prediction.high:.0f})"
        if isfinite(row.rate)
        else "–"
        for row in (curve.rows[place] for place in shown)
    ]


def _median(curve: Curve) -> str:
    return "–" if curve.median is None or not isfinite(curve.median) else f"{curve.median:.0f}"


def _table(*columns: str) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 1))
    for column in columns:
        table.add_column(column, no_wrap=len(columns) == 1)
    return table


def _console() -> Console:
    console = Console(highlight=False, markup=False)
    if sys.stdout.isatty():
        return console
    return Console(highlight=False, markup=False, width=max(console.width, _PIPE_WIDTH))
