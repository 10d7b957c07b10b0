"""Unit responses of injections in layered tissue: solved once, kept, and superposed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, fields, replace
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax.core import Tracer
from numpy.typing import ArrayLike, NDArray

from endplate.case import Injection, Patient, Plan, endplates
from endplate.case.build import Build
from endplate.case.tissue import Kind
from endplate.course.engine import cache_folder
from endplate.course.reading import mirror, muscles_in, reading
from endplate.course.scene import muscles_of
from endplate.course.store import Store, content_key
from endplate.course.superposition import Responses
from endplate.course.tissue import Solved, TissueSettings, default_spread_parameters, refuse_tips, solve_injection
from endplate.course.traced import TracedTissue, traced_tissue
from endplate.errors import InvalidRequest
from endplate.spread import SpreadParameters

__all__ = [
    "MASSES",
    "Cloud",
    "Responses",
    "default_spread",
    "forget_responses",
    "kept_responses",
    "masses_around",
    "solved_build",
    "tissue_responses",
    "unit_cloud",
]

Floats = NDArray[np.float64]

# What a response follows from besides its own numbers: a change of one of these makes kept responses void.
_SOURCES = (
    *("case/tissue.py", "case/innervation.py", "case/surface.py"),
    *("course/tissue.py", "course/reading.py", "course/responses.py"),
    *("solve/conjugate.py", "solve/diffusion.py", "solve/seepage.py", "spread/tissue.py", "spread/injection.py"),
)
_MAPS = ("muscles.toml", "sites.toml", "skin.toml", "tissue.toml")
_DIGITS = 9  # of a coordinate in mm; beyond, sites are one

# Muscle masses for which tissue is solved; between them responses are read along straight lines in ln(mass).
MASSES = (0.25, 0.5, 1.0, 2.0, 4.0)


class Cloud(NamedTuple):
    """Dose captured per unit in a box of voxels (X, Y, Z) [1/mm³]; centre of the first voxel, and edge [mm].

    skin: which voxels are skin, where no end plates are.
    """

    low: Floats
    spacing: float
    per_unit: Floats
    skin: NDArray[np.bool_]


class _Asked(NamedTuple):
    """All that one response follows from, as plain values."""

    site: tuple[float, float, float]
    volume: float
    frame: str
    settings: TissueSettings
    values: tuple[float, ...]


def tissue_responses(
    plan: Plan,
    *,
    parameters: SpreadParameters | None = None,
    settings: TissueSettings | None = None,
    masses: Sequence[float] | None = None,
    sizes: Sequence[tuple[float, float]] | None = None,
    store: Store | None = None,
) -> Responses:
    """What one unit of each injection of a plan leaves at every end plate, in layered tissue.

    `simulate` asks for them itself; give the result to it as ``spread`` to solve otherwise.
    Responses are kept in memory, and in `store`, so that another dose solves nothing again.

    Parameters
    ----------
    plan
        The injections.
    parameters
        Spread parameters, numbers each; the evidence library's if None.
    settings
        How the tissue is solved; its `build` tells the size of the head.
    masses
        Of the patients' muscles, doubling, such as `masses_around` gives; that of `settings` alone if None.
    sizes
        Of the patients' heads, see `Build.scales`; that of `settings` alone if None.
    store
        Where unit responses are kept; in the user's folder for caches if None.

    Raises
    ------
    InvalidRequest
        If an injection has no volume or does not lie in open tissue; the message names each.
    """
    how = TissueSettings() if settings is None else settings
    nodes = (how.build.muscle_mass,) if masses is None else tuple(float(one) for one in masses)
    heads = (how.build.scales,) if sizes is None else tuple(sizes)
    builds = [replace(Build.scaled(*one), muscle_mass=mass) for one in heads for mass in nodes]
    for one in builds[:: len(nodes)]:
        refuse_tips(plan.injections, replace(one, muscle_mass=1.0))
    muscles, kept = muscles_of(plan), (kept_responses() if store is None else store)
    values = _values(default_spread_parameters() if parameters is None else parameters)
    found = np.zeros((len(builds), len(plan.injections), len(muscles), len(endplates(muscles[0])[1])))
    for row, build in enumerate(builds):
        own = replace(how, build=build)
        for column, one in enumerate(plan.injections):
            rows = [index for index, muscle in enumerate(muscles) if muscle.frame == one.frame]
            found[row, column, rows] = _response(*_asked(one, own, values), kept.folder)
    return Responses(jnp.asarray(found), nodes, heads)


def unit_cloud(
    injection: Injection, *, parameters: SpreadParameters | None = None, settings: TissueSettings | None = None
) -> Cloud:
    """What one unit of an injection leaves in the tissue; what was solved last is kept in memory.

    Raises
    ------
    InvalidRequest
        If the injection has no volume or does not lie in open tissue.
    """
    how = TissueSettings() if settings is None else settings
    refuse_tips([injection], how.build)
    values = _values(default_spread_parameters() if parameters is None else parameters)
    asked, mirrored = _asked(injection, how, values)
    tissue, per_unit = _voxels(asked)
    skin = tissue.kind == Kind.SKIN
    if not mirrored:
        return Cloud(tissue.low, tissue.spacing, per_unit, skin)
    far = tissue.low[0] + tissue.spacing * (per_unit.shape[0] - 1)
    return Cloud(np.array([-far, *tissue.low[1:]]), tissue.spacing, per_unit[::-1], skin[::-1])


def masses_around(masses: NDArray[Any]) -> tuple[float, ...]:
    """The masses of `MASSES` that lie around those of patients.

    Examples
    --------
    >>> masses_around(np.array([1.0])), masses_around(np.array([0.9, 1.3, np.nan]))
    ((1.0,), (0.5, 1.0, 2.0))
    """
    known = masses[np.isfinite(masses)]
    if not len(known):
        return (1.0,)
    steps = np.clip(np.log2(np.array([known.min(), known.max()]) / MASSES[0]), 0, len(MASSES) - 1)
    return MASSES[int(np.floor(steps[0])) : int(np.ceil(steps[1])) + 1]


def kept_responses() -> Store:
    """Unit responses kept between runs beside compiled programs; nowhere if there is no folder for caches."""
    folder = cache_folder()
    return Store(None if folder is None else folder.parent / "spread")


def default_spread(
    plan: Plan, mass: ArrayLike, *, p: SpreadParameters, size: ArrayLike | None = None
) -> Responses | TracedTissue:
    """What `simulate` uses where no spread is given: unit responses in layered tissue.

    Where a site, a volume or a spread parameter is traced, tissue is solved within the program, see `TracedTissue`.

    Parameters
    ----------
    plan
        The injections.
    mass
        Muscle mass of the patients (P,); may be traced.
    p
        Spread parameters.
    size
        Of the patients' heads (2, P), see `Cohort`; that of the map if None or traced.

    Raises
    ------
    InvalidRequest
        If an injection that is not traced lies in no open tissue, or a spread parameter differs between patients.
    """
    masses = MASSES if isinstance(mass, Tracer) else masses_around(np.asarray(mass))
    known = np.ones((2, 1)) if size is None or isinstance(size, Tracer) else np.asarray(size, float)
    rows = np.unique(known.T, axis=0)
    sizes = [(float(across), float(up)) for across, up in rows]
    numbers = [*jax.tree.leaves(p), *(value for one in plan.injections for value in (*one.site, one.volume))]
    if plan.injections and any(isinstance(value, Tracer) for value in numbers):
        _refuse_wide(p)
        told = [one for one in plan.injections if not any(isinstance(v, Tracer) for v in (*one.site, one.volume))]
        for across, up in sizes:
            refuse_tips(told, Build.scaled(across, up))
        return traced_tissue(plan, parameters=p, masses=masses, sizes=sizes)
    return tissue_responses(plan, parameters=p, masses=masses, sizes=sizes)


def forget_responses() -> None:
    """Forget the responses that are kept in memory; those on disk stay."""
    _kept.cache_clear()
    _voxels.cache_clear()


def solved_build(patient: Patient) -> Build:
    """The size of a patient, with the nearest muscle mass for which tissue is solved."""
    near = min(MASSES, key=lambda one: abs(math.log(one / patient.muscle_mass)))
    return replace(Build.of(patient), muscle_mass=near)


def _refuse_wide(parameters: SpreadParameters) -> None:
    wide = [one.name for one in fields(parameters) if jnp.size(getattr(parameters, one.name)) != 1]
    if wide:
        words = f"{', '.join(wide)} of spread differ between patients, but tissue is solved for one value of each"
        raise InvalidRequest(f"{words}; give one value, or simulate with spread=ClosedForm()")


def _values(parameters: SpreadParameters) -> tuple[float, ...]:
    _refuse_wide(parameters)
    given = {one.name: np.asarray(getattr(parameters, one.name)) for one in fields(parameters)}
    # In single precision, so that both precisions share what is kept.
    return tuple(float(np.float32(value.reshape(()))) for value in given.values())


def _asked(injection: Injection, how: TissueSettings, values: tuple[float, ...]) -> tuple[_Asked, bool]:
    """What is asked of tissue, on the left side of the head, and whether that is the mirror image."""
    x, y, z = (float(np.round(float(one), _DIGITS)) + 0.0 for one in injection.site)
    mirrored = injection.frame == "head" and x < 0
    # Spelled one way, so that equal sizes are one key.
    own = replace(how, build=replace(Build.scaled(*how.build.scales), muscle_mass=how.build.muscle_mass))
    return _Asked((-x if mirrored else x, y, z), float(injection.volume), injection.frame, own, values), mirrored


def _response(asked: _Asked, mirrored: bool, folder: Path | None) -> Floats:
    """Dose per unit at the end plates of the muscles of its frame (J, I)."""
    found = _kept(asked, folder)
    if not mirrored:
        return found
    row, point = mirror()
    return found[row[:, None], point]


@lru_cache(maxsize=2048)
def _kept(asked: _Asked, folder: Path | None) -> Floats:
    names = [one.name for one in fields(SpreadParameters)]
    content = {
        **asked._asdict(),
        "settings": asdict(asked.settings),
        "values": dict(zip(names, asked.values, strict=True)),
        "sources": _sources_key(),
    }
    key = content_key(content)
    return Store(folder).get(key, lambda: {"per_unit": _solved(asked).astype(np.float32)})["per_unit"]


def _solved(asked: _Asked) -> Floats:
    solved = _voxels(asked)
    index, weight = reading(solved.tissue, muscles_in(asked.frame), build=asked.settings.build)
    return (solved.per_unit.ravel()[index] * weight).sum(axis=-1)


@lru_cache(maxsize=24)
def _voxels(asked: _Asked) -> Solved:
    """The tissue and the dose in it; the latest are kept, so that maps solve nothing again."""
    names = [one.name for one in fields(SpreadParameters)]
    one = Injection(asked.site, 1.0, asked.volume, 0.0, frame=asked.frame)
    with jax.ensure_compile_time_eval():
        used = SpreadParameters(**{name: jnp.asarray(value) for name, value in zip(names, asked.values, strict=True)})
        return solve_injection(one, parameters=used, settings=asked.settings)


@cache
def _sources_key() -> str:
    """Hash of the anatomy and of the code that solves."""
    package = resources.files("endplate")
    names = (*(f"case/anatomy/{name}" for name in _MAPS), *_SOURCES)
    return content_key({name: (package / name).read_text(encoding="utf-8") for name in names})
