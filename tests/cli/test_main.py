"""The command as a whole: version, help, unknown verbs, faults of endplate itself; `doctor`."""

from __future__ import annotations

import json
import sys

import pytest
from typer.testing import CliRunner

from endplate import __version__
from endplate.cli import doctor, faults, main
from endplate.errors import InvalidRequest

VERBS = ("simulate", "case", "evidence", "doctor")


def run(*words: str, code: int = 0):
    result = CliRunner().invoke(main.app, list(words))
    assert result.exit_code == code, result.output
    return result


def test_version():
    assert run("--version").stdout.strip() == f"endplate {__version__}"


@pytest.mark.parametrize("words", [["--help"], []])
def test_help_names_every_verb(words):
    text = run(*words, code=0 if words else 2).output
    assert all(verb in text for verb in VERBS)
    assert "not a medical device" in text


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help(verb):
    text = run(verb, "--help").stdout
    assert verb in text
    assert "--install-completion" not in text


def test_a_verb_of_a_group_is_reached():
    assert json.loads(run("evidence", "show", "t_LC.A", "--json").stdout)["value"] > 0
    assert "glabella-20u" in run("case", "patterns").stdout


def test_an_unknown_verb_names_the_nearest():
    assert "Did you mean 'simulate'?" in run("simulat", code=2).stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["evidence", "show", "k_tr.a"], "'k_tr.a' is not in the evidence library"),
        (["evidence", "list", "--grade", "guess"], "no grade 'guess'; choose one of measured"),
        (["evidence", "--colour", "blue"], "No such option: --colour"),
        (["case", "check", "no.toml"], "does not exist"),
        (["case", "check"], "Missing argument"),
        (["simulate", "no.toml"], "does not exist"),
        (["simulate", "no.toml", "--days"], "requires an argument"),
        (["simulat"], "No such command 'simulat'"),
        (["doctor", "more"], "unexpected extra argument"),
        (["--verbose"], "No such option: --verbose"),
    ],
)
def test_every_verb_tells_faults_as_json(words, message):
    result = run(*([*words[:-1], "--json", words[-1]] if words[-1] == "--days" else [*words, "--json"]), code=2)
    faults = json.loads(result.stderr)["faults"]
    assert all(set(fault) == {"message", "file", "line", "key", "remedy"} for fault in faults)
    assert message in faults[0]["message"]


def test_a_fault_of_endplate_itself_is_json_too(monkeypatch, capsys):
    monkeypatch.setattr(main, "_load", broken)
    monkeypatch.delenv("ENDPLATE_TRACEBACK", raising=False)
    assert call(monkeypatch, "doctor", "--json") == 70
    (fault,) = json.loads(capsys.readouterr().err)["faults"]
    assert fault["message"].startswith("a fault of endplate itself: RuntimeError")


def call(monkeypatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["endplate", *words])
    with pytest.raises(SystemExit) as end:
        main.main()
    return end.value.code


def broken(verb):
    raise RuntimeError("first line\nsecond line")


def test_a_fault_of_endplate_itself_is_one_line(monkeypatch, capsys):
    monkeypatch.setattr(main, "_load", broken)
    monkeypatch.delenv("ENDPLATE_TRACEBACK", raising=False)
    assert call(monkeypatch, "doctor") == 70
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "RuntimeError: first line; set ENDPLATE_TRACEBACK=1" in told


def test_a_traceback_is_there_for_whoever_asks(monkeypatch):
    monkeypatch.setattr(main, "_load", broken)
    monkeypatch.setenv("ENDPLATE_TRACEBACK", "1")
    monkeypatch.setattr(sys, "argv", ["endplate", "doctor"])
    with pytest.raises(RuntimeError, match="first line"):
        main.main()


def test_a_missing_package_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "endplate.cli.doctor", None)
    assert "a package that endplate needs is missing" in run("doctor", code=2).stderr


def test_an_error_without_a_place_is_told_too(capsys):
    faults.tell(InvalidRequest("days [red]must[/red]\x1b be positive"))
    assert capsys.readouterr().err == "days [red]must[/red]� be positive\n"


def test_doctor_finds_nothing_wrong():
    found = json.loads(run("doctor", "--json").stdout)
    assert found["problems"] == []
    assert found["float64"]
    assert found["evidence_entries"] > 100
    assert found["devices"]
    text = run("doctor").stdout
    assert "nothing is wrong" in text
    assert __version__ in text


def test_doctor_says_what_is_wrong(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("JAX_COMPILATION_CACHE_DIR", str(tmp_path / "file"))
    result = run("doctor", code=1)
    assert "wrong: compiled programs cannot be kept in" in result.stdout


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"packages": {"xarray": None}}, "packages are missing: xarray"),
        ({"float64": False}, "float64"),
        ({"writable": False}, "current folder cannot be written to"),
        ({"evidence_fault": "k: no value"}, "k: no value"),
        ({"devices": []}, "no device"),
    ],
)
def test_every_problem_has_words(change, words):
    sound = {"packages": {"jax": "1"}, "float64": True, "cache": "c", "cache_usable": True, "writable": True}
    assert doctor._problems(sound | {"devices": ["cpu:0"]}) == []
    (problem,) = doctor._problems(sound | {"devices": ["cpu:0"]} | change)
    assert words in problem
