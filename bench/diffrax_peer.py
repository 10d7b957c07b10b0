"""diffrax on the same equations, units vmapped; free toxin in closed form, steps clipped at the doses."""

from __future__ import annotations

from collections.abc import Callable

import diffrax
import jax
import jax.numpy as jnp
import numpy as np
from equations import DAYS, SCALE
from jax.scipy.special import ndtr
from workload import Units

Array = jax.Array


def diffrax_solver(name: str, units: Units) -> Callable[[float], np.ndarray]:
    """A function from rtol to the daily force of all units, shape (P, 366)."""
    names = sorted(units.values)
    q = jnp.stack([jnp.asarray(units.values[key]) for key in names])
    arrays = (q, jnp.asarray(units.weights), jnp.asarray(units.share), jnp.asarray(units.days))

    @jax.jit
    def run(rtol: Array, arrays: tuple[Array, ...]) -> Array:
        def one(values: Array, *rest: Array) -> Array:
            return _solve(dict(zip(names, values, strict=True)), *rest, name=name, rtol=rtol)

        return jax.vmap(one, in_axes=(1, 1, 1, 1))(*arrays)

    return lambda rtol: np.asarray(run(jnp.asarray(rtol), arrays))


def _transmission(q: dict[str, Array], weights: Array, intact: Array, sprout: Array) -> tuple[Array, Array]:
    margin, spread = jnp.log(q["safety_factor"]), q["safety_factor_spread"]
    p = ndtr((margin + q["release_exponent"] * jnp.log(jnp.maximum(intact, 1e-30))) / spread) / ndtr(margin / spread)
    parent = 1 - (1 - p) @ weights
    return parent + (1 - parent) * q["sprout_weight"] * sprout, parent


def _solve(q: dict[str, Array], weights: Array, share: Array, days: Array, *, name: str, rtol: Array) -> Array:
    removal = q["clearance_rate"] + q["uptake_rate"]
    turnover, loss = jnp.log(2) / q["snare_half_life"], jnp.log(2) / q["light_chain_half_life"]

    def slope(t: Array, y: Array, _: None) -> Array:
        since = t - days
        free = jnp.sum(jnp.where(since >= 0, share * jnp.exp(-removal * jnp.maximum(since, 0)), 0)) * removal
        bound, inside, light, sprout, size = y[:5]
        whole, parent = _transmission(q, weights, y[5:], sprout)
        rate = (1 - whole) / q["atrophy_time"] + whole / q["recovery_time"]
        head = [
            free - q["internalisation_rate"] * bound,
            q["internalisation_rate"] * bound - q["translocation_rate"] * inside,
            q["translocation_rate"] * inside - loss * light,
            q["sprout_growth_rate"] * (1 - parent) * (1 - sprout) - q["sprout_retraction_rate"] * parent * sprout,
            (1 - q["atrophy_limit"] * (1 - whole) - size) * rate,
        ]
        return jnp.concatenate([jnp.stack(head), turnover * (1 - y[5:] * (1 + SCALE * light))])

    control = diffrax.ClipStepSizeController(diffrax.PIDController(rtol=rtol, atol=1e-3 * rtol), jump_ts=days)
    found = diffrax.diffeqsolve(
        diffrax.ODETerm(slope),
        getattr(diffrax, name)(),
        0.0,
        float(DAYS[-1]),
        1e-3,
        jnp.concatenate([jnp.zeros(4), jnp.ones(1 + len(SCALE))]),
        saveat=diffrax.SaveAt(ts=jnp.asarray(DAYS)),
        stepsize_controller=control,
        max_steps=100_000,
        throw=False,
    )
    return jax.vmap(lambda y: _transmission(q, weights, y[5:], y[3])[0] * y[4])(found.ys)
