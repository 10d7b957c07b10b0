"""Layered tissue as a medium: what diffuses, flows, is cleared and is taken up in each voxel."""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp
from jax import Array

from endplate.solve.diffusion import Medium, directional_weights, make_links
from endplate.spread.parameters import SpreadParameters

__all__ = ["Layers", "permeability_links", "tissue_medium"]


class Layers(NamedTuple):
    """The tissue of a box of voxels.

    skin, fat, muscle: share of each voxel (X, Y, Z); what is none of these conducts nothing.
    fibre: unit vectors along the fibres (3, X, Y, Z), 0 outside muscles.
    fascia, sheath, septum: how many such sheets each link crosses, one array for each of the
    nine directions of `endplate.solve.diffusion.DIRECTIONS`.
    """

    skin: Array
    fat: Array
    muscle: Array
    fibre: Array
    fascia: tuple[Array, ...]
    sheath: tuple[Array, ...]
    septum: tuple[Array, ...]


def tissue_medium(layers: Layers, spacing: float, *, parameters: SpreadParameters) -> Medium:
    """The tissue as the toxin meets it once it lies there.

    Diffusion is the same in all open tissue but faster along muscle fibres; sheets between
    compartments are in series with it. Only muscles take up toxin: there is one density of
    end plates within them.

    Parameters
    ----------
    layers
        The tissue.
    spacing
        Edge of a voxel [mm].
    parameters
        Spread parameters.
    """
    p = parameters
    across = p.diffusivity * (layers.skin + layers.fat + layers.muscle)
    along = across * (1 + (p.fibre_diffusion - 1) * layers.muscle)
    weights = directional_weights(across, along, direction=layers.fibre)
    resistance = tuple(length / p.diffusivity for length in _detours(layers, p))
    links = make_links(weights, spacing, resistance=resistance)
    return Medium(links, jnp.broadcast_to(p.clearance_rate, across.shape), p.uptake_rate * layers.muscle)


def permeability_links(layers: Layers, spacing: float, *, parameters: SpreadParameters) -> tuple[Array, ...]:
    """Hydraulic conductance between voxels, relative to muscle across its fibres [1/mm²]."""
    p = parameters
    across = p.skin_permeability * layers.skin + p.fat_permeability * layers.fat + layers.muscle
    along = across * (1 + (p.fibre_permeability - 1) * layers.muscle)
    weights = directional_weights(across, along, direction=layers.fibre)
    return make_links(weights, spacing, resistance=_detours(layers, p))


def _detours(layers: Layers, p: SpreadParameters) -> tuple[Array, ...]:
    """Thickness of muscle that resists as much as the sheets of each link [mm]."""
    return tuple(
        p.fascia_detour * fascia + p.sheath_detour * sheath + p.septum_detour * septum
        for fascia, sheath, septum in zip(layers.fascia, layers.sheath, layers.septum, strict=True)
    )
