"""Intact SNARE protein of one class of terminals, and whether its fibre still transmits."""

from __future__ import annotations

import math

import equinox
import jax.numpy as jnp
from jax import Array
from jax.scipy.special import erf

from endplate.kinetics.parameters import KineticsParameters
from endplate.solve.exponential import constant_source_step

__all__ = ["SafetyFactor", "intact_slope", "intact_step"]


class SafetyFactor(equinox.Module):
    """Probability that a fibre transmits: quantal content ``q = S^h`` against a log-normal safety factor.

    ``p = Φ(ln(SF · q)/σ_SF) / Φ(ln SF/σ_SF)``; all-or-none per fibre, so a muscle weakens
    by dropping fibres (human EDB shows < 6 % decrement at 2 Hz).
    """

    margin: Array
    steepness: Array
    untreated: Array

    @classmethod
    def of(cls, parameters: KineticsParameters) -> SafetyFactor:
        """The model with the given parameters, as ``p = (1 + erf z)/(1 + erf z₀)``, ``z = z₀ + steepness · ln S``."""
        width = math.sqrt(2) * parameters.safety_factor_spread
        margin = jnp.log(parameters.safety_factor) / width
        return cls(margin, parameters.release_exponent / width, 1 + erf(margin))

    def deficit(self, intact: Array) -> tuple[Array, Array]:
        """``erf z₀ − erf z`` and ``exp(−z²)`` at an intact fraction S of the SNARE protein [1]."""
        z = self.margin + self.steepness * jnp.log(intact)
        return self.untreated - (1 + erf(z)), jnp.exp(-z * z)

    def fails(self, intact: Array, slope: Array) -> tuple[Array, Array]:
        """Probability that a fibre does not transmit, and the slope in time of the probability that it does.

        Parameters
        ----------
        intact, slope
            Intact fraction S of the SNARE protein and dS/dt, shape (…, P) [1], [1/day].
        """
        missing, bell = self.deficit(intact)
        return self.fails_on_average(missing, bell * slope / intact)

    def fails_on_average(self, missing: Array, change: Array) -> tuple[Array, Array]:
        """The same from means over fibres of ``erf z₀ − erf z`` and ``exp(−z²) (ln S)'``."""
        return missing / self.untreated, 2 / math.sqrt(math.pi) * self.steepness * change / self.untreated


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
    return constant_source_step(intact, step, source=turnover, area=turnover * (step + area), rise=turnover * rise)


def intact_slope(intact: Array, level: Array, *, turnover: Array) -> Array:
    """dS/dt at light-chain level L [1/day]."""
    return turnover * (1 - intact * (1 + level))
