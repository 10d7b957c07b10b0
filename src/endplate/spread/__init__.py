"""Injected units become toxin captured at each end plate. Arrays in, arrays out; no other stage is known here."""

from endplate.spread.bolus import SpreadParameters, capture

__all__ = ["SpreadParameters", "capture"]
