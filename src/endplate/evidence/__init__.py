"""What is known: sourced numbers, read from `library/*.toml` and `sources.bib`."""

from __future__ import annotations

from endplate.evidence.parameters import defaults, entry
from endplate.evidence.quantity import Quantity
from endplate.evidence.read import Library, UnknownEntry, load

__all__ = ["Library", "Quantity", "UnknownEntry", "defaults", "entry", "load"]
