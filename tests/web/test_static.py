"""The built page, its caching, and what is said where it is not built."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

import hatch_build
from endplate.case import anatomy
from endplate.report.names import REGION_NAMES
from endplate.report.words import DISCLAIMER
from endplate.web import Settings
from endplate.web.page import HOW_TO_BUILD


def test_the_page_is_asked_for_again_and_its_assets_never(client):
    page = client.get("/")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["cache-control"] == "no-cache"
    script = client.get("/assets/index-abc123.js", headers={"accept-encoding": "identity"})
    assert script.headers["content-type"] == "text/javascript; charset=utf-8"
    assert "immutable" in script.headers["cache-control"]
    assert "content-encoding" not in script.headers
    head = client.get("/head/head.bin")
    assert head.content == bytes(range(256))
    assert head.headers["cache-control"] == "no-cache"
    assert client.get("/head/head.bin", headers={"if-none-match": head.headers["etag"]}).status_code in (200, 304)
    assert client.head("/").status_code == 200


def test_a_compressed_twin_is_sent_to_those_who_read_it(client, static):
    (static / "assets" / "index-abc123.js.gz").write_bytes(gzip.compress(b"export const one = 1;", mtime=0))
    packed = client.get("/assets/index-abc123.js", headers={"accept-encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["content-type"] == "text/javascript; charset=utf-8"
    assert packed.content == b"export const one = 1;"
    assert packed.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    "path",
    [
        "../secret.txt",
        "..%2fsecret.txt",
        "assets/../../secret.txt",
        "%2e%2e/secret.txt",
        "/etc/passwd",
        "a%00b",
        "assets",
    ],
)
def test_no_address_leads_out_of_the_page(client, path):
    address = client.base_url.copy_with(raw_path=f"/{path}".encode())
    answer = client.get(address)
    assert answer.status_code == 404
    assert answer.text != "secret"


def test_links_out_of_the_page_are_not_followed(client, static):
    (static / "link.txt").symlink_to(static.parent / "secret.txt")
    assert client.get("/link.txt").status_code == 404


def test_without_a_page_the_api_answers_and_the_way_to_build_it_is_told(serve, tmp_path):
    with serve(Settings(warm=False, static=tmp_path)) as client:
        answer = client.get("/")
        assert answer.status_code == 404
        assert answer.json()["faults"][0]["remedy"] == HOW_TO_BUILD
        assert client.get("/api/health").json()["page"] is False


def test_facts_are_complete(client):
    found = client.get("/api/anatomy").json()
    names = {one["name"] for one in found["muscles"]}
    assert all(one["muscle"] in names for one in found["sites"])
    assert all(
        shot["site"] in {one["name"] for one in found["sites"]}
        for one in found["patterns"]
        for shot in one["injections"]
    )
    assert all(bool(one["outline"]) == (one["frame"] == "head") for one in found["muscles"])
    entries = client.get("/api/evidence").json()
    assert all(one["citations"] and one["unit"] for one in entries)
    assert client.get("/api/schema").json()["title"] == "endplate case"
    health = client.get("/api/health").json()
    assert (health["page"], health["ready"]) == (True, True)
    assert "not a medical device" in health["disclaimer"]


def test_the_page_says_the_words_of_the_report(root):
    written = re.search(
        r"export const WORDS = '(.+)';", (root / "frontend/src/page/csv.ts").read_text(encoding="utf-8")
    )
    assert written is not None
    assert written[1] == DISCLAIMER
    assert f"<footer>{DISCLAIMER}</footer>" in (root / "frontend/index.html").read_text(encoding="utf-8")


class Told(list):
    def __call__(self, words):
        self.append(words)


@pytest.fixture
def checkout(tmp_path):
    for name in ("index.html", "src/main.ts", "node_modules/x/y.js"):
        path = tmp_path / "frontend" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, encoding="utf-8")
    return tmp_path


def builds(calls, root):
    """A stand-in for npm that builds a page."""

    def run(words, **_):
        calls.append(words[1])
        static = root / hatch_build.STATIC
        static.mkdir(parents=True, exist_ok=True)
        (static / "index.html").write_text("page " * 100, encoding="utf-8")

    return run


def test_the_page_is_built_once_for_the_same_sources(checkout, monkeypatch):
    calls, told = [], Told()
    monkeypatch.setattr(hatch_build.shutil, "which", lambda name: name)
    monkeypatch.setattr(hatch_build.subprocess, "run", builds(calls, checkout))
    assert hatch_build.build_page(checkout, tell=told)
    assert hatch_build.build_page(checkout, tell=told)
    assert calls == ["ci", "run"]
    packed = checkout / hatch_build.STATIC / "index.html.gz"
    assert gzip.decompress(packed.read_bytes()) == b"page " * 100
    (checkout / "frontend" / "src" / "main.ts").write_text("new", encoding="utf-8")
    assert hatch_build.build_page(checkout, tell=told)
    assert calls == ["ci", "run"] * 2


def test_without_npm_the_page_is_left_out_with_a_word(checkout, monkeypatch):
    told = Told()
    monkeypatch.setattr(hatch_build.shutil, "which", lambda name: None)
    assert not hatch_build.build_page(checkout, tell=told)
    assert "npm is not there" in told[0]


class Recorder:
    def __init__(self):
        self.words = []

    def display_info(self, words):
        self.words.append(words)

    display_warning = display_info


def hook(root, monkeypatch, run):
    monkeypatch.setattr(hatch_build.shutil, "which", lambda name: name)
    monkeypatch.setattr(hatch_build.subprocess, "run", run)
    app = Recorder()
    return hatch_build.PageHook(str(root), {}, None, None, "", "wheel", app), app


def broken(*_, **__):
    raise OSError("no network")


def test_an_editable_install_never_fails_for_the_page(checkout, monkeypatch):
    made, app = hook(checkout, monkeypatch, broken)
    made.initialize("editable", {})
    assert "make web" in app.words[-1]
    with pytest.raises(OSError, match="no network"):
        made.initialize("standard", {})
    monkeypatch.setenv(hatch_build.SKIP, "1")
    made.initialize("standard", {})


def test_the_page_names_every_region_as_the_report_does():
    text = (Path(__file__).parents[2] / "frontend" / "src" / "page" / "names.ts").read_text("utf-8")
    tables = re.findall(r"(?:REGIONS|REGION_SHORT): Record<string, string> = \{\n(.*?)\n\};", text, re.DOTALL)
    full, short = (dict(re.findall(r"^  (\w+): '(.*)',$", table, re.MULTILINE)) for table in tables)
    assert full == REGION_NAMES
    assert list(short) == list(anatomy().regions)
