"""Cases as TOML: read, written, saved and opened again; nothing outside the library is touched."""

from __future__ import annotations

import json
import socket
import tomllib
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from endplate.case import anatomy
from endplate.case.file import case_of, parse_case, parse_tree, write_template
from endplate.errors import CaseError
from endplate.web import Settings
from endplate.web.write import case_text

AS_JSON = {"content-type": "application/json"}
AS_TEXT = {"content-type": "text/plain; charset=utf-8"}
AS_TOML = {"content-type": "application/toml"}
FAULTY = write_template("glabella-20u").replace("age = 45", "age = 450").replace('sex = "female"', "sexx = 1")

titles = st.text(min_size=1, max_size=60).filter(lambda text: text.strip() and text.isprintable())
doses = st.floats(0.1, 100) | st.integers(1, 60) | st.builds("{} U".format, st.integers(1, 60))
sites = st.sampled_from([name for name, site in anatomy().sites.items() if site.depth])
injections = st.fixed_dictionaries(
    {"site": sites, "dose": doses, "volume": st.sampled_from([0.1, "0.1 mL", "50 µL"])},
    optional={"depth": st.integers(2, 6) | st.just("4 mm")},
)
sessions = st.fixed_dictionaries(
    {"at": st.integers(0, 300) | st.floats(0, 300) | st.just("12 weeks")},
    optional={"injection": st.lists(injections, min_size=1, max_size=4), "pattern": st.sampled_from(["glabella-20u"])},
)
trees = st.fixed_dictionaries(
    {
        "title": titles,
        "plan": st.fixed_dictionaries(
            {"product": st.just("ona"), "session": st.lists(sessions, min_size=1, max_size=3)}
        ),
    },
    optional={
        "patient": st.fixed_dictionaries(
            {}, optional={"age": st.floats(18, 90), "sex": st.sampled_from(["male", "female"])}
        ),
        "antitoxin": st.fixed_dictionaries({"at": st.just("2 days") | st.floats(0, 9)}),
        "simulation": st.just({"days": "1.5 years", "seed": 3}),
    },
)


@given(trees)
def test_what_is_written_reads_back_to_the_same_case(tree):
    try:
        case = case_of(tree)
    except CaseError as error:
        with pytest.raises(CaseError) as told:
            parse_case(case_text(tree))
        keyed = [(one.key, one.message, one.remedy) for one in error.faults]
        assert sorted(keyed) == sorted((one.key, one.message, one.remedy) for one in told.value.faults)
        return
    again, tables = parse_tree(case_text(tree))
    assert again == case
    assert tables == tree


def test_reading_and_writing_over_the_wire(client, root):
    cases = [
        file for file in sorted((root / "examples").glob("*.toml")) if not file.name.startswith(("trial_", "years_"))
    ]
    assert cases
    for file in cases:
        text = file.read_text(encoding="utf-8")
        read = client.post("/api/case/read", content=text.encode(), headers=AS_TEXT)
        assert read.json() == {"case": tomllib.loads(text)}
        written = client.post("/api/case/write", json=read.json())
        assert written.headers["content-type"] == "text/plain; charset=utf-8"
        assert parse_case(written.text) == parse_case(text)


def test_faults_of_a_file_have_lines(client):
    found = client.post("/api/case/read", content=FAULTY.encode(), headers=AS_TOML)
    assert found.status_code == 422
    with pytest.raises(CaseError) as error:
        parse_case(FAULTY)
    assert found.json()["faults"] == [one.to_dict() for one in error.value.faults]
    assert all(one["line"] for one in found.json()["faults"])


@pytest.mark.parametrize("raw", [b"", b"\xff", b"a = ", b"a = " + b"[" * 5000, b"day = 1979-05-27", b"\x00"])
def test_what_is_no_case_file_is_refused(client, raw):
    assert client.post("/api/case/read", content=raw, headers=AS_TEXT).json()["faults"]
    answer = client.put("/api/library/broken", content=raw, headers=AS_TEXT)
    assert answer.status_code == 422
    assert client.get("/api/library/broken").status_code == 404


def test_a_faulty_case_is_not_written(client):
    answer = client.post("/api/case/write", json={"case": {"title": "x"}})
    assert answer.status_code == 422
    assert [one["key"] for one in answer.json()["faults"]] == ["plan"]


def test_a_case_is_saved_listed_opened_and_deleted(client):
    text = "# mine\r\n" + write_template("dao-5u")
    assert client.put("/api/library/my-case_1", content=text.encode(), headers=AS_TOML).status_code == 204
    rows = [row for row in client.get("/api/library").json() if row["name"] == "my-case_1"]
    assert rows[0]["title"] == parse_case(text).title
    assert rows[0]["modified"].endswith("+00:00")
    assert client.get("/api/library/my-case_1").text == text
    assert client.put("/api/library/my-case_1", content=text.upper().encode(), headers=AS_TOML).status_code == 422
    assert client.get("/api/library/my-case_1").text == text
    assert client.delete("/api/library/my-case_1").status_code == 204
    for method in ("GET", "DELETE"):
        assert client.request(method, "/api/library/my-case_1").status_code == 404
    assert not [row for row in client.get("/api/library").json() if row["name"] == "my-case_1"]


OUTSIDE = [
    *(
        "..",
        "../secret",
        "../../secret",
        "..%2fsecret",
        "%2e%2e%2fsecret",
        "..\\secret",
        "a/../../secret",
        "/etc/passwd",
    ),
    *("secret.toml", ".hidden", "a b", "a\0b", "ä", "a" * 65, "con", "NUL", "com1", "~", "C:x", "a%00", "-" * 65),
]


@pytest.mark.parametrize("name", OUTSIDE)
def test_no_name_leads_out_of_the_library(serve, tmp_path, name):
    (tmp_path / "secret.toml").write_text("secret", encoding="utf-8")
    (tmp_path / "library").mkdir()
    before = snapshot(tmp_path)
    text = write_template("dao-5u").encode()
    with serve(Settings(warm=False, library=tmp_path / "library", static=tmp_path / "page")) as client:
        for spelled in {name, quote(name), quote(name, safe="")}:
            for method, content in (("GET", None), ("PUT", text), ("DELETE", None)):
                status, answer = ask(client, method, spelled, content)
                assert status in (400, 404, 405, 422), (method, spelled, answer)
                assert b"secret" not in answer.replace(b"/secret", b"").replace(b"\\secret", b"")
    assert snapshot(tmp_path) == before


def ask(client, method, name, content):
    """Status and answer to a path that nobody has tidied up."""
    raw = f"{method} /api/library/{name} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n".encode()
    if content is not None:
        raw += f"Content-Type: text/plain\r\nContent-Length: {len(content)}\r\n".encode()
    with socket.create_connection((client.base_url.host, client.base_url.port)) as line:
        line.sendall(raw + b"\r\n" + (content or b""))
        found = b"".join(iter(lambda: line.recv(65536), b""))
    return int(found.split()[1]), found.partition(b"\r\n\r\n")[2]


def snapshot(folder):
    return {path.relative_to(folder).as_posix(): path.is_file() and path.read_bytes() for path in folder.rglob("*")}


def test_links_and_folders_in_the_library_are_left_alone(serve, tmp_path):
    library, secret = tmp_path / "library", tmp_path / "secret.toml"
    library.mkdir()
    secret.write_text(write_template("dao-5u"), encoding="utf-8")
    (library / "link.toml").symlink_to(secret)
    (library / "folder.toml").mkdir()
    (library / "huge.toml").write_text("#" * 300_000, encoding="utf-8")
    (library / "odd name.toml").write_text("x", encoding="utf-8")
    (library / "broken.toml").write_bytes(b"title = \xff")
    before = snapshot(tmp_path)
    with serve(Settings(warm=False, library=library)) as client:
        assert [row["name"] for row in client.get("/api/library").json()] == ["broken"]
        assert client.get("/api/library/broken").status_code == 200
        for name in ("link", "folder"):
            assert client.get(f"/api/library/{name}").status_code == 404
            assert client.delete(f"/api/library/{name}").status_code == 404
            answer = client.put(f"/api/library/{name}", content=write_template("dao-5u").encode(), headers=AS_TEXT)
            assert answer.status_code == 409
    assert snapshot(tmp_path) == before


def test_the_library_is_bounded(serve, tmp_path):
    text = write_template("dao-5u").encode()
    with serve(Settings(warm=False, library=tmp_path / "new" / "library", cases=2)) as client:
        assert client.get("/api/library").json() == []
        codes = [client.put(f"/api/library/{name}", content=text, headers=AS_TEXT).status_code for name in "abcab"]
        assert codes == [204, 204, 409, 204, 204]
        assert len(client.get("/api/library").json()) == 2
    assert sorted(path.name for path in (tmp_path / "new" / "library").iterdir()) == ["a.toml", "b.toml"]


def test_a_server_without_a_library_says_so(serve):
    with serve(Settings(warm=False)) as client:
        assert client.get("/api/library").json() == []
        answer = client.get("/api/library/a")
        assert answer.status_code == 404
        assert "--library" in json.dumps(answer.json())


def test_the_check_tells_findings_that_keep_nothing_from_being_simulated(client, tree):
    case = tree | {"patient": tree.get("patient", {}) | {"health": {"pregnant": True, "conditions": ["dry_eye"]}}}
    answer = client.post("/api/check", json={"case": case})
    assert answer.status_code == 200
    found = answer.json()["faults"]
    assert [(one["severity"], one["verdict"], one["rule"], one["key"]) for one in found] == [
        ("finding", "stop", "pregnancy_aesthetic", "patient.health.pregnant"),
        ("finding", "caution", "eye_at_risk", "patient.health.conditions"),
    ]
    assert all(one["title"] and one["remedy"] and one["source"] for one in found)


def test_faults_come_without_findings(client, tree):
    case = tree | {"patient": tree.get("patient", {}) | {"health": {"pregnant": True, "conditions": ["dry_eyes"]}}}
    (one,) = client.post("/api/check", json={"case": case}).json()["faults"]
    assert one["remedy"] == "did you mean 'dry_eye'?"
    assert "severity" not in one
