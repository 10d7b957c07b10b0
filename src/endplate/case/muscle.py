"""A muscle as data: where it runs, what it does, and where its end plates lie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

__all__ = ["Band", "Muscle", "Point", "Side"]

Point = tuple[float, float, float]
Side = Literal["left", "right", "midline"]

_CUBIC_MM_PER_CUBIC_CM = 1000.0


@dataclass(frozen=True, slots=True)
class Band:
    """One zone of end plates along the fibres.

    Parameters
    ----------
    kind
        ``gaussian`` (centre and standard deviation) or ``uniform`` (centre and half width).
    centre, spread
        Fractions of the fibre path, from origin (0) to insertion (1).
    weight
        Share of the muscle's end plates.
    """

    kind: Literal["gaussian", "uniform"]
    centre: float
    spread: float
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Muscle:
    """One muscle of one side.

    Parameters
    ----------
    name
        ``stem.side``; a midline muscle has its stem only.
    stem, side
        Parts of the name.
    frame
        ``head``, or the muscle's own name where it has only its own frame (limbs).
    action_units
        Facial action coding units, e.g. ``AU4``.
    function
        What it does, in words.
    antagonists
        Names of muscles in the map that pull against it.
    other_antagonists
        Antagonists that are not in the map, in words.
    lines_caused
        Wrinkles it makes.
    path : (K, 3) [mm]
        Centre line of the fibres from origin to insertion.
    closed
        Whether the path is a ring.
    normals : (K, 3)
        Unit vectors along the thickness, inward, at the points of the path.
    width, thickness, length : [mm]
        Size of the sheet, and fibre length.
    mass, density : [g], [g/cm3]
        Mass, and density of muscle.
    volume, volume_sd : [cm3]
        Volume where measured, else mass over density.
    bands
        Where the end plates lie along the fibres.
    endplate_zone
        The same in words.
    hazards
        What an injection near it endangers.
    source, doi
        Where the numbers come from.
    confidence, confidence_parts
        verified, secondary, derived or recalled, and what of it.
    assumed
        Names of fields that no source gives.
    note
        Anything else.
    """

    name: str
    stem: str
    side: Side
    frame: str
    action_units: tuple[str, ...]
    function: str
    antagonists: tuple[str, ...]
    other_antagonists: tuple[str, ...]
    lines_caused: tuple[str, ...]
    path: tuple[Point, ...]
    closed: bool
    normals: tuple[Point, ...]
    width: float
    thickness: float
    length: float
    mass: float
    density: float
    volume: float
    volume_sd: float | None
    bands: tuple[Band, ...]
    endplate_zone: str
    hazards: str
    source: str
    doi: str | None
    confidence: str
    confidence_parts: str | None
    assumed: tuple[str, ...]
    note: str | None

    @property
    def pcsa(self) -> float:
        """Physiological cross-section, mass / (density × fibre length) [mm²]."""
        return _CUBIC_MM_PER_CUBIC_CM * self.mass / (self.density * self.length)

    @property
    def points(self) -> NDArray[np.float64]:
        """The centre line as an array, shape (K, 3) [mm]."""
        return np.asarray(self.path, dtype=np.float64)

    @property
    def fibre_direction(self) -> NDArray[np.float64]:
        """Unit vector from origin to insertion, shape (3,); for a ring, the tangent where the path begins."""
        points = self.points
        ends = points[1] - points[0] if self.closed else points[-1] - points[0]
        return ends / np.linalg.norm(ends)
