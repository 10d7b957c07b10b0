"""The colours of every figure and table."""

from __future__ import annotations

__all__ = ["GRADE_COLOURS", "GRID", "INK", "MUTED", "OKABE_ITO", "SERIES"]

INK, MUTED, GRID = "#1b1f23", "#5c636a", "#e2e5e8"
OKABE_ITO = {
    "black": "#000000",
    "orange": "#E69F00",
    "sky blue": "#56B4E9",
    "bluish green": "#009E73",
    "yellow": "#F0E442",
    "blue": "#0072B2",
    "vermillion": "#D55E00",
    "reddish purple": "#CC79A7",
}
_LINES = ("blue", "vermillion", "bluish green", "reddish purple", "orange", "sky blue", "black")
# Yellow is left out: a yellow line cannot be read on white.
SERIES = tuple(OKABE_ITO[name] for name in _LINES)
# Tints of vermillion, none to severe.
GRADE_COLOURS = ("#f4f1ee", "#f3cdb2", "#e68f57", "#b34a00")
