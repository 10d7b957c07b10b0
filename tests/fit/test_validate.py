"""Tables of trials, predicted row by row: function and command."""

from __future__ import annotations

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from endplate.cli.main import app
from endplate.fit import Prediction, parse_rows, summarise

HEAD = "trial_id,indication,product,dose_u,n,endpoint,time_days,value,value_type,value_days,endpoint_definition"
TABLE = "\n".join(
    (
        HEAD,
        "A,glabellar_lines,ona,20,200,inv_none_mild,30,80,proportion,,",
        "A,glabellar_lines,placebo,0,100,inv_none_mild,30,3,proportion,,",
        "A,glabellar_lines,ona,20,200,inv_none_mild,120,,proportion,,",
        "A,cervical_dystonia,ona,200,50,dTWSTRS_total,30,-10,mean_change,,",
        "A,glabellar_lines,elixir,20,50,inv_none_mild,30,10,proportion,,",
        "B,glabellar_lines,hbtx,20,50,composite_ge2,30,60,proportion,,",
        "A,glabellar_lines,ona,20,200,inv_none_mild,30,80,proportion,,",
    )
)


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    folder = tmp_path_factory.mktemp("validate")
    (folder / "table.csv").write_text(TABLE + "\n", encoding="utf-8")
    arguments = ["validate", str(folder / "table.csv"), "--json", "--draws", "16", "-o", str(folder / "out")]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    return folder, json.loads(done.stdout)


def test_every_row_is_predicted_or_has_a_reason(told):
    _, document = told
    assert len(document["rows"]) == 7
    for row in document["rows"]:
        assert (row["predicted"] is None) == (row["reason"] is not None)
    assert [row["reason"] is None for row in document["rows"]] == [True, True, True, False, False, True, False]
    assert document["summary"]["n_rows"] == 7
    assert document["summary"]["n_predicted"] == 4
    assert document["summary"]["n_compared"] == 3


def test_intervals_hold_the_prediction_and_grow_with_what_is_not_known(told):
    _, document = told
    known, _, _, _, _, new, _ = document["rows"]
    for row in document["rows"]:
        if row["reason"] is None:
            assert 0 <= row["low"] <= row["predicted"] <= row["high"] <= 100
    assert new["high"] - new["low"] > known["high"] - known["low"]


def test_a_row_that_stands_twice_counts_once(told):
    _, document = told
    assert document["rows"][-1]["reason"] == "repeats line 2"


def test_the_summary_is_of_the_rows(told):
    _, document = told
    active = [row for row in document["rows"] if row["error"] is not None and row["product"] != "placebo"]
    mean = np.mean([abs(row["error"]) for row in active])
    assert document["summary"]["mean_absolute_error_points"] == pytest.approx(mean, abs=1e-3)
    told_ = [row["inside"] for row in document["rows"] if row["inside"] is not None]
    assert document["summary"]["coverage_90"] == pytest.approx(np.mean(told_))


def test_the_folder_holds_data_table_and_picture(told):
    folder, document = told
    names = {path.name for path in (folder / "out").iterdir()}
    assert names == {"validation.json", "predictions.csv", "predicted_observed.png", "manifest.json"}
    kept = json.loads((folder / "out" / "validation.json").read_text(encoding="utf-8"))
    assert kept == document
    assert (folder / "out" / "predicted_observed.png").read_bytes()[:4] == b"\x89PNG"


def test_a_faulty_table_is_refused_whole(tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text(HEAD + "\n,glabellar_lines,ona,x,1,inv_ge1,30,,,,\n", encoding="utf-8")
    done = CliRunner().invoke(app, ["validate", str(path), "-o", str(tmp_path / "out")])
    assert done.exit_code == 2
    assert "trial_id" in done.output
    assert "dose_u" in done.output
    assert not (tmp_path / "out").exists()


def test_a_summary_without_reports_has_no_errors():
    rows = parse_rows(HEAD + "\nA,glabellar_lines,ona,20,200,inv_none_mild,30,,,,\n", name="x.csv")
    found = summarise([Prediction(rows[0], 50.0, 40.0, 60.0, None)])
    assert found["n_predicted"] == 1
    assert found["mean_absolute_error_points"] is None
    assert found["coverage_90"] is None
