"""Case files: what they mean, and every fault at once."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from endplate.case import REGIONS, Baseline, Case, anatomy
from endplate.case.file import case_schema, parse_case, read_case, write_template
from endplate.errors import CaseError, InvalidRequest

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.toml"))
CASES = [
    path
    for path in EXAMPLES
    if "[[plan.session]]" in (text := path.read_text(encoding="utf-8")) and "[years]" not in text
]

SMALL = """
title = "small"
[plan]
product = "ona"
[[plan.session]]
at = {at}
[[plan.session.injection]]
site = "glabella.procerus"
dose = {dose}
volume = {volume}
"""


def small(at="0", dose="4", volume="0.1", more=""):
    return parse_case(SMALL.format(at=at, dose=dose, volume=volume) + more, file="small.toml")


def faults(text):
    with pytest.raises(CaseError) as caught:
        parse_case(text, file="case.toml")
    return caught.value.faults


def only_fault(text):
    found = faults(text)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize("name", anatomy().patterns)
def test_the_template_of_every_pattern_is_read_back(name):
    pattern = anatomy().patterns[name]
    case = parse_case(write_template(name))
    assert case.plan.product.code == pattern.product
    assert [(one.name, one.dose, one.volume) for one in case.plan.injections] == [
        (shot.site, shot.dose, shot.volume) for shot in pattern.shots
    ]
    assert all(one.site == anatomy().sites[one.name].tip for one in case.plan.injections)


@pytest.mark.parametrize("name", anatomy().patterns)
def test_a_template_written_out_means_the_same(name):
    lines = write_template(name).splitlines()
    start = next(number for number, line in enumerate(lines) if line == "# [[plan.session.injection]]")
    end = lines.index("[simulation]")
    written = [line.removeprefix("# ").removeprefix("#") for line in lines[start:end]]
    text = "\n".join([*(line for line in lines[:start] if not line.startswith("pattern")), *written, *lines[end:]])
    assert parse_case(text).plan.injections == parse_case(write_template(name)).plan.injections


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_examples_are_cases(path):
    assert isinstance(read_case(path), Case)


def test_the_demo_is_the_label_pattern():
    demo = read_case(next(path for path in CASES if path.stem == "frown"))
    label = {shot.site: (shot.dose, shot.volume) for shot in anatomy().patterns["glabella-20u"].shots}
    assert {one.name: (one.dose, one.volume) for one in demo.plan.injections} == label
    assert demo.patient.baseline == Baseline((3.0, None, None, None), (1.0, None, None, None))
    assert REGIONS[0] == "glabella"


def test_an_unknown_pattern_names_the_nearest():
    with pytest.raises(InvalidRequest, match="did you mean 'glabella-20u'"):
        write_template("glabela-20u")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"at": '"12 weeks"'}, {"at": "84"}),
        ({"at": '"2016 hours"'}, {"at": '"84 days"'}),
        (
            {"at": '"1 year"', "more": '[simulation]\ndays = "2 years"'},
            {"at": "365.25", "more": "[simulation]\ndays = 730.5"},
        ),
        ({"dose": '"4 U"'}, {"dose": "4"}),
        ({"dose": '"4 U_ona"'}, {"dose": "4.0"}),
        ({"dose": '"4U"'}, {"dose": '"0.4e1 U"'}),
        ({"volume": '"100 µL"'}, {"volume": '"0.1 mL"'}),
        ({"volume": '"1e-4 liter"'}, {"volume": "0.1"}),
    ],
)
def test_units_do_not_matter(one, other):
    assert small(**one) == small(**other)


@given(st.decimals(min_value=0, max_value=364, places=4))
def test_any_unit_of_time_gives_the_same_case(days):
    plain = small(at=f"{days}")
    for unit, factor in (("days", 1), ("hours", 24), ("minutes", 1440), ("seconds", 86400)):
        assert small(at=f'"{days * factor} {unit}"') == plain
    assert small(at=f'"{float(days) / 7:.17g} weeks"') == plain


def test_places_are_sites_skin_points_or_needle_tips():
    def injection(text):
        place = SMALL.format(at=0, dose=4, volume=0.1).replace('site = "glabella.procerus"', text)
        return parse_case(place).plan.injections[0]

    site = injection('site = "glabella.procerus"')
    assert (site.name, site.depth, site.frame) == ("glabella.procerus", 3.2, "head")
    skin = injection("at_mm = [0, 10]\ndepth = 3.2")
    assert (skin.site, skin.depth, skin.name) == (site.site, 3.2, None)
    assert injection('site = "glabella.procerus"\ndepth = "0.32 cm"') == site
    tip = injection("at_mm = [0, '1 cm', -3.4]")
    assert (tip.site, tip.depth) == ((0.0, 10.0, -3.4), None)
    foot = injection('at_mm = [12, 0, 0]\nframe = "extensor_digitorum_brevis.left"')
    assert (foot.site, foot.frame) == ((12.0, 0.0, 0.0), "extensor_digitorum_brevis.left")
    assert injection('site = "extensor_digitorum_brevis.left.belly"').frame == "extensor_digitorum_brevis.left"


def test_a_pattern_and_more_injections_add_up():
    text = SMALL.format(at=0, dose=4, volume=0.1).replace("at = 0", 'at = 0\npattern = "dao-5u"')
    assert parse_case(text).plan.total_dose == (9.0,)


FAULTY = """titel = "x"
[patient]
age = true
sex = "femal"
[patient.baseline.glabela]
[plan]
product = "ona"
[[plan.session]]
at = "0 mm"
pattern = "glabella-abo-50u"
[[plan.session]]
at = 400
[[plan.session.injection]]
site = "glabella.proceru"
dose = "4 U_abo"
volume = 5.5
[[plan.session.injection]]
at_mm = [0, 10, 10]
dose = nan
"""


def test_all_faults_are_told_at_once():
    found = {(fault.key, fault.line) for fault in faults(FAULTY)}
    assert found == {
        ("title", 1),
        ("titel", 1),
        ("patient.age", 3),
        ("patient.sex", 4),
        ("patient.baseline.glabela", 5),
        ("plan.session[0].at", 9),
        ("plan.session[0].pattern", 10),
        ("plan.session[1].injection[0].site", 14),
        ("plan.session[1].injection[0].dose", 15),
        ("plan.session[1].injection[0].volume", 16),
        ("plan.session[1].injection[1].at_mm", 18),
        ("plan.session[1].injection[1].dose", 19),
        ("plan.session[1].injection[1].volume", 17),
        ("simulation.days", 1),
    }
    assert all(fault.file == "case.toml" and fault.remedy for fault in faults(FAULTY))


@pytest.mark.parametrize(
    ("change", "key", "words"),
    [
        ({"at": "-1"}, "plan.session[0].at", "out of range"),
        ({"at": '"101 years"'}, "plan.session[0].at", "out of range"),
        ({"at": '"soon"'}, "plan.session[0].at", "not a number followed by a unit"),
        ({"at": "1979-05-27"}, "plan.session[0].at", "is not a number"),
        ({"at": "365"}, "simulation.days", "before the end"),
        ({"dose": "0"}, "plan.session[0].injection[0].dose", "out of range"),
        ({"dose": "inf"}, "plan.session[0].injection[0].dose", "not a finite number"),
        ({"dose": "true"}, "plan.session[0].injection[0].dose", "True is not a number"),
        ({"dose": '"4 U_abo"'}, "plan.session[0].injection[0].dose", "in units of abo"),
        ({"dose": '"4 mL"'}, "plan.session[0].injection[0].dose", "cannot convert"),
        ({"dose": "1" + 400 * "0"}, "plan.session[0].injection[0].dose", "not a finite number"),
        ({"dose": "0x" + 9000 * "f"}, "plan.session[0].injection[0].dose", "this int is not a finite number"),
        ({"dose": f'"{"4" * 99} U"'}, "plan.session[0].injection[0].dose", "too long"),
        ({"volume": '"6 mL"'}, "plan.session[0].injection[0].volume", "out of range"),
        ({"volume": "[]"}, "plan.session[0].injection[0].volume", "[] is not a number"),
        ({"volume": "0.1\ndepht = 3"}, "plan.session[0].injection[0].depht", "unknown key"),
        ({"volume": "0.1\nat_mm = [0, 0]"}, "plan.session[0].injection[0]", "one of site and at_mm"),
        ({"more": "[patient]\nage = 1"}, "patient.age", "out of range"),
        ({"more": "[patient.skin]\nfitzpatrick = 2.0"}, "patient.skin.fitzpatrick", "2.0 cannot stand here"),
        (
            {"more": "[patient.baseline.glabella]\nmaximum = 1\nrest = 2"},
            "patient.baseline.glabella",
            "at rest, 2, is above",
        ),
        ({"more": "[simulation]\nseed = -1"}, "simulation.seed", "cannot stand here"),
        ({"more": "[antitoxin]"}, "antitoxin.at", "missing"),
        ({"more": "[antitoxin]\nat = -1"}, "antitoxin.at", "-1 day is out of range"),
        ({"more": "[antitoxin]\nat = 400"}, "antitoxin.at", "400 days does not lie before the end, 365 days"),
        ({"more": "[antitoxin]\nat = 30\n[simulation]\ndays = 30"}, "antitoxin.at", "does not lie before the end"),
        *(
            ({"more": f"[simulation]\ndays = {days}"}, "simulation.days", words)
            for days, words in (
                ("0.001", "0.001 day is out of range"),
                ("1e-9", "1e-09 day is out of range"),
                ("-1", "-1 day is out of range"),
                ("1e9", "1e+09 day is out of range"),
                ("inf", "not a finite number"),
                ("nan", "not a finite number"),
                ('"1 second"', "is out of range"),
            )
        ),
        ({"more": "antitoxin = 3"}, "plan.session[0].injection[0].antitoxin", "unknown key"),
    ],
)
def test_a_fault_names_key_and_remedy(change, key, words):
    with pytest.raises(CaseError) as caught:
        small(**change)
    (fault,) = caught.value.faults
    assert fault.key == key
    assert words in fault.message
    assert fault.remedy
    assert fault.line is not None


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("at_mm = [0, 10]", "needs a depth"),
        ("at_mm = [0, 10, -3]\ndepth = 3", "needle tip itself"),
        ("at_mm = [0, 10, 10]", "10.2 mm outside the tissue"),
        ("at_mm = [0, 300, 0]", "200.0 mm outside the tissue"),
        ("at_mm = [1e300, 0, 0]", "out of range"),
        ("at_mm = [0]", "is not a point"),
        ('site = "glabella.procerus"\nframe = "soleus.left"', "own frame"),
        ('site = "soleus.left.belly"\ndepth = 3', "needle tip itself"),
        ('frame = "soleus.left"\nat_mm = [0, 0]\ndepth = 3', "has no skin"),
        ('frame = "soleus.left"\nat_mm = [0, 90, 0]', "outside the tissue"),
        ('frame = "soles.left"\nat_mm = [0, 0, 0]', "no frame 'soles.left'"),
        ("", "one of site and at_mm"),
    ],
)
def test_places_that_cannot_be(place, words):
    text = SMALL.format(at=0, dose=4, volume=0.1).replace('site = "glabella.procerus"', place)
    assert words in only_fault(text).message


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", None, "empty"),
        (" \n\n", None, "empty"),
        ("title = ", 1, "not valid TOML"),
        ("a = 1\nb = 2\na = 3\n", 3, "not valid TOML"),
        ("a = '''\n\n", 2, "not valid TOML"),
        ("a = " + 5000 * "1", 1, "not valid TOML"),
        ("a = " + 50000 * "[", None, "nested too deeply"),
    ],
)
def test_texts_that_are_no_toml(text, line, words):
    fault = only_fault(text)
    assert words in fault.message
    assert fault.line == line
    assert fault.remedy


def test_files_that_cannot_be_read(tmp_path):
    latin = tmp_path / "latin.toml"
    latin.write_bytes(b"# first\ntitle = '\xe9'\n")
    huge = tmp_path / "huge.toml"
    huge.write_bytes(b"#" * 1_000_001)
    for path, words in [
        (latin, "is not UTF-8 text"),
        (huge, "larger than"),
        (tmp_path, "is a directory"),
        (tmp_path / "none.toml", "does not exist"),
        ("/dev/null", "is not a file"),
        ("nul\0.toml", ""),
        ("x" * 9000, ""),
    ]:
        with pytest.raises(CaseError) as caught:
            read_case(path)
        (fault,) = caught.value.faults
        assert words in fault.message
        assert fault.file == str(path)
        assert fault.remedy
        assert fault.line == (2 if path == latin else None)


def test_a_byte_order_mark_and_windows_lines_are_read(tmp_path):
    path = tmp_path / "case.toml"
    path.write_bytes(b"\xef\xbb\xbf" + write_template("dao-5u").replace("\n", "\r\n").encode())
    assert read_case(path) == parse_case(write_template("dao-5u"))


def test_too_many_injections():
    block = '[[plan.session]]\nat = {at}\npattern = "upper-face-64u"\n'
    text = 'title = "x"\n[plan]\nproduct = "ona"\n' + "".join(block.format(at=number) for number in range(32))
    assert only_fault(text).message == "512 injections are too many"
    assert len(parse_case(text.rsplit("[[", 1)[0]).plan.injections) == 496


def test_a_product_without_a_pattern_says_so():
    text = write_template("glabella-20u").replace('product = "ona"', 'product = "treni"')
    assert "not approved" in str(only_fault(text).remedy)


def test_equal_cases_are_equal():
    assert small() == small()
    assert small() == replace(small(), seed=0)
    assert hash(small()) == hash(small())


def test_the_schema_describes_the_file():
    schema = json.loads(json.dumps(case_schema()))
    assert set(schema["properties"]) == {"title", "patient", "plan", "simulation", "antitoxin", "offers", "override"}
    assert schema["additionalProperties"] is False
    injection = schema["$defs"]["InjectionTable"]
    assert set(injection["required"]) == {"dose", "volume"}
    assert "glabella.procerus" in json.dumps(injection["properties"]["site"])


def test_the_fault_of_antitoxin_names_its_line():
    found = only_fault(SMALL.format(at=0, dose=4, volume=0.1) + "[antitoxin]\nat = 400\n")
    assert (found.line, found.key) == (12, "antitoxin.at")
    assert "[simulation] days" in found.remedy


def test_schema_and_template_say_what_has_no_effect_on_a_course():
    tables = case_schema()["$defs"]
    assert "no curve follows it" in tables["SkinTable"]["properties"]["fitzpatrick"]["description"]
    assert "virtual patients" in tables["SimulationTable"]["properties"]["seed"]["description"]
    assert "for men too" in tables["PatientTable"]["properties"]["muscle_mass"]["description"]
    text = write_template("glabella-20u")
    assert "no curve follows it" in text
    assert "draws of virtual patients" in text
