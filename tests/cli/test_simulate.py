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
    assert "Illustration, not a prediction of a person. Research and education software, not a medical device." in text
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
    result = run(file, "--json", code=2)
    faults = json.loads(result.stderr)["faults"]
    assert [fault["key"] for fault in faults] == ["patient.age", "patient.sexx"]
    assert all(fault["line"] and fault["file"] == str(file) and fault["remedy"] for fault in faults)
    assert result.stdout == ""


@pytest.mark.parametrize(
    "days", ["0", "-3", "0.001", "1e-9", "1 second", "soon", "3 mL", "nan", "inf", "-inf", "1e9", "200 years"]
)
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


@pytest.mark.parametrize("days", ["0.1", "2.5 hours"])
def test_the_shortest_courses_are_simulated(days):
    content = json.loads(run(FROWN, "--days", days, "--json").stdout)
    assert content["status"] == "solved"
    assert 0.1 <= content["days"][-1] < 0.11
    assert 0.999 < content["muscles"]["procerus"]["force"][-1] <= 1.0


@pytest.fixture(scope="module")
def antitoxin(tmp_path_factory):
    folder = tmp_path_factory.mktemp("antitoxin")
    file = folder / "case.toml"
    text = FROWN.read_text(encoding="utf-8").replace('dose = "4 U"', 'dose = "500 U"', 1)
    override = '[override]\ngross_dose = "a slip, followed for teaching"\n'
    file.write_text(f"{text}\n[antitoxin]\nat = 0.5\n{override}", encoding="utf-8")
    return run(file, "--days", 30, "-o", folder / "out"), json.loads(run(file, "--days", 30, "--json").stdout), folder


def test_antitoxin_is_told_everywhere(antitoxin):
    printed, content, folder = antitoxin
    words = "Antitoxin from day 0.5 on clears free toxin only, at a constant rate to the end of the run"
    assert words in printed.stdout
    assert "captured dose: that without antitoxin" in printed.stdout
    assert content["antitoxin_day"] == content["summary"]["antitoxin_day"] == 0.5
    assert content["notes"][0]["kind"] == "antitoxin"
    assert words in content["notes"][0]["message"]
    page = (folder / "out" / "report.html").read_text(encoding="utf-8")
    assert words in page
    assert "dose that would be captured without antitoxin" in page
    with xarray.open_dataset(folder / "out" / "course.nc", engine="h5netcdf", decode_timedelta=False) as data:
        assert data.attrs["antitoxin"].startswith(words)
        assert "if no antitoxin is there" in data["captured"].long_name


def test_a_dose_beyond_every_label_is_noted(antitoxin):
    printed, content, folder = antitoxin
    words = "516 U of ona on day 0 are 1.3 times the largest total on its label, 400 U"
    assert words in printed.stdout
    assert words in content["notes"][1]["message"]
    assert words in (folder / "out" / "report.html").read_text(encoding="utf-8")


def test_findings_and_overrides_are_carried_into_every_result(antitoxin):
    printed, content, folder = antitoxin
    manifest = json.loads((folder / "out" / "manifest.json").read_text(encoding="utf-8"))
    for told in (content, manifest):
        assert told["findings"][0]["rule"] == "gross_dose"
        assert told["overrides"] == {"gross_dose": "a slip, followed for teaching"}
    page = (folder / "out" / "report.html").read_text(encoding="utf-8")
    for text in (printed.stdout, page):
        assert "Overridden: a slip, followed for teaching" in text
    assert "Safety check" in page


def test_a_course_without_antitoxin_says_so(done):
    assert "antitoxin" not in done[0].stdout
    with xarray.open_dataset(done[1] / "course.nc", engine="h5netcdf", decode_timedelta=False) as data:
        assert data.attrs["antitoxin"] == "none"


def test_what_lies_beyond_the_end_is_left_out_and_noted(tmp_path):
    file = tmp_path / "case.toml"
    again = '[[plan.session]]\nat = 84\npattern = "glabella-20u"\n[antitoxin]\nat = 85\n'
    text = FROWN.read_text(encoding="utf-8").partition("[simulation]")[0]
    file.write_text(text + again, encoding="utf-8")
    content = json.loads(run(file, "--days", 30, "--json").stdout)
    assert [note["kind"] for note in content["notes"]] == ["left out"]
    assert "session of day 84, antitoxin of day 85" in content["notes"][0]["message"]
    assert content["antitoxin_day"] is None
