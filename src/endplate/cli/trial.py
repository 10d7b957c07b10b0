"""`endplate trial`: write, check and run trials, and sample sizes."""

from __future__ import annotations

import json
import shlex
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer
from rich.console import Console

from endplate import trial as trials
from endplate.cli.case import write_new
from endplate.cli.folder import check_folder
from endplate.cli.gate import print_findings
from endplate.cli.manifest import made_from, shown, write_with_manifest
from endplate.cli.progress import shown_progress
from endplate.cli.trial_gate import passed_arms
from endplate.cli.trial_sensitivity import sensitivity
from endplate.cli.trial_tables import power_words, print_check, print_endpoints, print_result
from endplate.course.engine import prepare
from endplate.errors import InvalidRequest, TrialError
from endplate.evidence import load
from endplate.report.trial_page import Drawn, trial_html
from endplate.report.words import DISCLAIMER
from endplate.trial import Alone, Processes, Trial, TrialResult, read_trial, run_trial, sample_trial
from endplate.trial.crew import Crew
from endplate.trial.cycles import ArmCycles, plain_cycles, sample_cycles
from endplate.trial.file import trial_schema
from endplate.trial.power import Power, power_of, size_for
from endplate.trial.result import Row
from endplate.trial.template import LIKE, trial_template

__all__ = ["app"]

app = typer.Typer(help="Write, check and run trials on virtual patients; sample sizes.", no_args_is_help=True)
app.command()(sensitivity)

FileArgument = Annotated[Path, typer.Argument(metavar="TRIAL", help="A trial file.", show_default=False)]
JsonOption = Annotated[bool, typer.Option("--json", help="Plain data for programs.")]
PatientsOption = Annotated[
    int | None, typer.Option("--patients", min=64, help="Virtual patients instead of the file's own number.")
]
WorkersOption = Annotated[
    int, typer.Option("--workers", min=1, max=256, help="Processes of this machine; 1 is this process alone.")
]
ClusterOption = Annotated[
    str | None, typer.Option("--cluster", metavar="ADDRESS", help="An existing dask cluster, such as tcp://host:8786.")
]
TableOption = Annotated[
    Path | None, typer.Option("--patients-table", metavar="DIR", help="Folder for the patients one by one, as Parquet.")
]
# Chunks for many patients: large enough that handing them out costs nothing, small enough to lose one.
_CHUNK, _CHUNKS = 16384, "chunks"
_FILE = {"trial file": "trial_file", "SHA-256 of the trial": "trial_sha256"}


class Ways(NamedTuple):
    """Who follows the patients, where finished chunks are kept, and where the table of patients goes."""

    crew: Crew
    keep: Path | None = None
    table: Path | None = None


@app.command()
def new(
    like: Annotated[str, typer.Option("--like", help=f"One of {', '.join(LIKE)}.")] = "glabella",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="File to write; else to the terminal.")] = None,
    *,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")] = False,
) -> None:
    """Write a commented trial file to start from."""
    text = trial_template(like)
    if output is None:
        typer.echo(text, nl=False)
        return
    write_new(output, text, force=force)
    typer.echo(f"wrote {output}")


@app.command()
def schema() -> None:
    """Print the JSON Schema of a trial file."""
    typer.echo(json.dumps(trial_schema(), ensure_ascii=False, indent=2))


@app.command()
def endpoints(*, as_json: JsonOption = False) -> None:
    """List the endpoints with their definitions."""
    print_endpoints(as_json=as_json)


@app.command()
def check(file: FileArgument, *, as_json: JsonOption = False) -> None:
    """Check a trial file: every fault at once, or what it asks for."""
    try:
        trial = read_trial(file)
    except TrialError as error:
        if as_json:
            faults = [fault.to_dict() for fault in error.faults]
            typer.echo(json.dumps({"valid": False, "faults": faults}, ensure_ascii=False, indent=2))
        raise
    print_check(trial, as_json=as_json)


@app.command()
def run(
    file: FileArgument,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Folder for result.json, report.html and manifest.json.")
    ] = None,
    *,
    patients: PatientsOption = None,
    workers: WorkersOption = 1,
    cluster: ClusterOption = None,
    table: TableOption = None,
    as_json: JsonOption = False,
) -> None:
    """Run a trial whose arms the safety check lets pass: tables, and with -o a report, the result and a manifest.

    A run with -o that was stopped goes on from its finished chunks when it is started again.
    """
    begun, clock = datetime.now(UTC), time.perf_counter()
    trial = _asked(file, patients)
    found = passed_arms(trial, file=str(file), as_json=as_json)
    checked = {"findings": [one.to_dict() for one in found], "overrides": dict(trial.overrides)}
    for folder in (output, table):
        if folder is not None:
            check_folder(folder)
    ways = Ways(_crew(workers, cluster), None if output is None else output / _CHUNKS, table)
    result = _run(trial, ways)
    cycles = () if trial.retreatment is None else sample_cycles(trial)
    said = {"disclaimer": DISCLAIMER} | result.to_dict() | checked
    said |= {} if trial.retreatment is None else {"retreatment": plain_cycles(trial.retreatment, cycles)}
    if as_json:
        typer.echo(json.dumps(said, ensure_ascii=False, allow_nan=False))
    else:
        print_findings(found)
        print_result(trial, result, cycles=cycles)
    if output is None:
        return
    options = (("--patients", patients), ("--cluster", cluster), ("--patients-table", table))
    command = _command(file, output, options) + ([] if workers == 1 else ["--workers", str(workers)])
    made = _made(trial, file) | checked | {"begun": begun.isoformat(timespec="seconds"), "command": shlex.join(command)}
    with Console(stderr=True).status("writing"):
        paths = _write(output, trial, result, Said(said, cycles), made=made, clock=clock)
    typer.echo("\n".join(["", *(f"wrote {path}" for path in paths)]), err=as_json)


def _command(file: Path, output: Path, options: tuple[tuple[str, object], ...]) -> list[str]:
    """The command that would run it again."""
    words = ["endplate", "trial", "run", str(file), "-o", str(output)]
    return words + [word for name, value in options if value is not None for word in (name, str(value))]


@app.command()
def power(
    file: FileArgument,
    *,
    endpoint: Annotated[str | None, typer.Option("--endpoint", "-e", help="The file's first if not given.")] = None,
    day: Annotated[float | None, typer.Option("--day", "-d", help="Visit; that of responders if not given.")] = None,
    arms: Annotated[
        tuple[str, str] | None, typer.Option("--arms", help="Names of two arms; the first and the last if not given.")
    ] = None,
    wanted: Annotated[float, typer.Option("--power", help="Probability of showing the difference.")] = 0.9,
    level: Annotated[float, typer.Option("--level", help="Of significance, two-sided.")] = 0.05,
    as_json: JsonOption = False,
) -> None:
    """Sample size for a difference between two arms, by formula and checked by simulated trials."""
    trial = _asked(file, None)
    name = trial.endpoints[0] if endpoint is None else endpoint
    if name not in trial.endpoints:
        raise InvalidRequest(f"the trial does not tell {name!r}; it tells {', '.join(trial.endpoints)}")
    if len(trial.arms) == 1:
        raise InvalidRequest("the trial has one arm; add another one to compare with")
    pair = (trial.arms[0].name, trial.arms[-1].name) if arms is None else arms
    result = _run(trial, Ways(Alone()))
    when = trial.timing.response if day is None else day
    rows = [result.arm(one).curves[name].at(when) for one in pair]
    sizes = [one.size for chosen in pair for one in result.arms if one.name == chosen]
    found = _power(result.seed, (rows[0], rows[1]), ratio=sizes[1] / sizes[0], wanted=wanted, level=level)
    words = power_words(found, arms=pair, endpoint=name, day=when)
    if as_json:
        said = {"endpoint": name, "day": when, "arms": pair, "rates": found.rates, "sizes": found.sizes}
        said |= {"level": level, "power_wanted": wanted, "power_simulated": found.power}
        said |= {"power_with_differing_trials": found.power_between, "disclaimer": DISCLAIMER}
        typer.echo(json.dumps(said, ensure_ascii=False, indent=2))
    else:
        typer.echo("\n".join([*words, DISCLAIMER]))


def _power(seed: int, rows: tuple[Row, Row], *, ratio: float, wanted: float, level: float) -> Power:
    rates = rows[0].rate, rows[1].rate
    sizes = size_for(*rates, power=wanted, level=level, ratio=ratio)
    alone = power_of(rates, sizes, level=level, seed=seed)
    between = power_of(rates, sizes, level=level, shifts=(rows[0].shifts, rows[1].shifts), seed=seed)
    return Power(rates, sizes, wanted, alone, between)


def _asked(file: Path, patients: int | None) -> Trial:
    trial = read_trial(file)
    return trial if patients is None else trial.with_patients(patients)


def _crew(workers: int, cluster: str | None) -> Crew:
    if cluster is None:
        return Alone() if workers == 1 else Processes(workers)
    if workers != 1:
        raise InvalidRequest(f"--workers {workers} and --cluster {cluster} exclude each other; give one of them")
    return trials.Cluster(cluster)


def _run(trial: Trial, ways: Ways) -> TrialResult:
    prepare()
    table = None if ways.table is None else (ways.table, trials.patients_table.written)
    with shown_progress("following virtual patients", "patients") as tell:
        return run_trial(trial, chunk=_CHUNK, crew=ways.crew, keep=ways.keep, table=table, progress=tell)


def _made(trial: Trial, file: Path) -> dict[str, Any]:
    return made_from(
        "trial",
        file,
        title=trial.title,
        patients=trial.patients,
        seed=trial.seed,
        precision="float32, sums in float64",
    )


class Said(NamedTuple):
    """What the JSON holds, and the cycles of a drawn trial."""

    content: dict[str, Any]
    cycles: tuple[ArmCycles, ...]


def _write(
    output: Path, trial: Trial, result: TrialResult, said: Said, *, made: dict[str, Any], clock: float
) -> list[Path]:
    """Write the three files."""

    def data(path: Path) -> None:
        text = json.dumps(said.content, ensure_ascii=False, allow_nan=False, indent=1) + "\n"
        path.write_text(text, encoding="utf-8")

    def report(path: Path) -> None:
        drawn = Drawn(sample_trial(trial), said.cycles)
        page = trial_html(trial, result, library=load(), made=shown(made, _FILE), drawn=drawn)
        path.write_text(page, encoding="utf-8")

    return write_with_manifest(output, {"result.json": data, "report.html": report}, made=made, clock=clock)
