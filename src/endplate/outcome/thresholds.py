"""What decides whether a loss of force is seen or felt as an effect."""

from __future__ import annotations

import equinox
from jax import Array

from endplate.evidence import entry

__all__ = ["EffectParameters"]


class EffectParameters(equinox.Module):
    """Sizes and thresholds of effects beside the wanted one. Every field is () or (P,)."""

    brow_drop: Array = equinox.field(metadata=entry("effect.brow_drop"))
    brow_lift: Array = equinox.field(metadata=entry("effect.brow_lift"))
    brow_arch: Array = equinox.field(metadata=entry("effect.brow_arch"))
    smile_excursion: Array = equinox.field(metadata=entry("effect.smile_excursion"))
    smile_asymmetry: Array = equinox.field(metadata=entry("effect.smile_asymmetry"))
    gaze_horizontal: Array = equinox.field(metadata=entry("effect.gaze_horizontal"))
    gaze_vertical: Array = equinox.field(metadata=entry("effect.gaze_vertical"))
    fusion_convergence: Array = equinox.field(metadata=entry("effect.fusion_convergence"))
    fusion_divergence: Array = equinox.field(metadata=entry("effect.fusion_divergence"))
    fusion_vertical: Array = equinox.field(metadata=entry("effect.fusion_vertical"))
    closure_loss: Array = equinox.field(metadata=entry("effect.closure_loss"))
    swallowing_loss: Array = equinox.field(metadata=entry("effect.swallowing_loss"))
    neck_loss: Array = equinox.field(metadata=entry("effect.neck_loss"))
