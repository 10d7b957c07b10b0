"""One answer from what the model derives and what trials counted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from endplate.case import Health, vocabulary
from endplate.case.file import parse_case, write_template
from endplate.evidence import load
from endplate.evidence.counts import adverse_counts
from endplate.safety import join, risks
from endplate.safety.joined import ASKED, DAYS, MODELLED, Derived, Span
from endplate.safety.risk import DRAWS, Rate, Treated, counted_whole, expect, treated
from endplate.safety.trait import traits


def case(pattern: str = "glabella-20u"):
    """A case of a pattern."""
    return parse_case(write_template(pattern))


def modelled(effect: str, share: float, *, first: float = 4.0, held: float = 30.0) -> Derived:
    """An effect that this share of patients has from one day on, all alike."""
    has = share > 0
    there = ((first <= DAYS) & (first + held > DAYS)) * 1.0 if has else np.zeros_like(DAYS)
    onset, lasting = (Span(day, day, day) for day in (first, held))
    timing = "model" if has else None
    flat = np.full(DRAWS, share)
    return Derived(
        effect, np.zeros(DRAWS), flat, onset if has else None, lasting if has else None, timing, there, held, 0
    )


def answer(*derived: Derived, pattern: str = "glabella-20u"):
    one = case(pattern)
    return join(one, risks(one, load()), derived=derived, library=load())


@pytest.fixture(scope="module")
def counted():
    """Trials alone."""
    return answer()


def by_name(found):
    return {one.event: one for one in found.events}


def test_no_event_stands_twice_and_the_model_is_used():
    found = answer(*(modelled(name, 0.01) for name in MODELLED))
    names = [one.event for one in found.events]
    assert len(set(names)) == len(names)
    lid = by_name(found)["eyelid_ptosis"]
    assert lid.origin == "both"
    assert lid.added.middle == pytest.approx(0.01)
    assert lid.check is not None
    assert lid.check.low < 16 / 665 < lid.check.high


def test_the_check_tells_whether_model_and_trials_agree():
    near, far = (by_name(answer(modelled("lid_ptosis", share)))["eyelid_ptosis"] for share in (0.024, 0.2))
    assert near.agrees
    assert not far.agrees


def test_without_the_model_the_rates_are_those_of_the_trials(counted):
    rates = {one.event: one for one in risks(case(), load())}
    for one in counted.events:
        assert one.origin == "counts"
        assert (one.added, one.blamed) == (rates[one.event].added, rates[one.event].blamed)


def test_headache_at_the_level_of_placebo_is_in_no_burden(counted):
    headache = by_name(counted)["headache"]
    assert not headache.blamed
    assert headache.total.middle == pytest.approx(0.113, abs=0.02)
    assert headache.placebo.middle == pytest.approx(0.114, abs=0.025)
    assert "headache" not in counted.total.counted
    assert counted.total.any.high < headache.total.low
    assert counted.total.any_cause.middle > headache.total.low


def test_the_total_is_that_of_its_events(counted):
    blamed = [one for one in counted.events if one.blamed and one.own]
    assert {one.event for one in blamed} == set(counted.total.counted)
    alone = [one.added.middle for one in blamed]
    assert max(alone) <= counted.total.any.middle <= counted.total.events.middle
    assert counted.total.events.middle == pytest.approx(sum(alone), rel=0.1)
    assert counted.total.days.middle == pytest.approx(sum(one.days for one in blamed), rel=0.15)
    whole = counted_whole(treated(case(), load()), load())
    assert whole == counted.total.trials
    assert whole.low < counted.total.any.middle < whole.high


def test_days_are_the_area_under_the_weeks():
    found = by_name(answer(modelled("diplopia", 0.05, first=3.0, held=20.0)))["diplopia"]
    assert sum(found.prevalence) == pytest.approx(found.days) == pytest.approx(1.0)
    trial = by_name(answer())["eyelid_ptosis"]
    assert sum(trial.prevalence) == pytest.approx(trial.days, rel=0.1)


def test_what_nobody_has_by_the_model_adds_nothing(counted):
    found = answer(*(modelled(name, 0.0) for name in MODELLED if name != "lid_ptosis"))
    assert found.total.counted == counted.total.counted
    assert found.total.any == counted.total.any


def test_the_placebo_part_is_that_of_trials_where_the_model_has_none():
    found = by_name(answer(modelled("brow_drop", 0.02), pattern="forehead-glabella-40u"))["brow_ptosis"]
    assert 0 < found.placebo.middle < 0.02
    assert found.total.middle == pytest.approx(found.placebo.middle + 0.02, abs=1e-3)


@pytest.mark.parametrize("pattern", ["glabella-20u", "masseter-48u", "blepharospasm-15u"])
def test_an_event_that_is_asked_about_is_told_or_said_to_be_unknown(pattern):
    found = answer(pattern=pattern)
    told = set(by_name(found))
    assert set(ASKED) == (told & set(ASKED)) | set(found.unknown)
    assert all(why.startswith("not known") for why in found.unknown.values())


def test_what_is_taken_over_from_other_products_is_in_no_total():
    found = answer(pattern="glabella-leti-20u")
    assert found.events
    assert not any(one.own for one in found.events)
    assert found.total.events == Rate(0.0, 0.0, 0.0)


def test_flu_like_complaints_of_type_b_are_told_with_placebo():
    asked = Treated("neck", "neck", "rima", 5000.0)
    base, active = expect("flu_like", asked, library=load())
    assert np.quantile(base, 0.05) < 1 / 36 < np.quantile(base, 0.95)
    assert np.quantile(active, 0.05) < 3 / 36 < np.quantile(active, 0.95)


def test_a_trait_is_told_and_changes_no_number():
    plain = case()
    told = replace(plain, patient=replace(plain.patient, health=Health(conditions=("ptosis", "dry_eye"))))
    assert [one.name for one in traits(told)] == ["ptosis", "dry_eye"]
    assert traits(plain) == []
    assert all("no counted figure" in one.words for one in traits(told))
    assert risks(told, load()) == risks(plain, load())


def test_every_event_of_a_trait_has_a_name_that_is_used():
    used = {*MODELLED.values(), *(one.event for one in adverse_counts())}
    everything = Health(**{group: tuple(names) for group, names in vocabulary().items()})
    plain = case()
    told = traits(replace(plain, patient=replace(plain.patient, health=everything)))
    assert len(told) > 10
    assert {event for one in told for event in one.events} <= used
