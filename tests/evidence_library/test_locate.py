"""Lines of keys: right on real TOML, silent on any text."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import endplate.evidence
from endplate.evidence.locate import lines

HOME = Path(endplate.evidence.__file__).parent / "library"
SAMPLE = '''title = "a # b"
[patient]
age = 44 # years
"odd key" . skin = { scale = 1.1, kind = 'x = [', deep = [1, { a = 2 }] }
text = """
[not.a.table]
value = 3
"""
[[injections]]
site = [1.0,
  2.5,  # comment ]
  3.0]
dose = 4
[[injections]]
dose.amount = 5
[injections.extra]
note = \'\'\'
x = 1\'\'\'
rows = [
  { site = "a", dose = 1 },
  { site = "b", dose = 2 },
]
'''


def paths(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in members:
        yield (*path, key)
        yield from paths(member, (*path, key))


def test_sample_lines() -> None:
    found = lines(SAMPLE)
    assert found["title",] == 1
    assert found["patient", "age"] == 3
    assert found["patient", "odd key", "skin", "scale"] == 4
    assert found["patient", "odd key", "skin", "deep", 1, "a"] == 4
    assert found["injections", 0, "site"] == 10
    assert found["injections", 0, "site", 1] == 11
    assert found["injections", 0, "dose"] == 13
    assert found["injections", 1] == 14
    assert found["injections", 1, "dose", "amount"] == 15
    assert found["injections", 1, "extra", "note"] == 17
    assert found["injections", 1, "extra", "rows", 1, "dose"] == 21
    assert ("not",) not in found


def test_every_key_of_the_sample_is_found_and_no_other() -> None:
    found = set(lines(SAMPLE))
    assert found == set(paths(tomllib.loads(SAMPLE)))


@pytest.mark.parametrize("page", sorted(HOME.glob("*.toml")), ids=lambda page: page.stem)
def test_every_key_of_the_library_is_found_in_its_line(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    found, rows = lines(text), text.splitlines()
    assert set(found) == set(paths(tomllib.loads(text)))
    assert all(str(path[-1]) in rows[line - 1] for path, line in found.items() if isinstance(path[-1], str))


@given(st.text(alphabet=st.sampled_from("[]{}=.,\"'#\n\\ ab1é\x00\t")) | st.text())
def test_no_text_makes_it_fail(text: str) -> None:
    assert all(1 <= line <= text.count("\n") + 1 for line in lines(text).values())


ENDLESS = ["[" * 10_000, "a=" + "[" * 10_000, "a=" + "{b=" * 10_000, "a." * 500, '"""' + "x" * 10**5]


@pytest.mark.parametrize("text", ENDLESS, ids=("headers", "arrays", "tables", "keys", "text"))
def test_deep_or_endless_texts_do_not_make_it_fail(text: str) -> None:
    assert isinstance(lines(text), dict)
