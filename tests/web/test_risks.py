"""Risks over the wire, and plans that the safety check stops."""

from __future__ import annotations

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from endplate.cli.main import app
from endplate.web import Settings

LOW = {"at_mm": [31.0, 9.0], "depth": "3 mm", "dose": "2.5 U", "volume": "0.1 mL"}
STOPPED = {"title": "Too low", "plan": {"product": "ona", "session": [{"at": 0, "injection": [LOW]}]}}
REASONED = STOPPED | {"override": {"levator": "a point for a lesson"}}
ROUTES = ("course", "report", "risks")


@pytest.mark.parametrize("route", ROUTES)
def test_a_plan_that_is_stopped_is_not_simulated(client, route):
    answer = client.post(f"/api/{route}", json={"case": STOPPED})
    assert answer.status_code == 409
    (found,) = answer.json()["faults"]
    assert (found["severity"], found["verdict"], found["rule"]) == ("finding", "stop", "levator")
    assert found["key"] == "plan.session[0].injection[0].at_mm"
    assert "levator" in found["remedy"]
    assert "reason" in found["remedy"]


def test_a_stopped_plan_is_still_checked(client):
    found = client.post("/api/check", json={"case": STOPPED}).json()["faults"]
    assert [one["verdict"] for one in found] == ["stop"]


def test_a_reason_goes_into_course_and_report(client):
    course = client.post("/api/course", json={"case": REASONED})
    assert course.status_code == 200
    assert [one["overridden"] for one in course.json()["findings"]] == ["a point for a lesson"]
    assert "a point for a lesson" in client.post("/api/report", json={"case": REASONED}).text


def test_an_override_of_another_rule_does_not_help(client):
    other = STOPPED | {"override": {"orbit": "a point for a lesson"}}
    assert client.post("/api/course", json={"case": other}).status_code == 409


def test_counts_of_trials_are_those_of_the_command_line(client, tree, root):
    sent = client.post("/api/risks", json={"case": tree})
    assert sent.status_code == 200, sent.text
    words = ["risks", str(root / "examples" / "frown.toml"), "--patients", "0", "--json"]
    assert sent.json() == json.loads(CliRunner().invoke(app, words).stdout)


def test_the_model_is_asked_once_and_kept(serve, static, tree):
    settings = Settings(warm=False, patients=0, followed=4, seconds=900.0, patience=900.0, static=static)
    with serve(settings) as client:
        first, second = (client.post("/api/risks", json={"case": tree}) for _ in range(2))
    assert first.status_code == 200, first.text
    assert first.content == second.content
    content = first.json()
    assert content["model"]["patients"] == 4
    lid = next(one for one in content["events"] if one["event"] == "eyelid_ptosis")
    assert lid["origin"] == "both"
    assert len(lid["prevalence"]) == len(content["days"])
    assert np.max(lid["prevalence"]) > 0
    assert len({one["event"] for one in content["events"]}) == len(content["events"])
