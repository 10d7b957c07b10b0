"""The reader: every fault at once, with file, line, key and remedy; nothing but EvidenceError."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import endplate.evidence
from endplate.errors import EvidenceError, Fault
from endplate.evidence import load

HOME = Path(endplate.evidence.__file__).parent
BIB = "@misc{here,\n  title = {A source},\n}\n"
ENTRY = """[rate]
meaning = "a rate"
value = 1.0
unit = "1/day"
source = "here"
where = "page 1"
system = "man"
grade = "measured"
confidence = "verified"
use = "parameter"
"""


def write(folder: Path, bib: str = BIB, **pages: str) -> Path:
    (folder / "library").mkdir()
    (folder / "sources.bib").write_text(bib, encoding="utf-8")
    for name, text in pages.items():
        (folder / "library" / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder


def faults(folder: Path) -> tuple[Fault, ...]:
    with pytest.raises(EvidenceError) as caught:
        load(folder)
    return caught.value.faults


def test_a_sound_entry_is_read(tmp_path: Path) -> None:
    library = load(write(tmp_path, page=ENTRY))
    assert library["rate"].source == ("here",)
    assert library.stages["rate"] == "page"


@pytest.mark.parametrize(
    ("old", "new", "line", "field", "message"),
    [
        ('unit = "1/day"', 'unit = "1/day"\nunits = "1/day"', 5, "units", "unknown field"),
        ('unit = "1/day"\n', "", 1, "unit", "field is missing"),
        ("value = 1.0", "value = nan", 3, "value", "not a finite number"),
        ("value = 1.0", "value = -inf", 3, "value", "not a finite number"),
        ("value = 1.0", "value = true", 3, "value", "not a finite number"),
        ("value = 1.0", 'value = "1"', 3, "value", "not a finite number"),
        ("value = 1.0", f"value = 1{'0' * 400}", 3, "value", "not a finite number"),
        ("value = 1.0", "value = 1.0\nlow = 3\nhigh = 2", 4, "low", "low 3 is above high 2"),
        ("value = 1.0", "value = 1.0\nlow = 2\nhigh = 3", 3, "value", "outside its range"),
        ("value = 1.0", "value = 1.0\nsd = -1", 4, "sd", "is negative"),
        ('"a rate"', '"  "', 2, "meaning", "is not a text"),
        ('"measured"', '"guessed"', 8, "grade", "unknown grade 'guessed'"),
        ('"measured"', "3", 8, "grade", "is not a text"),
        ('"verified"', '"sure"', 9, "confidence", "unknown confidence 'sure'"),
        ('"parameter"', '"all"', 10, "use", "unknown use 'all'"),
        ('"measured"', '"derived"', 1, "how", "derived without 'how'"),
        ('"measured"', '"fitted"', 1, "script", "fitted without 'script'"),
        ('"measured"', '"assumed"\nsd = 1', 1, "reason", "assumed without 'reason'"),
        ('"measured"', '"assumed"\nreason = "r"', 1, "sd", "assumed without 'sd'"),
        ('"measured"', '"assumed"\nreason = "r"\nlow = 1', 1, "sd", "assumed without 'sd'"),
        ('"here"', '"there"', 5, "source", "unknown source 'there'"),
        ('"here"', "[]", 5, "source", "is not a key"),
        ('"here"', "[1]", 5, "source", "is not a key"),
    ],
)
def test_each_fault_is_told_with_its_place(
    tmp_path: Path, old: str, new: str, line: int, field: str, message: str
) -> None:
    (fault,) = faults(write(tmp_path, page=ENTRY.replace(old, new)))
    assert fault.file == f"{tmp_path}/library/page.toml"
    assert fault.key == f"rate.{field}"
    assert fault.remedy
    assert message in fault.message
    assert fault.line == line


def test_all_faults_of_all_files_come_at_once(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        bib=BIB + "@misc{here,\n  title = {Again},\n}\nnonsense\n",
        one=ENTRY.replace("1.0", "nan").replace("measured", "guessed"),
        three="[rate\n",
        two="loose = 1\n" + ENTRY.replace("[rate]", "[speed]").replace('"here"', '"her"'),
    )
    found = faults(folder)
    assert {Path(str(fault.file)).name for fault in found} == {"sources.bib", "one.toml", "two.toml", "three.toml"}
    assert all(fault.line for fault in found)
    texts = " ".join(map(str, found))
    for words in ("stands twice", "cannot read 'nonsense'", "finite", "guessed", "not TOML", "no entry can", "'here'"):
        assert words in texts


def test_an_entry_that_stands_twice_is_a_fault(tmp_path: Path) -> None:
    (fault,) = faults(write(tmp_path, one=ENTRY, two="\n" + ENTRY))
    assert (fault.line, fault.key) == (2, "rate")
    assert "one.toml" in fault.message


def test_a_folder_without_a_library_is_a_fault(tmp_path: Path) -> None:
    assert "cannot be read" in faults(tmp_path)[0].message
    (tmp_path / "sources.bib").write_bytes(b"\xff\xfe")
    assert "cannot be read" in faults(tmp_path)[0].message
    (tmp_path / "sources.bib").write_text("", encoding="utf-8")
    assert "no entries" in faults(tmp_path)[0].message


def test_the_packaged_faults_name_no_machine_path() -> None:
    assert "library" in str(load().unknown("x"))


PIECES = ["[", "]", "[[", "=", '"', '"""', "'''", "\n", ".", ",", "{", "}", "nan", "1e999", "#", "\\", "value", "[h]"]
PIECES += ["\x00", "é", "[a.b.c.d.e.f.g.h]\nvalue=1\n", "0x", "1979-05-27", '""', "9" * 5000, "[" * 3000, "@misc{x,"]


@st.composite
def mutated(draw: st.DrawFn, text: str) -> str:
    """A real text with a few random cuts, insertions and moves."""
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 80)))
        new = draw(st.one_of(st.sampled_from(PIECES), st.text(max_size=5)))
        text = text[:start] + new + text[end:]
    return text


PAGES = {path.stem: path.read_text(encoding="utf-8") for path in (HOME / "library").glob("*.toml")}
SOURCES = (HOME / "sources.bib").read_text(encoding="utf-8")


@settings(max_examples=300, deadline=None)
@given(name=st.sampled_from(["spread", "kinetics", "muscle", "outcome"]), data=st.data())
def test_a_mutated_library_gives_evidence_errors_only(name: str, data: st.DataObject) -> None:
    page = data.draw(mutated(PAGES[name]))
    bib = data.draw(st.one_of(st.just(SOURCES), mutated(SOURCES)))
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "library").mkdir()
        (home / "sources.bib").write_bytes(bib.encode("utf-8", "surrogatepass"))
        (home / "library" / "page.toml").write_bytes(page.encode("utf-8", "surrogatepass"))
        assert all(str(fault) and fault.file for fault in told(home))


def told(folder: Path) -> tuple[Fault, ...]:
    """Faults of a folder, none if it is sound; any other error passes through."""
    try:
        load(folder)
    except EvidenceError as error:
        return error.faults or (Fault(""),)
    return ()


@pytest.mark.parametrize("seed", range(200))
def test_random_bytes_give_evidence_errors_only(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    folder = write(tmp_path)
    (folder / "library" / "page.toml").write_bytes(dice.randbytes(dice.randrange(200)))
    assert faults(folder)
