"""A life over the wire: the values of the command line, and every fault at once."""

from __future__ import annotations

import json
import tomllib

import numpy as np
import pytest
from typer.testing import CliRunner

from endplate.cli.main import app
from endplate.life.template import years_template

SHORT = ("until = 70", "until = 32"), ("start = 35 ", "start = 30 ")


@pytest.fixture(scope="module")
def text() -> str:
    text = years_template("glabella-20u")
    for old, new in SHORT:
        assert old in text
        text = text.replace(old, new)
    return text


def test_values_are_those_of_the_command_line(text, client, tmp_path):
    file = tmp_path / "years.toml"
    file.write_text(text, encoding="utf-8")
    printed = CliRunner().invoke(app, ["years", str(file), "--json"])
    assert printed.exit_code == 0, printed.output
    sent = client.post("/api/years", json={"case": tomllib.loads(text)})
    assert sent.status_code == 200, sent.text
    known, found = json.loads(printed.stdout), sent.json()
    assert set(found) == set(known)
    for name in ("depth_rest", "depth_effort"):
        for twin in ("untreated", "treated"):
            assert np.asarray(found[name][twin]) == pytest.approx(np.asarray(known[name][twin]), rel=1e-5, abs=1e-9)
    assert found["sessions"] == pytest.approx(known["sessions"], rel=1e-5)
    assert found["words"] == known["words"]


def test_every_fault_is_told_at_once(text, client):
    tree = tomllib.loads(text)
    tree["plan"]["product"] = "onna"
    tree["years"] |= {"until": 300, "every": "1 day"}
    del tree["title"]
    sent = client.post("/api/years", json={"case": tree})
    assert sent.status_code == 422
    found = sent.json()["faults"]
    assert {fault["key"] for fault in found} == {"title", "plan.product", "years.until", "years.every"}
    assert all(fault["remedy"] for fault in found)


def test_a_case_without_years_is_refused(tree, client):
    sent = client.post("/api/years", json={"case": {key: tree[key] for key in ("title", "plan")}})
    assert sent.status_code == 422
    assert "years" in {fault["key"] for fault in sent.json()["faults"]}


def test_a_life_that_a_rule_stops_is_refused_until_a_reason_is_given(text, client):
    tree = tomllib.loads(text)
    tree["patient"]["health"] = {"pregnant": True}
    sent = client.post("/api/years", json={"case": tree})
    assert sent.status_code == 409
    stops = {fault["rule"] for fault in sent.json()["faults"]}
    assert stops
    tree["override"] = dict.fromkeys(stops, "asked for teaching")
    assert client.post("/api/years", json={"case": tree}).status_code == 200
