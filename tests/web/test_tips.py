"""Needle tips where toxin cannot go, volumes of nothing and units of another product: refused, each by its key."""

from __future__ import annotations

import json

import pytest

AS_JSON = {"content-type": "application/json"}
GOOD = {"at_mm": [20.0, 22.0, -4.0], "dose": 4, "volume": 0.1}
WRONG = {
    "eye": ({"at_mm": [31.0, 0.0, -18.0]}, "in the eye"),
    "vessel": ({"at_mm": [25.0, -150.0, -88.0]}, "in the common carotid artery"),
    "bone": ({"at_mm": [0.0, 45.0, -30.0]}, "in bone"),
    "air": ({"at_mm": [0.0, 10.0, 8.0]}, "outside"),
    "nothing": ({"volume": 0}, "0 mL is out of range"),
    "product": ({"dose": "4 U_abo"}, "abo"),
}


def case_with(*shots):
    session = {"at": 0, "injection": [GOOD | shot for shot in shots]}
    return json.dumps({"case": {"title": "x", "plan": {"product": "ona", "session": [session]}}}).encode()


@pytest.mark.parametrize(("wrong", "words"), WRONG.values(), ids=WRONG)
@pytest.mark.parametrize("path", ["/api/course", "/api/check"])
def test_an_impossible_injection_is_refused_by_its_key(client, path, wrong, words):
    answer = client.post(path, content=case_with({}, wrong), headers=AS_JSON)
    assert answer.status_code == (422 if path == "/api/course" else 200), answer.text
    (fault,) = answer.json()["faults"]
    assert "injection[1]" in fault["key"]
    assert words in fault["message"]
    assert fault["remedy"]


def test_all_impossible_injections_are_told_at_once(client):
    answer = client.post("/api/course", content=case_with(*(wrong for wrong, _ in WRONG.values())), headers=AS_JSON)
    assert answer.status_code == 422
    told = {fault["key"].split("injection[")[1][0]: fault["message"] for fault in answer.json()["faults"]}
    assert set(told) == {str(number) for number in range(len(WRONG))}
    assert all(words in told[str(number)] for number, (_, words) in enumerate(WRONG.values()))
