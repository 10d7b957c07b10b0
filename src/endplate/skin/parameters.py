"""What decides how a face folds, and whose face it is."""

from __future__ import annotations

from typing import Any, NamedTuple

import equinox
import jax.numpy as jnp
import numpy as np
from jax import Array

from endplate.evidence import entry

__all__ = ["Person", "SkinParameters", "by_region"]


class SkinParameters(equinox.Module):
    """Constants of strain, folding, creasing and ageing.

    Fields are () or (P,), those that differ by region (R,) or (R, P); the symbols are
    those of the evidence library.
    """

    load_share: Array = equinox.field(metadata=entry("eta", per="region"))
    specific_tension: Array = equinox.field(metadata=entry("sigma0"))
    sheet_stiffness: Array = equinox.field(metadata=entry("Eh"))
    skin_modulus: Array = equinox.field(metadata=entry("E_s"))
    skin_thickness: Array = equinox.field(metadata=entry("h_skin", per="region"))
    male_thickness: Array = equinox.field(metadata=entry("h_skin_male"))
    fat_modulus: Array = equinox.field(metadata=entry("E_f"))
    fat_thickness: Array = equinox.field(metadata=entry("H_sub", per="region"))
    foundation_factor: Array = equinox.field(metadata=entry("foundation_factor"))
    bending_divisor: Array = equinox.field(metadata=entry("bending_divisor"))
    strain_concentration: Array = equinox.field(metadata=entry("kappa", per="region"))
    buckling_width: Array = equinox.field(metadata=entry("delta"))
    depth_ratio: Array = equinox.field(metadata=entry("c_depth"))
    natural_strain: Array = equinox.field(metadata=entry("eps0"))
    natural_strain_age: Array = equinox.field(metadata=entry("age_eps0"))
    natural_strain_time: Array = equinox.field(metadata=entry("tau_eps0"))
    ageing_start: Array = equinox.field(metadata=entry("ageing.start"))
    dermis_loss: Array = equinox.field(metadata=entry("ageing.dermis_loss"))
    modulus_doubling: Array = equinox.field(metadata=entry("ageing.modulus_doubling"))
    menopause_age: Array = equinox.field(metadata=entry("ageing.menopause_age"))
    menopause_years: Array = equinox.field(metadata=entry("ageing.menopause_years"))
    collagen_loss: Array = equinox.field(metadata=entry("ageing.collagen_loss"))
    collagen_loss_menopause: Array = equinox.field(metadata=entry("ageing.collagen_loss_menopause"))
    corneum_share: Array = equinox.field(metadata=entry("skin.corneum_share"))
    corneum_softening: Array = equinox.field(metadata=entry("skin.corneum_softening"))
    sun_ageing: Array = equinox.field(metadata=entry("ageing.sun"))
    smoking_ageing: Array = equinox.field(metadata=entry("ageing.smoking"))
    crease_start: Array = equinox.field(metadata=entry("crease.start"))
    crease_growth: Array = equinox.field(metadata=entry("crease.growth"))
    crease_exponent: Array = equinox.field(metadata=entry("crease.exponent"))
    crease_depth: Array = equinox.field(metadata=entry("crease.depth"))
    crease_repair_time: Array = equinox.field(metadata=entry("crease.repair_time"))
    susceptibility_floor: Array = equinox.field(metadata=entry("crease.susceptibility_floor"))
    susceptibility_age: Array = equinox.field(metadata=entry("crease.susceptibility_age"))
    susceptibility_width: Array = equinox.field(metadata=entry("crease.susceptibility_width"))
    volatile_share: Array = equinox.field(metadata=entry("crease.volatile_share"))
    volatile_time: Array = equinox.field(metadata=entry("crease.volatile_time"))


# What most people share stays 1 wide.
_TYPICAL: Any = np.ones(1)
_UNKNOWN: Any = np.full(1, np.nan)


class Person(NamedTuple):
    """Whose skin it is.

    age: at the first day (P,) [year].
    female: 1 for women, 0 for men (P,).
    dermis: skin thickness relative to the typical one at this age and sex (P,).
    sun: ultraviolet dose relative to a typical person (P,).
    smoking: pack-years so far (P,) [year].
    habit: how often each expression is made, relative to a typical person (R, P).
    muscle_thickness: mean thickness of the muscles that fold each region, weighted like their
        force (R,) or (R, P) [mm].
    resting_depth: depth of the line at rest where it is known, else NaN (R, P) [mm].
    proneness: how easily folding engraves this skin, relative to typical skin of its age (P,).
    moisture: water of the horny layer; 1 as usual, 0 very dry, 2 soaked (P,).
    menopause: age at menopause, NaN for the usual one (P,) [year].
    """

    age: Array
    female: Array
    dermis: Array
    sun: Array
    smoking: Array
    habit: Array
    muscle_thickness: Array
    resting_depth: Array
    proneness: Array = _TYPICAL
    moisture: Array = _TYPICAL
    menopause: Array = _UNKNOWN


def by_region(value: Array) -> Array:
    """A value per region, (R,) or (R, P), ready to meet the patient axis: (R, 1) or (R, P)."""
    array = jnp.asarray(value)
    return array[:, None] if array.ndim == 1 else array
