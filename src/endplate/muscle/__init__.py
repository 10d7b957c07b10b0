"""Transmission becomes force: trophic state, activation, compensation. Arrays in, arrays out."""

from endplate.muscle.force import activation, active_force, force_fraction
from endplate.muscle.parameters import MuscleParameters
from endplate.muscle.trophic import trophic_state

__all__ = ["MuscleParameters", "activation", "active_force", "force_fraction", "trophic_state"]
