"""Library kinetics with doses in half-cleaving levels, and courses of one class of end plates."""

from __future__ import annotations

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from endplate.evidence import defaults, load
from endplate.kinetics import KineticsParameters, Schedule, Transmission, transmit
from endplate.solve.grid import time_grid

Course = Callable[..., tuple[np.ndarray, Transmission]]


@pytest.fixture(scope="session")
def terminal() -> Callable[..., KineticsParameters]:
    def build(serotype: str, **changes: float) -> KineticsParameters:
        known = defaults(KineticsParameters, load(), serotype=serotype, product="ona")
        values = known | {"potency": 1.0} | changes
        return KineticsParameters(**{name: jnp.asarray(value) for name, value in values.items()})

    return build


@pytest.fixture(scope="session")
def course() -> Course:
    """Times (N,) and what end plates do after the same median dose on each of some days."""
    jitted = jax.jit(transmit)

    def run(dose: float, given: np.ndarray, *, until: float, parameters: KineticsParameters):
        days = np.asarray(given, float)
        grid = time_grid(np.array([until]), days)
        schedule = Schedule(jnp.asarray(grid.steps), jnp.asarray(grid.event))
        share = jnp.ones((len(days), 1, 1, 1))
        total, density = jnp.full((1, 1, 1), dose), jnp.ones((1, 1))
        ends = jitted(total, share, density=density, schedule=schedule, parameters=parameters)
        return grid.times, jax.tree.map(lambda part: np.asarray(part)[:, 0, 0], ends)

    return run
