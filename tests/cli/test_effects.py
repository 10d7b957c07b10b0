"""`endplate effects`, from a file to probabilities."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from endplate.cli.main import app
from endplate.population.happening import EFFECTS

CASE = """
title = "One point"

[patient]
age = 45
sex = "female"

[plan]
product = "ona"

[[plan.session]]
at = "0 days"

[[plan.session.injection]]
site = "glabella.procerus"
dose = "4 U"
volume = "0.1 mL"
"""


def run(*words: object, code: int = 0):
    result = CliRunner().invoke(app, ["effects", *map(str, words)])
    assert result.exit_code == code, result.output
    return result


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("effects") / "one.toml"
    path.write_text(CASE, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def done(file):
    folder = file.parent / "out"
    return run(file, "-o", folder, "--patients", 16, "--json"), folder


def test_numbers_and_figure_are_written(done):
    told = json.loads(done[0].stdout)
    assert {one.name for one in done[1].iterdir()} == {"effects.json", "effects.png"}
    assert json.loads((done[1] / "effects.json").read_text(encoding="utf-8")) == told
    assert (done[1] / "effects.png").read_bytes().startswith(b"\x89PNG")
    assert list(told["effects"]) == list(EFFECTS)
    assert told["patients"] + told["failed"] == 16
    for one in told["effects"].values():
        assert 0 <= one["low"] <= one["probability"] <= one["high"] <= 1
    assert "not a medical device" in told["disclaimer"]


def test_a_table_is_printed_for_people(file, done):
    printed = run(file, "--patients", 16).output
    assert "drooping upper lid" in printed
    assert "not a mechanism" in printed
    assert "not a medical device" in printed


def test_faults_are_told(file, tmp_path):
    assert "give 1 to" in run(file, "--patients", 0, code=2).output
    assert not list(tmp_path.iterdir())
    (tmp_path / "taken").write_text("", encoding="utf-8")
    assert "not a folder" in run(file, "-o", tmp_path / "taken", code=2).output
