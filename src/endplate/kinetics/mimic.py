"""A peptide that competes with SNAP-25 for the SNARE complex lowers release while it is there."""

from __future__ import annotations

import equinox
import jax.numpy as jnp
from jax import Array
from jax.scipy.special import erf, erfinv

from endplate.evidence import entry
from endplate.kinetics.parameters import KineticsParameters
from endplate.kinetics.terminal import SafetyFactor

__all__ = ["MimicParameters", "concentration_for_loss", "held_snare", "loss_of_transmission"]


class MimicParameters(equinox.Module):
    """Potency of the peptide; the field is () or (P,)."""

    inhibitory_concentration: Array = equinox.field(metadata=entry("mimic.IC50"))


def held_snare(concentration: Array, *, mimic: MimicParameters, parameters: KineticsParameters) -> Array:
    """Share of intact SNARE protein that would release as little as the peptide lets the terminal release.

    Competition leaves ``f = 1/(1 + c/IC₅₀)`` of the quantal content ``q = S^h``, which is that of
    ``S f^{1/h}``: so peptide and toxin act on one term, and together.

    Parameters
    ----------
    concentration
        Share by mass of the peptide in the fluid at the terminal, any shape [1].
    mimic, parameters
        Of the peptide and of the terminal.
    """
    left = 1 / (1 + concentration / mimic.inhibitory_concentration)
    return left ** (1 / parameters.release_exponent)


def loss_of_transmission(concentration: Array, *, mimic: MimicParameters, parameters: KineticsParameters) -> Array:
    """Share of fibres that a concentration of the peptide keeps from transmitting, without toxin [1]."""
    release = SafetyFactor.of(parameters)
    missing, _ = release.deficit(held_snare(concentration, mimic=mimic, parameters=parameters))
    return missing / release.untreated


def concentration_for_loss(loss: Array, *, mimic: MimicParameters, parameters: KineticsParameters) -> Array:
    """Concentration that keeps a share of fibres from transmitting: the inverse of `loss_of_transmission`.

    ``z = erf⁻¹((1 − loss)(1 + erf z₀) − 1)``, ``ln S = (z − z₀)/s``, ``c = IC₅₀ (S^{−h} − 1)``.

    Parameters
    ----------
    loss
        Share of fibres, within 0 and 1, any shape [1].
    mimic, parameters
        Of the peptide and of the terminal.

    Returns
    -------
    Array
        Share by mass in the fluid at the terminal [1].
    """
    release = SafetyFactor.of(parameters)
    z = erfinv(erf(release.margin) - loss * release.untreated)
    held = jnp.where(loss > 0, (z - release.margin) / release.steepness, 0)
    return mimic.inhibitory_concentration * jnp.expm1(-parameters.release_exponent * held)
