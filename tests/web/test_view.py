"""The page's head in a notebook."""

from __future__ import annotations

import sys

import pytest

import endplate
from endplate.case.file import parse_case, write_template
from endplate.course.case import simulate_case
from endplate.errors import EndplateError, InvalidRequest
from endplate.web import widget


@pytest.fixture(scope="module")
def case():
    return parse_case(write_template("glabella-20u"))


@pytest.fixture(scope="module")
def course(case):
    return simulate_case(case)


@pytest.fixture
def built(tmp_path):
    (tmp_path / "head" / "deep").mkdir(parents=True)
    for name in ("widget.js", "widget.css", "head/head.bin", "head/head.bin.gz", "head/deep/mask.png", "index.html"):
        (tmp_path / name).write_bytes(name.encode())
    return tmp_path


def test_a_view_holds_documents_and_files_of_the_head(course, case, built):
    shown = endplate.view(course, case, static=built)
    assert shown.course["title"] == case.title
    assert len(shown.course["places"]) == 5
    assert shown.course["fields"]
    assert shown.anatomy["muscles"]
    assert shown.assets == {"head.bin": b"head/head.bin", "deep/mask.png": b"head/deep/mask.png"}
    assert shown.day == 0.0
    state = shown.get_state()
    assert {"course", "anatomy", "assets", "day", "_esm", "_css"} <= state.keys()
    assert state["_esm"] == "widget.js"
    shown.close()


def test_a_course_alone_has_no_injections(course, built):
    (built / "widget.css").unlink()
    shown = endplate.view(course, static=built)
    assert (shown.course["places"], shown.course["fields"]) == ([], [])
    assert shown.course["doses"] == {"unit": "U_ona", "total": 0, "by_muscle": {}, "label": None, "sessions": []}
    assert shown.course["muscles"]["procerus"]["force"]
    shown.close()


def test_a_case_of_another_course_is_refused(course, built):
    with pytest.raises(InvalidRequest, match="another product or other sessions"):
        endplate.view(course, parse_case(write_template("glabella-daxi-40u")), static=built)


def test_without_the_page_the_way_to_build_it_is_told(course, tmp_path):
    with pytest.raises(EndplateError, match="make web"):
        endplate.view(course, static=tmp_path)


def test_without_anywidget_the_extra_is_named(course, monkeypatch):
    monkeypatch.setattr(widget, "notebook", None)
    with pytest.raises(EndplateError, match=r"endplate\[notebook\]"):
        endplate.view(course)


def test_a_view_needs_no_server():
    assert "fastapi" not in vars(sys.modules["endplate.web.widget"])
