"""What the arithmetic of one step costs in a loop that does nothing else; how fine the cloud of doses must be cut."""

from __future__ import annotations

import time
from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
from jax.scipy.special import erf
from ours import CHUNK, inputs_of
from workload import Units

import endplate.kinetics.endplate as kernel
import endplate.solve.quadrature as quadrature
from endplate.kinetics import Schedule, transmit

REPEATS = 2000


def step_seconds() -> float:
    """Seconds per node of dose and step of time, of the functions that a step cannot do without.

    Two exponentials, a logarithm, an error function, three divisions and 28 multiply-adds.
    """

    def step(y: jax.Array) -> jax.Array:
        decay, left = jnp.exp(-y), 1 / (1 + y)
        total = jnp.log(left) * decay + erf(left) / (y + 2) + jnp.exp(-left * left) / (y + 3)
        for i in range(28):
            total = total * y + 0.01 * i
        return total

    many = jax.jit(lambda y: jax.lax.fori_loop(0, REPEATS, lambda _, x: 0.5 + 1e-9 * step(x), y))
    block = jnp.full((len(quadrature.LOG_NODES), CHUNK), 0.5, jnp.float32)
    seconds = []
    for _ in range(4):
        begin = time.perf_counter()
        jax.block_until_ready(many(block))
        seconds.append(time.perf_counter() - begin)
    return min(seconds[1:]) / REPEATS / block.size


def quadrature_error(units: Units, steps: tuple[float, ...]) -> list[tuple[int, float, float]]:
    """(nodes, distance in ln dose, largest error of transmission over the year) against nodes 0.05 apart."""

    def whole() -> np.ndarray:
        (measure, share, kinetics, _), cycles = inputs_of(units, jnp.float64)
        schedule = Schedule(cycles.steps, jnp.asarray(cycles.event))
        ends = transmit(measure, share, density=jnp.ones((1, 1)), schedule=schedule, parameters=kinetics)
        return np.asarray(ends.whole.value)

    used, distance = quadrature.LOG_NODES, quadrature._STEP
    exact = _with_nodes(np.arange(-7.0, 11.0, 0.05), 0.05, whole)
    found = [(np.arange(used[0], used[-1] + 0.5 * step, step), step) for step in steps]
    rows = [(len(used), distance, float(np.abs(whole() - exact).max()))]
    rows += [(len(nodes), step, float(np.abs(_with_nodes(nodes, step, whole) - exact).max())) for nodes, step in found]
    return rows


def _with_nodes(nodes: np.ndarray, step: float, run: Callable[[], np.ndarray]) -> np.ndarray:
    old = quadrature.LOG_NODES, quadrature._STEP
    quadrature.LOG_NODES = kernel.LOG_NODES = nodes
    quadrature._STEP = step
    try:
        return run()
    finally:
        quadrature.LOG_NODES = kernel.LOG_NODES = old[0]
        quadrature._STEP = old[1]
