"""Force that folds a region, tabulated: solved once, read for every set of parameters that a fit tries."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

from endplate.case import Injection, Patient, Plan, products
from endplate.case.anatomy import anatomy
from endplate.course import Cohort, Parameters, cohort_of, default_parameters
from endplate.course.lines import Lines, follow_effort, prepare_lines, tabulated
from endplate.course.store import Store, content_key
from endplate.fit.question import Layout
from endplate.trial.source import source_hash

__all__ = ["AXES", "EffortTable", "by_mass", "effort_of", "effort_table", "plan_of"]


class Axis(NamedTuple):
    """Evenly spaced nodes of a natural logarithm."""

    first: float
    step: float
    number: int

    @property
    def nodes(self) -> NDArray[np.float64]:
        """Where they are."""
        return self.first + self.step * np.arange(self.number, dtype=np.float64)


class Axes(NamedTuple):
    """Logarithms: muscle mass, half-life over the library's, dose over that of the layout."""

    mass: Axis
    half_life: Axis
    dose: Axis


AXES = Axes(mass=Axis(-1.5, 0.6, 6), half_life=Axis(-2.0, 0.4, 12), dose=Axis(-8.0, 0.5, 32))
_BATCH = 2304
# First day, day after the last and step of the days that are solved [day]; what follows, by the last day.
_STEPS = ((0.0, 1.0, 0.125), (1.0, 4.0, 0.5), (4.0, 14.0, 1.0), (14.0, 42.0, 3.5), (42.0, 182.0, 7.0))
_ENDS = ((365.0, 182.0, 364.0, 14.0), (730.0, 182.0, 729.0, 14.0))
_KIND = jnp.float32


class EffortTable(NamedTuple):
    """Remaining force at the nodes of `AXES` on each day (mass, half-life, dose, T); `lines` for `see_effort`."""

    values: Array
    lines: Lines


def plan_of(layout: Layout) -> Plan:
    """The layout's pattern, given once, with a product of its serotype."""
    pattern = anatomy().patterns[layout.pattern]
    fits = [one for one in products().values() if one.serotype == layout.serotype]
    product = next((one for one in fits if one.code == pattern.product), fits[0])
    sites = anatomy().sites
    given = (Injection(sites[one.site].tip, one.dose, one.volume, day=0.0, name=one.site) for one in pattern.shots)
    return Plan(product, tuple(given))


def effort_table(layout: Layout, days: tuple[float, ...], *, store: Store | None = None) -> EffortTable:
    """Solve a layout at all nodes.

    Parameters
    ----------
    layout
        What is injected, and the region that is rated.
    days
        Increasing, from 0 on [day].
    store
        Where tables are kept; nowhere if None.
    """
    plan, grid = plan_of(layout), _grid(days[-1])
    p = default_parameters(plan.product, dtype=_KIND)
    lines = tabulated(prepare_lines(plan, region=layout.region, days=grid, p=p), spread=float(p.kinetics.dose_spread))
    captured = content_key({"captured": np.asarray(lines.captured).tobytes().hex()})
    content = [source_hash(), layout, grid, AXES, captured]
    kept = (store or Store()).get(
        content_key({"table": content}), lambda: {"values": _solve(lines, plan, region=layout.region, p=p)}
    )
    values = PchipInterpolator(grid, kept["values"], axis=-1)(days).astype(_KIND)
    # Skin is followed in double precision, on the days of the table.
    whole = prepare_lines(plan, region=layout.region, days=days, p=default_parameters(plan.product))
    setting = whole.setting._replace(clock=whole.setting.clock._replace(days=jnp.asarray(days)))
    return EffortTable(jnp.asarray(values), whole._replace(setting=setting))


def _grid(last: float) -> tuple[float, ...]:
    """Days that a layout is solved on, the same for most tables: close at the onset, up to a year or two."""
    stops = next(stop for stop in _ENDS if stop[0] >= last)
    pieces = [np.arange(first, end, step) for first, end, step in (*_STEPS, stops[1:])]
    return tuple(map(float, np.concatenate([*pieces, [stops[0]]])))


def _solve(lines: Lines, plan: Plan, *, region: str, p: Parameters) -> NDArray[np.float32]:
    nodes = np.meshgrid(*(axis.nodes for axis in AXES), indexing="ij")
    mass, half_life, dose = (jnp.asarray(np.exp(node.ravel()), _KIND) for node in nodes)
    known, pieces = p.kinetics, []
    for first in range(0, len(dose), _BATCH):
        part = slice(first, first + _BATCH)
        people = _of_mass(mass[part])
        kinetics = {
            "light_chain_half_life": known.light_chain_half_life * half_life[part],
            "potency": known.potency * dose[part],
        }
        used = _with(p, kinetics)
        effort = follow_effort(lines, people, p=used, one_pattern=plan.one_pattern, region=region)
        pieces.append(np.asarray(effort[lines.shown].T))
    return np.concatenate(pieces).reshape(*(axis.number for axis in AXES), -1)


def _with(p: Parameters, kinetics: dict[str, Array]) -> Parameters:
    return replace(p, kinetics=replace(p.kinetics, **kinetics))


def _of_mass(mass: Array) -> Cohort:
    """Typical patients of these muscle masses."""
    one = cohort_of([Patient()], dtype=_KIND)
    shape = len(mass)
    spread = Cohort(*(jnp.broadcast_to(field, (*field.shape[:-1], shape)) for field in one))
    return spread._replace(muscle_mass=mass)


def by_mass(table: EffortTable, mass: Array) -> Array:
    """The table read at each patient's muscle mass: (P, half-life, dose, T)."""
    weight, start = _weights(jnp.log(mass), AXES.mass)
    near = start[:, None] + jnp.arange(4)
    return jnp.einsum("pkhdt,pk->phdt", table.values[near], weight.astype(table.values.dtype))


def effort_of(values: Array, *, half_life: Array, dose: Array) -> Array:
    """Remaining force (A, T, P).

    Parameters
    ----------
    values
        From `by_mass`.
    half_life
        ln of the half-life of the light chain over the library's, (P,).
    dose
        ln of the dose that counts over that of the layout, (A, P).
    """
    kind = values.dtype
    weight, start = _weights(half_life, AXES.half_life)
    lives = jnp.take_along_axis(values, (start[:, None] + jnp.arange(4))[:, :, None, None], axis=1)
    lives = jnp.einsum("pkdt,pk->pdt", lives, weight.astype(kind))

    def arm(place: Array) -> Array:
        weight, start = _weights(place, AXES.dose)
        doses = jnp.take_along_axis(lives, (start[:, None] + jnp.arange(4))[:, :, None], axis=1)
        return jnp.einsum("pkt,pk->tp", doses, weight.astype(kind))

    return jax.vmap(arm)(dose).astype(dose.dtype)


def _weights(place: Array, axis: Axis) -> tuple[Array, Array]:
    """Weights of the four nodes around each place (…, 4), and the first of them, by cubic convolution (Keys 1981)."""
    at = jnp.clip((place - axis.first) / axis.step, 1, axis.number - 2 - 1e-6)
    left = jnp.floor(at)
    x = at - left
    weights = (
        (-(x**3) + 2 * x**2 - x) / 2,
        (3 * x**3 - 5 * x**2 + 2) / 2,
        (-3 * x**3 + 4 * x**2 + x) / 2,
        (x**3 - x**2) / 2,
    )
    return jnp.stack(weights, axis=-1), left.astype(int) - 1
