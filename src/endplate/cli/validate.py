"""`endplate validate`: predict the rows of a table of trials, and compare."""

from __future__ import annotations

import csv
import io
import json
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
from endplate.evidence import load
from endplate.fit import Validation, packaged_posterior, read_rows, validate
from endplate.fit.kept import table_store
from endplate.report.validation import predicted_observed, save_figure, validation_document
from endplate.report.words import DISCLAIMER

__all__ = ["app"]

app = typer.Typer(help="Predict the rows of a table of trials, and compare with what they reported.")


@app.command()
def run(
    table: Annotated[Path, typer.Argument(metavar="TABLE", help="CSV with the columns of trials.csv.")],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Folder for validation.json, predictions.csv and a figure."),
    ] = None,
    *,
    draws: Annotated[int, typer.Option("--draws", min=8, max=256, help="Draws of parameters and trials.")] = 64,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of the draws.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Plain data for programs.")] = False,
) -> None:
    """Predict every row that the model can express, with a 90 % interval; the others are told with the reason."""
    rows = read_rows(table)
    if output is not None:
        check_folder(output)
    prepare()
    with _Bar() as tell:
        found = validate(rows, packaged_posterior(), draws=draws, seed=seed, store=table_store(), tell=tell)
    document = {"disclaimer": DISCLAIMER} | validation_document(found)
    if as_json:
        typer.echo(json.dumps(document, ensure_ascii=False, allow_nan=False))
    else:
        _print(document)
    if output is None:
        return
    command = ["endplate", "validate", str(table), "-o", str(output), "--draws", str(draws), "--seed", str(seed)]
    made = {
        "disclaimer": DISCLAIMER,
        "table": str(table),
        "table_sha256": file_hash(table),
        "evidence_hash": load().hash,
        "posterior": dict(found.posterior.facts),
        "command": shlex.join(command),
        "ended": datetime.now(UTC).isoformat(timespec="seconds"),
        **surroundings(),
    }
    for path in _write(output, found, document, made):
        typer.echo(f"wrote {path}", err=as_json)


class _Bar:
    """A line on standard error: draws done, time left."""

    def __enter__(self) -> Any:
        columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
        self._progress = Progress(*columns, console=Console(stderr=True), transient=True)
        self._progress.start()
        task = self._progress.add_task("predicting", total=None)

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
