"""Injected units become toxin captured at each end plate. Arrays in, arrays out; no other stage is known here."""

from endplate.spread.bolus import capture
from endplate.spread.injection import Needle, Numerics, deposit, unit_capture
from endplate.spread.parameters import SpreadParameters
from endplate.spread.tissue import Layers, tissue_medium

__all__ = [
    "Layers",
    "Needle",
    "Numerics",
    "SpreadParameters",
    "capture",
    "deposit",
    "tissue_medium",
    "unit_capture",
]
