"""An individual's size, and the table of layers that it scales."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from endplate.case.patient import Patient
from endplate.errors import InvalidRequest

__all__ = ["Build", "layer_data"]

Array = NDArray[np.float64]

_DIGITS = 6  # of a length in mm; finer differences are those of rounding


@cache
def layer_data() -> dict[str, Any]:
    """``tissue.toml``: the layers between muscles, and the lengths that scale them."""
    file = Path(__file__).with_name("anatomy") / "tissue.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Build:
    """An individual's size.

    Parameters
    ----------
    intercanthal_width, forehead_height : [mm]
        Between the medial canthi, and from the brow to the hairline; they scale the head across, and upwards from
        the canthi.
    muscle_mass
        Mass relative to the muscle map; muscles of the same length are wider and thicker by its square root.

    Raises
    ------
    InvalidRequest
        If one is not finite and positive.
    """

    intercanthal_width: float | None = None
    forehead_height: float | None = None
    muscle_mass: float = 1.0

    def __post_init__(self) -> None:
        """Refuse what is no size."""
        for name in ("intercanthal_width", "forehead_height", "muscle_mass"):
            value = getattr(self, name)
            if value is not None and not 0 < value < np.inf:
                raise InvalidRequest(f"{name} is {value}; give a finite number above 0")

    @classmethod
    def of(cls, patient: Patient) -> Build:
        """The size of a patient."""
        return cls(patient.intercanthal_width, patient.forehead_height, patient.muscle_mass)

    @classmethod
    def scaled(cls, across: float, up: float) -> Build:
        """A head so much wider and higher than that of the map; see `scales`."""
        known = layer_data()["reference"]
        sizes = (across * known["intercanthal_width"], up * known["forehead_height"])
        return cls(*(round(one, _DIGITS) for one in sizes))

    def to_map(self, points: ArrayLike) -> Array:
        """Places of the individual's head (..., 3) in the muscle map [mm]."""
        place = np.array(points, float)
        across, up = self.scales
        place[..., 0] /= across
        place[..., 1] = np.where(place[..., 1] > 0, place[..., 1] / up, place[..., 1])
        return place

    def from_map(self, points: ArrayLike) -> Array:
        """Places of the muscle map (..., 3) in the individual's head [mm]."""
        place = np.array(points, float)
        across, up = self.scales
        place[..., 0] *= across
        place[..., 1] = np.where(place[..., 1] > 0, place[..., 1] * up, place[..., 1])
        return place

    @property
    def scales(self) -> tuple[float, float]:
        """How much wider the head is than that of the map, and how much higher above the canthi.

        Examples
        --------
        >>> Build(intercanthal_width=64.2).scales
        (2.0, 1.0)
        """
        known = layer_data()["reference"]
        width = self.intercanthal_width or known["intercanthal_width"]
        height = self.forehead_height or known["forehead_height"]
        return width / known["intercanthal_width"], height / known["forehead_height"]
