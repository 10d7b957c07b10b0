"""JAX itself: two of its releases sum wrongly on CPUs, silently (github.com/jax-ml/jax/issues/39103)."""

from __future__ import annotations

import jax
import jax.numpy as jnp


def test_compiled_sums_are_right():
    count = 2**14 + 1
    rows = jnp.stack([jnp.arange(count, dtype=jnp.float64), *(jnp.zeros(count),) * 2], axis=1)
    turn = jnp.eye(3)
    squares = jax.jit(jax.vmap(lambda row: jnp.sum((turn @ row) ** 2)))(rows)
    assert float(squares[-1]) == (count - 1) ** 2
