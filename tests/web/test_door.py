"""Who may ask, what may come in, and what stands on every answer."""

from __future__ import annotations

import json
import socket
import threading
import time

import pytest

from endplate.case.file import case_of
from endplate.errors import CaseError
from endplate.web import Settings
from endplate.web.guard import HEADERS, is_loopback

AS_JSON = {"content-type": "application/json"}
AS_TEXT = {"content-type": "text/plain"}


def faults(answer, status):
    """The faults of a refusal."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/json"
    found = answer.json()["faults"]
    assert found
    assert all(set(one) == {"message", "file", "line", "key", "remedy"} for one in found)
    assert all(one["message"] for one in found)
    return found


ADDRESSES = [
    ("GET", "/", 200),
    ("GET", "/assets/index-abc123.js", 200),
    ("GET", "/api/health", 200),
    ("GET", "/api/anatomy", 200),
    ("GET", "/api/openapi.json", 200),
    ("GET", "/nothing", 404),
    ("GET", "/api/nothing", 404),
    ("GET", "/api/course", 405),
    ("POST", "/api/course", 415),
    ("PUT", "/api/library/a.b", 422),
]


@pytest.mark.parametrize(("method", "path", "status"), ADDRESSES)
def test_every_answer_has_the_headers(client, method, path, status):
    answer = client.request(method, path)
    assert answer.status_code == status, answer.text
    for name, value in HEADERS.items():
        if name != "Cache-Control":
            assert answer.headers[name] == value
    assert answer.headers["cache-control"]
    assert not [name for name in answer.headers if name.startswith("access-control")]
    assert "server" not in answer.headers
    if status >= 400:
        faults(answer, status)


def test_the_policy_lets_nothing_come_from_elsewhere():
    policy = dict(part.strip().split(" ", 1) for part in HEADERS["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert {"script-src", "style-src", "connect-src", "base-uri", "form-action", "frame-ancestors"} <= policy.keys()
    assert not any("://" in sources or "unsafe" in sources or "*" in sources for sources in policy.values())


def test_a_fault_of_the_server_has_the_headers_too(serve, monkeypatch, body):
    monkeypatch.setattr("endplate.web.routes.facts.load", lambda: 1 // 0)
    with serve(Settings(warm=False)) as client:
        answer = client.get("/api/health")
        found = faults(answer, 500)
    assert "ZeroDivisionError" in found[0]["message"]
    assert "Traceback" not in answer.text
    assert answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil:80", "", "[", "192.168.1.1"]
)
def test_a_foreign_name_is_refused(client, host):
    assert faults(client.get("/api/health", headers={"host": host}), 421)[0]["key"] == "Host"


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8420", "127.0.0.1:9", "[::1]:8420"])
def test_names_of_this_machine_are_known(client, host):
    assert client.get("/api/health", headers={"host": host}).status_code == 200


def test_a_remote_server_is_asked_by_address_or_by_its_name(serve):
    with serve(Settings(warm=False, remote=True, names=("lab.local",))) as client:
        for host, status in (("192.168.1.1:80", 200), ("lab.local", 200), ("evil.example", 421)):
            assert client.get("/api/health", headers={"host": host}).status_code == status


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://127.0.0.1", "file://", "http://[", "https://a@b"]
)
@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/api/check"), ("PUT", "/api/library/a"), ("DELETE", "/api/library/a")]
)
def test_a_foreign_page_may_not_write(client, body, origin, method, path):
    answer = client.request(method, path, content=body, headers=AS_JSON | {"origin": origin})
    assert faults(answer, 403)[0]["key"] == "Origin"


def test_a_foreign_page_is_known_by_where_it_comes_from(client, body):
    for site, status in (("cross-site", 403), ("same-site", 403), ("same-origin", 200), ("none", 200)):
        answer = client.post("/api/check", content=body, headers=AS_JSON | {"sec-fetch-site": site})
        assert answer.status_code == status


def test_the_own_page_may_write(client, body):
    headers = AS_JSON | {"origin": str(client.base_url).rstrip("/")}
    assert client.post("/api/check", content=body, headers=headers).json() == {"faults": []}


def test_loopback_is_told_from_other_addresses():
    assert all(map(is_loopback, ("127.0.0.1", "127.1.2.3", "::1", "localhost")))
    assert not any(map(is_loopback, ("0.0.0.0", "::", "192.168.0.1", "example.org", "")))


KINDS = [
    {},
    {"content-type": "text/plain"},
    {"content-type": "application/x-www-form-urlencoded"},
    {"content-type": "application/json; charset=latin-1"},
    {"content-type": "application/json", "content-encoding": "gzip"},
]


@pytest.mark.parametrize("headers", KINDS)
def test_a_body_of_another_kind_is_refused(client, body, headers):
    assert faults(client.post("/api/check", content=body, headers=headers), 415)[0]["key"] == "Content-Type"


def post(client, raw):
    return client.post("/api/check", content=raw, headers=AS_JSON)


BROKEN = [
    *(b"", b"{", b"[]", b"1", b'"case"', b"{}", b'{"case":1}', b'{"case":{},"more":1}', b'{"case":{}} x', b"\xff\xfe"),
    *(b'{"case":{"a":NaN}}', b'{"case":{"a":Infinity}}', b'{"case":{"a":-Infinity}}', b'{"case":{"a":1e999}}'),
    *(b'{"case":{"a":1,"a":2}}', b'{"case":{"a":null}}', b'{"case":{"a":' + b"9" * 5000 + b"}}"),
    *(b'{"case":' + b"[" * 50 + b"]" * 50 + b"}", b"[" * 100_000, b'{"a":' * 20_000),
    b'{"case":{"\\ud800":"\\ud800"}}',
]


@pytest.mark.parametrize("raw", BROKEN, ids=range(len(BROKEN)))
def test_what_is_no_case_is_refused(client, raw):
    answer = post(client, raw)
    found = answer.json()["faults"] if answer.status_code == 200 else faults(answer, 422)
    assert found
    assert all(one["remedy"] for one in found)
    assert client.post("/api/course", content=raw, headers=AS_JSON).status_code == 422


def test_null_is_told_with_its_key(client):
    raw = b'{"case":{"title":"x","plan":{"session":[{"at":null}]},"pat ient":null}}'
    keys = {one["key"] for one in faults(post(client, raw), 422)}
    assert keys == {"plan.session[0].at", "'pat ient'"}


def test_a_large_body_is_refused(client, body):
    raw = body + b" " * 300_000
    assert "larger than" in faults(post(client, raw), 413)[0]["message"]


def pieces(count):
    for _ in range(count):
        yield b" " * 10_000


def test_a_large_body_of_unknown_length_is_refused_while_it_comes(client):
    assert faults(client.post("/api/check", content=pieces(100), headers=AS_JSON), 413)


def test_many_values_are_refused(client):
    raw = json.dumps({"case": {"title": [0] * 30_000}}).encode()
    assert "values" in faults(post(client, raw), 413)[0]["message"]


def test_a_body_that_does_not_come_is_not_waited_for(serve):
    with serve(Settings(warm=False, upload=0.1)) as client:
        line = socket.create_connection((client.base_url.host, client.base_url.port))
        line.sendall(b"POST /api/check HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n")
        line.sendall(b"Content-Length: 100\r\n\r\n{")
        assert b"408" in line.recv(4096).split(b"\r\n")[0]
        line.close()


def many(count, **more):
    return [{"at": index, "pattern": "dao-5u"} | more for index in range(count)]


BEYOND = [
    ({"plan": {"product": "ona", "session": many(25)}}, ["plan.session"]),
    ({"plan": {"product": "ona", "session": many(1)}, "simulation": {"days": 2000}}, ["simulation.days"]),
    (
        {
            "plan": {
                "product": "ona",
                "session": [{"at": 0, "injection": [{"site": "dao.left", "dose": 1, "volume": 0.1}] * 201}],
            }
        },
        ["plan.session"],
    ),
]


@pytest.mark.parametrize(("tables", "keys"), BEYOND)
def test_what_is_too_much_for_the_server_is_told_as_a_fault(client, tables, keys):
    raw = json.dumps({"case": {"title": "x"} | tables}).encode()
    checked = post(client, raw)
    assert checked.status_code == 200
    assert [one["key"] for one in checked.json()["faults"]] == keys
    told = faults(client.post("/api/course", content=raw, headers=AS_JSON), 422)
    assert told == checked.json()["faults"]
    assert case_of({"title": "x"} | tables).plan.injections


def test_faults_are_those_of_the_package(client, tree):
    wrong = json.loads(json.dumps(tree))
    wrong["patient"]["age"] = 450
    wrong["plan"]["session"][0]["injection"][2] |= {"dose": "4 U_abo", "sitee": 1}
    with pytest.raises(CaseError) as error:
        case_of(wrong)
    expected = [one.to_dict() for one in error.value.faults]
    raw = json.dumps({"case": wrong}).encode()
    assert post(client, raw).json() == {"faults": expected}
    assert faults(client.post("/api/course", content=raw, headers=AS_JSON), 422) == expected
    assert {"patient.age", "plan.session[0].injection[2].dose"} <= {one["key"] for one in expected}


def slow(gate):
    def answer(case, tree, *, stop, patients):
        gate.wait(60)
        return b""

    return answer


def wait_until(true):
    """Wait for something that a thread does; the limit only ends a test that has failed."""
    for _ in range(6000):
        if true():
            return
        time.sleep(0.01)
    raise AssertionError("it did not happen")


def ask_and_leave(client, raw):
    """Send a plan over a connection of its own, which is returned."""
    line = socket.create_connection((client.base_url.host, client.base_url.port))
    head = (
        f"POST /api/course HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {len(raw)}"
    )
    line.sendall(head.encode() + b"\r\n\r\n" + raw)
    return line


def test_a_plan_of_a_client_that_left_is_not_simulated(serve, monkeypatch, tree):
    gate, simulated = threading.Event(), []

    def answer(case, tree, *, stop, patients):
        simulated.append(case.title)
        gate.wait(60)
        return b"{}"

    monkeypatch.setattr("endplate.web.routes.courses.course_answer", answer)
    raws = [json.dumps({"case": tree | {"title": title}}).encode() for title in ("running", "waiting")]
    with serve(Settings(warm=False)) as client:
        desk = client.app.state.house.desk
        lines = [ask_and_leave(client, raws[0])]
        wait_until(lambda: simulated == ["running"])
        lines.append(ask_and_leave(client, raws[1]))
        wait_until(lambda: desk.waiting == 1)
        for line in lines:
            line.close()
        wait_until(lambda: desk.waiting == 0)
        gate.set()
    assert simulated == ["running"]


def test_a_full_server_says_so(serve, monkeypatch, tree):
    gate = threading.Event()
    monkeypatch.setattr("endplate.web.routes.courses.course_answer", slow(gate))
    with serve(Settings(warm=False, queue=1)) as client:
        desk = client.app.state.house.desk
        lines = []
        for title in ("running", "waiting"):
            lines.append(ask_and_leave(client, json.dumps({"case": tree | {"title": title}}).encode()))
            wait_until(lambda: desk.busy if title == "running" else desk.waiting)  # noqa: B023
        refused = client.post("/api/course", json={"case": tree | {"title": "refused"}})
        assert faults(refused, 429)
        assert int(refused.headers["retry-after"]) > 0
        gate.set()
        for line in lines:
            line.close()


def test_too_many_requests_at_a_time_are_refused(serve, monkeypatch, tree):
    gate = threading.Event()
    monkeypatch.setattr("endplate.web.routes.courses.course_answer", slow(gate))
    with serve(Settings(warm=False, requests=1)) as client:
        line = ask_and_leave(client, json.dumps({"case": tree}).encode())
        wait_until(lambda: client.app.state.house.desk.busy)
        refused = client.get("/api/health")
        assert faults(refused, 429)
        assert refused.headers["retry-after"]
        gate.set()
        line.close()


@pytest.mark.parametrize(
    "key",
    [
        ".".join(["a"] * 60_000),
        " . ".join(["a"] * 60_000),
        ".".join(['","'] * 40_000),
        ".".join(["'='"] * 40_000),
        ".".join(['"="', "a.a.a"] * 15_000),
    ],
)
@pytest.mark.parametrize("line", ["{} = 1", "[{}]", "a = {{{} = 1}}", 'a = ["""\n# \'""", {{{} = 1}}]'])
def test_a_key_of_very_many_parts_never_meets_the_toml_reader(client, monkeypatch, key, line):
    monkeypatch.setattr("endplate.case.reading.tomllib.loads", lambda _: pytest.fail("the key was read"))
    text = line.format(key)
    for method, path in (("POST", "/api/case/read"), ("PUT", "/api/library/bomb")):
        [fault] = faults(client.request(method, path, content=text, headers=AS_TEXT), 422)
        assert fault["line"] == text.count("\n") + 1
