"""The points of the page's head, where the page is built, so that values can be given for each of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["HeadPoints", "head_points"]

# Where the page lies once it is built; without it there is no head.
FOLDER = Path(__file__).parents[1] / "web" / "static" / "head"
_STEP = 0.01  # mm; the page's head holds places as whole steps
_FULL = 255


class HeadPoints(NamedTuple):
    """The points of the head in the order of its file.

    place: x and y in the frontal plane of the muscle map (V, 2) [mm].
    on_face: how far the page shows values there, 0 to 1 (V,).
    """

    place: NDArray[np.float64]
    on_face: NDArray[np.float64]


def head_points(folder: Path | None = None) -> HeadPoints | None:
    """The points of the page's head; None where the page is not built.

    Parameters
    ----------
    folder
        Of ``head.json`` and ``head.bin``; that of the built page if None.
    """
    where = FOLDER if folder is None else folder
    try:
        about = json.loads((where / "head.json").read_text(encoding="utf-8"))
        content = (where / "head.bin").read_bytes()
    except OSError:
        return None
    place, inside = (
        np.frombuffer(content, kind, about[name]["length"], about[name]["at"])
        for name, kind in (("place", "<i2"), ("inside", "u1"))
    )
    return HeadPoints(_STEP * place.reshape(-1, 2), inside / _FULL)
