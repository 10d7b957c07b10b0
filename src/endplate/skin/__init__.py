"""Muscle force becomes strain, furrows at maximum effort and lines at rest. Arrays in, arrays out."""

from endplate.skin.ageing import effective_age
from endplate.skin.crease import Crease
from endplate.skin.fold import Skin, fold, live
from endplate.skin.parameters import Person, SkinParameters
from endplate.skin.strain import skin_strain
from endplate.skin.wrinkle import Buckling, buckling, furrow_depth

__all__ = [
    "Buckling",
    "Crease",
    "Person",
    "Skin",
    "SkinParameters",
    "buckling",
    "effective_age",
    "fold",
    "furrow_depth",
    "live",
    "skin_strain",
]
