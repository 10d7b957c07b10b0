"""Plans of several sessions, against every end plate solved on its own."""

from __future__ import annotations

import equinox
import jax.numpy as jnp
import numpy as np
import pytest

from endplate.case import Injection, Patient, Plan, anatomy, endplates, product
from endplate.course import ClosedForm, default_parameters, simulate
from endplate.kinetics import Schedule, transmit
from endplate.solve.grid import time_grid
from endplate.spread import capture

ONA = product("ona")
DAYS = np.arange(0.0, 200.0, 2.0)
# Sprouts answer to the whole muscle, so they would hide what is compared.
BARE = equinox.tree_at(lambda p: p.kinetics.sprout_weight, default_parameters(ONA), jnp.asarray(0.0))


def session(day: float, shift: float, share: float) -> tuple[Injection, ...]:
    """The label sites of the glabella, all moved upwards."""
    shots = anatomy().patterns["glabella-20u"].shots
    tips = [anatomy().sites[shot.site].tip for shot in shots]
    return tuple(
        Injection((x, y + shift, z), 4.0 * share, shot.volume, day) for shot, (x, y, z) in zip(shots, tips, strict=True)
    )


def one_by_one(plan: Plan, name: str) -> np.ndarray:
    """Transmission of one muscle with each end plate as a patient of its own."""
    points, weights = endplates(anatomy().muscle(name))
    given = plan.injections
    each = capture(
        jnp.asarray(points)[..., None],
        jnp.asarray([one.site for one in given]),
        doses=jnp.asarray([one.dose for one in given]),
        volumes=jnp.asarray([one.volume for one in given]),
        parameters=BARE.spread,
    )[..., 0]
    captured = np.stack([np.asarray(each)[np.array(plan.session) == index].sum(0) for index in range(len(plan.days))])
    most = captured.max(0)
    share = np.divide(captured, most, out=np.zeros_like(captured), where=most > 0)
    grid = time_grid(DAYS, np.array(plan.days))
    ends = transmit(
        jnp.asarray(most)[None, None],
        jnp.asarray(share)[:, None, None],
        density=jnp.ones((1, 1)),
        schedule=Schedule(jnp.asarray(grid.steps), jnp.asarray(grid.event)),
        parameters=BARE.kinetics,
    )
    return np.asarray(ends.whole.value)[grid.output, 0] @ weights


@pytest.fixture(scope="module")
def compare():
    def largest(plan: Plan) -> float:
        course = simulate(plan, Patient(), days=DAYS, parameters=BARE, spread=ClosedForm())
        error = {
            name: np.abs(np.asarray(course.transmission)[:, course.muscle(name), 0] - one_by_one(plan, name)).max()
            for name in ("procerus", "corrugator_supercilii.left", "frontalis_central.left")
        }
        print({name: f"{value:.1e}" for name, value in error.items()})
        return max(error.values())

    return largest


def test_repeated_patterns_are_exact(compare):
    assert compare(Plan(ONA, session(0.0, 0.0, 1.0) + session(84.0, 0.0, 0.5))) < 1e-6


def test_shifted_patterns_are_exact(compare):
    """The same sites, 5 mm higher the second time: each end plate has a history of its own."""
    plan = Plan(ONA, session(0.0, 0.0, 1.0) + session(84.0, 5.0, 1.0))
    assert not plan.one_pattern
    assert compare(plan) < 1e-6
