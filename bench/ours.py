"""The product's kernel on a batch of units: kinetics and trophic state, daily force."""

from __future__ import annotations

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
from jax.sharding import Mesh, NamedSharding, PartitionSpec
from workload import LAST, Units, parameters

from endplate.kinetics import KineticsParameters, Schedule, transmit
from endplate.muscle import MuscleParameters, trophic_state
from endplate.solve.cycle import Cycles, make_cycles
from endplate.solve.exponential import Path

Arguments = tuple[jax.Array, jax.Array, KineticsParameters, MuscleParameters]
Inputs = tuple[Arguments, Cycles]

CHUNK = 512  # patients per device and call; their state stays in the cache


def force(inputs: Inputs) -> jax.Array:
    """Force on every day, shape (366, P)."""
    (measure, share, kinetics, muscle), cycles = inputs
    steps = cycles.steps
    schedule = Schedule(steps, jnp.asarray(cycles.event))
    ends = transmit(measure, share, density=jnp.ones((1, 1), measure.dtype), schedule=schedule, parameters=kinetics)
    size = trophic_state(ends.whole, steps, parameters=muscle)
    value = ends.whole.value * size.value
    slope = ends.whole.slope * size.value + ends.whole.value * size.slope
    return cycles.daily(Path(value[:, 0], slope[:, 0]))


def inputs_of(units: Units, dtype: jax.typing.DTypeLike = jnp.float32) -> Inputs:
    """Arrays of a batch of units that get the same number of doses."""
    total = jnp.asarray(units.doses.sum(axis=0), dtype)[None, None]
    share = jnp.asarray(units.share, dtype)[:, None, None]
    return (total, share, *parameters(units, dtype)), make_cycles(units.days, LAST, dtype=dtype)


def forces(units: Units, run: Callable[[Inputs], jax.Array], dtype: jax.typing.DTypeLike = jnp.float32) -> np.ndarray:
    """Force of all units, shape (P, 366), by one call for each number of doses."""
    return np.concatenate([np.asarray(run(inputs_of(group, dtype))).T for group in units.groups()])


def on_all_devices() -> Callable[[Inputs], jax.Array]:
    """`force` compiled with patients split over the host's devices; see `place`."""

    def run(inputs: Inputs) -> jax.Array:
        specs = jax.tree.map(_split, inputs)
        out = PartitionSpec(None, "patients")
        return jax.shard_map(force, mesh=_mesh(), in_specs=(specs,), out_specs=out, check_vma=False)(inputs)

    return jax.jit(run)


def place(inputs: Inputs) -> Inputs:
    """The inputs with patients, always the last axis, split over the devices."""
    return jax.tree.map(lambda leaf: jax.device_put(leaf, NamedSharding(_mesh(), _split(leaf))), inputs)


def _mesh() -> Mesh:
    return Mesh(np.array(jax.devices()), ("patients",))


def _split(leaf: jax.Array) -> PartitionSpec:
    return PartitionSpec(*(None,) * (leaf.ndim - 1), "patients")


def squared(arguments: Arguments, cycles: Cycles) -> jax.Array:
    """A scalar of all days and units, whose gradient in doses and all parameters is timed."""
    return jnp.mean(jnp.square(force((arguments, cycles))))
