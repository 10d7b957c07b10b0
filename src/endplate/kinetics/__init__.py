"""Captured toxin becomes light chain, intact SNARE protein and transmission. Arrays in, arrays out."""

from endplate.kinetics.endplate import Schedule, Transmission, transmit, transmit_weighted
from endplate.kinetics.light_chain import light_chain, toxin_chain
from endplate.kinetics.mimic import MimicParameters, concentration_for_loss, held_snare, loss_of_transmission
from endplate.kinetics.parameters import KineticsParameters
from endplate.kinetics.terminal import SafetyFactor

__all__ = [
    "KineticsParameters",
    "MimicParameters",
    "SafetyFactor",
    "Schedule",
    "Transmission",
    "concentration_for_loss",
    "held_snare",
    "light_chain",
    "loss_of_transmission",
    "toxin_chain",
    "transmit",
    "transmit_weighted",
]
