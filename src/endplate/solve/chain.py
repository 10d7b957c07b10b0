"""A chain of first-order steps, solved exactly by its modes.

``y₀' = −λ₀ y₀``, ``yᵢ' = fᵢ₋₁ yᵢ₋₁ − λᵢ yᵢ``: the last member is a sum of exponentials with
constant weights, so repeated doses only add to the amplitudes.
"""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import Array

__all__ = ["Chain", "Level", "member_weights", "respond"]

_CLOSEST = 1e-3


class Chain(NamedTuple):
    """Rates of a chain: `loss` of each member (total, ≥ 0) and `feed` of each into the next."""

    loss: Array
    feed: Array


class Level(NamedTuple):
    """The last member at the nodes of a grid, and its exact integral over each step."""

    value: Array
    area: Array


def _apart(loss: Array) -> Array:
    """Nudge rates that almost coincide by 0.1 %, since the modes need distinct ones."""
    rates = list(loss)
    for _ in rates:
        for i in range(len(rates)):
            for j in range(i):
                close = jnp.abs(rates[i] - rates[j]) < _CLOSEST * jnp.maximum(rates[i], rates[j])
                rates[i] = jnp.where(close, rates[j] * (1 + 2 * _CLOSEST), rates[i])
    return jnp.stack(rates)


def member_weights(chain: Chain, member: int = -1) -> tuple[Array, Array]:
    """Rates and weights of the modes of one member after a unit dose into the first.

    Parameters
    ----------
    chain
        loss (n, P), feed (n − 1, P).
    member
        Which member; the last by default.

    Returns
    -------
    tuple
        rates λ (m, P) and weights w (m, P): ``y(t) = Σ w exp(−λ t)``.
    """
    count = chain.loss.shape[0] if member == -1 else member + 1
    rates = _apart(chain.loss)[:count]
    gain = jnp.prod(chain.feed[: count - 1], axis=0)
    gaps = (
        rates[None, :]
        - rates[:, None]
        + jnp.eye(count, dtype=rates.dtype).reshape(count, count, *(1,) * (rates.ndim - 1))
    )
    return rates, gain / jnp.prod(gaps, axis=1)


def respond(chain: Chain, steps: Array, *, doses: Array, switch: tuple[Array, Chain] | None = None) -> Level:
    """The last member after doses given at the nodes of a grid.

    Parameters
    ----------
    chain
        loss (n, P), feed (n − 1, P) [1/day].
    steps
        Step lengths (N − 1,) or (N − 1, P) [day].
    doses
        Dose into the first member at each node, shape (N, …, P).
    switch
        Node flags (N,) and a second chain that holds from the first flagged node on; the
        two may differ in the loss of the first member only.

    Returns
    -------
    Level
        value (N, …, P), area (N − 1, …, P).
    """
    rates, weight = member_weights(chain)
    flags, late_rates, late_weight = jnp.zeros(doses.shape[0], bool), rates, weight
    if switch is not None:
        flags = switch[0]
        late_rates, late_weight = member_weights(switch[1])
    broad = (len(rates), *(1,) * (doses.ndim - 2), -1)
    rates, weight, late_rates, late_weight = (part.reshape(broad) for part in (rates, weight, late_rates, late_weight))

    def add(modes: Array, dose: Array, flag: Array) -> Array:
        return modes + (weight if switch is None else jnp.where(flag, late_weight, weight)) * dose

    def advance(modes: Array, now: tuple[Array, Array, Array, Array]) -> tuple[Array, tuple[Array, Array]]:
        step, dose, before, after = now
        rate = rates if switch is None else jnp.where(before, late_rates, rates)
        gone = -jnp.expm1(-rate * step)
        held = jnp.where(rate > 0, gone / jnp.where(rate > 0, rate, 1), step)
        area = jnp.sum(modes * held, axis=0)
        modes = modes * (1 - gone)
        level = jnp.sum(modes, axis=0)
        if switch is not None:
            first = modes[0] / weight[0]
            modes = jnp.where(after & ~before, modes + (late_weight - weight) * first, modes)
        return add(modes, dose, after), (level, area)

    start = add(jnp.zeros((len(rates), *doses.shape[1:]), doses.dtype), doses[0], flags[0])
    _, (levels, areas) = jax.lax.scan(advance, start, (steps, doses[1:], flags[:-1], flags[1:]))
    return Level(jnp.concatenate([jnp.zeros_like(doses[:1]), levels]), areas)
