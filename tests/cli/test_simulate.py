"""`endplate simulate`, from a file to tables and a folder."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
import xarray
from typer.testing import CliRunner

from endplate import __version__
from endplate.case.file import write_template
from endplate.cli import simulate as verb
from endplate.cli.main import app
from endplate.evidence import load

FROWN = Path(__file__).parents[2] / "examples" / "frown.toml"
FILES = {"course.nc", "manifest.json", "report.html"}
FAULTY = write_template("glabella-20u").replace("age = 45", "age = 450").replace('sex = "female"', "sexx = 1")


def run(*words: object, code: int = 0):
    result = CliRunner().invoke(app, ["simulate", *map(str, words)])
    assert result.exit_code == code, result.output
    return result


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    folder = tmp_path_factory.mktemp("simulate") / "new" / "frown"
    return run(FROWN, "-o", folder, "--days", 180), folder


def test_tables_are_printed(done):
    text = done[0].stdout
    for words in (
        "corrugator supercilii, both sides",
        "Likeliest grade by month",
        "none or mild",
        "Upper lid, MRD1 [mm]",
    ):
        assert words in text
    assert "Research and education software, not a medical device. Illustration, not a prediction of a person." in text
    assert all(f"wrote {done[1] / name}" in text.replace("\n", "") for name in FILES)


def test_the_folder_holds_three_files_and_nothing_lies_beside_it(done):
    folder = done[1]
    assert {one.name for one in folder.iterdir()} == FILES
    assert [one.name for one in folder.parent.iterdir()] == ["frown"]
    assert [one.name for one in folder.parent.parent.iterdir()] == ["new"]


def test_the_manifest_names_what_was_used(done):
    folder = done[1]
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["endplate"] == __version__
    assert manifest["evidence_hash"] == load().hash
    assert manifest["case_sha256"] == hashlib.sha256(FROWN.read_bytes()).hexdigest()
    assert manifest["packages"]["jax"]
    assert manifest["platform"]
    assert (manifest["seed"], manifest["days"], manifest["product"]) == (0, 180.0, "ona")
    assert manifest["wall_time_s"] > 0
    assert manifest["command"].startswith("endplate simulate ")
    assert manifest["command"].endswith(" --days 180")
    for name, digest in manifest["files"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest


def test_the_files_agree_with_the_tables(done):
    with xarray.open_dataset(done[1] / "course.nc", engine="h5netcdf", decode_timedelta=False) as data:
        loss = float(data["muscle_peak_loss"].sel(muscle="corrugator_supercilii.left").squeeze())
        assert float(data["day"][-1]) == 180.0
    page = (done[1] / "report.html").read_text(encoding="utf-8")
    assert f"corrugator supercilii, both sides −{100 * loss:.0f} %" in page


def test_json_is_strict_and_holds_the_curves(tmp_path):
    result = run(FROWN, "--days", "180 days", "--json", "-o", tmp_path / "out")
    content = json.loads(result.stdout, parse_constant=pytest.fail)
    assert len(content["days"]) == 181 == len(content["muscles"]["procerus"]["force"])
    assert np.shape(content["regions"]["glabella"]["grade_probability"]["maximum"]["investigator"]) == (181, 4)
    assert content["summary"]["muscles"][0]["peak_loss"] > 0.5
    assert None in [one["onset"] for one in content["summary"]["muscles"]]
    assert {one.name for one in (tmp_path / "out").iterdir()} == FILES
    assert "wrote" in result.stderr


def test_results_are_replaced(done):
    (done[1] / "report.html").write_text("old", encoding="utf-8")
    (done[1] / "mine.txt").write_text("mine", encoding="utf-8")
    run(FROWN, "-o", done[1], "--days", 180)
    assert (done[1] / "report.html").stat().st_size > 100_000
    assert (done[1] / "mine.txt").read_text(encoding="utf-8") == "mine"
    (done[1] / "mine.txt").unlink()


def test_every_fault_of_a_file_is_a_line(tmp_path):
    file = tmp_path / "case.toml"
    file.write_text(FAULTY, encoding="utf-8")
    result = run(file, "-o", tmp_path / "out", code=2)
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 2
    assert all(line.startswith(f"{file}:") for line in lines)
    assert "patient.age" in lines[0]
    assert "(did you mean 'sex'?)" in lines[1]
    assert result.stdout == ""
    assert [one.name for one in tmp_path.iterdir()] == ["case.toml"]


def test_faults_as_json(tmp_path):
    file = tmp_path / "case.toml"
    file.write_text(FAULTY, encoding="utf-8")
    errors = json.loads(run(file, "--json", code=2).stdout)["errors"]
    assert [error["key"] for error in errors] == ["patient.age", "patient.sexx"]
    assert all(error["line"] and error["file"] == str(file) and error["remedy"] for error in errors)


@pytest.mark.parametrize("days", ["0", "-3", "soon", "3 mL", "nan", "inf", "1e9", "200 years"])
def test_days_that_cannot_be_used(days):
    assert "--days" in run(FROWN, f"--days={days}", code=2).stderr


def test_a_missing_file(tmp_path):
    assert "does not exist" in run(tmp_path / "no.toml", code=2).stderr


@pytest.mark.parametrize("target", ["file", "file/below", "file/below/deeper"])
def test_a_folder_that_is_a_file(tmp_path, target):
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    assert "is not a folder" in run(FROWN, "-o", tmp_path / target, code=2).stderr
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"


def test_sessions_beyond_the_end_are_left_out(tmp_path):
    file = tmp_path / "case.toml"
    text = FROWN.read_text(encoding="utf-8").replace('at = "0 days"', 'at = "90 days"')
    file.write_text(text, encoding="utf-8")
    assert "no session lies within 60 days" in run(file, "--days", 60, code=2).stderr


def no_space(*_, **__):
    raise OSError(28, "No space left on device")


def interrupt(*_, **__):
    raise KeyboardInterrupt


def test_a_failure_while_writing_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(verb.report_room, "report_html", no_space, raising=False)
    result = run(FROWN, "--days", 180, "-o", tmp_path / "a" / "b", code=2)
    assert "cannot be written: No space left on device" in result.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("room", ["_run", "first_fields"])
def test_an_interrupt_ends_in_one_line(tmp_path, monkeypatch, room):
    monkeypatch.setattr(verb, room, interrupt)
    result = run(FROWN, "--days", 180, "-o", tmp_path / "out", code=130)
    assert result.stderr.strip() == "stopped; what was not yet finished was not written"
    assert list(tmp_path.iterdir()) == []
