"""Muscle force becomes strain, furrows at maximum effort and lines at rest. Arrays in, arrays out."""

from endplate.skin.ageing import effective_age
from endplate.skin.crease import Crease
from endplate.skin.fold import Skin, fold, live
from endplate.skin.offer import Changes, Effect, effect_strength
from endplate.skin.parameters import Person, SkinParameters
from endplate.skin.strain import skin_strain
from endplate.skin.topical import TopicalParameters, concentration_below, permeation_for
from endplate.skin.wrinkle import Buckling, buckling, furrow_depth

__all__ = [
    "Buckling",
    "Changes",
    "Crease",
    "Effect",
    "Person",
    "Skin",
    "SkinParameters",
    "TopicalParameters",
    "buckling",
    "concentration_below",
    "effect_strength",
    "effective_age",
    "fold",
    "furrow_depth",
    "live",
    "permeation_for",
    "skin_strain",
]
