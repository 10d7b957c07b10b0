"""Virtual patients: how people differ, drawn one by one from counters, and bands over them."""

from __future__ import annotations

from endplate.population.band import Band, Bands, band_over, simulate_band
from endplate.population.crowd import Crowd, crowds, draw, evenly, like, uniform
from endplate.population.population import Population, default_population

__all__ = [
    "Band",
    "Bands",
    "Crowd",
    "Population",
    "band_over",
    "crowds",
    "default_population",
    "draw",
    "evenly",
    "like",
    "simulate_band",
    "uniform",
]
