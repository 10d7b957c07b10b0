"""`endplate spread`, from a file to figures and numbers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from endplate.cli.main import app

FROWN = Path(__file__).parents[2] / "examples" / "frown.toml"


def run(*words: object, code: int = 0):
    result = CliRunner().invoke(app, ["spread", *map(str, words)])
    assert result.exit_code == code, result.output
    return result


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    folder = tmp_path_factory.mktemp("spread") / "frown"
    return run(FROWN, "-o", folder, "--spacing", 2, "--json"), folder


def test_figures_and_numbers_are_written(done):
    folder = done[1]
    assert {one.name for one in folder.iterdir()} == {"spread.json", "surface.csv", "surface.png", "sections.png"}
    assert all((folder / name).read_bytes().startswith(b"\x89PNG") for name in ("surface.png", "sections.png"))


def test_numbers_tell_both_solutions(done):
    told = json.loads((done[1] / "spread.json").read_text(encoding="utf-8"))
    assert json.loads(done[0].stdout) == told
    rows = {row["muscle"]: row for row in told["muscles"]}
    for kind in ("tissue", "closed_form"):
        corrugator, lid, smile = (
            rows[name][kind]["largest_force_loss"]
            for name in (
                "corrugator_supercilii.left",
                "levator_palpebrae_superioris.left",
                "zygomaticus_major.left",
            )
        )
        assert corrugator > 0.5 > lid > smile
    assert "not a medical device" in told["disclaimer"]


def test_faults_are_told(tmp_path):
    assert "take one of 2, 1 and 0.5" in run(FROWN, "-o", tmp_path, "--spacing", 3, code=2).output
    assert not list(tmp_path.iterdir())
