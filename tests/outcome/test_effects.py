"""Smile, gaze and groups of muscles."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from endplate.outcome import RECTI, smile_asymmetry, unfused, weighted_loss
from endplate.population.effects import default_effect_parameters

share = st.floats(0.0, 1.0)
PARAMETERS = default_effect_parameters()


def pull(left: float, right: float):
    return smile_asymmetry(jnp.asarray([[[left], [right]]]), parameters=PARAMETERS)


def gaze(**weak: float):
    """Force of all straight muscles of both eyes, of the left one as told."""
    force = np.ones((len(RECTI), 1, 2, 1))
    for name, left in weak.items():
        force[RECTI.index(name), 0, 0, 0] = left
    return float(unfused(jnp.asarray(force), parameters=PARAMETERS)[0, 0])


@given(left=share, right=share)
def test_a_smile_is_as_uneven_as_its_sides_differ(left, right):
    assert float(pull(left, right)[0, 0]) == pytest.approx(float(PARAMETERS.smile_excursion) * abs(left - right))
    assert float(pull(left, left)[0, 0]) == 0


@given(strong=share, weaker=share)
def test_a_weaker_muscle_leads_the_eyes_further_apart(strong, weaker):
    for name in RECTI:
        assert gaze(**{name: strong * weaker}) >= gaze(**{name: strong}) - 1e-6


def test_weak_outward_muscles_show_sooner_than_weak_inward_ones():
    """Eyes can converge on what lies apart, and hardly diverge."""
    assert gaze(lateral_rectus=0.8) > 1 > gaze(lateral_rectus=0.95)
    assert gaze(lateral_rectus=0.8) > gaze(medial_rectus=0.8)
    assert gaze() == 0


def test_both_eyes_looking_down_together_is_no_double_vision():
    force = np.ones((len(RECTI), 1, 2, 1))
    force[RECTI.index("superior_rectus")] = 0.5
    assert float(unfused(jnp.asarray(force), parameters=PARAMETERS)[0, 0]) == pytest.approx(0.0, abs=1e-6)


@given(one=share, other=share, area=st.floats(0.1, 10.0))
def test_a_group_loses_between_its_members(one, other, area):
    lost = float(weighted_loss(jnp.asarray([one, other]), jnp.asarray([area, 1.0])))
    assert min(1 - one, 1 - other) - 1e-6 <= lost <= max(1 - one, 1 - other) + 1e-6
