"""One injection in layered tissue: the voxels around the needle, and what one unit leaves in them."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from endplate.case import Injection, anatomy
from endplate.case.build import Build
from endplate.case.tip import trouble_of
from endplate.case.tissue import Kind, Tissue, voxelise
from endplate.course.parameters import from_library
from endplate.errors import InvalidRequest
from endplate.evidence import Library
from endplate.solve.diffusion import DIRECTIONS, ends
from endplate.spread import Layers, Needle, Numerics, SpreadParameters, unit_capture
from endplate.units import CUBIC_MM_PER_ML

__all__ = [
    "Box",
    "Solved",
    "Surroundings",
    "TissueSettings",
    "box_around",
    "called",
    "default_spread_parameters",
    "layers_of",
    "look_around",
    "needle_of",
    "numerics_of",
    "reach_of",
    "refuse_tips",
    "sheets_and_shares",
    "solve_injection",
    "surroundings",
    "tip_and_entry",
]

Floats = NDArray[np.float64]

_DISPERSION_STEPS = 12
_DISPERSIONS = 3.5  # standard deviations of the front between a ball of fluid and the edge of its box
_REACHES = (20.0, 28.0, 36.0, 48.0)  # mm; boxes of few sizes share compiled programs
_SWEEPS = (24, 48, 96, 192, 384)
# Of the pressure: the dose in a voxel is off by less than 0.1 % of the largest, that of a muscle by less still.
_TOLERANCE = 1e-3
_SHEET = 2.0  # mm: in thinner sheets the front may pass more voxels than the sweeps allow for


@dataclass(frozen=True, slots=True)
class TissueSettings:
    """How tissue is solved.

    Parameters
    ----------
    spacing : [mm]
        Edge of a voxel: 2, 1 or 0.5.
    reach : [mm]
        How far the box extends from the needle tip to each side; as the volume needs if None.
    build
        The individual's size.
    """

    spacing: float = 1.0
    reach: float | None = None
    build: Build = field(default_factory=Build)


class Solved(NamedTuple):
    """One injection solved: tissue around it, and dose captured per unit in each voxel (X, Y, Z) [1/mm³]."""

    tissue: Tissue
    per_unit: Floats


class Surroundings(NamedTuple):
    """The tissue around a needle tip, as voxels and as the solver takes them."""

    tissue: Tissue
    layers: Layers


def default_spread_parameters(library: Library | None = None) -> SpreadParameters:
    """The evidence library's values of spread."""
    return from_library(SpreadParameters, library, dtype=jnp.float32)


def solve_injection(
    injection: Injection, *, parameters: SpreadParameters | None = None, settings: TissueSettings | None = None
) -> Solved:
    """The tissue around one injection, and the dose that one unit leaves in it.

    Raises
    ------
    InvalidRequest
        If the injection has no volume or does not lie in open tissue.
    """
    used = default_spread_parameters() if parameters is None else parameters
    how = TissueSettings() if settings is None else settings
    refuse_tips([injection], how.build)
    reach = reach_of(float(injection.volume), used, settings=how)
    # Also within a program that is being traced, tissue is solved for numbers, here and now.
    with jax.ensure_compile_time_eval():
        around = surroundings(box_around(injection.site, reach, spacing=how.spacing), injection.frame, settings=how)
        found = unit_capture(
            needle_of(injection, around.tissue),
            around.layers,
            spacing=how.spacing,
            parameters=_single(used),
            numerics=numerics_of(float(injection.volume), used, reach=reach, spacing=how.spacing),
        )
        return Solved(around.tissue, np.asarray(found, float))


class Box(NamedTuple):
    """Voxels of the lattice that all boxes share: its first voxel, in voxels from the origin, and voxels on a side."""

    corner: tuple[int, int, int]
    side: int

    def __contains__(self, other: object) -> bool:
        """Whether another box lies in this one."""
        return isinstance(other, Box) and all(
            one <= first and first + other.side <= one + self.side
            for one, first in zip(self.corner, other.corner, strict=True)
        )


def box_around(site: Sequence[float], reach: float, *, spacing: float) -> Box:
    """The box that extends `reach` mm to each side of the voxel nearest to a place."""
    half = round(reach / spacing)
    x, y, z = (round(float(one) / spacing) - half for one in site)
    return Box((x, y, z), 2 * half + 1)


# Wide boxes whose tissue was looked up at once, the latest.
_WIDE: deque[tuple[Box, str, TissueSettings]] = deque(maxlen=2)


@lru_cache(maxsize=24)
def surroundings(box: Box, frame: str, *, settings: TissueSettings) -> Surroundings:
    """The tissue of a box; the latest are kept, so that a small move of the needle finds its tissue there."""
    tissue = next(
        (_cut(_voxelised(*one), one[0], box) for one in tuple(_WIDE) if one[1:] == (frame, settings) and box in one[0]),
        None,
    )
    found = _voxelised(box, frame, settings) if tissue is None else tissue
    return Surroundings(found, layers_of(found))


def look_around(injection: Injection, away: float, *, used: SpreadParameters, settings: TissueSettings) -> None:
    """Look up the tissue of all needles up to `away` mm from an injection at once; their boxes are then cut from it."""
    reach = reach_of(float(injection.volume), used, settings=settings)
    site = _tuple(injection.site)
    _WIDE.append(
        (box_around(site, reach + away + settings.spacing, spacing=settings.spacing), injection.frame, settings)
    )


def _cut(tissue: Tissue, wide: Box, box: Box) -> Tissue:
    starts = [one - first for one, first in zip(box.corner, wide.corner, strict=True)]
    part = tuple(slice(start, start + box.side) for start in starts)
    low = tissue.spacing * np.array(box.corner, float)
    # Muscles that the box does not hold have no number in it.
    present = np.unique(tissue.muscle[part][tissue.muscle[part] >= 0])
    number = np.full(len(tissue.names) + 1, -1, np.int16)
    number[present] = np.arange(len(present))
    arrays = (tissue.kind[part], number[tissue.muscle[part]], tissue.fibre[:, *part], tissue.orbital[part])
    names, fascia = (tuple(whole[one] for one in present) for whole in (tissue.names, tissue.fascia))
    return Tissue(low, tissue.spacing, *arrays, names, fascia)


@lru_cache(maxsize=4)
def _voxelised(box: Box, frame: str, settings: TissueSettings) -> Tissue:
    low, side = settings.spacing * np.array(box.corner, float), box.side
    return voxelise(low, (side, side, side), spacing=settings.spacing, frame=frame, build=settings.build)


def needle_of(injection: Injection, tissue: Tissue) -> Needle:
    """The needle in voxels; a tip between closed voxels is moved to the nearest open one."""
    tip, entry = tip_and_entry(np.asarray(injection.site, float), injection.frame, tissue=tissue)
    start, pierced = (jnp.asarray((one - tissue.low) / tissue.spacing, jnp.float32) for one in (tip, entry))
    return Needle(start, pierced, volume=jnp.asarray(injection.volume, jnp.float32))


def tip_and_entry(site: Floats, frame: str, *, tissue: Tissue) -> tuple[Floats, Floats]:
    """Where the tip comes to lie, and where the needle pierces the skin [mm]."""
    return _open_tip(site, tissue), _skin_above(site, frame, tissue)


def layers_of(tissue: Tissue) -> Layers:
    """Voxels of anatomy as the arrays that spread needs."""
    return jax.tree.map(jnp.asarray, sheets_and_shares(tissue))


def sheets_and_shares(tissue: Tissue) -> Layers:
    """`layers_of` as arrays of the host."""
    muscle = tissue.kind == Kind.MUSCLE
    fat = np.isin(tissue.kind, (Kind.FAT, Kind.ORBIT))
    wrapped = np.array([*tissue.fascia, False])[tissue.muscle]
    bare = muscle & ~wrapped
    sheets: list[list[NDArray[np.int8]]] = [[], [], []]
    for low, high in map(ends, DIRECTIONS):
        apart = tissue.muscle[low] != tissue.muscle[high]
        crossed = (
            apart * (wrapped[low].astype(np.int8) + wrapped[high]),
            apart * (bare[low].astype(np.int8) + bare[high]),
            tissue.orbital[low] != tissue.orbital[high],
        )
        for kept, sheet in zip(sheets, crossed, strict=True):
            kept.append(np.asarray(sheet, np.int8))
    skin, soft, fleshy = (one.astype(np.float32) for one in (tissue.kind == Kind.SKIN, fat, muscle))
    parts: Any = (skin, soft, fleshy, tissue.fibre, *(tuple(one) for one in sheets))
    return Layers(*parts)


def reach_of(volume: float, used: SpreadParameters, *, settings: TissueSettings) -> float:
    """How far the box around a needle goes [mm]: the ball of fluid and what dispersion adds to it."""
    if settings.reach is not None:
        return settings.reach
    ball = (0.75 * CUBIC_MM_PER_ML * volume / (math.pi * float(used.accessible_fraction))) ** (1 / 3)
    wanted = ball + _DISPERSIONS * float(used.front_dispersion)
    return next((one for one in _REACHES if wanted <= one), _REACHES[-1])


def numerics_of(volume: float, used: SpreadParameters, *, reach: float, spacing: float) -> Numerics:
    """Steps of dispersion that are stable whatever the direction of the fibres, and sweeps that follow the front."""
    fastest = max(2 + float(used.fibre_permeability), 3 * float(used.fat_permeability))
    step = 0.5 * float(used.front_dispersion) ** 2 / _DISPERSION_STEPS
    ratio = step * 2 * fastest / spacing**2
    stages = max(math.ceil(0.5 * (math.sqrt(9 + 16 * ratio) - 1)), 3)
    count = 2 * round(reach / spacing) + 1
    disc = math.sqrt(CUBIC_MM_PER_ML * volume / (math.pi * _SHEET * float(used.accessible_fraction)))
    wanted = min(2 * disc / spacing, 2 * count)
    sweeps = next((one for one in _SWEEPS if wanted <= one), _SWEEPS[-1])
    return Numerics(_DISPERSION_STEPS, stages, track=count, sweeps=sweeps, tolerance=_TOLERANCE)


def refuse_tips(injections: list[Injection] | tuple[Injection, ...], build: Build) -> None:
    """Raise one error that names every injection that has no volume or does not lie in open tissue."""
    faults = [f"{called(one)}: {words}" for one in injections if (words := _trouble(one, build))]
    if faults:
        raise InvalidRequest("; ".join(dict.fromkeys(faults)))


def _trouble(injection: Injection, build: Build) -> str:
    if not 0 < injection.volume < math.inf:
        return f"its volume is {injection.volume:g} mL; give one above 0"
    words = trouble_of(_tuple(injection.site), injection.frame, build=build)
    return f"{words}; move it into open tissue" if words else ""


def called(injection: Injection) -> str:
    """What an injection is called in messages."""
    return (
        f"injection {injection.name}" if injection.name else f"injection of {injection.dose} U on day {injection.day}"
    )


def _tuple(site: tuple[float, float, float]) -> tuple[float, float, float]:
    return float(site[0]), float(site[1]), float(site[2])


def _single(used: SpreadParameters) -> SpreadParameters:
    """In single precision, so that float64 programs need no others."""
    return SpreadParameters(**{name: jnp.asarray(value, jnp.float32) for name, value in vars(used).items()})


def _open_tip(tip: Floats, tissue: Tissue) -> Floats:
    place = (tip - tissue.low) / tissue.spacing
    corner = np.floor(place).astype(int)
    around = tissue.open[tuple(slice(one, one + 2) for one in corner)]
    away = place - corner
    weight = np.stack([1 - away, away])
    shares = weight[:, 0][:, None, None] * weight[:, 1][None, :, None] * weight[:, 2][None, None, :]
    if (shares * around).sum() > 0:
        return tip
    free = np.argwhere(tissue.open)
    if not len(free):
        raise InvalidRequest(f"the tissue around ({', '.join(f'{one:g}' for one in tip)}) mm has no open voxel")
    return tissue.low + tissue.spacing * free[np.argmin(((free - place) ** 2).sum(axis=1))]


def _skin_above(tip: Floats, frame: str, tissue: Tissue) -> Floats:
    """Where the needle pierces the skin [mm], no farther away than the box reaches."""
    outward = -anatomy().surface.inward(tip) if frame == "head" else np.array([0.0, 0.0, 1.0])
    half = 0.5 * tissue.spacing
    shares = np.arange(0.0, half * min(tissue.kind.shape) - 2 * half, half)
    way = tip + shares[:, None] * outward
    index = np.rint((way - tissue.low) / tissue.spacing).astype(int)
    index = np.clip(index, 0, np.array(tissue.kind.shape) - 1)
    in_air = tissue.kind[tuple(index.T)] == Kind.AIR
    first = int(np.argmax(in_air)) if in_air.any() else len(way)
    return way[max(first - 1, 0)]
