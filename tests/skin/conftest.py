"""Parameters and people for the skin."""

from __future__ import annotations

import jax.numpy as jnp
import pytest

from endplate.case.patient import REGIONS
from endplate.evidence import defaults, load
from endplate.skin import Person, SkinParameters


@pytest.fixture(scope="session")
def parameters() -> SkinParameters:
    values = defaults(SkinParameters, load(), regions=REGIONS)
    return SkinParameters(**{name: jnp.asarray(value) for name, value in values.items()})


@pytest.fixture(scope="session")
def person():
    """Make typical women of the given ages; anything can be changed by name."""

    def make(*ages: float, **changes) -> Person:
        age = jnp.asarray(ages, float)
        one = jnp.ones_like(age)
        typical = {
            "age": age,
            "female": one,
            "dermis": one,
            "sun": one,
            "smoking": 0 * one,
            "habit": jnp.ones((len(REGIONS), len(ages))),
            "muscle_thickness": jnp.array([1.476, 1.5, 1.0, 1.0, 1.09, 1.09, 2.0, 1.218, 1.218, 4.0, 1.0, 1.0]),
            "resting_depth": jnp.full((len(REGIONS), len(ages)), jnp.nan),
        }
        return Person(**{**typical, **{name: jnp.asarray(value) for name, value in changes.items()}})

    return make
