"""`endplate validate`: predict the rows of a table of trials, and compare."""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from endplate.cli.folder import check_folder
from endplate.cli.interrupt import check as check_interrupt
from endplate.cli.manifest import file_hash, surroundings, write_with_manifest
from endplate.course.engine import prepare
from endplate.errors import InvalidRequest
from endplate.evidence import load
from endplate.fit import NewProduct, Validation, inform, packaged_posterior, read_rows, validate, with_products
from endplate.fit.kept import table_store
from endplate.report.validation import predicted_observed, save_figure, validation_document
from endplate.report.words import DISCLAIMER

__all__ = ["app"]

# Draws below which quantiles are rough.
_ENOUGH = 30
_LIKE = re.compile(r"(?P<new>[^=\s]+)\s*=\s*(?P<known>[^:\s]+)\s*(?::\s*(?P<ratio>\d+(?:\.\d+)?))?")

app = typer.Typer(help="Predict the rows of a table of trials, and compare with what they reported.")


@app.command()
def run(
    table: Annotated[Path, typer.Argument(metavar="TABLE", help="CSV with the columns of trials.csv.")],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Folder for validation.json, predictions.csv and a figure."),
    ] = None,
    *,
    like: Annotated[
        list[str] | None,
        typer.Option(
            "--like",
            metavar="NEW=KNOWN[:RATIO]",
            help="A product that the library does not hold: one of its units counts as RATIO units of a known one.",
        ),
    ] = None,
    known: Annotated[
        Path | None,
        typer.Option("--known", metavar="ARMS", help="CSV of arms whose results are known, to learn from."),
    ] = None,
    draws: Annotated[int, typer.Option("--draws", min=8, max=256, help="Draws of parameters and trials.")] = 64,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of the draws.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Plain data for programs.")] = False,
) -> None:
    """Predict every row that the model can express, with a 90 % interval; the others are told with the reason."""
    rows, arms = read_rows(table), () if known is None else read_rows(known)
    posterior = with_products(packaged_posterior(), _new(like or []), seed=seed)
    if output is not None:
        check_folder(output)
    prepare()
    if arms:
        with _Bar("learning from known arms") as tell:
            posterior = inform(posterior, arms, seed=seed, store=table_store(), tell=tell)
    with _Bar("predicting") as tell:
        found = validate(rows, posterior, draws=draws, seed=seed, store=table_store(), tell=tell)
    document = {"disclaimer": DISCLAIMER} | validation_document(found)
    if as_json:
        typer.echo(json.dumps(document, ensure_ascii=False, allow_nan=False))
    else:
        _print(document)
    if output is None:
        return
    command = ["endplate", "validate", str(table), "-o", str(output), "--draws", str(draws), "--seed", str(seed)]
    command += [part for one in like or [] for part in ("--like", one)]
    command += [] if known is None else ["--known", str(known)]
    made = {
        "disclaimer": DISCLAIMER,
        "table": str(table),
        "table_sha256": file_hash(table),
        "known_sha256": None if known is None else file_hash(known),
        "evidence_hash": load().hash,
        "posterior": dict(found.posterior.facts),
        "command": shlex.join(command),
        "ended": datetime.now(UTC).isoformat(timespec="seconds"),
        **surroundings(),
    }
    for path in _write(output, found, document, made):
        typer.echo(f"wrote {path}", err=as_json)


def _new(like: list[str]) -> dict[str, NewProduct]:
    """Products as ``NEW=KNOWN`` or ``NEW=KNOWN:RATIO``; all that cannot be read is told at once."""
    found: dict[str, NewProduct] = {}
    wrong: list[str] = []
    for text in like:
        told = _LIKE.fullmatch(text.strip())
        if told is None:
            wrong.append(f"--like {text!r} cannot be read; write NEW=KNOWN or NEW=KNOWN:RATIO, such as elixir=ona:1.2")
        elif told["new"] in found:
            wrong.append(f"--like tells of {told['new']} twice; keep one")
        else:
            found[told["new"]] = NewProduct(told["known"], float(told["ratio"] or 1))
    if wrong:
        raise InvalidRequest("; ".join(wrong))
    return found


class _Bar:
    """A line on standard error: what is done, draws done, time left."""

    def __init__(self, what: str) -> None:
        self._what = what

    def __enter__(self) -> Any:
        columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
        self._progress = Progress(*columns, console=Console(stderr=True), transient=True)
        self._progress.start()
        task = self._progress.add_task(self._what, total=None)

        def tell(done: int, whole: int) -> None:
            self._progress.update(task, completed=done, total=whole)
            check_interrupt()

        return tell

    def __exit__(self, *_: object) -> None:
        self._progress.stop()


def _print(document: dict[str, Any]) -> None:
    console = Console()
    summary = document["summary"]
    for title, key in (("product", "by_product"), ("endpoint", "by_endpoint"), ("day", "by_day")):
        table = Table(title=f"by {title}", title_justify="left")
        for name in (title, "rows", "predicted", "mean absolute error, points", "in 90 % interval"):
            table.add_column(name, justify="left" if name == title else "right")
        for name, one in document[key].items():
            table.add_row(
                escape(name),
                str(one["n_rows"]),
                str(one["n_predicted"]),
                _shown(one["mean_absolute_error_points"], "{:.1f}"),
                _shown(one["coverage_90"], "{:.0%}"),
            )
        console.print(table)
    console.print(
        f"{summary['n_predicted']} of {summary['n_rows']} rows predicted, {summary['n_compared']} compared; "
        f"active arms: mean absolute error {_shown(summary['mean_absolute_error_points'], '{:.1f}')} points, "
        f"coverage of the 90 % interval {_shown(summary['coverage_90'], '{:.0%}')}, "
        f"rank agreement {_shown(summary['rank_agreement'], '{:.2f}')}"
    )
    for reason, lines in document["not_predicted"].items():
        console.print(
            f"not predicted, lines {', '.join(map(str, lines))}: {reason}",
            soft_wrap=True,
            markup=False,
            highlight=False,
        )
    facts = summary["posterior"]
    if "known_rows" in facts:
        left = facts["known_effective_draws"]
        few = "" if left >= _ENOUGH else ": few, since the arms lie far from what was believed; take intervals as rough"
        console.print(f"{facts['known_rows']} rows of known arms were learned from; {left} draws agree with them{few}")
        if facts["known_rows_not_used"]:
            console.print(f"not learned from: {facts['known_rows_not_used']}", markup=False, highlight=False)
    console.print(DISCLAIMER)


def _shown(value: float | None, form: str) -> str:
    return "–" if value is None else form.format(value)


def _write(output: Path, found: Validation, document: dict[str, Any], made: dict[str, Any]) -> list[Path]:
    def table(path: Path) -> None:
        out = io.StringIO()
        writer = csv.DictWriter(out, list(document["rows"][0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(document["rows"])
        path.write_text(out.getvalue(), encoding="utf-8")

    def figure(path: Path) -> None:
        save_figure(predicted_observed(found), path)

    def data(path: Path) -> None:
        text = json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1) + "\n"
        path.write_text(text, encoding="utf-8")

    writers = {"validation.json": data, "predictions.csv": table, "predicted_observed.png": figure}
    return write_with_manifest(output, writers, made=made)
