"""Products that the library does not hold, and arms that are known: what a posterior learns from them."""

from __future__ import annotations

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from endplate.cli.main import app
from endplate.errors import InvalidRequest
from endplate.evidence import load
from endplate.fit import NewProduct, inform, packaged_posterior, parse_rows, validate, with_products
from endplate.fit.calibrate import effective_share
from endplate.fit.kept import table_store

HEAD = "trial_id,indication,product,dose_u,n,endpoint,time_days,value,value_type"
ASKED = "B,glabellar_lines,elixir,20,200,composite_ge2,30,,"
NEW = {"elixir": NewProduct("ona", 2.0)}


def rows(*lines):
    return parse_rows("\n".join((HEAD, *lines)) + "\n", name="x.csv")


def arm(value, trial="A"):
    return f"{trial},glabellar_lines,elixir,20,400,composite_ge2,30,{value},proportion"


def potency(posterior):
    return posterior.draws[:, posterior.names.index("potency.elixir")]


@pytest.fixture(scope="module")
def wider():
    return with_products(packaged_posterior(), NEW)


def test_a_new_product_is_like_another_one_times_its_ratio(wider):
    logs = np.log(potency(wider) / (2 * load()["potency.ona"].value))
    assert np.median(logs) == pytest.approx(0, abs=0.01)
    assert logs.std() == pytest.approx(0.5, abs=0.02)
    assert abs(np.corrcoef(logs, wider.draws[:, 0])[0, 1]) < 0.1


def test_all_that_is_wrong_with_new_products_is_told_at_once():
    with pytest.raises(InvalidRequest) as error:
        with_products(packaged_posterior(), {"ona": NewProduct("abo"), "x": NewProduct("onna", -1.0)})
    for words in ("ona is a known product", "'onna'", "ratio of x is -1"):
        assert words in str(error.value)


def test_known_arms_move_the_potency_where_they_say(wider):
    low, high = (inform(wider, rows(arm(value)), patients=64, store=table_store()) for value in (30, 85))
    assert np.median(np.log(potency(low))) < np.median(np.log(potency(wider))) - 0.2
    assert np.median(np.log(potency(high))) > np.median(np.log(potency(low))) + 0.5
    assert low.facts["known_rows"] == 1
    assert 10 < low.facts["known_effective_draws"] < len(wider.draws)


def test_arms_of_three_trials_narrow_the_potency_and_draw_predictions_to_them(wider):
    arms = rows(arm(55), arm(50, "C"), arm(60, "D"))
    known = inform(wider, arms, patients=64, store=table_store())
    before, after = (
        validate(rows(ASKED), one, patients=64, store=table_store()).predictions[0] for one in (wider, known)
    )
    assert np.log(potency(known)).std() < 0.9 * np.log(potency(wider)).std()
    assert abs(after.predicted - 55) < abs(before.predicted - 55)


def test_arms_that_report_nothing_are_refused(wider):
    with pytest.raises(InvalidRequest, match="line 2: reports no number"):
        inform(wider, rows(ASKED), patients=64, store=table_store())
    with pytest.raises(InvalidRequest, match="not known"):
        inform(packaged_posterior(), rows(arm(50)), patients=64, store=table_store())


def test_rows_that_repeat_or_cannot_be_asked_are_told_and_count_nothing(wider):
    neck = "A,cervical_dystonia,ona,200,50,dTWSTRS_total,30,-10,mean_change"
    tables = rows(arm(60)), rows(arm(60), arm(60), neck)
    once, more = (inform(wider, table, patients=64, store=table_store()) for table in tables)
    assert np.array_equal(once.draws, more.draws)
    assert "line 3: repeats line 2; line 4: indication" in more.facts["known_rows_not_used"]


def test_even_weights_leave_all_draws():
    assert effective_share(np.zeros(10)) == 1
    assert effective_share(np.array([0.0, -800.0])) == 0.5


@pytest.fixture
def table(tmp_path):
    (tmp_path / "table.csv").write_text(f"{HEAD}\n{ASKED}\n", encoding="utf-8")
    (tmp_path / "arms.csv").write_text(f"{HEAD}\n{arm(40)}\n", encoding="utf-8")
    return tmp_path


def test_the_command_predicts_a_new_product_and_learns_from_its_arms(table):
    whole = ["validate", str(table / "table.csv"), "--json", "--draws", "64"]
    without = json.loads(CliRunner().invoke(app, whole).stdout)["rows"][0]
    assert "--like elixir=ona" in without["reason"]
    like = json.loads(CliRunner().invoke(app, [*whole, "--like", "elixir=ona"]).stdout)["rows"][0]
    assert 0 < like["low"] < like["predicted"] < like["high"] < 100
    done = CliRunner().invoke(app, [*whole, "--like", "elixir=ona", "--known", str(table / "arms.csv")])
    document = json.loads(done.stdout)
    assert document["rows"][0]["predicted"] < like["predicted"]
    assert document["summary"]["posterior"]["known_rows"] == 1


def test_what_cannot_be_read_ends_with_2_before_anything_is_computed(table):
    asked = ["validate", str(table / "table.csv"), "--like", "elixir", "--like", "a=ona", "--like", "a=abo:2"]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 2
    assert "'elixir' cannot be read" in done.output
    assert "a twice" in done.output
