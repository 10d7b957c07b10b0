"""``[[offers]]`` of a case: what is read, what is refused, all faults at once."""

from __future__ import annotations

import tomllib

import pytest
import tomli_w

from endplate.case.file import parse_case, parse_tree
from endplate.case.offer import changes_of, offers
from endplate.errors import CaseError
from endplate.evidence import load

HEAD = 'title = "A case"\n[plan]\nproduct = "ona"\n[simulation]\ndays = "100 days"\n'
SESSION = (
    '[[plan.session]]\nat = "2 days"\n[[plan.session.injection]]\nsite = "glabella.procerus"\ndose = 4\nvolume = 0.1\n'
)


def offer(**fields) -> str:
    return "\n[[offers]]\n" + tomli_w.dumps(fields)


def keys(text: str) -> set[str]:
    with pytest.raises(CaseError) as raised:
        parse_case(text, file="case.toml")
    assert all(fault.line and fault.remedy for fault in raised.value.faults)
    return {str(fault.key) for fault in raised.value.faults}


def test_offers_alone_need_no_session():
    case = parse_case(HEAD + offer(name="moisturiser", at="1 week", until="6 weeks"))
    assert (case.plan.injections, case.offers[0].day, case.offers[0].until) == ((), 7.0, 42.0)


def test_neither_session_nor_offer_is_a_fault():
    with pytest.raises(CaseError) as raised:
        parse_case(HEAD, file="case.toml")
    (found,) = raised.value.faults
    assert (found.key, found.remedy) == ("plan.session", "add a [[plan.session]], or [[offers]] without toxin")


def test_every_fault_is_told_at_once():
    text = HEAD + SESSION
    text += offer(name="filer", at=-3)
    text += offer(name="infrared", at=0)
    text += offer(name="filler", at=300, until=400, regions=["glabela"])
    text += offer(name="local_anaesthetic", at=0)
    text += offer(name="moisturiser", at=9, until=9, content=0, permeation=2)
    assert keys(text) == {
        "offers[0].name",
        "offers[0].at",
        "offers[1].name",
        "offers[2].at",
        "offers[2].until",
        "offers[2].regions[0]",
        "offers[3].at",
        "offers[3].volume",
        "offers[4].until",
        "offers[4].content",
        "offers[4].permeation",
    }


@pytest.mark.parametrize("name", sorted(name for name, one in offers().items() if one.refused))
def test_what_has_no_evidence_is_refused_with_the_reason(name):
    with pytest.raises(CaseError, match="refused") as raised:
        parse_case(HEAD + offer(name=name, at=0))
    assert offers()[name].refused in str(raised.value)


@pytest.mark.parametrize("field", [{"content": 0.1}, {"permeation": 0.1}, {"volume": "0.1 mL"}])
def test_a_key_of_another_offer_is_a_fault(field):
    assert keys(HEAD + offer(name="sunscreen", at=0, **field)) == {f"offers[0].{next(iter(field))}"}


def test_anaesthetic_adds_to_each_injection_of_its_day():
    with_, without = (
        parse_case(HEAD + SESSION + more) for more in (offer(name="local_anaesthetic", at="2 days", volume=0.05), "")
    )
    assert with_.plan.injections[0].volume == pytest.approx(without.plan.injections[0].volume + 0.05)
    assert with_.plan.total_dose == without.plan.total_dose


def test_a_case_with_offers_survives_a_round_trip():
    text = HEAD + SESSION + offer(name="laser", at="30 days", regions=["glabella"])
    text += offer(name="acetyl_hexapeptide_8", at=0, content=0.05, permeation=0.01)
    case, tree = parse_tree(text)
    again = parse_case(tomli_w.dumps(tree))
    assert again == case
    assert tomllib.loads(tomli_w.dumps(tree)) == tree


@pytest.mark.parametrize("name", sorted(name for name, one in offers().items() if one.changes))
def test_every_change_has_four_numbers_with_a_source(name):
    for change in changes_of(offers()[name], load()):
        assert all(one.source and one.low is not None and one.high is not None for one in change.entries)
        assert change.onset.value > 0
        assert change.fade.value > 0
