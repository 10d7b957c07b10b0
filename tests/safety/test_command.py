"""`endplate check`."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from endplate.case.file import write_template
from endplate.cli.main import app
from endplate.report.words import DISCLAIMER

RUN = CliRunner()


@pytest.fixture
def file(tmp_path):
    """A case file of a pattern, with one text replaced."""

    def write(pattern: str = "glabella-20u", old: str = "", new: str = ""):
        text = write_template(pattern)
        assert old in text
        path = tmp_path / "case.toml"
        path.write_text(text.replace(old, new, 1) if old else text, encoding="utf-8")
        return str(path)

    return write


def test_a_clean_plan_exits_0(file):
    result = RUN.invoke(app, ["check", file()])
    assert result.exit_code == 0
    assert "clean: no rule finds anything" in result.stdout
    assert DISCLAIMER in result.stdout


def test_a_note_is_still_clean(file):
    result = RUN.invoke(app, ["check", file("mentalis-6u")])
    assert result.exit_code == 0
    assert "note: 1 finding" in result.stdout


def test_findings_exit_1_gravest_first(file):
    result = RUN.invoke(app, ["check", file("mentalis-6u", "age = 45", "age = 12")])
    assert result.exit_code == 1
    assert result.stdout.index("stop: 1 finding") < result.stdout.index("note: 1 finding")
    assert "patient.age" in result.stdout
    assert "Not checked" in result.stdout


@pytest.mark.parametrize("more", [[], ["--json"]])
def test_an_unusable_file_exits_2(file, more):
    result = RUN.invoke(app, ["check", file("glabella-20u", "age = 45", "age = -1"), *more])
    assert result.exit_code == 2
    assert "patient.age" in result.stderr
    assert result.stdout == ""


def test_no_file_exits_2(tmp_path):
    assert RUN.invoke(app, ["check", str(tmp_path / "none.toml")]).exit_code == 2


def test_json_of_findings(file):
    result = RUN.invoke(app, ["check", file("glabella-20u", "age = 45", "age = 12"), "--json"])
    assert result.exit_code == 1
    content = json.loads(result.stdout)
    assert content["clean"] is False
    assert content["verdict"] == "stop"
    assert content["counts"] == {"stop": 1, "refer": 0, "caution": 0, "note": 0}
    (one,) = content["findings"]
    assert set(one) == {"verdict", "rule", "message", "remedy", "source", "key"}
    assert one["rule"] == "minimum_age"
    assert one["key"] == "patient.age"
    assert content["disclaimer"] == DISCLAIMER


def test_json_of_a_clean_plan(file):
    content = json.loads(RUN.invoke(app, ["check", file(), "--json"]).stdout)
    assert content["clean"] is True
    assert content["verdict"] is None
    assert content["findings"] == []


def test_equal_findings_are_one_row_with_every_place(file):
    shots = "".join(
        f'\n[[plan.session.injection]]\nsite = "{site}"\ndose = 4.0\nvolume = 1.0\n'
        for site in ("glabella.procerus", "glabella.corrugator.left.medial")
    )
    result = RUN.invoke(app, ["check", file("glabella-20u", 'pattern = "glabella-20u"', shots)])
    assert result.exit_code == 1
    assert "caution: 2 findings" in result.stdout
    assert result.stdout.count("Concentration unlike the") == 1
