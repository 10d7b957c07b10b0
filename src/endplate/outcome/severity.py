"""Depth of lines to severity on a continuous scale, anchored at the patient's own grades."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array

from endplate.outcome.parameters import OutcomeParameters

__all__ = ["EFFORTS", "depth_of_severity", "latent_severity", "severity_of_depth"]

# The order of the effort axis.
EFFORTS = ("rest", "maximum")


def severity_of_depth(depth: Array, parameters: OutcomeParameters) -> Array:
    """Typical severity of a line of given depth: ``g = g_∞ D/(D + D_½)`` [grade].

    Parameters
    ----------
    depth
        Any shape ending in P [mm].
    parameters
        Outcome parameters.
    """
    return parameters.severity_limit * depth / (depth + parameters.severity_half_depth)


def depth_of_severity(severity: Array, parameters: OutcomeParameters) -> Array:
    """Typical depth of a line of given severity, the inverse of `severity_of_depth` [mm].

    Parameters
    ----------
    severity
        Any shape ending in P, below `severity_limit`; NaN stays NaN [grade].
    parameters
        Outcome parameters.
    """
    return parameters.severity_half_depth * severity / (parameters.severity_limit - severity)


def latent_severity(
    depth_effort: Array,
    depth_rest: Array,
    *,
    parameters: OutcomeParameters,
    maximum: Array | None = None,
    rest: Array | None = None,
) -> Array:
    """Severity at rest and at maximum effort, 0 none to 3 severe, before any rater.

    ``s_rest = g_rest d(t)/d(0)``;
    ``s_max = s_rest + (g_max − g_rest) (D(t)/D(0))^γ``: the lines at rest are seen at
    maximum effort too, and the rest of the grade follows the furrow. Where there was no
    furrow or line at first, that part stays as it was.

    Parameters
    ----------
    depth_effort, depth_rest
        D and d, shape (T, R, P) [mm]; the first day counts as the baseline.
    parameters
        Outcome parameters.
    maximum, rest
        The patient's own baseline grades, shape (R, P), NaN where not graded; typical
        grades of the depths stand in for them [grade].

    Returns
    -------
    Array
        Shape (T, R, effort, P), the order of efforts is `EFFORTS` [grade].
    """
    lines = _graded(rest, severity_of_depth(depth_rest[0], parameters))
    whole = _graded(maximum, severity_of_depth(depth_effort[0], parameters))
    moving = jnp.maximum(whole - lines, 0) * _share(depth_effort) ** parameters.severity_exponent
    at_rest = lines * _share(depth_rest)
    return jnp.stack([at_rest, at_rest + moving], axis=2)


def _graded(grade: Array | None, typical: Array) -> Array:
    return typical if grade is None else jnp.where(jnp.isnan(grade), typical, grade)


def _share(depth: Array) -> Array:
    """Depth over that of the first day; 1 where there was none, and above 0, so that a power has a slope."""
    tiny = jnp.finfo(depth.dtype).tiny
    present = depth[0] > tiny
    ratio = jnp.where(present, depth, 1) / jnp.where(present, depth[0], 1)
    return jnp.maximum(ratio, tiny)
