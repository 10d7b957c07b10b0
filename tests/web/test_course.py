"""The server and the command line give the same values."""

from __future__ import annotations

import base64
import hashlib
import json
import tomllib

import numpy as np
import pytest
from typer.testing import CliRunner

from endplate import read_case
from endplate.case import anatomy, product
from endplate.case.file import case_of
from endplate.cli.main import app
from endplate.course.case import simulate_case
from endplate.course.field import captured_field
from endplate.evidence import load
from endplate.population import simulate_band
from endplate.report.limits import case_limits
from endplate.report.summary import summarise
from endplate.web import Settings
from endplate.web.places import doses, intended_muscle, needle_entry, places
from endplate.web.plans import answer_key

CASES = ("frown", "near_the_rim", "foot")
AS_JSON = {"content-type": "application/json"}


def flat(value, path=""):
    """Every leaf of a document with its path."""
    if isinstance(value, dict):
        return {k: v for key, one in value.items() for k, v in flat(one, f"{path}.{key}").items()}
    if isinstance(value, list):
        return {k: v for index, one in enumerate(value) for k, v in flat(one, f"{path}[{index}]").items()}
    return {path: value}


@pytest.fixture(scope="module", params=CASES)
def pair(request, root, client):
    """A case, the command line's document and the server's."""
    file = root / "examples" / f"{request.param}.toml"
    printed = CliRunner().invoke(app, ["simulate", str(file), "--json"])
    assert printed.exit_code == 0, printed.output
    sent = client.post("/api/course", json={"case": tomllib.loads(file.read_text(encoding="utf-8"))})
    assert sent.status_code == 200, sent.text
    return read_case(file), json.loads(printed.stdout), sent.json()


def test_values_are_those_of_the_command_line(pair):
    _, printed, sent = pair
    assert set(sent) - set(printed) == {"places", "doses", "fields"}
    shared = flat({key: sent[key] for key in printed})
    expected = flat(printed)
    assert shared.keys() == expected.keys()
    numbers = [key for key, value in expected.items() if type(value) in (int, float)]
    assert len(numbers) > 20_000
    np.testing.assert_allclose([shared[key] for key in numbers], [expected[key] for key in numbers], rtol=0, atol=1e-9)
    assert all(shared[key] == value for key, value in expected.items() if type(value) not in (int, float))


def test_limits_are_those_of_the_report(pair):
    case, printed, sent = pair
    summary = summarise(simulate_case(case), case.patient.baseline)
    assert sent["limits"] == printed["limits"] == case_limits(case, summary, library=load())
    assert any(case.plan.product.code in text for text in sent["limits"])


def test_places_doses_and_maps_are_those_of_the_case(pair):
    case, _, sent = pair
    assert [one["dose"] for one in sent["places"]] == [one.dose for one in case.plan.injections]
    assert sent["doses"]["total"] == pytest.approx(sum(sent["doses"]["by_muscle"].values()))
    assert sent["doses"]["unit"] == case.plan.product.unit
    assert len({one["key"] for one in sent["places"]}) == len(case.plan.injections)
    for one in sent["fields"]:
        grid = np.frombuffer(base64.b64decode(one["captured"]), "<f4").reshape(one["height"], one["width"])
        expected = captured_field(case.plan, session=one["session"], step=one["step"], patient=case.patient)
        np.testing.assert_allclose(grid, np.maximum(expected.captured, 0.0), rtol=1e-5, atol=1e-30)
        assert grid.max() > 0.1
        assert (one["x0"], one["y0"]) == (expected.x[0], expected.y[0])
    assert bool(sent["fields"]) == any(one.frame == "head" for one in case.plan.injections)


def test_compressed_and_plain_answers_agree(client, body):
    packed = client.post("/api/course", content=body, headers=AS_JSON | {"accept-encoding": "gzip"})
    plain = client.post("/api/course", content=body, headers=AS_JSON | {"accept-encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.content == plain.content


def test_the_report_is_one_file_that_may_run_nothing(client, tree, body):
    told = client.post("/api/report", content=body, headers=AS_JSON)
    assert told.status_code == 200
    assert tree["title"] in told.text
    assert "<script" not in told.text
    assert "sandbox" in told.headers["content-security-policy"]
    assert told.headers["content-disposition"].startswith("attachment")
    again = client.post("/api/report", content=body, headers=AS_JSON)
    assert hashlib.sha256(told.content).digest() == hashlib.sha256(again.content).digest()


def test_repeated_patterns_keep_their_values(client, root):
    """Filling up sessions changes no number and keeps one pattern one."""
    case = read_case(root / "examples" / "every_twelve_weeks.toml")
    assert case.plan.one_pattern
    tree = tomllib.loads((root / "examples" / "every_twelve_weeks.toml").read_text(encoding="utf-8"))
    sent = client.post("/api/course", json={"case": tree}).json()
    assert len(sent["fields"]) == 4
    assert [place["session"] for place in sent["places"]] == list(case.plan.session)
    assert sent["doses"]["total"] == 64.0
    assert [one["label"]["pattern"] for one in sent["doses"]["sessions"]] == ["upper-face-64u"] * 4
    assert {place["key"] for place in sent["places"]} == {f"plan.session[{index}].pattern" for index in range(4)}


def test_a_needle_enters_where_its_site_is():
    for name in ("glabella.procerus", "glabella.corrugator.left.lateral"):
        site = anatomy().sites[name]
        one = read_one(name)
        assert needle_entry(one) == pytest.approx(site.skin[:2], abs=1e-9)
        bare = type(one)(one.site, one.dose, one.volume, one.day)
        assert needle_entry(bare) == pytest.approx(site.skin[:2], abs=0.05)
        assert intended_muscle(bare) == site.muscle


def read_one(name):
    from_site = {"site": name, "dose": 4, "volume": 0.1}
    return case_with(from_site).plan.injections[0]


def case_with(*injections, code="ona"):
    return case_of({"title": "x", "plan": {"product": code, "session": [{"at": 0, "injection": list(injections)}]}})


def test_distances_are_those_of_the_anatomy():
    place = places(case_with({"at_mm": [31, 25], "depth": 4, "dose": 4, "volume": 0.1}))[0]
    assert place["rim_distance"] == pytest.approx(float(anatomy().surface.rim_distance(31.0, 25.0)))
    assert place["levator_distance"] > 0
    assert "key" not in place


def test_a_plan_without_a_label_pattern_has_none():
    assert (
        doses(case_with({"site": "platysma.left.jaw.a", "dose": 4, "volume": 0.1}, code="rima").plan)["label"] is None
    )
    assert (
        product("rima").unit
        == doses(case_with({"site": "dao.left", "dose": 4, "volume": 0.1}, code="rima").plan)["unit"]
    )


def test_the_same_case_has_the_same_key(tree):
    other = json.loads(json.dumps(tree, sort_keys=True))
    other["patient"]["age"] = 45.0
    assert answer_key("course", other) == answer_key("course", tree)
    other["patient"]["age"] = 46
    assert answer_key("course", other) != answer_key("course", tree)
    assert answer_key("report", tree) != answer_key("course", tree)


def test_bands_are_those_of_the_population(serve, tree, root):
    short = tree | {"simulation": {"days": 90}}
    with serve(Settings(warm=False, patients=16, seconds=900.0, patience=900.0)) as client:
        found = client.post("/api/course", json={"case": short}).json()["bands"]
        without = client.post("/api/course", json={"case": short | {"antitoxin": {"at": 1}}}).json()
        quick = client.post("/api/course?bands=false", json={"case": short}).json()
        assert client.post("/api/course?bands=perhaps", json={"case": short}).json()["faults"][0]["key"] == "bands"
    case = case_of(short)
    expected = simulate_band(case.plan, case.patient, count=16, days=np.arange(91.0))
    assert (found["patients"], found["level"]) == (16, 0.9)
    muscle = found["muscles"]["procerus"]
    j = expected.muscles.index("procerus")
    for name, values in (("low", expected.force.low), ("middle", expected.force.median), ("high", expected.force.high)):
        np.testing.assert_allclose(muscle[name], values[:, j], rtol=1e-5)
        depth = getattr(expected.depth_effort, "median" if name == "middle" else name)[:, 0]
        np.testing.assert_allclose(found["regions"]["glabella"]["depth_effort"][name], depth, rtol=1e-5)
    assert "bands" not in without
    assert "bands" not in quick
    assert quick["muscles"]
