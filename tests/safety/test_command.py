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
    assert set(one) == {"verdict", "rule", "message", "remedy", "source", "key", "approval", "overridden"}
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


TOLD = "\n[patient.health]\npregnant = true\n"


@pytest.fixture
def pregnant(tmp_path):
    """The file of a case that the check stops."""
    path = tmp_path / "pregnant.toml"
    path.write_text(write_template("glabella-20u") + TOLD, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("more", [[], ["--json"]])
def test_a_stop_refuses_simulation(pregnant, more):
    result = RUN.invoke(app, ["simulate", pregnant, *more])
    assert result.exit_code == 1
    assert "pregnancy_aesthetic" in result.stderr
    assert "--override" in result.stderr
    assert result.stdout == ""


def test_an_override_with_a_reason_makes_the_check_clean(pregnant):
    result = RUN.invoke(app, ["check", pregnant, "--json", "--override", "pregnancy_aesthetic=a lecture"])
    assert result.exit_code == 0
    content = json.loads(result.stdout)
    assert content["overrides"] == {"pregnancy_aesthetic": "a lecture"}
    assert content["findings"][0]["overridden"] == "a lecture"


@pytest.mark.parametrize("text", ["pregnancy_aesthetic", "pregnancy_aesthetic=", "pregnant=a lecture", "=", "x=\n"])
@pytest.mark.parametrize("verb", ["check", "simulate"])
def test_an_override_without_rule_or_reason_is_refused(pregnant, verb, text):
    result = RUN.invoke(app, [verb, pregnant, "--override", text])
    assert result.exit_code == 2
    assert "--override" in result.stderr


def test_the_safety_keys_of_the_template_are_valid(tmp_path):
    text = write_template("glabella-abo-50u")
    keys = ("weight", "[patient.health]", "[[patient.health", "conditions", "medicines", "allergies", "pregnant")
    keys += ("breastfeeding", "surgery", "skin =", "expectations", "product =", 'dose = "50', "ago", "[plan.vial]")
    keys += ("units", 'volume = "2.5', "[override]", "region_dose")
    lines = [line[2:] if line.startswith(tuple(f"# {key}" for key in keys)) else line for line in text.splitlines()]
    path = tmp_path / "whole.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    content = json.loads(RUN.invoke(app, ["check", str(path), "--json"]).stdout)
    assert content["unchecked"] == []
    assert content["overrides"] == {"region_dose": "the reason"}
    assert content["preparation"]["tenth"] == pytest.approx(4.0)


def test_faults_of_the_safety_keys_come_all_at_once(tmp_path):
    path = tmp_path / "faulty.toml"
    text = write_template("glabella-20u") + '\n[patient.health]\nconditions = ["dry_eyes"]\npregnant = "no"\n'
    text += '[[patient.health.treatments]]\nproduct = "abo"\ndose = "50 U_ona"\nago = "-1 day"\n[override]\nx = ""\n'
    path.write_text(text, encoding="utf-8")
    result = RUN.invoke(app, ["check", str(path)])
    assert result.exit_code == 2
    words = (
        "did you mean 'dry_eye'?",
        "patient.health.pregnant",
        "treatments[0].dose",
        "treatments[0].ago",
        "override.x",
    )
    assert [one for one in words if one not in result.stderr] == []
