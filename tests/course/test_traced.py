"""Sites, volumes and parameters of spread that JAX traces: layered tissue solved within the program."""

from __future__ import annotations

import equinox
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from endplate.case import Injection, Patient, Plan, product
from endplate.course import default_parameters, simulate, tissue_responses
from endplate.errors import InvalidRequest

PRODUCT = product("ona")
PLACE = np.array([13.3, 22.26, -2.3, 0.1])  # site [mm] and volume [mL], away from the middles and edges of voxels
MUSCLES = ("corrugator_supercilii", "procerus", "orbicularis_oculi_medial")


def plan_at(place, dose=4.0):
    return Plan(PRODUCT, (Injection((place[0], place[1], place[2]), dose, place[3], 0.0),))


def captured(place):
    """Mean dose captured by three muscles of each side [half-cleaving levels]."""
    course = simulate(plan_at(place), Patient(), days=[0.0])
    names = [f"{stem}.{side}".replace("procerus.left", "procerus") for stem in MUSCLES for side in ("left", "right")]
    rows = [course.muscle(name.replace("procerus.right", "procerus")) for name in names]
    return course.captured[0, jnp.array(rows), 0], course.status


FOLLOWED = jax.jit(captured)


def test_a_traced_site_gets_what_a_number_gets():
    traced, status = FOLLOWED(jnp.asarray(PLACE))
    plain, _ = captured([float(one) for one in PLACE])
    assert int(status[0]) == 0
    assert np.asarray(traced) == pytest.approx(np.asarray(plain), rel=2e-3, abs=1e-3 * float(plain.max()))


def test_the_other_side_is_the_mirror_image():
    left, right = (np.asarray(FOLLOWED(jnp.asarray(PLACE * [sign, 1, 1, 1]))[0]) for sign in (1, -1))
    assert right.reshape(-1, 2)[:, ::-1].ravel() == pytest.approx(left, rel=1e-4, abs=1e-6 * left.max())


@pytest.mark.parametrize("place", [[0.0, 45.0, -20.0, 0.1], [13.3, 22.26, -2.3, 0.0], [13.3, 22.26, -2.3, 5.0]])
def test_what_makes_no_sense_is_told_by_the_status(place):
    _, status = FOLLOWED(jnp.asarray(place))
    assert int(status[0]) != 0


def test_what_is_known_while_a_program_is_written_is_refused_then():
    known = default_parameters(PRODUCT)

    def seen(rate):
        rates = equinox.tree_at(lambda p: p.spread.clearance_rate, known, rate)
        return simulate(plan_at([0.0, 45.0, -20.0, 0.1]), Patient(), parameters=rates, days=[0.0]).force.sum()

    with pytest.raises(InvalidRequest, match="in bone"):
        jax.grad(seen)(known.spread.clearance_rate)
    with pytest.raises(InvalidRequest, match="clearance_rate of spread differ"):
        jax.jit(seen)(jnp.ones(3))


@pytest.mark.slow
def test_slopes_in_site_volume_and_a_parameter_of_spread_agree_with_differences():
    known = default_parameters(PRODUCT)

    def seen(place, clearance):
        rates = equinox.tree_at(lambda p: p.spread.clearance_rate, known, clearance)
        course = simulate(plan_at(place), Patient(), parameters=rates, days=[0.0])
        return course.captured[0, course.muscle("corrugator_supercilii.left"), 0]

    value = jax.jit(seen)
    slope, own = jax.jit(jax.grad(seen, argnums=(0, 1)))(jnp.asarray(PLACE), known.spread.clearance_rate)
    for axis, width in enumerate((0.05, 0.05, 0.05, 0.003)):
        step = width * np.eye(4)[axis]
        ends = [float(value(jnp.asarray(PLACE + sign * step), known.spread.clearance_rate)) for sign in (1, -1)]
        difference = (ends[0] - ends[1]) / (2 * width)
        print(f"slope {float(slope[axis]):.4g}, by differences {difference:.4g}")
        # A place where a slope is almost 0 is no place to ask for its relative error.
        least = 1e-3 * float(jnp.abs(slope[:3]).max())
        assert float(slope[axis]) == pytest.approx(difference, rel=0.02, abs=least)
    up, down = (float(value(jnp.asarray(PLACE), known.spread.clearance_rate + sign * 0.02)) for sign in (1, -1))
    assert float(own) == pytest.approx((up - down) / 0.04, rel=0.01)


def test_dose_is_traced_through_kept_responses():
    """No tissue is solved again for a slope in dose; the captured dose is linear in it."""
    spread = tissue_responses(plan_at(PLACE.tolist()))

    def seen(dose, model=None):
        course = simulate(plan_at(PLACE.tolist(), dose), Patient(), days=[0.0], spread=model)
        return course.captured[0, course.muscle("corrugator_supercilii.left"), 0]

    slope = float(jax.grad(seen)(4.0))
    assert slope == pytest.approx(float(seen(4.0, spread)) / 4.0, rel=1e-6)
