"""Captured toxin becomes light chain, intact SNARE protein and transmission. Arrays in, arrays out."""

from endplate.kinetics.endplate import Schedule, Transmission, transmit, transmit_weighted
from endplate.kinetics.light_chain import light_chain, toxin_chain
from endplate.kinetics.parameters import KineticsParameters
from endplate.kinetics.terminal import SafetyFactor

__all__ = [
    "KineticsParameters",
    "SafetyFactor",
    "Schedule",
    "Transmission",
    "light_chain",
    "toxin_chain",
    "transmit",
    "transmit_weighted",
]
