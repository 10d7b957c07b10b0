"""Exponential steps of order four for equations that are linear in their own state.

For ``x' = a(t) − b(t) x`` with `a` and `b` known at both ends of a step, the step is
``x₁ = e⁻ᶻ x₀ + h [a₁ φ − Δa m + (κ_a − ½ h Δb ā) ψ]`` with ``z = ∫ b dt``; there is no
iteration and no stability limit. `a` and `b` enter by their values and slopes (Hermite data).
"""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import Array

__all__ = ["Path", "Weights", "constant_source_step", "linear_path", "weights"]

_SERIES_BELOW = 0.7
_SHORT, _SMALLEST = 0.25, 1e-6


class Path(NamedTuple):
    """A state and its slope at the nodes of a time grid."""

    value: Array
    slope: Array

    def interpolate(self, part: Array, *, width: Array) -> Array:
        """Values inside steps, by the cubic that has the values and slopes of both ends.

        Parameters
        ----------
        part
            Shares of a step that have passed, shape (N − 1, M, …, P).
        width
            Step lengths, shape (N − 1, 1, …, P) [day].

        Returns
        -------
        Array
            Shape (N − 1, M, …, P).
        """
        start, rise = self.value[:-1, None], jnp.diff(self.value, axis=0)[:, None]
        first, last = width * self.slope[:-1, None], width * self.slope[1:, None]
        return start + part * (first + part * (rise - first + (1 - part) * (2 * rise - first - last)))


class Weights(NamedTuple):
    """Moments of ``exp(−z v)`` on 0 ≤ v ≤ 1: decay e⁻ᶻ, φ = ∫1, m = ∫v, ψ = ∫v(1−v)."""

    decay: Array
    phi: Array
    first: Array
    bow: Array


def weights(z: Array) -> Weights:
    """Moments of ``exp(−z v)``, exact for large z and by series for small z.

    Parameters
    ----------
    z
        Integral of the decay rate over the step, any shape, ≥ 0 [1].
    """
    small = z < _SERIES_BELOW
    safe = jnp.where(small, jnp.ones_like(z), z)
    rise = -jnp.expm1(-safe)
    phi_closed = rise / safe
    first_closed = (phi_closed - (1 - rise)) / safe
    bow_closed = (2 - rise - 2 * phi_closed) / (safe * safe)
    near = jnp.where(small, z, jnp.zeros_like(z))
    phi = jnp.where(small, _series(near, _PHI), phi_closed)
    first = jnp.where(small, _series(near, _FIRST), first_closed)
    bow = jnp.where(small, _series(near, _BOW), bow_closed)
    return Weights(jnp.where(small, 1 - near * phi, 1 - rise), phi, first, bow)


def _coefficients(lift: int, bow: bool, terms: int = 9) -> tuple[float, ...]:
    factorial, out = 1.0, []
    for n in range(terms):
        factorial *= n if n else 1
        moment = 1.0 / (n + lift + 1) - (1.0 / (n + lift + 2) if bow else 0.0)
        out.append((-1) ** n / factorial * moment)
    return tuple(out)


_PHI, _FIRST, _BOW = _coefficients(0, False), _coefficients(1, False), _coefficients(1, True)


def _series(z: Array, coefficients: tuple[float, ...]) -> Array:
    total = jnp.full_like(z, coefficients[-1])
    for coefficient in coefficients[-2::-1]:
        total = total * z + coefficient
    return total


def constant_source_step(state: Array, step: Array, *, source: Array, area: Array, rise: Array) -> Array:
    """One step of ``x' = a − b(t) x`` with constant `a`.

    Parameters
    ----------
    state
        x at the start.
    step
        Length h [day].
    source
        a, constant over the step.
    area
        ∫ b dt over the step, exact.
    rise
        b at the end minus b at the start.
    """
    decay, per_area = jnp.exp(-area), 1 / jnp.maximum(area, _SMALLEST)
    phi = (1 - decay) * per_area
    bow = jnp.where(area < _SHORT, _series(area, _BOW[:5]), (1 + decay - 2 * phi) * (per_area * per_area))
    return decay * state + source * step * (phi - 0.5 * step * rise * bow)


def linear_path(steps: Array, source: Path, *, decay: Path, start: Array) -> Path:
    """Solve ``x' = a(t) − b(t) x`` over a time grid.

    Parameters
    ----------
    steps
        Step lengths, shape (N − 1,) or (N − 1, P) [day]; zero lengths are allowed.
    source, decay
        a and b with their slopes at the N nodes, shape (N, …, P).
    start
        x at the first node, shape (…, P).

    Returns
    -------
    Path
        x and its slope, shape (N, …, P).
    """
    h = steps.reshape(steps.shape[0], *(1,) * (decay.value.ndim - steps.ndim), *steps.shape[1:])
    a0, a1, b0, b1 = source.value[:-1], source.value[1:], decay.value[:-1], decay.value[1:]
    area = h * (0.5 * (b0 + b1) + h * (decay.slope[:-1] - decay.slope[1:]) / 12.0)
    w = weights(area)
    bend = 0.5 * h * (source.slope[:-1] - source.slope[1:]) - 0.25 * h * (b1 - b0) * (a0 + a1)
    gain = h * (0.5 * (a0 + a1) * w.phi + (0.5 * (a1 - a0) * area + bend) * w.bow)  # 2 m = φ − z ψ

    def advance(x: Array, piece: tuple[Array, Array]) -> tuple[Array, Array]:
        x = piece[0] * x + piece[1]
        return x, x

    _, later = jax.lax.scan(advance, start, (w.decay, gain))
    value = jnp.concatenate([start[None], later])
    return Path(value, source.value - decay.value * value)
