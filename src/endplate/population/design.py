"""What an injection leaves at end plates when its needle or the tissue is another: a small design, interpolated."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

import equinox
import jax.numpy as jnp
import numpy as np
from jax import Array
from numpy.typing import NDArray

from endplate.case import Injection, Patient, Plan, anatomy
from endplate.course import Parameters, Responses, Store, TissueSettings, default_parameters, tissue_responses
from endplate.course.parameters import parameters_for
from endplate.course.responses import solved_build
from endplate.course.scene import Body, Syringe, muscles_of
from endplate.course.tissue import default_spread_parameters, look_around
from endplate.errors import InvalidRequest
from endplate.population.placement import FACTORS, Placement, Scatter
from endplate.spread import SpreadParameters

__all__ = ["FACTOR_STEPS", "OFFSETS", "Design", "Misplaced", "designer", "needle_axes", "solve_design"]

Floats = NDArray[np.float64]

# Where the needle is moved to along each direction [mm], and factors of tissue in standard deviations.
OFFSETS = (-6.0, -3.0, 0.0, 3.0, 6.0)
FACTOR_STEPS = (-1.5, 0.0, 1.5)
# Below this an end plate gets nothing that matters [1/mm³ per unit].
_FLOOR = 1e-12
# A needle that meets bone or leaves the skin stops on the way: shares of the way that are tried.
_SHARES = (1.0, 0.75, 0.5, 0.25)


class Design(equinox.Module):
    """Logarithms of unit responses of N injections at J muscles with I end plates each.

    base: at the planned tips (N, J, I).
    moved: change with the needle at `OFFSETS` across, up and deep (N, 3, K, J, I).
    varied: change with `FACTORS` at `FACTOR_STEPS` (N, F, L, J, I).
    """

    base: Array
    moved: Array
    varied: Array

    def at(self, scatter: Scatter) -> Array:
        """Unit responses of each patient, (N, J, I, P) [1/mm³].

        Changes of the logarithm are taken by straight lines between the points of the design and added up
        over directions and factors; beyond the design they stay.
        """
        places = _hats(scatter.offset, OFFSETS).astype(self.base.dtype)
        factors = _hats(scatter.factor, FACTOR_STEPS).astype(self.base.dtype)
        change = jnp.einsum("nakp,nakji->njip", places, self.moved)
        change += jnp.einsum("flp,nflji->njip", factors, self.varied)
        return jnp.exp(self.base[..., None] + change) - _FLOOR


class Misplaced(equinox.Module):
    """Dose captured per unit by each patient's end plates (N, J, I, P) [1/mm³]; a spread model for `simulate`."""

    per_unit: Array

    def __call__(self, syringe: Syringe, body: Body, *, p: Parameters) -> Array:  # noqa: ARG002 - solved before
        """Dose captured from each injection at every end plate (N, J, I, P) [U/mm³]."""
        return syringe.doses[:, None, None, None] * self.per_unit.astype(body.endplates.dtype)


def solve_design(
    plan: Plan,
    *,
    placement: Placement,
    parameters: SpreadParameters | None = None,
    settings: TissueSettings | None = None,
    store: Store | None = None,
) -> Design:
    """Solve the design of a plan; what was solved before for the same place and volume is read again.

    Parameters
    ----------
    plan
        The injections.
    placement
        Sizes of the steps of tissue.
    parameters
        Of the typical tissue; the evidence library's if None.
    settings
        How tissue is solved.
    store
        Where solved responses are kept; in the user's folder for caches if None.

    Raises
    ------
    InvalidRequest
        If an injection of the plan lies in no open tissue; the message names it.
    """
    used = default_spread_parameters() if parameters is None else parameters
    lab = _Lab(plan, used, [float(one) for one in placement.spreads], settings or TissueSettings(), store)
    whole = np.log(np.stack([np.stack(list(lab.points(one))) for one in plan.injections]) + _FLOOR)
    moves = len(OFFSETS) * 3
    base = whole[:, 0]
    moved, varied = whole[:, 1 : 1 + moves], whole[:, 1 + moves :]
    shape = base.shape[1:]
    return Design(
        jnp.asarray(base),
        jnp.asarray((moved - base[:, None]).reshape(-1, 3, len(OFFSETS), *shape)),
        jnp.asarray((varied - base[:, None]).reshape(-1, len(FACTORS), len(FACTOR_STEPS), *shape)),
    )


def designer(
    plan: Plan, patient: Patient, *, placement: Placement, store: Store | None = None
) -> Callable[[Plan], Design]:
    """What solves the design of a plan, or of a part of it, in a patient's tissue; see `solve_design`."""
    if not plan.injections:
        raise InvalidRequest("the plan has no injection, so it has no effects; add one")
    spread = parameters_for(plan, default_parameters(plan.product)).spread
    settings = TissueSettings(build=solved_build(patient))
    return partial(solve_design, placement=placement, parameters=spread, settings=settings, store=store)


def needle_axes(injection: Injection) -> Floats:
    """Unit vectors across, up and deep at an injection, shape (3, 3)."""
    if injection.frame != "head":
        return np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, -1.0]])
    deep = anatomy().surface.inward(np.asarray(injection.site, float))
    up = np.array([0.0, 1.0, 0.0])
    across = np.cross(deep, up)
    return np.stack([across, up, deep])


class _Lab:
    """Solves the points of the design of one injection after another."""

    def __init__(
        self,
        plan: Plan,
        used: SpreadParameters,
        spreads: Sequence[float],
        settings: TissueSettings,
        store: Store | None,
    ) -> None:
        self.plan, self.used, self.spreads, self.settings, self.store = plan, used, spreads, settings, store
        self.names = [muscle.name for muscle in muscles_of(plan)]

    def points(self, injection: Injection) -> Iterator[Floats]:
        """Unit responses (J, I): as planned, moved, varied."""
        # Never used where all responses are kept already, and looked up but once where they are not.
        look_around(injection, max(OFFSETS), used=self.used, settings=self.settings)
        base = self._solved(injection, self.used)
        yield base
        for axis in needle_axes(injection):
            for offset in OFFSETS:
                yield base if offset == 0 else self._moved(injection, offset * axis, base)
        for name, spread in zip(FACTORS, self.spreads, strict=True):
            for step in FACTOR_STEPS:
                yield base if step == 0 else self._solved(injection, _varied(self.used, name, np.exp(step * spread)))

    def _moved(self, injection: Injection, way: Floats, base: Floats) -> Floats:
        for share in _SHARES:
            x, y, z = np.asarray(injection.site, float) + share * way
            try:
                return self._solved(replace(injection, site=(float(x), float(y), float(z))), self.used)
            except InvalidRequest:
                continue
        return base

    def _solved(self, injection: Injection, parameters: SpreadParameters) -> Floats:
        single = replace(self.plan, injections=(injection,))
        found: Responses = tissue_responses(single, parameters=parameters, settings=self.settings, store=self.store)
        rows = dict(zip((one.name for one in muscles_of(single)), np.asarray(found.per_unit)[0, 0], strict=True))
        nothing = np.zeros_like(next(iter(rows.values())))
        return np.stack([rows.get(name, nothing) for name in self.names])


def _varied(used: SpreadParameters, name: str, factor: float) -> SpreadParameters:
    value = getattr(used, name)
    return equinox.tree_at(lambda p: getattr(p, name), used, jnp.asarray(value * factor, value.dtype))


def _hats(value: Array, knots: tuple[float, ...]) -> Array:
    """Weights of the knots for straight lines between them, a new axis before the last; flat beyond."""
    at = jnp.asarray(knots, value.dtype)
    inside = jnp.clip(value, at[0], at[-1])[..., None, :]
    step = at[1] - at[0]
    return jnp.maximum(1 - jnp.abs(inside - at[:, None]) / step, 0)
