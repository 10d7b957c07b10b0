"""Trophic state: muscle wastes without transmission and regrows with it."""

from __future__ import annotations

from jax import Array

from endplate.muscle.parameters import MuscleParameters
from endplate.solve.exponential import Path, linear_path

__all__ = ["trophic_state"]


def trophic_state(
    transmission: Path, steps: Array, *, parameters: MuscleParameters, start: Array | None = None
) -> Path:
    """Size of the contractile mass relative to its untreated size.

    ``M' = (M* − M) [(1 − T)/τ_loss + T/τ_gain]``, ``M* = 1 − a_max (1 − T)``: blocked fibres
    waste with τ_loss, transmitting ones regrow with τ_gain, so the rate follows the share of
    each. Smooth, and linear in M.

    Parameters
    ----------
    transmission
        Share of fibres that transmit, with its slope, shape (N, J, P).
    steps
        Shape (N − 1,) or (N − 1, P) [day].
    parameters
        Muscle parameters.
    start
        M at the first node (J, P); 1 if None [1].

    Returns
    -------
    Path
        M and its slope, shape (N, J, P) [1].
    """
    p, share, slope = parameters, transmission.value, transmission.slope
    rate = (1 - share) / p.atrophy_time + share / p.recovery_time
    rate_slope = slope * (1 / p.recovery_time - 1 / p.atrophy_time)
    target = 1 - p.atrophy_limit * (1 - share)
    source = Path(rate * target, rate_slope * target + rate * p.atrophy_limit * slope)
    return linear_path(steps, source, decay=Path(rate, rate_slope), start=1 + 0 * share[0] if start is None else start)
