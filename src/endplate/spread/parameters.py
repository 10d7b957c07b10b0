"""The parameters of spread."""

from __future__ import annotations

import equinox
from jax import Array

from endplate.evidence import entry

__all__ = ["SpreadParameters"]


class SpreadParameters(equinox.Module):
    """What decides how far a bolus reaches. Every field is (), for the closed form also (P,).

    The closed form knows the first five only; the rest describe layers of tissue, and massage.
    """

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
    massage_dispersion: Array = equinox.field(metadata=entry("massage_dispersion"))
    leak_share: Array = equinox.field(metadata=entry("leak_share"))
