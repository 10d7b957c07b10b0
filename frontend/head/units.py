"""Units of expression: the CC0 face units by side, and displacements of the brow of our own."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["BOTH", "EACH", "brow_units", "sided"]

Array = NDArray[np.float64]
# Our name → face unit that exists for each side; the rest are cut in two at the midline.
EACH = {
    "brow_down": "browDown",
    "brow_outer_up": "browOuterUp",
    "squint": "eyeSquint",
    "cheek_up": "cheekSquint",
    "blink": "eyeBlink",
    "wide": "eyeWide",
    "sneer": "noseSneer",
    "lip_up": "mouthUpperUp",
    "corner_down": "mouthFrown",
    "stretch": "mouthStretch",
    "lip_down": "mouthLowerDown",
}
SMILE = "expression/units/caucasian/mouth-corner-puller"
PLATYSMA = "expression/units/caucasian/neck-platysma"
BOTH = {
    "brow_inner_up": "browInnerUp",
    "pucker": "mouthPucker",
    "funnel": "mouthFunnel",
    "chin_up": "mouthShrugLower",
    "platysma": PLATYSMA,
    "smile": SMILE,
}
_BLEND = 8.0  # the cut at the midline is this soft to either side [mm]
# Parts of the brow in the simulator's frame: centre x, y and reach along x [mm]; each reaches further up than down.
_BROW = {"medial": (10.0, 24.0, 9.0), "central": (28.0, 27.0, 9.0), "lateral": (46.0, 25.0, 10.0)}
_UP, _DOWN = 17.0, 8.0


def sided(targets: dict[str, Array], points: Array) -> dict[str, Array]:
    """All units by name and side, from targets (n, 3) by the names of their source."""
    share = np.clip((points[:, :1] + _BLEND) / (2 * _BLEND), 0, 1)
    share = share * share * (3 - 2 * share)
    out = {}
    for name, unit in EACH.items():
        out |= {f"{name}.left": targets[unit + "Left"], f"{name}.right": targets[unit + "Right"]}
    for name, unit in BOTH.items():
        out |= {f"{name}.left": targets[unit] * share, f"{name}.right": targets[unit] * (1 - share)}
    return out


def brow_units(points: Array, places: Array, normals: Array) -> dict[str, Array]:
    """Skin of the brow that slides up the forehead, at most 1 mm, in three parts for each side."""
    up = np.array([0.0, 1.0, 0.0]) - normals[:, 1:2] * normals
    up /= np.maximum(np.abs(up[:, 1:2]), 0.35)
    out = {}
    for part, (x, y, reach) in _BROW.items():
        for side, sign in (("left", 1.0), ("right", -1.0)):
            across, along = (sign * places[:, 0] - x) / reach, places[:, 1] - y
            along = np.where(along > 0, along / _UP, along / _DOWN)
            weight = np.exp(-(across**2) - along**2) * (points[:, 2] > -70.0)
            out[f"brow_{part}.{side}"] = np.where(weight > 0.02, weight, 0.0)[:, None] * up
    return out
