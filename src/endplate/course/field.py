"""Captured dose in the tissue around injections, and on a grid of points of the face, for maps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import map_coordinates

from endplate.case import Injection, Patient, Plan, anatomy
from endplate.course.parameters import Parameters, default_parameters, parameters_for
from endplate.course.responses import solved_build, unit_cloud
from endplate.course.tissue import TissueSettings
from endplate.errors import InvalidRequest
from endplate.solve.geometry import ball_radius
from endplate.spread import SpreadParameters
from endplate.units import CUBIC_MM_PER_ML

__all__ = ["Field", "Superposed", "captured_at", "captured_field", "captured_under", "first_fields", "superpose"]

Array = NDArray[np.float64]

_DEPTHS = np.arange(-2.0, 26.0, 1.0)  # mm under the skin that a map looks through


class Field(NamedTuple):
    """Captured dose around the injections of one session in one frame.

    x, y: the grid (W,), (H,) [mm].
    captured: the largest dose that end plates of unit density capture below the skin under each point (H, W)
    [half-cleaving levels].
    radius: of the bolus of each injection in homogeneous tissue (N,) [mm].
    injections: those injections.
    """

    x: Array
    y: Array
    captured: Array
    radius: Array
    injections: tuple[Injection, ...]


class Superposed(NamedTuple):
    """Dose of all injections in voxels (X, Y, Z) [U/mm³]; the centre of the first one, and the edge of one [mm]."""

    low: Array
    spacing: float
    dose: Array


def superpose(
    injections: Sequence[Injection], *, p: SpreadParameters, settings: TissueSettings, with_skin: bool = True
) -> Superposed:
    """What end plates of unit density capture of some injections in one frame, in tissue [U/mm³].

    The skin, where what stays along a needle track hardly moves and no end plates are, may be left out.
    """
    spacing = settings.spacing
    solved = [unit_cloud(one, parameters=p, settings=settings) for one in injections]
    corners = [np.rint(one.low / spacing).astype(int) for one in solved]
    ends = [corner + one.per_unit.shape for corner, one in zip(corners, solved, strict=True)]
    low = np.min(corners, axis=0)
    dose = np.zeros(tuple(np.max(ends, axis=0) - low))
    for one, corner, end, injection in zip(solved, corners, ends, injections, strict=True):
        box = tuple(slice(a, b) for a, b in zip(corner - low, end - low, strict=True))
        dose[box] += float(injection.dose) * (one.per_unit if with_skin else np.where(one.skin, 0.0, one.per_unit))
    return Superposed(spacing * low, spacing, dose)


def captured_at(points: Array, whole: Superposed) -> Array:
    """Dose at points (..., 3) [mm], between voxels along straight lines; 0 outside the box [U/mm³]."""
    place = np.moveaxis((points - whole.low) / whole.spacing, -1, 0)
    return map_coordinates(whole.dose, place, order=1, mode="constant")


def captured_field(
    plan: Plan,
    parameters: Parameters | None = None,
    *,
    session: int = 0,
    frame: str = "head",
    reach: float = 30.0,
    step: float = 1.0,
    patient: Patient | None = None,
) -> Field:
    """Dose captured per end plate of unit density in layered tissue, on a grid around the injections.

    Each point shows the largest dose at any depth under it.

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
    patient
        Whose size is meant; that of the muscle map if None.

    Raises
    ------
    InvalidRequest
        If no injection of the session is in the frame, or one lies in no open tissue.
    """
    given = _given(plan, session, frame)
    tips = np.array([one.site for one in given], float)
    low, high = tips[:, :2].min(axis=0) - reach, tips[:, :2].max(axis=0) + reach
    x, y = (np.arange(low[axis], high[axis] + step, step) for axis in (0, 1))
    place = np.stack(np.meshgrid(x, y), axis=-1)
    levels = captured_under(place, plan, parameters=parameters, session=session, frame=frame, patient=patient)
    used = parameters_for(plan, default_parameters(plan.product) if parameters is None else parameters)
    volumes = jnp.asarray([float(one.volume) for one in given])
    radius = np.asarray(ball_radius(CUBIC_MM_PER_ML * volumes / used.spread.accessible_fraction))
    return Field(x, y, levels, radius, given)


def captured_under(
    place: Array,
    plan: Plan,
    *,
    parameters: Parameters | None = None,
    session: int = 0,
    frame: str = "head",
    patient: Patient | None = None,
) -> Array:
    """Largest dose that end plates of unit density capture under points of the skin [half-cleaving levels].

    What the map of the page, the table of the skin and the values of the page's head show.

    Parameters
    ----------
    place
        x and y of the points (..., 2) [mm].

    Raises
    ------
    InvalidRequest
        If no injection of the session is in the frame, or one lies in no open tissue.
    """
    used = parameters_for(plan, default_parameters(plan.product) if parameters is None else parameters)
    settings = TissueSettings(build=solved_build(Patient() if patient is None else patient))
    whole = superpose(_given(plan, session, frame), p=used.spread, with_skin=False, settings=settings)
    return float(np.asarray(used.kinetics.potency)) * _under(place[..., 0], place[..., 1], whole, frame)


def _given(plan: Plan, session: int, frame: str) -> tuple[Injection, ...]:
    given = tuple(one for one in plan.session_injections(session) if one.frame == frame)
    if not given:
        raise InvalidRequest(f"session {session} has no injection in the frame {frame!r}")
    return given


def first_fields(plan: Plan, patient: Patient | None = None) -> list[Field]:
    """One map for each frame, of the first session that injects into it.

    Examples
    --------
    >>> from endplate.case.file import parse_case, write_template
    >>> [field.captured.ndim for field in first_fields(parse_case(write_template("glabella-20u")).plan)]
    [2]
    """
    first = {one.frame: session for session, one in reversed(list(zip(plan.session, plan.injections, strict=True)))}
    return [
        captured_field(plan, session=session, frame=frame, patient=patient)
        for frame, session in reversed(first.items())
    ]


def _under(x: Array, y: Array, whole: Superposed, frame: str) -> Array:
    """Largest dose on the way of a needle at points of the skin (H, W); along z in a muscle's own frame."""
    if frame != "head":
        place = [(one - low) / whole.spacing for one, low in zip((x, y), whole.low[:2], strict=True)]
        return map_coordinates(whole.dose.max(axis=2), place, order=1, mode="constant")
    surface = anatomy().surface
    skin = np.stack([x, y, surface.height(x, y)], axis=-1)
    inward = surface.inward(skin)
    return np.max([captured_at(skin + depth * inward, whole) for depth in _DEPTHS], axis=0)
