"""The page stands alone, says everything, and holds every parameter with its source."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from endplate.case import products
from endplate.course import default_parameters
from endplate.evidence import load
from endplate.report.limits import limits
from endplate.report.parameters import citation, used_entries, value_text
from endplate.report.words import DISCLAIMER

VOID = {"meta", "br", "col", "img", "link", "hr", "input", "wbr"}


class Page(HTMLParser):
    """Tags, attributes and text of a page; every tag must be closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags, self.attributes, self.words, self.open = [], [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, *one) for one in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, *one) for one in attrs]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


@pytest.fixture(scope="module")
def read(page) -> Page:
    return Page(page)


@pytest.fixture(scope="module")
def words(read) -> str:
    return re.sub(r"\s+", " ", " ".join(read.words))


def test_the_page_is_well_formed(read):
    assert read.open == []
    names = [value for _, key, value in read.attributes if key == "id"]
    assert len(names) == len(set(names))
    asked = {value[1:] for _, key, value in read.attributes if key in ("href", "xlink:href") and value.startswith("#")}
    assert asked <= set(names)


def test_the_page_asks_nothing_of_the_network(read, page):
    assert not {"script", "link", "iframe", "img", "object"} & set(read.tags)
    links = [value for _, key, value in read.attributes if key in ("href", "src", "xlink:href", "action", "data")]
    assert all(value.startswith(("#", "https://doi.org/10.", "data:image/png;base64,")) for value in links)
    assert not re.search(r"@import|url\((?!#)", page)


def test_every_parameter_stands_on_the_page_with_its_source(case, words, page):
    library = load()
    entries = [entry for _, entry in used_entries(case.plan.product, library, regions=("glabella", "forehead"))]
    assert len(entries) > 50
    assert "kappa.platysma_left" not in page
    for entry in entries:
        assert f"<code>{entry.name}</code>" in page
        assert entry.meaning in words
        assert value_text(entry)[0] in words
        for key in entry.source:
            cited = citation(key, library.sources)
            assert cited.text in words
            assert cited.link is None or cited.link in page


@pytest.mark.parametrize("code", products())
def test_used_entries_are_all_parameters_of_a_course(code):
    product = products()[code]
    entries = used_entries(product, load())
    assert len({entry.name for _, entry in entries}) == len(entries)
    assert all(entry.use == "parameter" for _, entry in entries)
    values = {entry.name: entry.value for _, entry in entries}
    assert values[f"potency.{code}"] == float(default_parameters(product).kinetics.potency)


def test_the_page_says_what_it_is_and_is_not(words):
    assert words.count(DISCLAIMER) >= 2
    for text in (
        "a lid at risk is not to be read",
        "single set of parameters",
        "weakly anchored",
        "Potency of ona: fitted",
        "Assumed,",
    ):
        assert text in words


def test_the_page_tells_the_case_and_its_findings(words):
    assert "Frown <lines> & more" in words
    assert "20 U of onabotulinumtoxinA in 5 injections on day 0; 180 days followed" in words
    assert "Frown lines (glabella) at maximum effort: severe at first" in words
    assert "Most weakened: corrugator supercilii, both sides" in words
    assert "glabella.corrugator.left.medial" in words
    assert "endplate <x>" in words


def test_no_number_on_the_page_is_missing(words):
    assert not re.search(r"\b(nan|inf|None)\b", words)


def test_citations_are_short():
    sources = {
        "one": {"author": "Foran, P. G.", "year": "2003", "doi": "10.1/x"},
        "many": {"author": "Lebeda, F. J. and Adler, M.", "year": "2008", "pmid": "7"},
        "none": {"title": "Skin and muscle (descriptive title)", "year": "1996"},
        "own": {"author": "The endplate contributors", "title": "values"},
    }
    cited = [citation(key, sources) for key in sources]
    texts = ["Foran 2003", "Lebeda et al. 2008 (PMID 7)", "Skin and muscle 1996", "this project"]
    assert [one.text for one in cited] == texts
    assert [one.link for one in cited] == ["https://doi.org/10.1/x", None, None, None]


def test_limits_of_the_newer_regions_are_told_with_them(case, words):
    library = load()
    entries = [entry for _, entry in used_entries(case.plan.product, library)]
    told = limits(case.plan.product, entries, library=library, regions=("platysma_left",))
    assert [text for text in told if "assumed; how much" in text]
    assert [text for text in told if text.startswith("Bands of the neck")]
    assert "Bands of the neck" not in words
