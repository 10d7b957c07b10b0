"""Products and plans."""

from __future__ import annotations

from dataclasses import replace

import pytest

from endplate.case import Injection, Plan, product, products
from endplate.errors import InvalidRequest
from endplate.units import PRODUCTS

ONA = product("ona")
SITE = Injection((0.0, 10.0, -3.4), 4.0, 0.1, day=0.0)


class Traced:
    """A number that cannot be compared, as while JAX traces a function."""

    def __eq__(self, other):
        raise TypeError

    __hash__ = None

    def __add__(self, other):
        return self

    __radd__ = __add__


def test_every_product_has_its_own_unit():
    assert tuple(products()) == PRODUCTS
    assert {one.unit for one in products().values()} == {f"U_{code}" for code in PRODUCTS}
    assert {one.serotype: one.snare for one in products().values()} == {"A": "SNAP-25", "B": "VAMP", "E": "SNAP-25"}


def test_an_unknown_product_names_the_nearest():
    with pytest.raises(InvalidRequest, match="did you mean 'ona'"):
        product("onna")


def test_sessions_are_the_distinct_days():
    plan = Plan(ONA, (replace(SITE, day=84.0), SITE, replace(SITE, dose=2.0)))
    assert plan.days == (0.0, 84.0)
    assert plan.session == (1, 0, 0)
    assert plan.total_dose == (6.0, 4.0)


def test_one_pattern_scaled_by_one_factor():
    first = (SITE, replace(SITE, site=(1.0, 10.0, -3.4), dose=2.0))
    later = tuple(replace(one, day=84.0, dose=1.5 * one.dose) for one in first)
    assert Plan(ONA, first + later).one_pattern
    assert not Plan(ONA, (*first, replace(later[0], dose=4.0), later[1])).one_pattern
    assert not Plan(ONA, first + later[:1]).one_pattern
    assert not Plan(ONA, (*first, later[0], replace(later[1], volume=0.2))).one_pattern
    assert not Plan(ONA, (*first, later[0], replace(later[1], site=(2.0, 10.0, -3.4)))).one_pattern
    assert Plan(ONA, first).one_pattern


def test_numbers_may_be_traced():
    dose = Traced()
    plan = Plan(ONA, (replace(SITE, dose=dose), replace(SITE, dose=dose, day=84.0)))
    assert plan.one_pattern
    assert len(plan.total_dose) == 2
    assert not Plan(ONA, (SITE, replace(SITE, dose=dose, day=84.0))).one_pattern
