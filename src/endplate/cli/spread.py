"""`endplate spread`: where the toxin of a case goes in layered tissue, as figures and numbers."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from rich.console import Console

from endplate.case import Case, anatomy
from endplate.case.build import Build
from endplate.case.file import read_case
from endplate.cli.folder import check_folder, write_files
from endplate.cli.gate import check_injected
from endplate.cli.interrupt import check
from endplate.course import ClosedForm, Course, TissueSettings, simulate, tissue_responses
from endplate.course.engine import prepare
from endplate.course.field import Field, captured_field, captured_under
from endplate.course.parameters import default_parameters, parameters_for
from endplate.course.tissue_field import DoseEffect, TissueField, effect_of_dose, tissue_field
from endplate.errors import InvalidRequest
from endplate.report.head import HeadPoints, head_points
from endplate.report.names import muscle_name
from endplate.report.section import Plane, section_figure
from endplate.report.spread_map import Effects, spread_map
from endplate.report.style import write_png
from endplate.report.words import DISCLAIMER

__all__ = ["app"]

app = typer.Typer(add_completion=False)

_SPACINGS = (2.0, 1.0, 0.5)
_SHARES = (0.1, 0.5, 0.9)
_DAYS = np.arange(0.0, 91.0)
_NO_HEAD = "no vertices.csv: it needs a plan for the head, and the page (`make web`), whose head has those points"
_LEAST = 0.005  # share of force lost that is worth a line

FileArgument = Annotated[Path, typer.Argument(metavar="CASE", help="A case file.", show_default=False)]
FolderOption = Annotated[Path, typer.Option("--output", "-o", help="Folder for spread.json and the figures.")]
SpacingOption = Annotated[float, typer.Option("--spacing", help="Edge of a voxel in mm: 2, 1 or 0.5.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Plain data for programs.")]


@app.command()
def spread(
    file: FileArgument, output: FolderOption, *, spacing: SpacingOption = 1.0, as_json: JsonOption = False
) -> None:
    """Spread in layered tissue: sections, surface map and captured dose per muscle, beside the closed form."""
    if spacing not in _SPACINGS:
        raise InvalidRequest(f"--spacing: {spacing:g} mm is not offered; take one of 2, 1 and 0.5")
    case = read_case(file)
    check_injected(case)
    check_folder(output)
    prepare()
    settings = TissueSettings(spacing=spacing, build=Build.of(case.patient))
    with Console(stderr=True).status("solving; the first run of a kind takes a minute"):
        told = _told(case, settings)
        check()
        fields = {one.frame: None for one in case.plan.session_injections(0)}
        solved = {frame: tissue_field(case.plan, settings=settings, frame=frame) for frame in fields}
        skin = [captured_field(case.plan, frame=frame, patient=case.patient) for frame in fields]
        effect = effect_of_dose(case.plan)
    points = _points(case, effect)
    paths = write_files(output, _writers(told, solved, effect) | _tables(skin, effect) | points)
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False, allow_nan=False))
    else:
        _print(told)
    typer.echo("\n".join(f"wrote {path}" for path in paths), err=as_json)
    if not points:
        typer.echo(_NO_HEAD, err=True)


def _told(case: Case, settings: TissueSettings) -> dict[str, Any]:
    """What spread.json says."""
    known = parameters_for(case.plan, default_parameters(case.plan.product))
    tissue = _course(case, tissue_responses(case.plan, parameters=known.spread, settings=settings))
    closed = _course(case, ClosedForm())
    return {
        "disclaimer": DISCLAIMER,
        "title": case.title,
        "product": case.plan.product.code,
        "spacing_mm": settings.spacing,
        "evidence_hash": tissue.evidence,
        "note": "potencies were calibrated in tissue; captured dose is the mean over a muscle's end plates",
        "muscles": [_row(name, tissue, closed) for name in tissue.muscles],
    }


def _course(case: Case, model: Any) -> Course:
    return simulate(case.plan, case.patient, days=_DAYS, spread=model)


def _row(name: str, tissue: Course, closed: Course) -> dict[str, Any]:
    index = tissue.muscle(name)
    row: dict[str, Any] = {"muscle": name}
    for kind, course in (("tissue", tissue), ("closed_form", closed)):
        force = np.asarray(course.force)[:, index, 0]
        row[kind] = {
            "captured_half_cleaving_levels": [float(one) for one in np.asarray(course.captured)[:, index, 0]],
            "largest_force_loss": float(1 - force.min()),
        }
    return row


def _tables(skin: list[Field], effect: DoseEffect) -> dict[str, Any]:
    """Writers of a table of points for each frame."""
    return {
        f"surface{_stem(field.injections[0].frame)}.csv": partial(_write_points, field=field, effect=effect)
        for field in skin
    }


def _write_points(path: Path, *, field: Field, effect: DoseEffect) -> None:
    """Points of the skin, the largest dose under each, and the share of fibres that it would block."""
    x, y = np.meshgrid(field.x, field.y)
    head = field.injections[0].frame == "head"
    z = anatomy().surface.height(x, y) if head else np.zeros_like(x)
    columns = (x, y, z, field.captured, effect.blocked_by(field.captured))
    names = "x_mm,y_mm,z_mm,captured_half_cleaving_levels,share_of_fibres_blocked_at_peak"
    rows = np.stack([one.ravel() for one in columns], axis=1)
    np.savetxt(path, rows, fmt=("%.3f", "%.3f", "%.3f", "%.6g", "%.4f"), delimiter=",", header=names, comments="")


def _points(case: Case, effect: DoseEffect) -> dict[str, Any]:
    """The writer of the table of the points of the page's head; none without a page or an injection into the head."""
    head = head_points()
    if head is None or all(one.frame != "head" for one in case.plan.session_injections(0)):
        return {}
    flat = np.append(head.place, np.zeros((len(head.place), 1)), axis=1)
    own = Build.of(case.patient).from_map(flat)[:, :2]
    captured = case.patient.antibody_free_fraction * captured_under(own, case.plan, patient=case.patient)
    return {"vertices.csv": partial(_write_vertices, head=head, captured=captured, effect=effect)}


def _write_vertices(path: Path, *, head: HeadPoints, captured: np.ndarray, effect: DoseEffect) -> None:
    """Points of the page's head in the order of its file, the largest dose under each, and what it would block."""
    number = np.arange(len(captured))
    rows = np.column_stack([number, head.place, head.on_face, captured, effect.blocked_by(captured)])
    names = "vertex,x_mm,y_mm,on_face,captured_half_cleaving_levels,share_of_fibres_blocked_at_peak"
    np.savetxt(path, rows, fmt=("%d", "%.2f", "%.2f", "%.3f", "%.6g", "%.4f"), delimiter=",", header=names, comments="")


def _stem(frame: str) -> str:
    return "" if frame == "head" else f"-{frame}"


def _writers(told: dict[str, Any], fields: dict[str, TissueField], effect: DoseEffect) -> dict[str, Any]:
    def numbers(path: Path) -> None:
        path.write_text(json.dumps(told, ensure_ascii=False, indent=2, allow_nan=False) + "\n", encoding="utf-8")

    doses = effect.dose_of(_SHARES).tolist()
    writers: dict[str, Any] = {"spread.json": numbers}
    levels = {dose: f"{100 * share:g} %" for dose, share in zip(doses, _SHARES, strict=True)}
    for frame, field in fields.items():
        stem = _stem(frame)
        writers[f"surface{stem}.png"] = partial(_write_surface, field=field, doses=doses)
        writers[f"sections{stem}.png"] = partial(_write_sections, field=field, levels=levels)
    return writers


def _write_surface(path: Path, *, field: TissueField, doses: list[float]) -> None:
    write_png(spread_map(field, Effects(_SHARES, doses)), path)


def _write_sections(path: Path, *, field: TissueField, levels: dict[float, str]) -> None:
    named = "fibres blocked at the peak"
    write_png(section_figure(field.tissue, _planes(field), dose=field.captured, levels=levels, dose_name=named), path)


def _planes(field: TissueField) -> list[Plane]:
    """Through the injection nearest to the midline, through the one farthest from it, and across both."""
    tips = np.array([one.site for one in field.injections], float)
    near, far = tips[np.argmin(np.abs(tips[:, 0]))], tips[np.argmax(tips[:, 0])]
    places = [(0, float(near[0])), (0, float(far[0])), (1, float(far[1]))]
    axes = "xyz"
    return [Plane(axis, place, f"{axes[axis]} = {place:.1f} mm") for axis, place in dict.fromkeys(places)]


def _print(told: dict[str, Any]) -> None:
    typer.echo(f"largest loss of force within {_DAYS[-1]:g} days, {told['spacing_mm']:g} mm voxels")
    typer.echo(f"{'muscle':<44}{'tissue':>9}{'closed form':>13}")
    for row in told["muscles"]:
        losses = [row[kind]["largest_force_loss"] for kind in ("tissue", "closed_form")]
        if max(losses) >= _LEAST:
            typer.echo(f"{muscle_name(row['muscle']):<44}{100 * losses[0]:>8.1f}%{100 * losses[1]:>12.1f}%")
    typer.echo("")
    typer.echo(told["disclaimer"])
