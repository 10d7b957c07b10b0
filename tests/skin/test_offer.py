"""How offers change the skin: when, which parameter, and nothing else; what of a cream gets through."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest

from endplate.case.patient import REGIONS
from endplate.evidence import defaults, load
from endplate.skin import (
    Changes,
    Effect,
    TopicalParameters,
    concentration_below,
    effect_strength,
    fold,
    permeation_for,
    spared_years,
    younger,
)

DAYS = jnp.arange(0.0, 2000.0, 10.0)
ONCE = Effect(-0.4, 100.0, np.inf, 400.0, 20.0, 60.0)
DAILY = Effect(-0.4, 100.0, 400.0, 400.0, 20.0, 60.0)


@pytest.mark.parametrize("effect", [ONCE, DAILY])
def test_an_effect_comes_stays_and_fades_to_nothing(effect):
    strength = np.asarray(effect_strength(DAYS, effect))
    assert np.all(strength[DAYS <= 100] == 0)
    assert strength[DAYS == 390][0] == pytest.approx(1, abs=1e-3)
    assert np.all(np.diff(strength[DAYS >= 400]) < 0)
    assert strength[-1] < 1e-9


def test_the_onset_of_a_single_treatment_goes_on_while_it_fades():
    filler = Effect(-0.4, 0.0, np.inf, 0.0, 1.0, 500.0)
    strength = effect_strength(jnp.asarray([0.0, 10.0, 500.0]), filler)
    assert np.asarray(strength) == pytest.approx([0, np.exp(-10 / 500), np.exp(-1)], rel=1e-3)


def changes(**named) -> Changes:
    one = jnp.ones((len(DAYS), len(REGIONS), 1))
    return Changes(**{name: one * named.get(name, 1.0) for name in Changes._fields})


@pytest.fixture(scope="module")
def lines(parameters, person):
    """Depth in effort and at rest of a woman of 50 with changed skin."""

    def run(found: Changes | None):
        effort = jnp.ones((len(DAYS), len(REGIONS), 1))
        skin = fold(effort, DAYS, person=person(50.0), parameters=parameters, changes=found)
        return np.asarray(skin.depth_effort), np.asarray(skin.depth_rest)

    return run


def test_changes_of_nothing_change_nothing(lines):
    for with_, without in zip(lines(changes()), lines(None), strict=True):
        assert with_ == pytest.approx(without, abs=1e-12)


@pytest.mark.parametrize("name", ["crease", "hydration"])
def test_what_fills_or_moistens_a_line_acts_at_rest_alone(lines, name):
    effort, rest = lines(changes(**{name: 0.6}))
    assert effort == pytest.approx(lines(None)[0], abs=1e-12)
    assert rest == pytest.approx(0.6 * lines(None)[1], rel=1e-9)


@pytest.mark.parametrize(("name", "factor"), [("thickness", 1.2), ("modulus", 0.8), ("natural_strain", 1.3)])
def test_what_changes_the_sheet_acts_on_the_furrow_at_once(lines, name, factor):
    effort, rest = lines(changes(**{name: factor}))
    assert np.all(np.abs(effort / lines(None)[0] - 1) > 1e-3)
    assert rest[0] == pytest.approx(lines(None)[1][0], rel=1e-9)


def test_tighter_skin_folds_less(lines):
    assert np.all(lines(changes(natural_strain=1.3))[0] < lines(None)[0])


def test_spared_years_are_those_of_the_law_of_ageing(parameters, person):
    years = (DAYS / 365.25)[:, None, None]
    spared = spared_years(years, changes=changes(sun=0.75))
    assert np.asarray(spared[-1, 0, 0]) == pytest.approx(0.25 * float(years[-1, 0, 0]))
    assert float(jnp.max(jnp.abs(spared_years(years, changes=changes())))) == 0
    age = younger(jnp.asarray(60.0), jnp.asarray(4.0), person=person(50.0, sun=[2.0]), parameters=parameters)
    assert float(age[0]) == pytest.approx(60 - 8 * float(parameters.sun_ageing))


def test_the_permeation_for_a_concentration_gives_that_concentration():
    p = TopicalParameters(**{key: jnp.asarray(v) for key, v in defaults(TopicalParameters, load()).items()})
    for share in (1e-6, 1e-3, 0.3):
        below = concentration_below(jnp.asarray(0.1), jnp.asarray(share), depth=jnp.asarray(4.0), parameters=p)
        back = permeation_for(below, jnp.asarray(0.1), depth=jnp.asarray(4.0), parameters=p)
        assert float(back) == pytest.approx(share, rel=1e-12)
    assert float(concentration_below(p.content, p.reaches_dermis, depth=jnp.asarray(4.0), parameters=p)) == 0
