"""The product's kernel on a batch of units: kinetics and trophic state, daily force."""

from __future__ import annotations

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
from jax.sharding import Mesh, PartitionSpec
from workload import LAST, Units, parameters

from endplate.kinetics import KineticsParameters, Schedule, transmit
from endplate.muscle import MuscleParameters, trophic_state
from endplate.solve.cycle import Cycles, make_cycles
from endplate.solve.exponential import Path

Inputs = tuple[jax.Array, jax.Array, KineticsParameters, MuscleParameters, Cycles]


def force(inputs: Inputs) -> jax.Array:
    """Force on every day, shape (366, P)."""
    measure, share, kinetics, muscle, cycles = inputs
    steps = cycles.steps
    schedule = Schedule(steps, jnp.asarray(cycles.event))
    ends = transmit(measure, share, density=jnp.ones((1, 1), measure.dtype), schedule=schedule, parameters=kinetics)
    size = trophic_state(ends.whole, steps, parameters=muscle)
    value = ends.whole.value * size.value
    slope = ends.whole.slope * size.value + ends.whole.value * size.slope
    return cycles.daily(Path(value[:, 0], slope[:, 0]))


def inputs_of(units: Units, dtype: jax.typing.DTypeLike = jnp.float32) -> Inputs:
    """Arrays of a batch of units."""
    total = jnp.asarray(units.doses.sum(axis=0), dtype)[None, None]
    share = jnp.asarray(units.share, dtype)[:, None, None]
    return total, share, *parameters(units, dtype), make_cycles(units.days, LAST, dtype=dtype)


def on_all_devices(inputs: Inputs) -> Callable[[Inputs], jax.Array]:
    """`force` compiled with patients split over the host's devices."""
    mesh = Mesh(np.array(jax.devices()), ("patients",))
    count = inputs[0].shape[-1]

    def split(leaf: jax.Array) -> PartitionSpec:
        own = leaf.ndim and leaf.shape[-1] == count
        return PartitionSpec(*(None,) * (leaf.ndim - 1), "patients") if own else PartitionSpec()

    specs = jax.tree.map(split, inputs)
    out = PartitionSpec(None, "patients")
    return jax.jit(jax.shard_map(force, mesh=mesh, in_specs=(specs,), out_specs=out, check_vma=False))


def squared_miss(inputs: Inputs) -> jax.Array:
    """A scalar of all days and units, whose gradient is timed."""
    return jnp.mean(jnp.square(force(inputs)))
