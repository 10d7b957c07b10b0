"""Other offers through a life: the treated twin's alone, and nothing without them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from endplate.errors import CaseError
from endplate.life import follow_life
from endplate.life.body import pattern_of
from endplate.life.file import parse_years
from endplate.life.template import years_template

OFFERS = '\n[[offers]]\nname = "filler"\nat = "1 year"\n[[offers]]\nname = "sunscreen"\nat = 0\n'


def text(offers: str = OFFERS) -> str:
    return (
        years_template("glabella-20u").replace("until = 70", "until = 34").replace("start = 35 ", "start = 30 ")
        + offers
    )


@pytest.fixture(scope="module")
def lives():
    """The same life with offers and without."""
    life = parse_years(text()).life
    pattern = pattern_of(life)
    return tuple(follow_life(one, pattern=pattern) for one in (life, replace(life, offers=())))


def test_offers_act_on_the_treated_twin_alone(lives):
    with_, without = lives
    assert with_.depth_rest.untreated == pytest.approx(without.depth_rest.untreated, abs=1e-12)
    assert with_.effort == pytest.approx(without.effort, abs=1e-12)
    ratio = with_.depth_rest.treated[:, 0] / without.depth_rest.treated[:, 0]
    before, after = with_.age < 31, (with_.age > 31.05) & (with_.age < 31.3)
    assert ratio[before] == pytest.approx(1, abs=0.02)
    assert np.all((ratio[after] > 0.3) & (ratio[after] < 0.5))
    assert np.all(np.diff(ratio[with_.age > 31.1]) > 0)


def test_sunscreen_keeps_skin_younger(lives):
    with_, without = lives
    assert np.all(with_.depth_effort.treated[-10:] < without.depth_effort.treated[-10:])


@pytest.mark.parametrize(
    ("more", "key"),
    [
        ('name = "local_anaesthetic"\nat = 0\nvolume = 0.1', "offers"),
        ('name = "acetyl_hexapeptide_8"\nat = 0\npermeation = 0.1', "offers"),
        ('name = "infrared"\nat = 0', "offers[0].name"),
    ],
)
def test_what_years_cannot_follow_is_refused(more, key):
    with pytest.raises(CaseError) as raised:
        parse_years(text(f"\n[[offers]]\n{more}\n"))
    assert [fault.key for fault in raised.value.faults] == [key]
