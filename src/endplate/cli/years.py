"""`endplate years`: a session given again and again through a life, beside the same life without it."""

from __future__ import annotations

import csv
import json
import shlex
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import numpy as np
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from endplate.cli.case import write_new
from endplate.cli.folder import check_folder
from endplate.cli.gate import OverrideOption, joined_overrides, print_findings, refuse
from endplate.cli.interrupt import check
from endplate.cli.manifest import made_from, shown, write_with_manifest
from endplate.cli.progress import shown_progress
from endplate.course.engine import prepare
from endplate.errors import InvalidRequest
from endplate.evidence import load
from endplate.life import Life, Lifetime, Lives, check_life, follow_life, follow_lives
from endplate.life.file import read_years, years_schema
from endplate.life.template import years_template
from endplate.report.names import region_name
from endplate.report.style import write_png
from endplate.report.words import DISCLAIMER
from endplate.report.years import life_words, lives_words, pairs, skin_figure, table_rows, timeline, treatment_figure
from endplate.report.years_document import COLUMNS, TWINS, years_document
from endplate.report.years_page import years_html
from endplate.safety import Finding

__all__ = ["app"]

app = typer.Typer(add_completion=False)

_WAIT = "following a life; the first run of a kind compiles for some seconds"
_FILE = {"years file": "years_file", "SHA-256 of the file": "years_sha256"}
_PIPE_WIDTH = 120
_HEADS = ("line at rest\n[mm]", "furrow at effort\n[mm]", "grade\nat rest", "grade\nat effort")

FileArgument = Annotated[Path | None, typer.Argument(metavar="YEARS", help="A years file.", show_default=False)]
OutputOption = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="Folder for report, tables, figures and manifest; a file with --new."),
]
LivesOption = Annotated[
    int | None, typer.Option("--lives", min=1, metavar="N", help="Also N lives of virtual people, for bands.")
]
NewOption = Annotated[
    str | None, typer.Option("--new", metavar="PATTERN", help="Write a commented years file of a pattern, and stop.")
]


class Result(NamedTuple):
    """A life that was followed, many more of them or none, and findings of the check."""

    life: Life
    found: Lifetime
    lives: Lives | None
    findings: list[Finding]


@app.command()
def years(
    file: FileArgument = None,
    output: OutputOption = None,
    *,
    lives: LivesOption = None,
    override: OverrideOption = None,
    new: NewOption = None,
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON Schema of a years file, and stop.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Plain data for programs, with full curves.")] = False,
) -> None:
    """Follow a life with treatment and its untreated twin: table here, and with -o a report, curves, manifest."""
    if new is not None or schema:
        _tell(years_template(new) if new is not None else _plain(years_schema(), indent=2), output)
        return
    if file is None:
        raise InvalidRequest("no years file is given; write one with `endplate years --new glabella-20u -o my.toml`")
    begun, clock = datetime.now(UTC), time.perf_counter()
    life, findings = _asked(file, override, as_json=as_json)
    if output is not None:
        check_folder(output)
    result = _followed(life, findings, lives)
    if as_json:
        typer.echo(_plain(_data(result)))
    else:
        _print(result)
    if output is not None:
        made = _made(life, file, begun) | {"command": _command(file, output, lives, override)}
        with Console(stderr=True).status("writing"):
            paths = _write(output, result, made, clock=clock)
        typer.echo("\n".join(["", *(f"wrote {path}" for path in paths)]), err=as_json)


def _tell(text: str, output: Path | None) -> None:
    if output is None:
        typer.echo(text.rstrip("\n"))
        return
    write_new(output, text, force=False)
    typer.echo(f"wrote {output}")


def _asked(file: Path, override: list[str] | None, *, as_json: bool) -> tuple[Life, list[Finding]]:
    """The life of a file that the safety check lets pass."""
    life, _, keys = read_years(file)
    life = life.with_overrides(joined_overrides(life.overrides, override))
    found = check_life(life, load(), keys=keys)
    refuse(found, file=str(file), as_json=as_json)
    return life, found


def _followed(life: Life, findings: list[Finding], count: int | None) -> Result:
    prepare()
    with Console(stderr=True).status(_WAIT):
        found = follow_life(life)
    check()
    lives = None
    if count is not None:
        with shown_progress("following lives", "lives") as tell:
            lives = follow_lives(life, count, progress=tell)
    check()
    return Result(life, found, lives, findings)


def _print(result: Result) -> None:
    life, found = result.life, result.found
    print_findings(result.findings)
    console = Console(highlight=False, markup=False)
    if not sys.stdout.isatty():
        console = Console(highlight=False, markup=False, width=max(console.width, _PIPE_WIDTH))
    console.print(Text(life.title, style="bold"))
    for names in pairs(found):
        console.print()
        console.print(_table(found, names))
    console.print("Means over the year that begins at the age; u untreated twin, t treated.", style="dim")
    console.print()
    for line in (*life_words(life, found), *(() if result.lives is None else lives_words(found, result.lives))):
        console.print(f"- {line}")
    console.print()
    console.print(f"Sources of every number: `endplate evidence` (library {found.evidence[:12]})", style="dim")
    console.print(DISCLAIMER, style="bold")


def _table(found: Lifetime, names: tuple[str, ...]) -> Table:
    table = Table(title=region_name(names), title_justify="left", title_style="bold", box=None, pad_edge=False)
    table.add_column("age", justify="right")
    for head in _HEADS:
        for twin in TWINS:
            table.add_column(f"{head} {twin[0]}", justify="right")
    for head in ("sessions\nso far", "units\nso far"):
        table.add_column(head, justify="right")
    for row in table_rows(found, found.regions.index(names[0])):
        table.add_row(*row)
    return table


def _data(result: Result) -> dict[str, Any]:
    """A life as plain data."""
    life, found, lives, findings = result
    said = years_document(life, found, findings=findings)
    if lives is not None:
        own = ("age", *COLUMNS, "sessions", "dose", "lost")
        said["lives"] = {"count": lives.count, "edges": ["5 %", "median", "95 %"], "twins": list(TWINS)}
        said["lives"] |= {name: getattr(lives, name).tolist() for name in own}
    return said


def _plain(content: Any, indent: int | None = None) -> str:
    return json.dumps(content, ensure_ascii=False, allow_nan=False, indent=indent)


def _made(life: Life, file: Path, begun: datetime) -> dict[str, Any]:
    return made_from(
        "years",
        file,
        title=life.title,
        product=life.plan.product.code,
        seed=life.seed,
        precision="float64; many lives float32",
        overrides=dict(life.overrides),
        begun=begun.isoformat(timespec="seconds"),
    )


def _command(file: Path, output: Path, lives: int | None, override: list[str] | None) -> str:
    asked = ["endplate", "years", str(file), "-o", str(output), *([] if lives is None else ["--lives", str(lives)])]
    return shlex.join(asked + [word for one in override or () for word in ("--override", one)])


def _write(output: Path, result: Result, made: dict[str, Any], *, clock: float) -> list[Path]:
    """Write all files."""
    life, found, lives, findings = result
    unit = life.plan.product.unit.replace("_", " ")
    own: dict[str, Any] = {"lives": lives, "findings": findings, "library": load(), "made": shown(made, _FILE)}
    writers: dict[str, Callable[[Path], object]] = {
        "report.html": lambda path: path.write_text(years_html(life, found, **own), encoding="utf-8"),
        "years.csv": lambda path: _csv(path, found),
        "result.json": lambda path: path.write_text(_plain(_data(result)) + "\n", encoding="utf-8"),
        "timeline.png": lambda path: write_png(timeline(found, lives), path),
        "treatment.png": lambda path: write_png(treatment_figure(found, unit), path),
        "skin.png": lambda path: write_png(skin_figure(found), path),
    }
    made = made | {"findings": [one.to_dict() for one in findings]}
    return write_with_manifest(output, writers, made=made, clock=clock)


def _csv(path: Path, found: Lifetime) -> None:
    """All times of all regions, one a line."""
    names = [f"{name}_{twin}" for name in COLUMNS for twin in TWINS]
    given = np.searchsorted(found.sessions, found.age, side="right")
    units = np.append(0.0, np.cumsum(found.dose))[given]
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["region", "age_year", *names, "force", "muscle_mass", "sessions", "units"])
        for row, region in enumerate(found.regions):
            columns = [getattr(getattr(found, name), twin)[:, row] for name in COLUMNS for twin in TWINS]
            for place, age in enumerate(found.age):
                numbers = (*(one[place] for one in columns), found.effort[place, row], found.mass[place, row])
                cells = [f"{value:.6g}" for value in numbers]
                rows.writerow([region, f"{age:.5f}", *cells, given[place], f"{units[place]:g}"])
