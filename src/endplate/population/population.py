"""How patients differ: distributions between patients, each number with its evidence."""

from __future__ import annotations

import equinox
import jax.numpy as jnp
from jax import Array
from jax.typing import DTypeLike

from endplate.course.parameters import from_library
from endplate.evidence import Library, entry

__all__ = ["SKIN_TYPES", "Population", "default_population"]

# The skin types of Fitzpatrick.
SKIN_TYPES = (1, 2, 3, 4, 5, 6)


class Population(equinox.Module):
    """Distributions between patients. Every field is ().

    Spreads are standard deviations of the natural logarithm, that of a share of its logit. Medians
    are the typical patient: the default of `Patient`, and the library's parameters. So a population
    with spreads of zero is that patient, but for sex, age, grades and smoking.

    Examples
    --------
    >>> float(default_population().muscle_mass_spread)
    0.3
    """

    sensitivity_spread: Array = equinox.field(metadata=entry("population.sensitivity_spread"))
    half_life_spread: Array = equinox.field(metadata=entry("population.half_life_spread"))
    sensitivity_half_life_correlation: Array = equinox.field(
        metadata=entry("population.sensitivity_half_life_correlation")
    )
    muscle_mass_spread: Array = equinox.field(metadata=entry("population.muscle_mass_spread"))
    male_muscle_mass: Array = equinox.field(metadata=entry("population.male_muscle_mass"))
    skin_thickness_spread: Array = equinox.field(metadata=entry("population.skin_thickness_spread"))
    female_share: Array = equinox.field(metadata=entry("population.female_share"))
    age_mean: Array = equinox.field(metadata=entry("population.age_mean"))
    age_spread: Array = equinox.field(metadata=entry("population.age_spread"))
    age_youngest: Array = equinox.field(metadata=entry("population.age_youngest"))
    age_oldest: Array = equinox.field(metadata=entry("population.age_oldest"))
    severe_share: Array = equinox.field(metadata=entry("population.severe_share"))
    resting_share: Array = equinox.field(metadata=entry("population.resting_share"))
    resting_share_spread: Array = equinox.field(metadata=entry("population.resting_share_spread"))
    habit_spread: Array = equinox.field(metadata=entry("population.habit_spread"))
    habit_correlation: Array = equinox.field(metadata=entry("population.habit_correlation"))
    sun_spread: Array = equinox.field(metadata=entry("population.sun_spread"))
    smoker_share: Array = equinox.field(metadata=entry("population.smoker_share"))
    pack_years: Array = equinox.field(metadata=entry("population.pack_years"))
    pack_years_spread: Array = equinox.field(metadata=entry("population.pack_years_spread"))
    skin_type_1: Array = equinox.field(metadata=entry("population.skin_type_1"))
    skin_type_2: Array = equinox.field(metadata=entry("population.skin_type_2"))
    skin_type_3: Array = equinox.field(metadata=entry("population.skin_type_3"))
    skin_type_4: Array = equinox.field(metadata=entry("population.skin_type_4"))
    skin_type_5: Array = equinox.field(metadata=entry("population.skin_type_5"))
    skin_type_6: Array = equinox.field(metadata=entry("population.skin_type_6"))

    @property
    def skin_types(self) -> Array:
        """Shares of the skin types of Fitzpatrick, in the order of `SKIN_TYPES`."""
        return jnp.stack([getattr(self, f"skin_type_{kind}") for kind in SKIN_TYPES])


def default_population(library: Library | None = None, *, dtype: DTypeLike | None = None) -> Population:
    """The evidence library's population.

    Parameters
    ----------
    library
        The packaged one if None.
    dtype
        float64 where JAX has it enabled, else float32, if None.
    """
    return from_library(Population, library, dtype=dtype)
