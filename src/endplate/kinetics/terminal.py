"""Intact SNARE protein of one class of terminals, and whether its fibre still transmits."""

from __future__ import annotations

import math

import equinox
import jax.numpy as jnp
from jax import Array
from jax.scipy.special import ndtr

from endplate.kinetics.parameters import KineticsParameters
from endplate.solve.exponential import constant_source_step

__all__ = ["SafetyFactor", "intact_slope", "intact_step"]


class SafetyFactor(equinox.Module):
    """Probability that a fibre transmits: quantal content ``q = S^h`` against a log-normal safety factor.

    ``p = Φ(ln(SF · q)/σ_SF) / Φ(ln SF/σ_SF)``; all-or-none per fibre, so a muscle weakens
    by dropping fibres (human EDB shows < 6 % decrement at 2 Hz).
    """

    exponent: Array
    log_margin: Array
    spread: Array

    @classmethod
    def of(cls, parameters: KineticsParameters) -> SafetyFactor:
        """The model with the given parameters."""
        return cls(parameters.release_exponent, jnp.log(parameters.safety_factor), parameters.safety_factor_spread)

    def transmits(self, intact: Array, slope: Array) -> tuple[Array, Array]:
        """Probability of transmission and its slope in time.

        Parameters
        ----------
        intact, slope
            Intact fraction S of the SNARE protein and dS/dt, shape (…, P) [1], [1/day].
        """
        z = (self.log_margin + self.exponent * jnp.log(intact)) / self.spread
        whole = ndtr(self.log_margin / self.spread)
        bell = jnp.exp(-0.5 * z * z) / math.sqrt(2 * math.pi)
        return ndtr(z) / whole, bell * self.exponent * slope / (intact * self.spread * whole)


def intact_step(intact: Array, step: Array, *, turnover: Array, area: Array, rise: Array) -> Array:
    """One step of ``S' = k_s (1 − S) − k_s L S``, exact in the integral of L.

    Parameters
    ----------
    intact
        S at the start, shape (…, P) [1].
    step
        Length [day].
    turnover
        k_s [1/day].
    area, rise
        ∫ L dt over the step and L(end) − L(start) [half-cleaving levels · day], [levels].
    """
    after = constant_source_step(intact, step, source=turnover, area=turnover * (step + area), rise=turnover * rise)
    # Levels far above any dose would carry a step below 0; nothing is left then.
    return jnp.maximum(after, jnp.finfo(after.dtype).eps)


def intact_slope(intact: Array, level: Array, *, turnover: Array) -> Array:
    """dS/dt at light-chain level L [1/day]."""
    return turnover * (1 - intact * (1 + level))
