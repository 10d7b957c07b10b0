"""Muscle force becomes strain, furrows at maximum effort and lines at rest. Arrays in, arrays out."""

from endplate.skin.ageing import effective_age
from endplate.skin.crease import Crease, crease_use, days_per_year, engrave
from endplate.skin.fold import Skin, begin, fold, live
from endplate.skin.offer import Changes, Effect, changed, effect_strength, spared_years, younger
from endplate.skin.parameters import Person, SkinParameters
from endplate.skin.state import SkinState, StateParameters, skin_state
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
    "SkinState",
    "StateParameters",
    "TopicalParameters",
    "begin",
    "buckling",
    "changed",
    "concentration_below",
    "crease_use",
    "days_per_year",
    "effect_strength",
    "effective_age",
    "engrave",
    "fold",
    "furrow_depth",
    "live",
    "permeation_for",
    "skin_state",
    "skin_strain",
    "spared_years",
    "younger",
]
