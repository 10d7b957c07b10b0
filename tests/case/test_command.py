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
    assert "no fault: 5 injections of ona in 1 session, 365 days followed" in checked.stdout
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


SEVERAL = """
[[plan.session]]
at = "12 weeks"
pattern = "upper-face-64u"
[[plan.session]]
at = 200.5
injection = [{ at_mm = [31, 25], depth = 4, dose = 3, volume = 0.1 }]
[simulation]
days = 300
"""


def test_every_session_is_shown(tmp_path):
    path = tmp_path / "case.toml"
    text = RUN.invoke(app, ["case", "new", "-p", "glabella-20u"]).stdout
    path.write_text(text[: text.index("# The same written out")] + SEVERAL, encoding="utf-8")
    rows = RUN.invoke(app, ["case", "check", str(path)]).stdout.splitlines()
    assert "22 injections of ona in 3 sessions, 300 days followed" in rows[1]
    assert [row.split()[:3] for row in rows[3:] if row[:5].strip()] == [
        ["0", "5", "20"],
        ["84", "16", "64"],
        ["200.5", "1", "3"],
    ]
    assert "corrugator supercilii 8 left, 8 right" in rows[3]
    content = json.loads(RUN.invoke(app, ["case", "check", str(path), "--json"]).stdout)
    assert (content["length"], content["unit"], content["total_dose"]) == (300.0, "U_ona", [20.0, 64.0, 3.0])
    assert [one["day"] for one in content["sessions"]] == [0.0, 84.0, 200.5]
    assert content["sessions"][0]["by_muscle"]["corrugator_supercilii.left"] == 8.0
    assert content["sessions"][2]["by_muscle"] == {"by coordinates": 3.0}
    assert all(sum(one["by_muscle"].values()) == one["total"] for one in content["sessions"])


def test_a_dose_beyond_the_label_and_antitoxin_are_noted(tmp_path):
    path = tmp_path / "case.toml"
    text = RUN.invoke(app, ["case", "new", "-p", "glabella-20u"]).stdout
    more = 'injection = [{ site = "glabella.procerus", dose = 980, volume = 1 }]\n'
    text = text.replace('pattern = "glabella-20u"\n', f'pattern = "glabella-20u"\n{more}', 1)
    path.write_text(text + "[antitoxin]\nat = 2\n", encoding="utf-8")
    text = RUN.invoke(app, ["case", "check", str(path)]).stdout
    assert "1000 U of ona on day 0 are 2.5 times the largest total on its label, 400 U" in text
    assert "clears free toxin only" in text
    notes = json.loads(RUN.invoke(app, ["case", "check", str(path), "--json"]).stdout)["notes"]
    assert [one["kind"] for one in notes] == ["antitoxin", "dose beyond the label"]
    assert notes[1]["source"].startswith("label_total.ona: Botox, US prescribing information")


def test_a_product_without_a_label_total_is_noted(tmp_path):
    path = tmp_path / "case.toml"
    path.write_text(RUN.invoke(app, ["case", "new", "-p", "glabella-hbtx-20u"]).stdout, encoding="utf-8")
    assert "note: The library has no label total of hbtx" in RUN.invoke(app, ["case", "check", str(path)]).stdout


def test_patterns_name_their_source_in_words():
    rows = json.loads(RUN.invoke(app, ["case", "patterns", "--json"]).stdout)
    assert not [row["name"] for row in rows if ".csv" in row["source"] or row["source"].startswith("LL0")]
