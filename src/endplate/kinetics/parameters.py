"""What decides the time course at an end plate."""

from __future__ import annotations

import equinox
from jax import Array

from endplate.evidence import entry

__all__ = ["KineticsParameters"]


class KineticsParameters(equinox.Module):
    """Rates and margins of the terminal. Every field is () or (P,); the symbols are those of the evidence library."""

    potency: Array = equinox.field(metadata=entry("potency", per="product"))
    clearance_rate: Array = equinox.field(metadata=entry("k_clr"))
    uptake_rate: Array = equinox.field(metadata=entry("k_up"))
    internalisation_rate: Array = equinox.field(metadata=entry("k_int"))
    translocation_rate: Array = equinox.field(metadata=entry("k_tr", per="serotype"))
    light_chain_half_life: Array = equinox.field(metadata=entry("t_LC", per="serotype"))
    snare_half_life: Array = equinox.field(metadata=entry("t_S"))
    release_exponent: Array = equinox.field(metadata=entry("h"))
    safety_factor: Array = equinox.field(metadata=entry("SF"))
    safety_factor_spread: Array = equinox.field(metadata=entry("sigma_SF"))
    dose_spread: Array = equinox.field(metadata=entry("sigma_d"))
    sprout_weight: Array = equinox.field(metadata=entry("w_sprout"))
    sprout_growth_rate: Array = equinox.field(metadata=entry("k_sprout"))
    sprout_retraction_rate: Array = equinox.field(metadata=entry("k_retract"))
    antitoxin_rate: Array = equinox.field(metadata=entry("k_antitoxin"))
