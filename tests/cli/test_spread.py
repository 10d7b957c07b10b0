"""`endplate spread`, from a file to figures and numbers."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.interpolate import RegularGridInterpolator
from typer.testing import CliRunner

from endplate import read_case
from endplate.cli.main import app
from endplate.course.field import captured_field
from endplate.report import head

HEAD = Path(__file__).parents[2] / "frontend" / "public" / "head"
FROWN = Path(__file__).parents[2] / "examples" / "frown.toml"


def run(*words: object, code: int = 0):
    result = CliRunner().invoke(app, ["spread", *map(str, words)])
    assert result.exit_code == code, result.output
    return result


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    folder = tmp_path_factory.mktemp("spread") / "frown"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(head, "FOLDER", HEAD)
        return run(FROWN, "-o", folder, "--spacing", 2, "--json"), folder


def test_figures_and_numbers_are_written(done):
    folder = done[1]
    assert {one.name for one in folder.iterdir()} == {
        *("spread.json", "surface.csv", "surface.png", "sections.png", "vertices.csv")
    }
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


def test_points_of_the_head_have_the_values_of_the_map(done):
    """In the order of the head's file, and as the page shows them: read from its grid."""
    rows = np.genfromtxt(done[1] / "vertices.csv", delimiter=",", names=True)
    known = head.head_points(HEAD)
    assert np.array_equal(rows["vertex"], np.arange(len(known.place)))
    assert np.abs(np.column_stack([rows["x_mm"], rows["y_mm"]]) - known.place).max() < 0.006
    field = captured_field(read_case(FROWN).plan)
    grid = RegularGridInterpolator((field.y, field.x), field.captured, bounds_error=False, fill_value=0.0)
    shown = grid(known.place[:, ::-1])
    found = rows["captured_half_cleaving_levels"]
    assert found.max() > 1
    assert np.abs(found - shown).max() < 0.03 * shown.max()
    assert rows["share_of_fibres_blocked_at_peak"][found.argmax()] > 0.5


def test_without_the_page_there_are_no_points(tmp_path, monkeypatch):
    monkeypatch.setattr(head, "FOLDER", tmp_path / "nowhere")
    assert head.head_points() is None
