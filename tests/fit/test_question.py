"""What rows ask of the model, and why some cannot be asked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from endplate.case.anatomy import anatomy
from endplate.fit import Question, ask, calibration_rows
from endplate.trial.endpoints import ENDPOINTS

ROWS = calibration_rows()
LINES = ("glabellar_lines", "lateral_canthal_lines", "forehead_lines", "platysma_prominence")


def row_of(**fields):
    return replace(ROWS[0], **fields)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"line {row.line}")
def test_every_row_is_asked_or_has_a_reason(row):
    found = ask(row)
    if isinstance(found, Question):
        assert found.endpoint in ENDPOINTS
        assert found.layout.pattern in anatomy().patterns
    else:
        assert len(found.split()) >= 3


def test_most_rows_of_lines_can_be_asked():
    asked = [ask(row) for row in ROWS if row.indication in LINES]
    assert sum(isinstance(one, Question) for one in asked) / len(asked) > 0.94


def test_equal_layouts_are_solved_once():
    layouts = {ask(row_of(product=one)).layout for one in ("ona", "inco", "prabo", "leti", "daxi", "rela")}
    assert len(layouts) == 1
    assert ask(row_of(product="abo")).layout not in layouts


def test_dose_counts_in_units_of_the_layout():
    assert ask(row_of(dose=40.0)).dose == 2 * ask(row_of(dose=20.0)).dose


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"indication": "cervical_dystonia"}, "cervical_dystonia"),
        ({"product": "elixir"}, "elixir"),
        ({"endpoint": "happiness"}, "happiness"),
        ({"endpoint": "blepharoptosis"}, "adverse"),
        ({"dose": None}, "dose"),
        ({"day": None}, "day"),
        ({"day": 5000.0}, "day"),
        ({"endpoint": "inv_none_mild_maintained", "day": 30.0}, "responders"),
        ({"basis": "per_site"}, "dose"),
        ({"endpoint": "median_return_baseline", "product": "placebo"}, "placebo"),
    ],
)
def test_reasons_name_what_is_missing(fields, word):
    found = ask(row_of(**fields))
    assert isinstance(found, str)
    assert word in found


def test_a_duration_needs_a_definition_that_the_registry_has():
    row = row_of(endpoint="median_duration", day=None, definition=">=1-point response, investigator")
    assert ask(row).endpoint == "median_loss_ge1"
    assert isinstance(ask(replace(row, definition="how long it lasted")), str)


def test_foreheads_are_asked_with_what_was_treated_beside_them():
    forehead = {"indication": "forehead_lines"}
    assert ask(row_of(sites="frontalis 5 sites", **forehead)).layout.pattern == "forehead-20u"
    assert ask(row_of(sites="", dose=40.0, **forehead)).layout.pattern == "forehead-glabella-40u"
    assert ask(row_of(sites="", dose=20.0, **forehead)).layout.pattern == "forehead-20u"
    assert ask(row_of(sites="frontalis and glabella", dose=40.0, **forehead)).layout.pattern == "forehead-glabella-40u"
    assert ask(row_of(sites="frontalis and glabella", dose=64.0, **forehead)).layout.pattern == "upper-face-64u"


def test_doses_of_one_side_count_twice():
    canthus = row_of(indication="lateral_canthal_lines", dose=12.0, basis="per_side")
    assert ask(canthus).dose == ask(replace(canthus, dose=24.0, basis="total")).dose


@pytest.mark.parametrize("words", [">=15 % of the depth", "≥1-point, subject", "1.5-point"])
def test_other_durations_are_not_taken_for_one_grade(words):
    assert isinstance(ask(row_of(endpoint="duration", day=None, definition=words)), str)
