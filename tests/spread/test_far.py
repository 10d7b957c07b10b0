"""Far from the needle nothing is captured, and never less than nothing."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np

from endplate.case import product
from endplate.course.parameters import default_parameters
from endplate.spread import capture


def test_capture_is_never_negative_far_from_the_needle():
    p = default_parameters(product("ona")).spread
    places = jnp.asarray(np.random.default_rng(3).uniform(-120, 120, (4000, 3)))[..., None]
    got = capture(places, jnp.zeros((1, 3)), doses=jnp.asarray([2.0]), volumes=jnp.asarray([0.1]), parameters=p)
    assert float(got.min()) >= 0
    assert float(got.max()) > 0
