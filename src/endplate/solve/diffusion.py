"""Diffusion with loss and uptake on a grid of cubes: conservative finite volumes.

Voxels exchange along links: to the six neighbours across faces and, where diffusion prefers an
oblique direction, to the twelve across edges. Every exchange enters one voxel and leaves
another, so nothing is lost, and all weights are ≥ 0, so nothing becomes negative.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple, Protocol

import jax
import jax.numpy as jnp
from jax import Array

from endplate.solve.conjugate import solve_symmetric

__all__ = [
    "DIRECTIONS",
    "Medium",
    "Stepper",
    "Tally",
    "across_links",
    "advance",
    "beside",
    "directional_weights",
    "ends",
    "euler_step",
    "evolve",
    "flow",
    "isotropic_weights",
    "longest_step",
    "make_links",
    "room",
    "settle",
    "spread_out",
    "super_step",
]

DIRECTIONS = ((1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0), (1, -1, 0), (1, 0, 1), (1, 0, -1), (0, 1, 1), (0, 1, -1))
_FACES = 3
_PAIRS = ((0, 1), (0, 2), (1, 2))


class Stepper(Protocol):
    """One step of pure diffusion."""

    def __call__(self, concentration: Array, links: tuple[Array, ...], *, step: Array) -> Array:
        """The concentration (X, Y, Z) after a step [day]."""
        ...


class Medium(NamedTuple):
    """What a substance meets in each voxel.

    links: rates of exchange along the first 3 or all 9 `DIRECTIONS` [1/day], see `make_links`.
    loss: rate of clearance, () or (X, Y, Z) [1/day].
    uptake: rate of uptake while nothing is taken up yet, () or (X, Y, Z) [1/day].
    capacity: amount per volume at which uptake stops, () or (X, Y, Z); None for linear uptake.
    """

    links: tuple[Array, ...]
    loss: Array
    uptake: Array
    capacity: Array | None = None


class Tally(NamedTuple):
    """Where the substance is at the end, per volume of voxel (X, Y, Z).

    concentration: still free; exposure: its integral over time [day × concentration];
    captured: taken up; cleared: lost.
    """

    concentration: Array
    exposure: Array
    captured: Array
    cleared: Array


def isotropic_weights(diffusivity: Array) -> Array:
    """The same diffusivity (X, Y, Z) along the three axes, shape (3, X, Y, Z)."""
    return jnp.stack([diffusivity] * _FACES)


def directional_weights(across: Array, along: Array, *, direction: Array) -> Array:
    """Weights of the lattice directions that make up a tensor aligned with fibres.

    Parameters
    ----------
    across, along
        Diffusivity across and along the fibres, () or (X, Y, Z) [mm²/day].
    direction
        Unit vectors along the fibres, shape (3, X, Y, Z); zero where there are none.

    Returns
    -------
    Array
        Shape (9, X, Y, Z) in the order of `DIRECTIONS` [mm²/day].

    Notes
    -----
    ``D = Σ w e eᵀ`` with lattice vectors e (Weickert 1998, Anisotropic Diffusion in Image Processing,
    section 3.4). For every direction all weights are ≥ 0 up to a ratio along/across of 2 + √3 = 3.73; beyond,
    negative ones are set to 0, which adds diffusion along the axes.
    """
    extra = along - across
    mixed = [extra * direction[i] * direction[j] for i, j in _PAIRS]
    axes = [
        across
        + extra * direction[axis] ** 2
        - sum(abs(one) for one, pair in zip(mixed, _PAIRS, strict=True) if axis in pair)
        for axis in range(_FACES)
    ]
    edges = [jnp.maximum(sign * one, 0) for one in mixed for sign in (1, -1)]
    return jnp.stack([*(jnp.maximum(axis, 0) for axis in axes), *edges])


def across_links(value: Array, join: Callable[[Array, Array], Array], *, count: int) -> tuple[Array, ...]:
    """`join` of the values at both ends of every link, for the first `count` of `DIRECTIONS`."""
    return tuple(join(value[low], value[high]) for low, high in (ends(one) for one in DIRECTIONS[:count]))


def make_links(weights: Array, spacing: float, *, resistance: tuple[Array, ...] | None = None) -> tuple[Array, ...]:
    """Rates of exchange between voxels.

    Parameters
    ----------
    weights
        Diffusivity of each voxel in each direction, shape (3 or 9, X, Y, Z) [mm²/day].
    spacing
        Edge of a voxel [mm].
    resistance
        Of thin sheets that the links cross, thickness over diffusivity, one array per
        direction [day/mm]; none if None.

    Returns
    -------
    tuple of Array
        For each direction, over all links that lie inside the grid [1/day]: the harmonic mean
        of both ends, in series with the sheet. The outer faces reflect.

    Examples
    --------
    >>> [link.shape for link in make_links(jnp.ones((3, 4, 5, 6)), 1.0)]
    [(3, 5, 6), (4, 4, 6), (4, 5, 5)]
    """
    rates: list[Array] = []
    for index, weight in enumerate(weights):
        low, high = ends(DIRECTIONS[index])
        total = weight[low] + weight[high]
        mean = jnp.where(total > 0, 2 * weight[low] * weight[high] / jnp.where(total > 0, total, 1), 0)
        if resistance is not None:
            mean = mean / (1 + mean * resistance[index] / spacing)
        rates.append(mean / spacing**2)
    return tuple(rates)


def flow(concentration: Array, links: tuple[Array, ...]) -> Array:
    """Net inflow into each voxel [1/day]: the discrete ∇·(D ∇c)."""
    # Each voxel looks at its neighbours in an array with a rim: one loop over voxels, a quarter of the time of sums of
    # padded fluxes.
    framed, total = jnp.pad(concentration, 1), jnp.zeros_like(concentration)
    for direction, rate in zip(DIRECTIONS, links, strict=False):
        for end, sign in ((0, 1), (1, -1)):
            total += jnp.pad(rate, room(direction, end)) * (beside(framed, direction, sign=sign) - concentration)
    return total


def beside(framed: Array, direction: tuple[int, ...], *, sign: int) -> Array:
    """The neighbours of all voxels at the high (1) or low (−1) end of links, in an array with a rim of one voxel."""
    return framed[tuple(slice(1 + sign * d, n - 1 + sign * d) for d, n in zip(direction, framed.shape, strict=True))]


def longest_step(links: tuple[Array, ...]) -> Array:
    """Longest stable explicit step [day]: what leaves a voxel in it is no more than there was."""
    out = sum(
        jnp.pad(rate, room(direction, 0)) + jnp.pad(rate, room(direction, 1))
        for direction, rate in zip(DIRECTIONS, links, strict=False)
    )
    return 1 / jnp.max(jnp.asarray(out))


def euler_step(concentration: Array, links: tuple[Array, ...], *, step: Array) -> Array:
    """One explicit Euler step of pure diffusion, stable up to `longest_step`."""
    return concentration + step * flow(concentration, links)


def super_step(stages: int) -> Stepper:
    """A step of `stages` ≥ 3 stages, of order two, stable up to (s² + s − 2)/4 times `longest_step`.

    Notes
    -----
    RKL2 of Meyer, Balsara and Aslam 2014, J Comput Phys 257:594, section 3. The shortest waves
    fade by about half in a step, so a start with sharp edges needs ten steps or more.
    """
    return partial(_legendre_step, stages=stages)


def _legendre_step(concentration: Array, links: tuple[Array, ...], *, step: Array, stages: int) -> Array:
    share = [1 / 3, 1 / 3, *((j * j + j - 2) / (2 * j * (j + 1)) for j in range(2, stages + 1))]
    width = 4 / (stages * stages + stages - 2)
    begun = step * flow(concentration, links)

    def stage(last: tuple[Array, Array], by: Array) -> tuple[tuple[Array, Array], None]:
        gain, back, fall = by
        before, now = last
        later = gain * now + back * before + (1 - gain - back) * concentration
        return (now, later + gain * width * (step * flow(now, links) - fall * begun)), None

    rows = [
        ((2 * j - 1) / j * share[j] / share[j - 1], (1 - j) / j * share[j] / share[j - 2], 1 - share[j - 1])
        for j in range(2, stages + 1)
    ]
    first = (concentration, concentration + share[1] * width * begun)
    (_, now), _ = jax.lax.scan(stage, first, jnp.asarray(rows, concentration.dtype))
    return now


def advance(tally: Tally, medium: Medium, *, step: Array, stepper: Stepper) -> Tally:
    """One step: half of loss and uptake, diffusion, the other half (Strang 1968)."""
    tally = _react(tally, medium, 0.5 * step)
    tally = tally._replace(concentration=stepper(tally.concentration, medium.links, step=step))
    return _react(tally, medium, 0.5 * step)


def _react(tally: Tally, medium: Medium, step: Array) -> Tally:
    """Loss and uptake at a point, exact where uptake is linear; else at the occupancy of mid-step."""
    free, uptake = tally.concentration, medium.uptake
    if medium.capacity is not None:
        rate = uptake * (1 - tally.captured / medium.capacity)
        middle = tally.captured + rate * _held(medium.loss + rate, 0.5 * step) * free
        uptake = jnp.maximum(uptake * (1 - middle / medium.capacity), 0)
    held = _held(medium.loss + uptake, step) * free
    lost, taken = medium.loss * held, uptake * held
    return Tally(free - lost - taken, tally.exposure + held, tally.captured + taken, tally.cleared + lost)


def _held(rate: Array, step: Array) -> Array:
    """∫ e^(−rate t) dt over the step."""
    safe = jnp.where(rate > 0, rate, 1)
    return jnp.where(rate > 0, -jnp.expm1(-safe * step) / safe, step)


def spread_out(start: Array, links: tuple[Array, ...], *, step: Array, steps: int, stepper: Stepper) -> Array:
    """Pure diffusion of a concentration (X, Y, Z) over some equal steps; see `evolve`."""

    @jax.checkpoint
    def one(now: Array, _: None) -> tuple[Array, None]:
        return stepper(now, links, step=step), None

    return jax.lax.scan(one, start, None, length=steps)[0]


@partial(jax.jit, static_argnames=("steps", "stepper"))
def evolve(start: Array, medium: Medium, *, days: Array, steps: int, stepper: Stepper = euler_step) -> Tally:
    """Follow a concentration over time.

    Parameters
    ----------
    start
        Concentration at the beginning, shape (X, Y, Z).
    medium
        What it meets.
    days, steps
        How long, and in how many equal steps; each must be stable, see `longest_step`.
    stepper
        `euler_step`, or `super_step` for fine grids.

    Notes
    -----
    Differentiable in reverse: steps are recomputed, so memory holds one array per step.
    """
    zero = jnp.zeros_like(start)
    width = jnp.asarray(days, start.dtype) / steps

    @jax.checkpoint
    def one(tally: Tally, _: None) -> tuple[Tally, None]:
        return advance(tally, medium, step=width, stepper=stepper), None

    done, _ = jax.lax.scan(one, Tally(start, zero, zero, zero), None, length=steps)
    return done


@partial(jax.jit, static_argnames=("tolerance",))
def settle(start: Array, medium: Medium, *, tolerance: float = 1e-6) -> Array:
    """Exposure after all the time in the world, for linear uptake, without steps in time.

    The integral A of c over time solves ``(k_clr + k_up) A − ∇·(D ∇A) = c(0)``: conjugate
    gradients need about ten products with the matrix, as loss outruns diffusion between voxels.

    Parameters
    ----------
    start
        Concentration at the beginning, shape (X, Y, Z).
    medium
        What it meets; the sum of loss and uptake must be > 0 everywhere, `capacity` is not used.
    tolerance
        Largest relative residual.
    """
    gone = jnp.broadcast_to(medium.loss + medium.uptake, start.shape)
    # The links are left out of the diagonal: loss outruns what diffuses between voxels.
    return solve_symmetric(
        lambda exposure: gone * exposure - flow(exposure, medium.links), start, diagonal=gone, tolerance=tolerance
    )


def ends(direction: tuple[int, ...]) -> tuple[tuple[slice, ...], tuple[slice, ...]]:
    """The voxels at the low and at the high end of all links in a direction."""
    near = {0: slice(None), 1: slice(None, -1), -1: slice(1, None)}
    return tuple(near[step] for step in direction), tuple(near[-step] for step in direction)


def room(direction: tuple[int, ...], end: int) -> tuple[tuple[int, int], ...]:
    """Padding that brings an array over links to the low (0) or high (1) end's voxels."""
    ends = [step if end == 0 else -step for step in direction]
    return tuple((0, 1) if step == 1 else (1, 0) if step == -1 else (0, 0) for step in ends)
