"""`endplate years`, from a file to a table and a folder."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from endplate.cli.main import app
from endplate.life.template import years_template

EXAMPLES = Path(__file__).parents[2] / "examples"
SHORT = years_template("glabella-20u").replace("until = 70", "until = 38").replace('every = "16', 'every = "24')
FILES = {"report.html", "years.csv", "result.json", "timeline.png", "treatment.png", "skin.png", "manifest.json"}


def run(*words: object, code: int = 0):
    result = CliRunner().invoke(app, ["years", *map(str, words)])
    assert result.exit_code == code, result.output
    return result


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("years") / "short.toml"
    path.write_text(SHORT, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def done(file):
    return run(file, "-o", file.parent / "out", "--lives", 64), file.parent / "out"


def test_the_table_tells_both_twins(done):
    text = done[0].stdout
    assert "Frown lines (glabella)" in text
    assert "u untreated twin, t treated" in text
    assert "7 sessions in 8 years, 140 U of ona" in text
    assert "64 lives" in text
    assert "Research and education software, not a medical device." in text


def test_the_folder_holds_everything_with_its_hash(done):
    folder = done[1]
    assert {one.name for one in folder.iterdir()} == FILES
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for name, digest in manifest["files"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    assert set(manifest["files"]) == FILES - {"manifest.json"}
    assert "--lives 64" in manifest["command"]


def test_the_page_needs_nothing_else_and_says_what_it_is(done):
    page = (done[1] / "report.html").read_text(encoding="utf-8")
    assert "src=" not in page
    assert "not a medical device" in page
    assert "untreated twin" in page
    assert page.count("<svg") == 3


def test_csv_and_json_agree(done):
    data = json.loads((done[1] / "result.json").read_text(encoding="utf-8"))
    with (done[1] / "years.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == len(data["age"])
    assert float(rows[-1]["depth_rest_treated"]) == pytest.approx(data["depth_rest"]["treated"][-1][0], rel=1e-4)
    assert int(rows[-1]["sessions"]) == len(data["sessions"]) == 7
    assert float(rows[-1]["units"]) == 140.0
    assert data["lives"]["count"] == 64


def test_json_alone_is_plain(file):
    data = json.loads(run(file, "--json").stdout)
    assert data["regions"] == ["glabella"]
    assert data["depth_rest"]["treated"][-1][0] < data["depth_rest"]["untreated"][-1][0]


def test_a_short_interval_is_told_first(file, tmp_path):
    path = tmp_path / "often.toml"
    path.write_text(SHORT.replace('every = "24 weeks"', 'every = "8 weeks"'), encoding="utf-8")
    assert run(path).stdout.startswith("refer: Sessions too close")


def test_a_stop_ends_it_unless_it_is_overridden(tmp_path):
    path = tmp_path / "ill.toml"
    ill = SHORT.replace("[patient.skin]", "[patient.health]\nconditions = ['infection_at_site']\n[patient.skin]")
    path.write_text(ill, encoding="utf-8")
    told = run(path, code=1)
    rule = told.stderr.partition("stopped by the safety check, ")[2].partition(":")[0]
    assert rule
    assert "Overridden: healed" in run(path, "--override", f"{rule}=healed").stdout


def test_faults_are_told_together(file, tmp_path):
    path = tmp_path / "faulty.toml"
    path.write_text(SHORT.replace("until = 38", "until = 20\nevery_week = 1"), encoding="utf-8")
    told = run(path, code=2).stderr
    assert "years.every_week" in told
    assert "years.start" in told
    assert run(tmp_path / "none.toml", code=2)
    assert "--new" in run(code=2).stderr


def test_a_template_can_be_written_and_followed(tmp_path):
    path = tmp_path / "new.toml"
    run("--new", "glabella-abo-50u", "-o", path)
    assert 'product = "abo"' in path.read_text(encoding="utf-8")
    assert json.loads(run("--schema").stdout)["title"] == "endplate years"


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("years_*.toml")), ids=lambda path: path.stem)
def test_examples_run(path):
    assert "untreated twin" in run(path).stdout
