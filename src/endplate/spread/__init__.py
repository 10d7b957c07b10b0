"""Injected units become toxin captured at each end plate. Arrays in, arrays out; no other stage is known here."""

from endplate.spread.bolus import SpreadParameters, capture
from endplate.spread.injection import Needle, Numerics, deposit, unit_capture
from endplate.spread.tissue import Layers, TissueParameters, tissue_medium

__all__ = [
    "Layers",
    "Needle",
    "Numerics",
    "SpreadParameters",
    "TissueParameters",
    "capture",
    "deposit",
    "tissue_medium",
    "unit_capture",
]
