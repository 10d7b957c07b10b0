"""Spread in layered tissue: unit responses of injections, solved once, kept, and superposed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

import equinox
import jax.numpy as jnp
import numpy as np
from jax import Array
from numpy.typing import NDArray
from scipy.spatial import KDTree

from endplate.case import Injection, Muscle, Plan, anatomy, endplates
from endplate.case.tissue import Build, Kind, Tissue, voxelise
from endplate.course.parameters import Parameters
from endplate.course.scene import Body, Syringe, muscles_of
from endplate.course.store import Store, content_key
from endplate.errors import InvalidRequest
from endplate.evidence import Library, defaults, load
from endplate.solve.diffusion import DIRECTIONS, ends
from endplate.spread import Layers, Needle, Numerics, TissueParameters, unit_capture

__all__ = [
    "Responses",
    "Solved",
    "TissueSettings",
    "default_tissue_parameters",
    "layers_of",
    "solve_injection",
    "tissue_responses",
]

Floats = NDArray[np.float64]

# What a response follows from besides its own numbers: a change of one of these makes kept responses void.
_SOURCES = (
    *("case/tissue.py", "case/innervation.py", "case/surface.py", "course/tissue.py"),
    *("solve/diffusion.py", "solve/seepage.py", "spread/tissue.py", "spread/injection.py"),
)
_NEIGHBOURS, _FARTHEST = 4, 3.0  # voxels of a muscle that speak for an end plate, and how far away they may be [mm]
_DISPERSION_STEPS = 12


@dataclass(frozen=True, slots=True)
class TissueSettings:
    """How tissue is solved.

    Parameters
    ----------
    spacing : [mm]
        Edge of a voxel: 2, 1 or 0.5.
    reach : [mm]
        How far the box extends from the needle tip to each side.
    build
        The individual's size.
    """

    spacing: float = 1.0
    reach: float = 20.0
    build: Build = field(default_factory=Build)


class Responses(equinox.Module):
    """Dose that end plates capture from each injection per unit, shape (N, J, I) [1/mm³]; linear in dose."""

    per_unit: Array

    def __call__(self, syringe: Syringe, body: Body, *, p: Parameters) -> Array:  # noqa: ARG002 - solved before
        """Dose captured from each injection at every end plate (N, J, I, P) [U/mm³]."""
        each = syringe.doses[:, None, None] * self.per_unit.astype(body.endplates.dtype)
        return jnp.broadcast_to(each[..., None], (*each.shape, body.endplates.shape[-1]))


class Solved(NamedTuple):
    """One injection solved: tissue around it, and dose captured per unit in each voxel (X, Y, Z) [1/mm³]."""

    tissue: Tissue
    per_unit: Floats


def default_tissue_parameters(library: Library | None = None) -> TissueParameters:
    """The evidence library's values for spread in layered tissue."""
    values = defaults(TissueParameters, load() if library is None else library)
    return TissueParameters(**{name: jnp.asarray(value, jnp.float32) for name, value in values.items()})


def tissue_responses(
    plan: Plan,
    *,
    parameters: TissueParameters | None = None,
    settings: TissueSettings | None = None,
    store: Store | None = None,
) -> Responses:
    """What one unit of each injection of a plan leaves at every end plate, in layered tissue.

    Give the result to `simulate` as ``spread``. Sites and volumes may not be traced here;
    `endplate.spread.unit_capture` is differentiable in both.

    Parameters
    ----------
    plan
        The injections.
    parameters
        Spread parameters; the evidence library's if None.
    settings
        How the tissue is solved.
    store
        Where unit responses are kept; nowhere if None.

    Raises
    ------
    InvalidRequest
        If an injection has no volume or does not lie in open tissue; the message names it.
    """
    used = default_tissue_parameters() if parameters is None else parameters
    how = TissueSettings() if settings is None else settings
    kept, muscles = Store() if store is None else store, muscles_of(plan)
    rows = [_response(one, muscles, used=used, how=how, store=kept) for one in plan.injections]
    shape = (0, len(muscles), len(endplates(muscles[0])[1]))
    return Responses(jnp.asarray(np.stack(rows) if rows else np.zeros(shape)))


def _response(
    injection: Injection, muscles: Sequence[Muscle], *, used: TissueParameters, how: TissueSettings, store: Store
) -> Floats:
    content = {
        "site": [float(one) for one in injection.site],
        "volume": float(injection.volume),
        "frame": injection.frame,
        "settings": asdict(how),
        "parameters": {one.name: float(getattr(used, one.name)) for one in fields(used)},
        "sources": _sources_key(),
        "muscles": [one.name for one in muscles],
    }

    def make() -> dict[str, NDArray[Any]]:
        solved = solve_injection(injection, parameters=used, settings=how)
        return {"per_unit": np.stack([_at_endplates(solved, muscle, how.build) for muscle in muscles])}

    return store.get(content_key(content), make)["per_unit"]


@cache
def _sources_key() -> str:
    """Hash of the anatomy and of the code that solves."""
    package = resources.files("endplate")
    folder = package / "case" / "anatomy"
    texts = {one.name: one.read_text(encoding="utf-8") for one in folder.iterdir() if one.name.endswith(".toml")}
    return content_key(texts | {name: (package / name).read_text(encoding="utf-8") for name in _SOURCES})


def solve_injection(
    injection: Injection, *, parameters: TissueParameters | None = None, settings: TissueSettings | None = None
) -> Solved:
    """The tissue around one injection, and the dose that one unit leaves in it.

    Raises
    ------
    InvalidRequest
        If the injection has no volume or does not lie in open tissue.
    """
    used = default_tissue_parameters() if parameters is None else parameters
    how = TissueSettings() if settings is None else settings
    tip = np.asarray(injection.site, float)
    if not 0 < injection.volume < math.inf or not np.isfinite(tip).all():
        raise InvalidRequest(f"{_called(injection)}: its volume is {injection.volume:g} mL; give one above 0")
    count = 2 * round(how.reach / how.spacing) + 1
    low = how.spacing * (np.rint(tip / how.spacing) - count // 2)
    tissue = voxelise(low, (count, count, count), spacing=how.spacing, frame=injection.frame, build=how.build)
    _refuse(injection, tissue)
    entry = _skin_above(injection, tissue)
    start, pierced = (jnp.asarray((one - low) / how.spacing, jnp.float32) for one in (tip, entry))
    needle = Needle(start, pierced, volume=jnp.asarray(injection.volume, jnp.float32))
    found = unit_capture(
        needle,
        layers_of(tissue),
        spacing=how.spacing,
        parameters=used,
        numerics=_numerics(used, spacing=how.spacing, count=count),
    )
    return Solved(tissue, np.asarray(found, float))


def layers_of(tissue: Tissue) -> Layers:
    """Voxels of anatomy as the arrays that spread needs."""
    muscle = tissue.kind == Kind.MUSCLE
    fat = np.isin(tissue.kind, (Kind.FAT, Kind.ORBIT))
    wrapped = np.array([*tissue.fascia, False])[tissue.muscle]
    bare = muscle & ~wrapped
    sheets: list[list[Array]] = [[], [], []]
    for low, high in map(ends, DIRECTIONS):
        apart = tissue.muscle[low] != tissue.muscle[high]
        crossed = (
            apart * (wrapped[low].astype(np.float32) + wrapped[high]),
            apart * (bare[low].astype(np.float32) + bare[high]),
            tissue.orbital[low] != tissue.orbital[high],
        )
        for kept, sheet in zip(sheets, crossed, strict=True):
            kept.append(jnp.asarray(sheet, jnp.float32))
    skin, soft, fleshy = (jnp.asarray(one, jnp.float32) for one in (tissue.kind == Kind.SKIN, fat, muscle))
    fascia, sheath, septum = (tuple(one) for one in sheets)
    return Layers(skin, soft, fleshy, jnp.asarray(tissue.fibre), fascia, sheath, septum)


def _numerics(used: TissueParameters, *, spacing: float, count: int) -> Numerics:
    """Steps of dispersion that are stable whatever the direction of the fibres."""
    fastest = max(2 + float(used.fibre_permeability), 3 * float(used.fat_permeability))
    step = 0.5 * float(used.front_dispersion) ** 2 / _DISPERSION_STEPS
    ratio = step * 2 * fastest / spacing**2
    stages = max(math.ceil(0.5 * (math.sqrt(9 + 16 * ratio) - 1)), 3)
    return Numerics(steps=_DISPERSION_STEPS, stages=stages, track=count, sweeps=2 * count)


def _refuse(injection: Injection, tissue: Tissue) -> None:
    """Injections that lie in no open tissue."""
    kind, _ = tissue.at(injection.site)
    words = {Kind.AIR: "outside the skin", Kind.BONE: "in bone", Kind.EYE: "in the eye"}
    if kind in words:
        place = ", ".join(f"{one:g}" for one in injection.site)
        raise InvalidRequest(f"{_called(injection)}: its tip ({place}) mm lies {words[kind]}; move it into the tissue")


def _called(injection: Injection) -> str:
    return (
        f"injection {injection.name}" if injection.name else f"injection of {injection.dose} U on day {injection.day}"
    )


def _skin_above(injection: Injection, tissue: Tissue) -> Floats:
    """Where the needle pierces the skin [mm], no farther away than the box reaches."""
    tip = np.asarray(injection.site, float)
    outward = -anatomy().surface.inward(tip) if injection.frame == "head" else np.array([0.0, 0.0, 1.0])
    best = tip
    for share in np.arange(0.0, 0.5 * tissue.spacing * min(tissue.kind.shape) - tissue.spacing, 0.5 * tissue.spacing):
        if tissue.at(tip + share * outward)[0] == Kind.AIR:
            break
        best = tip + share * outward
    return best


def _at_endplates(solved: Solved, muscle: Muscle, build: Build) -> Floats:
    """Dose per unit at the end plates of a muscle (I,), from the nearest voxels of that muscle."""
    tissue = solved.tissue
    points, _ = endplates(muscle)
    places = build.from_map(points) if muscle.frame == "head" else points
    high = tissue.low + tissue.spacing * (np.array(tissue.kind.shape) - 1)
    inside = np.all((places >= tissue.low) & (places <= high), axis=1)
    if not inside.any() or muscle.name not in tissue.names:
        return np.zeros(len(points))
    own = np.argwhere(tissue.muscle == tissue.names.index(muscle.name))
    count = min(_NEIGHBOURS, len(own))
    distance, index = KDTree(tissue.low + tissue.spacing * own).query(places, k=count)
    distance, index = distance.reshape(len(points), count), index.reshape(len(points), count)
    weight = 1 / np.maximum(distance, 0.1 * tissue.spacing) ** 2
    values = solved.per_unit[tuple(own[index].T)].T
    found = (weight * values).sum(axis=1) / weight.sum(axis=1)
    return np.where(inside & (distance[:, 0] <= _FARTHEST), found, 0.0)
