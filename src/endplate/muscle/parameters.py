"""What decides force and its slow changes."""

from __future__ import annotations

import equinox
from jax import Array

from endplate.evidence import entry

__all__ = ["MuscleParameters"]


class MuscleParameters(equinox.Module):
    """Stress, compensation and trophic constants. Every field is () or (P,)."""

    specific_tension: Array = equinox.field(metadata=entry("sigma0"))
    length_factor: Array = equinox.field(metadata=entry("f_L"))
    compensation_gain: Array = equinox.field(metadata=entry("g_c"))
    atrophy_limit: Array = equinox.field(metadata=entry("a_max"))
    atrophy_time: Array = equinox.field(metadata=entry("tau_loss"))
    recovery_time: Array = equinox.field(metadata=entry("tau_gain"))
