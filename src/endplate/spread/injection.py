"""An injection into layered tissue: where the fluid goes while the plunger moves, and what is captured in the end."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import equinox
import jax
import jax.numpy as jnp
from jax import Array

from endplate.solve.diffusion import settle, spread_out, super_step
from endplate.solve.geometry import ball_surface
from endplate.solve.seepage import PRESSURE, arrival, filled, point_weights, seep
from endplate.spread.parameters import SpreadParameters
from endplate.spread.tissue import Layers, permeability_links, tissue_medium
from endplate.units import CUBIC_MM_PER_ML

__all__ = ["Needle", "Numerics", "deposit", "unit_capture"]


class Needle(NamedTuple):
    """Where it stands, in voxels from the centre of the first one, and what it gives.

    tip: shape (3,); entry: where it pierces the skin, shape (3,); volume: () [mL].
    """

    tip: Array
    entry: Array
    volume: Array


class Numerics(equinox.Module):
    """How finely an injection is solved.

    steps, stages: of dispersion; track: voxels along it; sweeps: of the front; tolerance: see `seep`.
    """

    steps: int = equinox.field(static=True)
    stages: int = equinox.field(static=True)
    track: int = equinox.field(static=True)
    sweeps: int = equinox.field(static=True)
    tolerance: float = equinox.field(static=True, default=PRESSURE)


@partial(jax.jit, static_argnames=("spacing", "numerics"))
def deposit(
    needle: Needle, layers: Layers, *, spacing: float, parameters: SpreadParameters, numerics: Numerics
) -> Array:
    """Toxin per volume of tissue right after an injection of one unit, shape (X, Y, Z) [1/mm³].

    The fluid seeps from the tip along the way of least resistance (Darcy) and fills the
    accessible fraction of the tissue, so that bone, dermis and fascia turn it sideways. A part
    stays along the track and a part leaves through the puncture. Dispersion blurs the whole,
    as permeability allows.

    Parameters
    ----------
    needle
        One injection.
    layers
        The tissue.
    spacing
        Edge of a voxel [mm].
    parameters
        Spread parameters.
    numerics
        How finely it is solved.
    """
    p, shape = parameters, layers.muscle.shape
    voxel = spacing * spacing * spacing
    open_tissue = layers.skin + layers.fat + layers.muscle
    links = permeability_links(layers, spacing, parameters=p)
    source = _inside(point_weights(needle.tip, shape), open_tissue)
    pore, volume = p.accessible_fraction * voxel, needle.volume * CUBIC_MM_PER_ML
    flux = seep(source, links, tolerance=numerics.tolerance)
    arrived = arrival(source, flux, pore=pore, sweeps=numerics.sweeps)
    shell = pore / (voxel / spacing) * ball_surface(volume / p.accessible_fraction)
    bolus = filled(volume, arrived, pore=pore, front=shell) * open_tissue
    way = needle.entry + jnp.linspace(0, 1, numerics.track)[:, None] * (needle.tip - needle.entry)
    track = _inside(point_weights(way, shape), open_tissue)
    stays = (1 - p.track_share) * bolus / jnp.sum(bolus) + p.track_share * track
    step, stepper = 0.5 * p.front_dispersion**2 / numerics.steps, super_step(numerics.stages)
    blurred = spread_out(stays, links, step=step, steps=numerics.steps, stepper=stepper)
    return (1 - p.leak_share) * blurred / voxel


@partial(jax.jit, static_argnames=("spacing", "numerics"))
def unit_capture(
    needle: Needle, layers: Layers, *, spacing: float, parameters: SpreadParameters, numerics: Numerics
) -> Array:
    """Toxin that end plates of unit density capture of one unit, shape (X, Y, Z) [1/mm³].

    ``E = k_up ∫ c dt`` over all time, wherever an end plate might stand; linear in dose.
    See `deposit` for the arguments.
    """
    start = deposit(needle, layers, spacing=spacing, parameters=parameters, numerics=numerics)
    medium = tissue_medium(layers, spacing, parameters=parameters)
    return parameters.uptake_rate * settle(start, medium)


def _inside(weights: Array, open_tissue: Array) -> Array:
    """Weights within open tissue, with sum 1."""
    kept = weights * open_tissue
    return kept / jnp.sum(kept)
