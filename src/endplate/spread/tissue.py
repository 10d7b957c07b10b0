"""Layered tissue as a medium: what diffuses, flows, is cleared and is taken up in each voxel."""

from __future__ import annotations

from typing import NamedTuple

import equinox
import jax.numpy as jnp
from jax import Array

from endplate.evidence import entry
from endplate.solve.diffusion import Medium, directional_weights, make_links

__all__ = ["Layers", "TissueParameters", "permeability_links", "tissue_medium"]


class TissueParameters(equinox.Module):
    """What decides how far a bolus reaches in layered tissue. Every field is ()."""

    accessible_fraction: Array = equinox.field(metadata=entry("phi"))
    front_dispersion: Array = equinox.field(metadata=entry("sigma_front"))
    diffusivity: Array = equinox.field(metadata=entry("D"))
    clearance_rate: Array = equinox.field(metadata=entry("k_clr"))
    uptake_rate: Array = equinox.field(metadata=entry("k_up"))
    fibre_diffusion: Array = equinox.field(metadata=entry("fibre_diffusion"))
    fibre_permeability: Array = equinox.field(metadata=entry("fibre_permeability"))
    skin_permeability: Array = equinox.field(metadata=entry("skin_permeability"))
    fat_permeability: Array = equinox.field(metadata=entry("fat_permeability"))
    fascia_detour: Array = equinox.field(metadata=entry("fascia_detour"))
    sheath_detour: Array = equinox.field(metadata=entry("sheath_detour"))
    septum_detour: Array = equinox.field(metadata=entry("septum_detour"))
    track_share: Array = equinox.field(metadata=entry("track_share"))
    leak_share: Array = equinox.field(metadata=entry("leak_share"))


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


def tissue_medium(layers: Layers, spacing: float, *, parameters: TissueParameters) -> Medium:
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


def permeability_links(layers: Layers, spacing: float, *, parameters: TissueParameters) -> tuple[Array, ...]:
    """Hydraulic conductance between voxels, relative to muscle across its fibres [1/mm²]."""
    p = parameters
    across = p.skin_permeability * layers.skin + p.fat_permeability * layers.fat + layers.muscle
    along = across * (1 + (p.fibre_permeability - 1) * layers.muscle)
    weights = directional_weights(across, along, direction=layers.fibre)
    return make_links(weights, spacing, resistance=_detours(layers, p))


def _detours(layers: Layers, p: TissueParameters) -> tuple[Array, ...]:
    """Thickness of muscle that resists as much as the sheets of each link [mm]."""
    return tuple(
        p.fascia_detour * fascia + p.sheath_detour * sheath + p.septum_detour * septum
        for fascia, sheath, septum in zip(layers.fascia, layers.sheath, layers.septum, strict=True)
    )
