"""What else is measured of skin as it ages: told beside the lines, and acting on none of them.

Thickness, modulus and natural strain are the ones that fold the skin; collagen, turnover, suction measures and the
volume of fat are readouts.
"""

from __future__ import annotations

from typing import NamedTuple

import equinox
import jax.numpy as jnp
from jax import Array

from endplate.evidence import entry
from endplate.skin.ageing import after_menopause, effective_age, modulus, natural_strain, thickness
from endplate.skin.parameters import Person, SkinParameters

__all__ = ["SkinState", "StateParameters", "skin_state"]


class StateParameters(equinox.Module):
    """Straight lines and losses over age. Every field is ()."""

    reference_age: Array = equinox.field(metadata=entry("ageing.reference_age"))
    turnover: Array = equinox.field(metadata=entry("ageing.turnover"))
    turnover_slope: Array = equinox.field(metadata=entry("ageing.turnover_slope"))
    gross_elasticity: Array = equinox.field(metadata=entry("ageing.R2"))
    gross_elasticity_slope: Array = equinox.field(metadata=entry("ageing.R2_slope"))
    net_elasticity: Array = equinox.field(metadata=entry("ageing.R5"))
    net_elasticity_slope: Array = equinox.field(metadata=entry("ageing.R5_slope"))
    recovery: Array = equinox.field(metadata=entry("ageing.R7"))
    recovery_slope: Array = equinox.field(metadata=entry("ageing.R7_slope"))
    collagen_start: Array = equinox.field(metadata=entry("ageing.collagen_start"))
    volume_start: Array = equinox.field(metadata=entry("ageing.volume_start"))
    volume_years: Array = equinox.field(metadata=entry("ageing.volume_years"))
    volume_loss: Array = equinox.field(metadata=entry("ageing.volume_loss"))


class SkinState(NamedTuple):
    """Skin at an age, every field (…, R or 1, P).

    thickness: of epidermis and dermis, by region [mm]; modulus: in the plane [MPa]; natural_strain: what skin gives
    up before it is compressed [1]. These three fold the skin.
    collagen: over that of young skin [1]; turnover: time in which the epidermis is renewed [day];
    gross_elasticity, net_elasticity, recovery: suction measures R2, R5 and R7 [1]; fullness: thickness of fat at the
    temple over that of the young [1]; moisture: as the person has it, no age changes it [1]. These are readouts.
    """

    thickness: Array
    modulus: Array
    natural_strain: Array
    collagen: Array
    turnover: Array
    gross_elasticity: Array
    net_elasticity: Array
    recovery: Array
    fullness: Array
    moisture: Array


def skin_state(age: Array, person: Person, *, parameters: SkinParameters, known: StateParameters) -> SkinState:
    """Skin of a person at an age.

    Parameters
    ----------
    age
        Age in years lived, shape (…, 1, P) [year].
    person
        Whose skin it is.
    parameters
        What folds it.
    known
        What is told beside.
    """
    k, p, aged = known, parameters, effective_age(age, person, parameters=parameters)
    years = aged - k.reference_age
    usual = after_menopause(age, person._replace(menopause=p.menopause_age), parameters=p)
    faster = (p.collagen_loss_menopause - p.collagen_loss) * usual
    gone = jnp.clip((aged - k.volume_start) / k.volume_years, 0, 1)
    return SkinState(
        thickness=thickness(aged, person, parameters=p),
        modulus=modulus(aged, person, parameters=p),
        natural_strain=natural_strain(aged, p),
        collagen=jnp.exp(-p.collagen_loss * jnp.maximum(aged - k.collagen_start, 0) - faster),
        turnover=k.turnover + k.turnover_slope * years,
        gross_elasticity=jnp.clip(k.gross_elasticity + k.gross_elasticity_slope * years, 0, 1),
        net_elasticity=jnp.clip(k.net_elasticity + k.net_elasticity_slope * years, 0, 1),
        recovery=jnp.clip(k.recovery + k.recovery_slope * years, 0, 1),
        fullness=1 - k.volume_loss * gone,
        moisture=person.moisture * jnp.ones_like(aged),
    )
