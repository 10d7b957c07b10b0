"""Captured dose on a grid of points at the depth of the needle, for maps."""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from endplate import spread
from endplate.case import Injection, Plan, anatomy
from endplate.course.parameters import Parameters, default_parameters
from endplate.errors import InvalidRequest
from endplate.solve.geometry import ball_radius
from endplate.units import CUBIC_MM_PER_ML

__all__ = ["Field", "captured_field", "first_fields"]

Array = NDArray[np.float64]

# Points and injections are filled up to whole portions, so that maps of any size share compiled programs.
_POINTS, _INJECTIONS = 4096, 8


class Field(NamedTuple):
    """Captured dose around the injections of one session in one frame.

    x, y: the grid (W,), (H,) [mm].
    captured: dose that end plates of unit density capture there (H, W) [half-cleaving levels].
    radius: of the bolus of each injection (N,) [mm].
    injections: those injections.
    """

    x: Array
    y: Array
    captured: Array
    radius: Array
    injections: tuple[Injection, ...]


def captured_field(
    plan: Plan,
    parameters: Parameters | None = None,
    *,
    session: int = 0,
    frame: str = "head",
    reach: float = 30.0,
    step: float = 1.0,
) -> Field:
    """Dose captured per end plate of unit density, on a grid around the injections.

    The points lie as deep under the skin as the needle tips do on average (weighted by dose);
    in a muscle's own frame they lie at the mean height of the tips.

    Parameters
    ----------
    plan, parameters
        What is injected, and one patient's parameters (the library's if None).
    session
        Index of the session.
    frame
        Frame of the map: ``head``, or a limb muscle's own name.
    reach, step : [mm]
        How far the grid goes beyond the injections, and its spacing.

    Raises
    ------
    InvalidRequest
        If no injection of the session is in the frame.
    """
    used = default_parameters(plan.product) if parameters is None else parameters
    given = tuple(one for one in plan.session_injections(session) if one.frame == frame)
    if not given:
        raise InvalidRequest(f"session {session} has no injection in the frame {frame!r}")
    tips = np.array([one.site for one in given], float)
    doses, volumes = np.array([one.dose for one in given], float), np.array([one.volume for one in given], float)
    low, high = tips[:, :2].min(axis=0) - reach, tips[:, :2].max(axis=0) + reach
    x, y = (np.arange(low[axis], high[axis] + step, step) for axis in (0, 1))
    points = _layer(*np.meshgrid(x, y), tips, doses / doses.sum(), frame)
    levels = _captured(points.reshape(-1, 3), tips, doses=doses, volumes=volumes, parameters=used)
    radius = np.asarray(ball_radius(CUBIC_MM_PER_ML * jnp.asarray(volumes) / used.spread.accessible_fraction))
    return Field(x, y, levels.reshape(points.shape[:2]), radius, given)


def first_fields(plan: Plan) -> list[Field]:
    """One map for each frame, of the first session that injects into it.

    Examples
    --------
    >>> from endplate.case.file import parse_case, write_template
    >>> [field.captured.ndim for field in first_fields(parse_case(write_template("glabella-20u")).plan)]
    [2]
    """
    first = {one.frame: session for session, one in reversed(list(zip(plan.session, plan.injections, strict=True)))}
    return [captured_field(plan, session=session, frame=frame) for frame, session in reversed(first.items())]


def _captured(points: Array, tips: Array, *, doses: Array, volumes: Array, parameters: Parameters) -> Array:
    """Captured dose at points (n, 3), of all injections together [half-cleaving levels]."""
    more = -len(tips) % _INJECTIONS
    syringe = tuple(
        jnp.asarray(np.concatenate([one, np.repeat(one[-1:], more, axis=0)])) for one in (tips, doses, volumes)
    )
    given = jnp.asarray(np.arange(len(tips) + more) < len(tips), float)
    filled = np.concatenate([points, np.repeat(points[-1:], -len(points) % _POINTS, axis=0)])
    portions = [
        _sum(jnp.asarray(part), syringe, given, parameters) for part in np.split(filled, len(filled) // _POINTS)
    ]
    return np.concatenate([np.asarray(part) for part in portions])[: len(points)]


@jax.jit
def _sum(points: jax.Array, syringe: tuple[jax.Array, ...], given: jax.Array, p: Parameters) -> jax.Array:
    """Captured dose at points, of the injections that are given and no filling [half-cleaving levels]."""
    tips, doses, volumes = syringe
    each = spread.capture(points[..., None], tips, doses=given * doses, volumes=volumes, parameters=p.spread)
    return (each.sum(axis=0) * p.kinetics.potency)[..., 0]


def _layer(x: Array, y: Array, tips: Array, weight: Array, frame: str) -> Array:
    """Points (H, W, 3) at the mean depth of the tips [mm]."""
    if frame != "head":
        return np.stack([x, y, np.full_like(x, weight @ tips[:, 2])], axis=-1)
    surface = anatomy().surface
    skin = np.stack([x, y, surface.height(x, y)], axis=-1)
    above = np.stack([tips[:, 0], tips[:, 1], surface.height(tips[:, 0], tips[:, 1])], axis=-1)
    # The needle points to the head's axis, so the height above a tip overstates its depth by the slant.
    depth = weight @ ((above - tips)[:, 2] * -surface.inward(tips)[:, 2])
    return skin + depth * surface.inward(skin)
