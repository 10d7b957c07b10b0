"""`endplate trial`, from a file to tables and a folder."""

from __future__ import annotations

import hashlib
import json

import pytest
from typer.testing import CliRunner

from endplate.cli import trial as verb
from endplate.cli.main import app

FILES = {"result.json", "report.html", "manifest.json"}
DISCLAIMER = "Research and education software, not a medical device."
FEW = ("--patients", 256)


def run(*words: object, code: int = 0):
    result = CliRunner().invoke(app, ["trial", *map(str, words)])
    assert result.exit_code == code, result.output
    return result


@pytest.fixture(scope="module")
def done(tmp_path_factory, example):
    folder = tmp_path_factory.mktemp("trial") / "new"
    return run("run", example, *FEW, "-o", folder), folder


def test_tables_are_printed(done):
    text = done[0].stdout
    for words in ("20 U", "placebo", "composite_ge2", "day 120", "median", DISCLAIMER):
        assert words in text


def test_the_folder_holds_three_files_and_nothing_lies_beside_it(done):
    folder = done[1]
    assert {path.name for path in folder.iterdir()} == FILES
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for name in FILES - {"manifest.json"}:
        assert manifest["files"][name] == hashlib.sha256((folder / name).read_bytes()).hexdigest()
    assert manifest["patients"] == 256
    assert manifest["seed"] == 0


def test_the_page_needs_nothing_else_and_says_what_it_is(done):
    page = (done[1] / "report.html").read_text(encoding="utf-8")
    assert DISCLAIMER in page
    assert page.count("<svg") == 9
    assert "<script" not in page
    assert 'src="http' not in page
    assert "trial.between.sensitivity" in page


def test_json_is_the_same_as_the_file(done, example):
    told = json.loads(run("run", example, *FEW, "--json").stdout)
    kept = json.loads((done[1] / "result.json").read_text(encoding="utf-8"))
    assert told == kept
    row = told["arms"][0]["curves"]["composite_ge2"]["rows"][1]
    assert row["day"] == 30
    assert row["prediction"]["low"] < row["rate"] < row["prediction"]["high"]
    assert told["arms"][1]["product"] == "placebo"


def test_a_stopped_run_leaves_nothing(tmp_path, example, monkeypatch):
    def stopped(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(verb, "run_trial", stopped)
    run("run", example, "-o", tmp_path / "out", code=130)
    monkeypatch.undo()
    monkeypatch.setattr(verb, "trial_html", stopped)
    run("run", example, *FEW, "-o", tmp_path / "out", code=130)
    assert not list(tmp_path.iterdir())


def test_sample_size_is_told_and_checked(example):
    told = json.loads(run("power", example, "--endpoint", "subj_ge1", "--day", 90, "--json").stdout)
    assert told["arms"] == ["20 U", "placebo"]
    assert told["sizes"][1] == pytest.approx(0.5 * told["sizes"][0], abs=1)
    assert abs(told["power_simulated"] - 0.9) < 0.06
    assert "power needs" in run("power", example).stdout


def test_what_power_cannot_do_is_refused(example):
    assert "it tells composite_ge2" in run("power", example, "--endpoint", "inv_ge1", code=2).stderr
    assert "its days" in run("power", example, "--day", 8, code=2).stderr


def test_faults_are_told_at_once(tmp_path):
    path = tmp_path / "t.toml"
    path.write_text('title = "x"\nendpoints = ["a"]\n[visits]\ndays = [0]\n', encoding="utf-8")
    told = run("check", path, code=2).stderr
    assert all(key in told for key in ("arm", "endpoints[0]", "visits.days[0]"))
    content = json.loads(run("check", path, "--json", code=2).stdout)
    assert content["valid"] is False
    assert len(content["faults"]) == 3


def test_check_new_schema_and_endpoints_answer(tmp_path, example):
    assert "no fault" in run("check", example).stdout
    assert json.loads(run("check", example, "--json").stdout)["valid"]
    run("new", "--like", "forehead", "-o", tmp_path / "f.toml")
    assert "no fault" in run("check", tmp_path / "f.toml").stdout
    run("new", "-o", tmp_path / "f.toml", code=2)
    assert "composite_ge2" in run("endpoints").stdout
    assert len(json.loads(run("endpoints", "--json").stdout)) == 18
    assert json.loads(run("schema").stdout)["title"] == "endplate trial"


def test_findings_of_the_arms_are_carried(done):
    for name in ("result.json", "manifest.json"):
        content = json.loads((done[1] / name).read_text(encoding="utf-8"))
        assert content["findings"] == []
        assert content["overrides"] == {}


def test_a_stop_of_an_arm_refuses_the_run(example, tmp_path):
    path = tmp_path / "trial.toml"
    text = example.read_text(encoding="utf-8").replace(
        'pattern = "glabella-20u"', 'pattern = "glabella-20u"\ndose = 400', 1
    )
    path.write_text(text, encoding="utf-8")
    result = run("run", path, *FEW, code=1)
    assert "arm[0]" in result.stderr
    assert "gross_dose" in result.stderr
    assert "[override]" in result.stderr
    assert "--override" not in result.stderr


def test_an_override_of_a_trial_file_names_a_known_rule_and_a_reason(example, tmp_path):
    path = tmp_path / "trial.toml"
    path.write_text(
        example.read_text(encoding="utf-8") + '\n[override]\ngross_dos = "why"\nlevator = ""\n', encoding="utf-8"
    )
    result = run("check", path, code=2)
    assert "did you mean 'gross_dose'?" in result.stderr
    assert "override.levator" in result.stderr
