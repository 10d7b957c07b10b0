"""`endplate evidence` lists, filters and shows."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from endplate.cli.main import app
from endplate.evidence import load

LIBRARY = load()


def run(*words: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, ["evidence", *words])
    assert result.exit_code == code, result.output
    return result.output


def test_list_holds_every_entry() -> None:
    text = run()
    assert all(name in text for name in LIBRARY)
    assert f"{len(LIBRARY)} of {len(LIBRARY)} entries; library {LIBRARY.hash[:12]}" in text


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["list", "k_tr", "--use", "parameter"], ["k_tr.A", "k_tr.B", "k_tr.E"]),
        (["list", "type", "--use", "context", "--stage", "kinetics"], ["k_tr.C", "k_tr.F", "t_LC.C", "t_LC.F"]),
        (["--text", "safety factor", "--stage", "kinetics"], ["SF", "sigma_SF"]),
        (["--text", "no such words"], []),
    ],
)
def test_filters_narrow_the_list(words: list[str], names: list[str]) -> None:
    assert [entry["name"] for entry in json.loads(run(*words, "--json"))["entries"]] == names
    assert f"{len(names)} of " in run(*words)


@pytest.mark.parametrize("option", ["--grade", "--use", "--stage"])
def test_an_unknown_choice_lists_the_known_ones(option: str) -> None:
    assert "choose one of" in run(option, "nothing", code=2)


def test_show_spells_the_source_out() -> None:
    text = run("show", "t_LC.B")
    for words in ("half-life of the type B light chain", "Foran", "10.1074"):
        assert words in text


@pytest.mark.parametrize("name", LIBRARY)
def test_every_entry_can_be_shown(name: str) -> None:
    assert name in run("show", name)


def test_show_as_json_has_fields_and_sources() -> None:
    shown = json.loads(run("show", "t_LC.B", "--json"))
    assert shown["value"] == 10.0
    assert shown["stage"] == "kinetics"
    assert shown["sources"]["foran2003"]["doi"] == "10.1074/jbc.M209821200"


def test_show_of_an_unknown_name_offers_the_nearest() -> None:
    assert "did you mean 'k_tr.A'" in run("show", "k_tr.a", code=2)
