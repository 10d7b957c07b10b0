"""Slow flow of a fluid from a source through a porous grid (Darcy), and when it gets where."""

from __future__ import annotations

from functools import partial

import jax
import jax.numpy as jnp
from jax import Array

from endplate.solve.conjugate import solve_symmetric
from endplate.solve.diffusion import DIRECTIONS, beside, ends, flow, room

__all__ = ["PRESSURE", "arrival", "filled", "point_weights", "seep"]

PRESSURE = 1e-4  # relative residual of the pressure, unless told otherwise
_NEVER = 1e6
_MOST = 1000
_STILL = 1e-7


def point_weights(place: Array, shape: tuple[int, ...]) -> Array:
    """Weights of the eight voxels around a point, which sum to 1; linear in the place between centres.

    Parameters
    ----------
    place
        In voxels from the centre of the first one, shape (3,); or several points (n, 3), whose weights are summed.
    shape
        Of the grid.
    """
    points = jnp.atleast_2d(place)
    axes = [
        jnp.maximum(1 - jnp.abs(jnp.arange(count) - points[:, axis, None]), 0).astype(place.dtype)
        for axis, count in enumerate(shape)
    ]
    return jnp.einsum("ni,nj,nk->ijk", *axes)


@partial(jax.jit, static_argnames=("tolerance",))
def seep(source: Array, links: tuple[Array, ...], *, tolerance: float = PRESSURE) -> tuple[Array, ...]:
    """Flow through every link per flow out of the source, positive from its low to its high end.

    Parameters
    ----------
    source
        Share of the flow that springs in each voxel (X, Y, Z), with sum 1; 0 where nothing conducts.
    links
        Hydraulic conductance between voxels, see `endplate.solve.diffusion.make_links`.
    tolerance
        Largest relative residual of the pressure.

    Notes
    -----
    ``−∇·(K ∇p) = q`` with no pressure beyond the outer faces of the box, by conjugate gradients.
    """
    rim = _rim(links)
    pressure = solve_symmetric(
        lambda p: rim * p - flow(p, links), source, diagonal=rim + _around(links), tolerance=tolerance, most=_MOST
    )
    return tuple(
        rate * (pressure[low] - pressure[high]) for rate, (low, high) in zip(links, map(ends, DIRECTIONS), strict=False)
    )


@partial(jax.jit, static_argnames=("sweeps",))
def arrival(source: Array, flux: tuple[Array, ...], *, pore: Array, sweeps: int) -> tuple[Array, Array]:
    """Volume injected until the front leaves each voxel, and the voxel's share of the flow.

    Parameters
    ----------
    source, flux
        See `seep`.
    pore
        Volume that fluid fills in a voxel [mm³].
    sweeps
        Number of voxels that the front may pass on its way; what lies beyond stays dry.

    Returns
    -------
    volume, through : (X, Y, Z)
        [mm³] and [1].

    Notes
    -----
    ``u · ∇V = φ``, upwind. Flow runs down the pressure, so there are no loops and sweep n is
    exact for what lies n voxels from the source. One map serves every volume.
    """
    through = source + _inflow(flux, jnp.ones_like(source))
    wet = through > _STILL
    safe = jnp.where(wet, through, 1)

    def sweep(last: tuple[Array, Array], _: None) -> tuple[tuple[Array, Array], None]:
        # Only what comes from voxels that the front has passed counts: the residual of the pressure mimics flow.
        volume, passed = last
        known = source + _inflow(flux, passed)
        reached = wet & (known > 0.5 * safe)
        fresh = (_inflow(flux, passed * volume) + pore) / jnp.where(reached, known, 1)
        return (jnp.where(reached, fresh, 0), reached.astype(source.dtype)), None

    start = jnp.zeros_like(source), jnp.zeros_like(source)
    (volume, passed), _ = jax.lax.scan(sweep, start, None, length=sweeps)
    # Where the front never comes, what seems to flow is the residual of the pressure.
    return jnp.where(passed > 0, volume, _NEVER), jnp.where(passed > 0, through, 0)


def filled(volume: Array, arrived: tuple[Array, Array], *, pore: Array, front: Array | float = 0.0) -> Array:
    """Share of each voxel that is filled once a volume has been injected.

    Parameters
    ----------
    volume
        Injected [mm³].
    arrived, pore
        See `arrival`.
    front
        Volume over which the front is smeared besides the voxel's own, so that the share is smooth in the volume [mm³].
    """
    exit_volume, through = arrived
    own = pore / jnp.where(through > 0, through, 1)
    share = jnp.clip(0.5 + (volume - exit_volume + 0.5 * own) / (own + front), 0, 1)
    # Where the front is smeared its slopes have no kinks.
    smooth = share * share * (3 - 2 * share)
    return jnp.where(through > 0, jnp.where(jnp.asarray(front) > 0, smooth, share), 0)


def _inflow(flux: tuple[Array, ...], value: Array) -> Array:
    """What flows into each voxel of a value that the fluid carries."""
    framed, total = jnp.pad(value, 1), jnp.zeros_like(value)
    for direction, passed in zip(DIRECTIONS, flux, strict=False):
        for end, sign in ((0, 1), (1, -1)):
            gain = jnp.pad(jnp.maximum(-sign * passed, 0), room(direction, end))
            total += gain * beside(framed, direction, sign=sign)
    return total


def _around(links: tuple[Array, ...]) -> Array:
    """Sum of the rates of all links of each voxel."""
    parts = [
        jnp.pad(rate, room(direction, end))
        for direction, rate in zip(DIRECTIONS, links, strict=False)
        for end in (0, 1)
    ]
    return jnp.sum(jnp.stack(parts), axis=0)


def _rim(links: tuple[Array, ...]) -> Array:
    """Conductance through the outer faces, taken like that of the next face inside."""
    total = jnp.zeros_like(_around(links))
    for axis in range(3):
        first = tuple(slice(0, 1) if one == axis else slice(None) for one in range(3))
        last = tuple(slice(-1, None) if one == axis else slice(None) for one in range(3))
        total = total.at[first].add(links[axis][first]).at[last].add(links[axis][last])
    return total
