"""The tables that `endplate simulate` prints."""

from __future__ import annotations

import sys

from rich.console import Console
from rich.table import Table
from rich.text import Text

from endplate.case import Case
from endplate.outcome import FWS
from endplate.report.colours import GRADE_COLOURS
from endplate.report.names import day_text, duration_text, pair_name, plural, region_name
from endplate.report.summary import Extreme, Summary, paired, paired_regions
from endplate.report.words import DISCLAIMER, case_words

__all__ = ["print_tables"]

_PIPE_WIDTH = 120


def print_tables(case: Case, summary: Summary, *, evidence: str) -> None:
    """Print a course for people."""
    console = Console(highlight=False, markup=False)
    if not sys.stdout.isatty():
        console = Console(highlight=False, markup=False, width=max(console.width, _PIPE_WIDTH))
    console.print(Text(case.title, style="bold"))
    console.print(case_words(case))
    console.print()
    console.print(_muscles(summary))
    console.print(f"{plural(summary.spared, 'other muscle')} of the map: less than 1 % of force lost", style="dim")
    if summary.regions:
        console.print()
        console.print(_grades(summary))
        console.print(_key())
        console.print()
        console.print(_durations(summary))
    console.print()
    if any(one.moves for one in (*summary.lids, *summary.brows)):
        console.print("\n".join(_positions(summary)), end="\n\n")
    console.print(f"Sources of every number: `endplate evidence` (library {evidence[:12]})", style="dim")
    console.print(DISCLAIMER, style="bold")


def _muscles(summary: Summary) -> Table:
    table = _table("Muscles")
    names = ("captured dose", "force lost", "onset", "peak", "half recovery")
    for name, unit in zip(names, ("[levels]", "at peak [%]", "[day]", "[day]", "[day]"), strict=True):
        table.add_column(f"{name}\n{unit}", justify="right")
    for one in paired(summary.muscles):
        times = (day_text(day) for day in (one.onset, one.peak, one.half_recovery))
        table.add_row(pair_name(one.names), f"{max(one.captured):.2f}", f"{100 * one.peak_loss:.0f}", *times)
    return table


def _grades(summary: Summary) -> Table:
    table = _table("Likeliest grade by month")
    table.add_column("")
    for month in summary.months:
        table.add_column(str(month), justify="center", min_width=3)
    for one in paired_regions(summary.regions):
        for name, effort, grades in ((region_name(one.names), "maximum", one.maximum), ("", "rest", one.rest)):
            table.add_row(name, effort, *(_cell(grade) for grade in grades))
    return table


def _durations(summary: Summary) -> Table:
    table = _table("Effect on lines [days]")
    for name in ("onset", "none or mild", "one grade better", "back to baseline"):
        table.add_column(name, justify="right")
    for one in paired_regions(summary.regions):
        lasting = (one.none_or_mild, one.one_grade, one.to_baseline)
        texts = (duration_text(days, summary.length) for days in lasting)
        table.add_row(region_name(one.names), day_text(one.onset), *texts)
    return table


def _positions(summary: Summary) -> list[str]:
    lids = "; ".join(f"{lid.side} {lid.start:.2f}, lowest {lid.lowest:.2f}{_on(lid)}" for lid in summary.lids)
    brows = [_brow(column, summary) for column in dict.fromkeys(brow.part for brow in summary.brows)]
    return [f"Upper lid, MRD1 [mm]: {lids}", f"Brow height, change [mm]: {'; '.join(brows)}"]


def _on(lid: Extreme) -> str:
    return f" on day {day_text(lid.lowest_day)}" if lid.lowest < lid.start else ""


def _brow(column: str, summary: Summary) -> str:
    """Lowest and highest position of one column; once for both sides where they agree."""
    texts = {
        brow.side: f"{_signed(brow.lowest)} to {_signed(brow.highest)}" for brow in summary.brows if brow.part == column
    }
    if len(set(texts.values())) == 1:
        return f"{column} {next(iter(texts.values()))}"
    return f"{column} " + ", ".join(f"{side} {text}" for side, text in texts.items())


def _signed(number: float) -> str:
    text = f"{number:+.1f}".replace("-", "−")
    return "0" if text.strip("+−") == "0.0" else text


def _table(first: str) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 1))
    table.add_column(first, no_wrap=True)
    return table


def _cell(grade: int) -> Text:
    ink = "white" if grade == len(FWS) - 1 else "black"
    return Text(f" {grade} ", style=f"{ink} on {GRADE_COLOURS[grade]}")


def _key() -> Text:
    return Text("investigator; ", style="dim").append(", ".join(f"{grade} {name}" for grade, name in enumerate(FWS)))
