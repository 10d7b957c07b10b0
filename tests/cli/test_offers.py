"""`endplate offers`, and offers in `endplate simulate`."""

from __future__ import annotations

import json

from typer.testing import CliRunner

from endplate.case import offers
from endplate.case.file import parse_case
from endplate.cli.main import app
from endplate.evidence import load
from endplate.report.offers import case_offers

CREAM = """\
title = "Cream"
[plan]
product = "ona"
[simulation]
days = "30 days"
[[offers]]
name = "acetyl_hexapeptide_8"
at = "5 days"
"""


def test_every_offer_is_listed_with_its_grades_and_guesses_are_marked():
    done = CliRunner().invoke(app, ["offers", "--json"])
    assert done.exit_code == 0
    found = json.loads(done.stdout)
    assert {one["name"] for one in (*found["offers"], *found["refused"])} == set(offers())
    changes = [change for one in found["offers"] for change in one["changes"]]
    assert all(change["assumed"] == (change["size"]["grade"] == "assumed") for change in changes)
    table = CliRunner().invoke(app, ["offers"]).stdout
    assert table.count("ASSUMED") == sum(change["assumed"] for change in changes)
    assert all(one["name"] in table for one in found["offers"])


def test_a_cream_alone_is_simulated_and_said_to_do_nothing_to_nerves(tmp_path):
    path = tmp_path / "cream.toml"
    path.write_text(CREAM, encoding="utf-8")
    done = CliRunner().invoke(app, ["simulate", str(path), "--json", "-o", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    words = " ".join(json.loads(done.stdout)["offers"])
    sentence = "lies within what hydration alone explains"
    assert sentence in words
    assert sentence in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")


def test_verbs_that_tell_of_toxin_want_a_session(tmp_path):
    path = tmp_path / "cream.toml"
    path.write_text(CREAM, encoding="utf-8")
    for verb in (["technique"], ["risks"], ["spread", "-o", str(tmp_path)]):
        assert CliRunner().invoke(app, [verb[0], str(path), *verb[1:]]).exit_code == 2


def test_an_assumed_permeation_is_called_so():
    words = case_offers(parse_case(CREAM + "permeation = 0.05\n"), load())
    assert sum("ASSUMED" in one for one in words) == 1
    assert not [one for one in words if "hydration alone" in one]
