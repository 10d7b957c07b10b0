"""`endplate case`."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from endplate.case import anatomy
from endplate.cli.main import app

RUN = CliRunner()


def test_new_writes_a_file_that_checks(tmp_path):
    path = tmp_path / "case.toml"
    made = RUN.invoke(app, ["case", "new", "--pattern", "glabella-20u", "-o", str(path)])
    assert made.exit_code == 0, made.output
    checked = RUN.invoke(app, ["case", "check", str(path)])
    assert checked.exit_code == 0
    assert "5 injections of ona, 20 U on day 0" in checked.stdout
    assert [one.name for one in tmp_path.iterdir()] == ["case.toml"]


def test_new_does_not_overwrite_unless_told(tmp_path):
    path = tmp_path / "case.toml"
    path.write_text("mine", encoding="utf-8")
    refused = RUN.invoke(app, ["case", "new", "-p", "dao-5u", "-o", str(path)])
    assert refused.exit_code == 2
    assert "--force" in refused.stderr
    assert path.read_text(encoding="utf-8") == "mine"
    assert RUN.invoke(app, ["case", "new", "-p", "dao-5u", "-o", str(path), "--force"]).exit_code == 0
    assert "dao-5u" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("target", ["no/such/folder/case.toml", "."])
def test_new_where_nothing_can_be_written(tmp_path, target):
    result = RUN.invoke(app, ["case", "new", "-p", "dao-5u", "-o", str(tmp_path / target), "--force"])
    assert result.exit_code == 2
    assert str(tmp_path) in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_new_without_a_file_prints():
    assert 'pattern = "mentalis-6u"' in RUN.invoke(app, ["case", "new", "-p", "mentalis-6u"]).stdout


def test_an_unknown_pattern_names_the_nearest():
    result = RUN.invoke(app, ["case", "new", "-p", "glabela-20u"])
    assert result.exit_code == 2
    assert "did you mean 'glabella-20u'?" in result.stderr
    assert result.stdout == ""


def test_patterns_are_listed():
    result = RUN.invoke(app, ["case", "patterns"])
    assert all(name in result.stdout for name in anatomy().patterns)
    rows = json.loads(RUN.invoke(app, ["case", "patterns", "--json"]).stdout)
    assert {row["name"]: row["total"] for row in rows}["glabella-daxi-40u"] == 40.0


def test_the_schema_is_json():
    assert json.loads(RUN.invoke(app, ["case", "schema"]).stdout)["type"] == "object"


def test_faults_go_to_the_error_stream(tmp_path):
    path = tmp_path / "case.toml"
    path.write_text('title = "[bold]x"\nplan = 3\n"\\u001b[2J" = 1\n', encoding="utf-8")
    result = RUN.invoke(app, ["case", "check", str(path)])
    assert result.exit_code == 2
    assert result.stdout == ""
    assert f"{path}:2: plan: 3 is not a table" in result.stderr
    assert "\x1b[2J" not in result.stderr


def test_faults_as_json(tmp_path):
    path = tmp_path / "case.toml"
    path.write_text("titel = 1\n", encoding="utf-8")
    result = RUN.invoke(app, ["case", "check", str(path), "--json"])
    assert result.exit_code == 2
    content = json.loads(result.stdout)
    assert content["valid"] is False
    assert [fault["key"] for fault in content["faults"]] == ["plan", "titel", "title"]


def test_a_valid_case_as_json(tmp_path):
    path = tmp_path / "case.toml"
    path.write_text(RUN.invoke(app, ["case", "new", "-p", "masseter-48u"]).stdout, encoding="utf-8")
    content = json.loads(RUN.invoke(app, ["case", "check", str(path), "--json"]).stdout)
    assert content["valid"] is True
    assert content["total_dose"] == [48.0]
