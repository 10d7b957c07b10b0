"""Sprouts: denervated fibres are partly reached by new endings, which retract when the parent recovers."""

from __future__ import annotations

from jax import Array

from endplate.kinetics.parameters import KineticsParameters
from endplate.solve.exponential import Path, linear_path

__all__ = ["with_sprouts"]


def with_sprouts(parent: Path, steps: Array, *, parameters: KineticsParameters) -> Path:
    """Transmission including sprouts: ``T = T_p + (1 − T_p) w X``.

    ``X' = k_grow (1 − T_p)(1 − X) − k_retract T_p X``: sprouts grow with the share of
    blocked fibres and retract with the share that transmits again.

    Parameters
    ----------
    parent
        Transmission of the parent terminals and its slope, shape (N, J, P).
    steps
        Shape (N − 1,) or (N − 1, P) [day].
    parameters
        Kinetic parameters.
    """
    grow, retract = parameters.sprout_growth_rate, parameters.sprout_retraction_rate
    blocked = 1 - parent.value
    source = Path(grow * blocked, -grow * parent.slope)
    decay = Path(source.value + retract * parent.value, source.slope + retract * parent.slope)
    sprout = linear_path(steps, source, decay=decay, start=0 * parent.value[0])
    weight = parameters.sprout_weight
    value = parent.value + blocked * weight * sprout.value
    slope = parent.slope * (1 - weight * sprout.value) + blocked * weight * sprout.slope
    return Path(value, slope)
