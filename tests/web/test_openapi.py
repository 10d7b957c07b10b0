"""Whatever a client sends, the server answers as its OpenAPI document says, and never breaks."""

from __future__ import annotations

import json

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import load_all_checks, not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from endplate.case.file import parse_case, write_template
from endplate.course.case import simulate_case
from endplate.web import Settings, create_app, document, plans

FEW, MANY = 20, 640
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
DESCRIBED = create_app(Settings(warm=False)).openapi()
OPERATIONS = [(method.upper(), path) for path, methods in DESCRIBED["paths"].items() for method in methods]
MODES = list(schemathesis.GenerationMode)

load_all_checks()


@pytest.fixture(scope="module")
def quick(serve, tmp_path_factory):
    """A server that simulates one course only, so that thousands of plans solve no tissue; all else is real."""
    course = simulate_case(parse_case(write_template("glabella-20u")))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plans, "_follow", lambda case: course)
        patch.setattr(plans, "first_fields", lambda *_: [])
        patch.setattr(document, "fields", lambda case: [])
        patch.setattr(plans, "report_html", lambda *_, **__: "<!doctype html>")
        with serve(Settings(warm=False, patients=0, library=tmp_path_factory.mktemp("openapi") / "library")) as client:
            address = str(client.base_url)
            yield schemathesis.openapi.from_url(f"{address}/api/openapi.json")


def fuzz(schema, method, path, *, mode, count):
    """Ask one address many times; the number of requests that were sent."""
    asked = 0

    @settings(
        max_examples=count, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
    )
    @given(schema[path][method].as_strategy(generation_mode=mode))
    def ask(case):
        nonlocal asked
        asked += 1
        case.call_and_validate(checks=CHECKS)

    ask()
    return asked


@pytest.mark.parametrize("mode", MODES, ids=str)
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_answers_are_as_described(quick, method, path, mode):
    if mode is schemathesis.GenerationMode.NEGATIVE and not takes_anything(method, path):
        pytest.skip("there is nothing to get wrong")
    assert fuzz(quick, method, path, mode=mode, count=FEW)


@pytest.mark.slow
def test_ten_thousand_requests_without_a_fault_of_the_server(quick):
    asked = {}
    for method, path in OPERATIONS:
        for mode in MODES:
            if takes_anything(method, path):
                asked[method, path, mode.name] = fuzz(quick, method, path, mode=mode, count=MANY)
    print(json.dumps({" ".join(key): count for key, count in asked.items()}, indent=1))
    assert sum(asked.values()) >= 10_000


def takes_anything(method, path):
    described = DESCRIBED["paths"][path][method.lower()]
    return "requestBody" in described or "parameters" in described


def test_every_refusal_is_described():
    for method, path in OPERATIONS:
        described = DESCRIBED["paths"][path][method.lower()]
        codes = set(described["responses"])
        assert {"421", "429", "500"} <= codes, (method, path)
        if "requestBody" in described:
            assert {"403", "408", "413", "415", "422"} <= codes, (method, path)
        for code, answer in described["responses"].items():
            if int(code) >= 400:
                assert answer["content"]["application/json"]["schema"]["$ref"].endswith("/Faults")
            assert answer["description"]


def test_the_document_names_no_other_host():
    text = json.dumps(DESCRIBED)
    assert "http://" not in text
    assert "https://" not in text
    assert "null" not in json.dumps(DESCRIBED["components"]["schemas"]["InjectionTable"])
