"""Years files: what is read, every fault at once, and the safety check."""

from __future__ import annotations

import pytest

from endplate.errors import CaseError, InvalidRequest
from endplate.evidence import load
from endplate.life import check_life
from endplate.life.file import parse_years, years_schema
from endplate.life.template import years_template

TEXT = years_template("glabella-20u")


def faults(text: str):
    with pytest.raises(CaseError) as caught:
        parse_years(text, file="y.toml")
    assert all(one.remedy and one.file == "y.toml" for one in caught.value.faults)
    return caught.value.faults


def changed(*pairs: tuple[str, str]) -> str:
    text = TEXT
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def years(*lines: str) -> str:
    """The template with further keys of [years]."""
    return changed(("seed = 0", "\n".join(["seed = 0", *lines])))


@pytest.mark.parametrize("pattern", ["glabella-20u", "upper-face-64u", "forehead-glabella-40u"])
def test_templates_are_read(pattern):
    life = parse_years(years_template(pattern)).life
    assert (life.patient.age, life.until, life.schedule.start, life.schedule.every) == (30.0, 70.0, 35.0, 112.0)
    assert life.plan.days == (0.0,)
    assert set(life.regions) >= {"glabella"}


def test_regions_are_those_that_are_treated():
    found = parse_years(years_template("upper-face-64u")).life.regions
    assert found == ("glabella", "forehead", "lateral_canthus_left", "lateral_canthus_right")


def test_all_faults_come_at_once():
    text = changed(
        ("age = 30", "age = 300"),
        ('every = "16 weeks"', 'every = "2 days"'),
        (
            "antibodies = true",
            'antibodies = "yes"\nleast = "12 weeks"\nrul = 2\nregions = ["glabela"]\npauses = [[40, 39]]',
        ),
    )
    assert {(one.key, one.line is not None) for one in faults(text)} == {
        ("patient.age", True),
        ("years.every", True),
        ("years.antibodies", True),
        ("years.least", True),
        ("years.rul", True),
        ("years.regions[0]", True),
        ("years.pauses", True),
    }


@pytest.mark.parametrize(
    ("text", "key", "words"),
    [
        (changed(("until = 70", "until = 20")), "years.start", "does not lie before the end"),
        (changed(("until = 70", "until = 120")), "years.until", "1 to 60 years"),
        (changed(("start = 35", "start = 29")), "years.start", "before the patient's age"),
        (years("stop = 34"), "years.stop", "before it starts"),
        (years("stop = 71"), "years.stop", "before the end"),
        (years('least = "12 weeks"'), "years.least", "without a grade"),
        (years('region = "glabella"'), "years.region", "without a grade"),
        (years("grade = 5"), "years.grade", "out of range"),
        (years("gradee = 2"), "years.gradee", "did you mean 'grade'"),
        (years("pauses = [[40, 42], [41, 43]]"), "years.pauses", "overlap"),
        (years('regions = ["glabella", "glabella"]'), "years.regions", "twice"),
        (years("grade = 2", 'region = "chin"', 'regions = ["glabella"]'), "years.regions", "not followed"),
        (years("[[years.change]]", "age = 50"), "years.change", "changes nothing"),
        (years("[[years.change]]", "age = 90", "dose = 2"), "years.change", "after the end"),
        (years("[[years.change]]", "age = 29", "dose = 2"), "years.change[0].age", "before the patient's age"),
        (years("[[years.change]]", "age = 50", "dose = 0"), "years.change[0].dose", "out of range"),
        (changed(("at = 0  ", "at = 7  ")), "plan.session", "one session"),
        (
            TEXT[: TEXT.index("[[plan.session]]")] + TEXT[TEXT.index("[years]") :],
            "plan.session",
            "no sessions",
        ),
        (TEXT + "[simulation]\ndays = 3\n", "simulation", "unknown key"),
        (changed(("[years]", "[yeers]")), "years", "missing"),
    ],
)
def test_a_fault_names_its_key_and_remedy(text, key, words):
    found = faults(text)
    assert any(one.key == key and words in f"{one.message} {one.remedy}" for one in found), found


@pytest.mark.parametrize("offer", ["", '[[offers]]\nname = "filler"\nat = 0\n'])
@pytest.mark.parametrize("product", ["ona", "onna"])
def test_no_session_has_one_remedy_with_and_without_offers(offer, product):
    """A years file needs its session; that [[offers]] may stand alone holds for a case file only."""
    bare = TEXT[: TEXT.index("[[plan.session]]")].replace('product = "ona"', f'product = "{product}"')
    found = {one.key: one for one in faults(bare + offer + TEXT[TEXT.index("[years]") :])}
    assert set(found) == {"plan.session"} | ({"plan.product"} if product == "onna" else set())
    assert found["plan.session"].message == "the plan has no sessions"
    assert "write one session with at = 0, also beside [[offers]]" in (found["plan.session"].remedy or "")


def test_a_session_without_lines_needs_regions():
    (found,) = faults(years_template("masseter-48u"))
    assert "regions" in (found.remedy or "")
    text = years_template("masseter-48u").replace("seed = 0", 'seed = 0\nregions = ["perioral"]')
    assert parse_years(text).life.regions == ("perioral",)


def test_a_short_interval_is_a_finding_of_the_check():
    read = parse_years(changed(('every = "16 weeks"', 'every = "8 weeks"')))
    found = check_life(read.life, load(), keys=read.keys)
    assert [(one.rule, one.key) for one in found] == [("interval", "years.every")]


def test_a_higher_dose_later_is_checked_too():
    read = parse_years(years("[[years.change]]", "age = 50", "dose = 6"))
    assert not check_life(parse_years(TEXT).life, load())
    found = check_life(read.life, load(), keys=read.keys)
    assert found
    assert all(one.key is None or one.key == "years.change[0].dose" for one in found)


def test_an_unknown_pattern_names_the_nearest():
    with pytest.raises(InvalidRequest, match="glabella-20u"):
        years_template("glabela-20u")


def test_the_schema_describes_every_key_of_years():
    table = years_schema()["$defs"]["YearsTable"]
    assert set(table["required"]) == {"until"}
    assert {"start", "stop", "every", "grade", "least", "pauses", "change"} <= set(table["properties"])
