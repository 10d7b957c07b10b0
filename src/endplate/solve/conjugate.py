"""Large symmetric systems on grids, by conjugate gradients."""

from __future__ import annotations

from collections.abc import Callable

import jax
import jax.numpy as jnp
from jax import Array

__all__ = ["solve_symmetric"]

_State = tuple[Array, Array, Array, Array, Array]


def solve_symmetric(
    apply: Callable[[Array], Array],
    right: Array,
    *,
    diagonal: Array,
    tolerance: float,
    most: int = 1000,
) -> Array:
    """Solve ``A x = b`` on a grid (X, Y, Z) for a symmetric, positive operator.

    Parameters
    ----------
    apply, right
        A and b.
    diagonal
        Of A (X, Y, Z), or what comes near it; where it is 0, so must be b, and x is 0.
    tolerance
        Largest residual over b, both with each square divided by the diagonal.
    most
        Iterations.

    Notes
    -----
    Conjugate gradients, preconditioned by the diagonal. Differentiable in both directions: a slope solves one more
    system.

    Examples
    --------
    >>> found = solve_symmetric(lambda x: 4 * x, jnp.ones((2, 2, 2)), diagonal=jnp.ones((2, 2, 2)), tolerance=1e-6)
    >>> float(found[0, 0, 0])
    0.25
    """
    scale = jnp.where(diagonal > 0, 1 / jnp.where(diagonal > 0, diagonal, 1), 0)

    def solve(matrix: Callable[[Array], Array], b: Array) -> Array:
        first = scale * b
        least = tolerance * tolerance * _dot(b, first)

        def unsolved(state: _State) -> Array:
            return (state[3] > least) & (state[4] < most)

        def step(state: _State) -> _State:
            x, rest, way, size, count = state
            moved = matrix(way)
            far = size / _dot(way, moved)
            x, rest = x + far * way, rest - far * moved
            turned = scale * rest
            fresh = _dot(rest, turned)
            return x, rest, turned + fresh / size * way, fresh, count + 1

        rest = b - matrix(first)
        turned = scale * rest
        start = (first, rest, turned, _dot(rest, turned), jnp.zeros((), jnp.int32))
        return jax.lax.while_loop(unsolved, step, start)[0]

    return jax.lax.custom_linear_solve(apply, right, solve=solve, transpose_solve=solve, symmetric=True)


def _dot(one: Array, other: Array) -> Array:
    # Sums of rows first: one long sum keeps a processor waiting for itself.
    return jnp.sum(jnp.einsum("ijk,ijk->ij", one, other))
