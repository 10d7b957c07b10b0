"""Sprouts: denervated fibres are partly reached by new endings, which retract when the parent recovers."""

from __future__ import annotations

from jax import Array

from endplate.kinetics.parameters import KineticsParameters
from endplate.solve.exponential import Path, linear_path

__all__ = ["sprouted", "sprouts", "with_sprouts"]


def with_sprouts(parent: Path, steps: Array, *, parameters: KineticsParameters) -> Path:
    """Transmission including sprouts, of which there are none at first: see `sprouts` and `sprouted`.

    Parameters
    ----------
    parent
        Transmission of the parent terminals and its slope, shape (N, J, P).
    steps
        Shape (N − 1,) or (N − 1, P) [day].
    parameters
        Kinetic parameters.
    """
    grown = sprouts(parent, steps, parameters=parameters, start=0 * parent.value[0])
    return sprouted(parent, grown, parameters=parameters)


def sprouts(parent: Path, steps: Array, *, parameters: KineticsParameters, start: Array) -> Path:
    """How far sprouts have grown: ``X' = k_grow (1 − T_p)(1 − X) − k_retract T_p X``.

    They grow with the share of blocked fibres and retract with the share that transmits again.

    Parameters
    ----------
    parent, steps, parameters
        As for `with_sprouts`.
    start
        X at the first node (J, P) [1].
    """
    grow, retract = parameters.sprout_growth_rate, parameters.sprout_retraction_rate
    source = Path(grow * (1 - parent.value), -grow * parent.slope)
    decay = Path(source.value + retract * parent.value, source.slope + retract * parent.slope)
    return linear_path(steps, source, decay=decay, start=start)


def sprouted(parent: Path, grown: Path, *, parameters: KineticsParameters) -> Path:
    """Transmission including sprouts: ``T = T_p + (1 − T_p) w X``."""
    weight, blocked = parameters.sprout_weight, 1 - parent.value
    value = parent.value + blocked * weight * grown.value
    return Path(value, parent.slope * (1 - weight * grown.value) + blocked * weight * grown.slope)
