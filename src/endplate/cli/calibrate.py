"""`endplate calibrate`: fit the model to the packaged trials of facial lines."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from rich.console import Console

from endplate.cli.folder import check_folder, write_files
from endplate.cli.interrupt import check as check_interrupt
from endplate.course.engine import prepare
from endplate.errors import InvalidRequest
from endplate.evidence import load
from endplate.fit import Model, Priors, build_model, calibrate, packaged_priors
from endplate.fit.answer import EFFECTS
from endplate.fit.calibrate import MIXED, Fit, trusted_share
from endplate.fit.kept import table_store
from endplate.fit.leave_out import calibration_questions, leave_trials_out
from endplate.fit.posterior import Posterior, data_hash, posterior_of, write_posterior
from endplate.fit.validate import Prediction, Validation
from endplate.report.validation import predicted_observed, save_figure, validation_document
from endplate.report.words import DISCLAIMER

__all__ = ["app"]

app = typer.Typer(help="Fit the model to the packaged trials of facial lines.")

_SCRIPT = "calibration/facial_lines.py"


@app.command()
def run(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Folder for the posterior, and the trials left out.")
    ] = None,
    *,
    patients: Annotated[int, typer.Option("--patients", min=32, help="Of each arm, a power of two.")] = 128,
    leave_out: Annotated[
        bool, typer.Option("--leave-trials-out", help="Predict each trial from a fit without it.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Plain data for programs.")] = False,
) -> None:
    """Find the most probable parameters, how sure they are, and say whether the fit can be trusted."""
    if patients.bit_count() != 1:
        raise InvalidRequest(f"--patients {patients} is no power of two; give 64, 128 or 256")
    if output is not None:
        check_folder(output)
    prepare()
    say = Console(stderr=True)
    priors, questions = packaged_priors(), calibration_questions()
    with say.status("solving layouts") as status:
        model = build_model(questions, patients=patients, store=table_store())

        def tell(what: str, done: int, whole: int) -> None:
            status.update(f"{what}: {done} of {whole}")
            check_interrupt()

        fit = calibrate(model, priors, tell=tell)
        share = trusted_share(model, priors, fit=fit, tell=partial(tell, "checking draws"))
    facts = {
        "script": _SCRIPT,
        "date": datetime.now(UTC).date().isoformat(),
        "data_sha256": data_hash(),
        "rows": len(questions),
        "settled": fit.mixing < MIXED,
        "trials": len({one.row.trial for one in questions}),
        "patients": patients,
        "mixing": round(fit.mixing, 3),
        "effective_draws": round(fit.effective),
        "surrogate_error": round(fit.surrogate_error, 4),
        "effective_share_of_draws": round(share, 3),
    }
    told: tuple[Prediction, ...] = ()
    if leave_out:
        told, worst = _left_out(model, priors, fit, say=say)
        facts["mixing_left_out"] = round(worst, 3)
    posterior = posterior_of(fit, priors, facts=facts)
    left = Validation(told, posterior, 0) if told else None
    document = {"disclaimer": DISCLAIMER} | _document(posterior, fit, left)
    _tell(document, as_json=as_json)
    if output is not None:
        for path in _write(output, posterior, document, left):
            typer.echo(f"wrote {path}", err=as_json)


def _left_out(model: Model, priors: Priors, fit: Fit, *, say: Console) -> tuple[tuple[Prediction, ...], float]:
    with say.status("leaving trials out") as status:

        def told(trial: str) -> None:
            status.update(f"leaving out {trial}")
            check_interrupt()

        return leave_trials_out(model, priors, fit=fit, tell=told)


def _document(posterior: Posterior, fit: Fit, left: Validation | None) -> dict[str, Any]:
    library, edges = load(), np.quantile(posterior.draws, [0.05, 0.95], axis=0)
    entries = {
        name: {
            "value": float(value),
            "low": float(low),
            "high": float(high),
            "unit": library[name].unit,
            "sd_over_prior": round(float(sd), 3),
            "from_prior_sd": round(float(place), 2),
        }
        for name, value, low, high, sd, place in zip(
            posterior.names,
            posterior.middle,
            *edges,
            fit.points.std(axis=0),
            fit.point,
            strict=True,
        )
    }
    scatter, widths = fit.scatter, np.quantile(fit.scatters, [0.05, 0.95], axis=0)
    found: dict[str, Any] = {
        "facts": dict(posterior.facts),
        "entries": entries,
        "between": {
            name: {"value": value, "low": float(low), "high": float(high), "sd_over_prior": 0.0}
            for name, value, low, high in zip(EFFECTS, scatter.effects, *widths[:, : len(EFFECTS)], strict=True)
        },
        "scatter": {"effects": list(scatter.effects), "rates": scatter.rates, "times": scatter.times},
    }
    if left is not None:
        told = validation_document(left)
        found["left_out"] = {key: told[key] for key in ("summary", "by_product", "by_endpoint", "rows")}
    return found


def _tell(document: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(document, ensure_ascii=False, allow_nan=False))
    else:
        _print(document)


def _print(document: dict[str, Any]) -> None:
    for name, one in document["entries"].items():
        typer.echo(
            f"{name:40s} {one['value']:10.4g} {one['unit']:12s} ({one['low']:.4g} to {one['high']:.4g}), "
            f"{one['from_prior_sd']:+.1f} sd from the prior, {one['sd_over_prior']:.2f} of its sd"
        )
    for name, value in document["facts"].items():
        typer.echo(f"{name}: {value}")
    if "left_out" in document:
        summary = document["left_out"]["summary"]
        typer.echo(
            f"trials left out: mean absolute error {summary['mean_absolute_error_points']:.1f} points over "
            f"{summary['n_active']} rates of active arms, {summary['coverage_90']:.0%} of rows in their 90 % interval"
        )
    typer.echo(DISCLAIMER)


def _write(output: Path, posterior: Posterior, document: dict[str, Any], left: Validation | None) -> list[Path]:
    values, facts = write_posterior(posterior)

    def text(content: str) -> Callable[[Path], object]:
        def write(path: Path) -> None:
            path.write_text(content, encoding="utf-8")

        return write

    def figure(path: Path) -> None:
        if left is not None:
            save_figure(predicted_observed(left), path)

    writers = {
        "facial_lines.csv": text(values),
        "facial_lines.toml": text(facts),
        "calibration.json": text(json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1) + "\n"),
    }
    if left is not None:
        writers["left_out.csv"] = text(_table(document["left_out"]["rows"]))
        writers["left_out.png"] = figure
    return write_files(output, writers)


def _table(rows: list[dict[str, Any]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
