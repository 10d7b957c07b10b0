"""Layered tissue solved inside a program: for sites, volumes and parameters of spread that JAX traces."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

import equinox
import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.core import Tracer
from numpy.typing import NDArray

from endplate.case import Muscle, Plan, endplates
from endplate.case.build import Build
from endplate.case.tip import trouble_of
from endplate.case.tissue import voxelise
from endplate.course.parameters import Parameters
from endplate.course.reading import NEIGHBOURS, mirror, muscles_in, reading
from endplate.course.scene import Body, Syringe, muscles_of
from endplate.course.superposition import Responses
from endplate.course.tissue import (
    TissueSettings,
    box_around,
    default_spread_parameters,
    numerics_of,
    reach_of,
    sheets_and_shares,
    tip_and_entry,
)
from endplate.solve.diffusion import DIRECTIONS
from endplate.spread import Layers, Needle, Numerics, SpreadParameters, unit_capture

__all__ = ["TracedTissue", "traced_tissue"]

# A traced volume has no number yet: its box holds this many mL, and of more the dose is not a number.
_LARGEST_VOLUME = 3.0
# Slopes need a pressure that moves smoothly, so it is solved better than for numbers.
_TOLERANCE = 1e-5
# A front that is traced may be wider than usual; dispersion stays stable up to this factor.
_WIDER = 1.6


class _Group(NamedTuple):
    """Injections of a plan in one frame, by number; how far their boxes go [mm], and the largest volume [mL]."""

    frame: str
    members: tuple[int, ...]
    reach: float
    largest: float


class _Around(NamedTuple):
    """What the anatomy says of the surroundings of a tip, as numbers of the host.

    corner: centre of the first voxel (3,) [mm]; tip, entry: from the tip to where it comes to lie, and to the puncture
    (3,) [mm]; index, weight: see `reading`; good: 1 in open tissue, else not a number ().
    """

    layers: Layers
    corner: Any
    tip: Any
    entry: Any
    index: Any
    weight: Any
    good: Any


class TracedTissue(equinox.Module):
    """Layered tissue that is solved where it is called; `simulate` takes it where a site, a volume or spread is traced.

    Slopes are those of the voxel model itself: tissue stays where its voxels are, needle and fluid move, and the
    puncture moves with the tip.

    Notes
    -----
    Nothing is kept: every call solves every injection anew, which takes a tenth of a second in a box of 20 mm, three
    times as long where the volume is traced, and two to three times as long again for slopes in reverse, however many
    are asked for. Anatomy is looked up by a callback of the program. What nobody can know of a traced number while a
    program is written (a tip in bone, a volume of more than 3 mL) becomes not a number, and the status of the patient
    says so.
    """

    groups: tuple[_Group, ...] = equinox.field(static=True)
    muscles: tuple[Muscle, ...] = equinox.field(static=True)
    masses: tuple[float, ...] = equinox.field(static=True)
    sizes: tuple[tuple[float, float], ...] = equinox.field(static=True)
    numerics: tuple[Numerics, ...] = equinox.field(static=True)

    def __call__(self, syringe: Syringe, body: Body, *, p: Parameters) -> Array:
        """Dose captured from each injection at every end plate (N, J, I, P) [U/mm³]."""
        return Responses(self.per_unit(syringe, p.spread), self.masses, self.sizes)(syringe, body, p=p)

    def per_unit(self, syringe: Syringe, parameters: SpreadParameters) -> Array:
        """Unit responses, see `Responses` (B × M, N, J, I) [1/mm³]."""
        nodes = jnp.asarray([(*size, mass) for size in self.sizes for mass in self.masses], jnp.float32)
        used = jax.tree.map(lambda value: jnp.asarray(value, jnp.float32).reshape(()), parameters)
        sites, volumes = (jnp.asarray(one).astype(jnp.float32) for one in (syringe.sites, syringe.volumes))
        points = len(endplates(self.muscles[0])[1])
        found = jnp.zeros((len(nodes), len(sites), len(self.muscles), points), jnp.float32)
        for group, numerics in zip(self.groups, self.numerics, strict=True):
            members = np.array(group.members)
            rows = np.array([row for row, one in enumerate(self.muscles) if one.frame == group.frame])
            solve = partial(_solved, group=group, numerics=numerics, used=used)
            given = (sites[members], volumes[members])
            each = jax.lax.map(partial(_all_solved, solve, given), nodes)
            found = found.at[:, members[:, None], rows].set(each)
        return found


def traced_tissue(
    plan: Plan, *, parameters: SpreadParameters, masses: Sequence[float], sizes: Sequence[tuple[float, float]]
) -> TracedTissue:
    """Tissue for a plan whose sites, volumes or parameters of spread are traced; see `tissue_responses`."""
    usual, how = default_spread_parameters(), TissueSettings()
    loose = any(isinstance(value, Tracer) for value in jax.tree.leaves(parameters))
    known = usual if loose else parameters
    with jax.ensure_compile_time_eval():
        front = known.front_dispersion * (_WIDER if loose else 1.0)
    wide = equinox.tree_at(lambda p: p.front_dispersion, known, front)
    groups: list[_Group] = []
    numerics: list[Numerics] = []
    for frame in dict.fromkeys(one.frame for one in plan.injections):
        members = tuple(number for number, one in enumerate(plan.injections) if one.frame == frame)
        volumes = [plan.injections[number].volume for number in members]
        traced = any(isinstance(one, Tracer) for one in volumes)
        largest = _LARGEST_VOLUME if traced else max(float(one) for one in volumes)
        reach = reach_of(largest, wide, settings=how)
        groups.append(_Group(frame, members, reach, largest))
        finely = numerics_of(largest, wide, reach=reach, spacing=how.spacing)
        numerics.append(replace(finely, tolerance=_TOLERANCE))
    return TracedTissue(tuple(groups), muscles_of(plan), tuple(masses), tuple(sizes), tuple(numerics))


def _all_solved(solve: Callable[[Array, Array, Array], Array], given: tuple[Array, Array], node: Array) -> Array:
    """Unit responses of the injections of a group, one after another (n, J, I)."""
    return jax.lax.map(lambda one: solve(one[0], one[1], node), given)


def _solved(
    site: Array, volume: Array, node: Array, *, group: _Group, numerics: Numerics, used: SpreadParameters
) -> Array:
    """Unit response of one injection at the end plates of the muscles of its frame (J, I)."""
    mirrored = (site[0] < 0) & (group.frame == "head")
    place = site.at[0].multiply(jnp.where(mirrored, -1, 1))
    spacing = TissueSettings().spacing
    fixed = jax.lax.stop_gradient((place, node))
    looked_up = partial(_look, frame=group.frame, reach=group.reach)
    around = _Around(*jax.pure_callback(looked_up, _shapes(group), *fixed, vmap_method="sequential"))
    start, entry = ((place + one - around.corner) / spacing for one in (around.tip, around.entry))
    found = unit_capture(
        Needle(start, entry, volume), around.layers, spacing=spacing, parameters=used, numerics=numerics
    )
    told = jnp.sum(found.ravel()[around.index] * around.weight, axis=-1)
    if group.frame == "head":
        row, point = mirror()
        told = jnp.where(mirrored, told[row[:, None], point], told)
    allowed = (volume > 0) & (volume <= group.largest * (1 + 1e-6))
    return (told * around.good * jnp.where(allowed, 1, jnp.nan)).astype(jnp.float32)


def _look(place: NDArray[Any], node: NDArray[Any], *, frame: str, reach: float) -> tuple[Any, ...]:
    """`_Around` of a place on the left side; node: size across and up, and muscle mass."""
    across, up, mass = (float(one) for one in np.asarray(node))
    build = replace(Build.scaled(across, up), muscle_mass=mass)
    tip = np.asarray(place, float)
    finite = bool(np.isfinite(tip).all())
    box = box_around(tip.tolist() if finite else (0.0, 0.0, 0.0), reach, spacing=TissueSettings().spacing)
    low, side = TissueSettings().spacing * np.array(box.corner, float), box.side
    tissue = voxelise(low, (side, side, side), spacing=TissueSettings().spacing, frame=frame, build=build)
    x, y, z = tip.tolist()
    good = finite and tissue.open.any() and not trouble_of((x, y, z), frame, build=replace(build, muscle_mass=1.0))
    lies, pierced = tip_and_entry(tip, frame, tissue=tissue) if good else (low + reach, low + reach)
    index, weight = reading(tissue, muscles_in(frame), build=build)
    shift, way = (lies - tip, pierced - tip) if good else (lies, pierced)
    corner, shift, way = (np.asarray(one, np.float32) for one in (low, shift, way))
    reads = (index.astype(np.int32), weight.astype(np.float32))
    return tuple(_Around(sheets_and_shares(tissue), corner, shift, way, *reads, np.float32(1.0 if good else np.nan)))


def _shapes(group: _Group) -> tuple[Any, ...]:
    """Of what `_look` gives."""
    side = 2 * round(group.reach / TissueSettings().spacing) + 1
    box, muscles = (side,) * 3, muscles_in(group.frame)
    four = (len(muscles), len(endplates(muscles[0])[1]), NEIGHBOURS)
    sheets = tuple(
        jax.ShapeDtypeStruct(tuple(side - abs(step) for step in direction), jnp.int8) for direction in DIRECTIONS
    )

    def single(*shape: int) -> Any:
        return jax.ShapeDtypeStruct(shape, jnp.float32)

    layers = Layers(*(single(*box) for _ in range(3)), single(3, *box), sheets, sheets, sheets)  # pyright: ignore
    reads = (jax.ShapeDtypeStruct(four, jnp.int32), single(*four))
    return tuple(_Around(layers, single(3), single(3), single(3), *reads, single()))
