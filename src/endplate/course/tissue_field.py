"""Captured dose in the tissue around the injections of one session, for sections and maps."""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
from numpy.typing import ArrayLike, NDArray

from endplate.case import Injection, Patient, Plan
from endplate.case.tissue import Tissue, voxelise
from endplate.course import stages
from endplate.course.cohort import cohort_of
from endplate.course.field import superpose
from endplate.course.parameters import Parameters, default_parameters, parameters_for
from endplate.course.scene import place
from endplate.course.simulate import prepare
from endplate.course.tissue import TissueSettings
from endplate.errors import InvalidRequest
from endplate.spread import SpreadParameters

__all__ = ["DoseEffect", "TissueField", "effect_of_dose", "tissue_field"]

Array = NDArray[np.float64]

_DAYS = 60.0
_DOSES = np.geomspace(1e-3, 1e3, 61)  # half-cleaving levels; the scatter of end plates spans less than this


class TissueField(NamedTuple):
    """Tissue around the injections of one session in one frame, and what lies in it.

    tissue: the voxels.
    captured: dose that end plates of unit density capture in each voxel (X, Y, Z) [half-cleaving levels].
    injections: those of the session.
    """

    tissue: Tissue
    captured: Array
    injections: tuple[Injection, ...]


class DoseEffect(NamedTuple):
    """Captured doses [half-cleaving levels], and the share of fibres that each blocks at the peak (n,)."""

    dose: Array
    blocked: Array

    def dose_of(self, shares: ArrayLike) -> Array:
        """Doses that block these shares of fibres."""
        return np.exp(np.interp(np.asarray(shares), self.blocked, np.log(self.dose)))

    def blocked_by(self, doses: ArrayLike) -> Array:
        """Shares of fibres that these doses block; 0 below the smallest dose that was followed."""
        logs = np.log(np.maximum(np.asarray(doses, float), np.finfo(float).tiny))
        return np.interp(logs, np.log(self.dose), self.blocked, left=0.0)


def tissue_field(
    plan: Plan,
    *,
    parameters: SpreadParameters | None = None,
    settings: TissueSettings | None = None,
    session: int = 0,
    frame: str = "head",
) -> TissueField:
    """Solve all injections of a session in one frame and superpose them.

    Raises
    ------
    InvalidRequest
        If no injection of the session is in the frame, or one lies in no open tissue.
    """
    how = TissueSettings() if settings is None else settings
    given = tuple(one for one in plan.session_injections(session) if one.frame == frame)
    if not given:
        raise InvalidRequest(f"session {session} has no injection in the frame {frame!r}")
    known = parameters_for(plan, default_parameters(plan.product))
    whole = superpose(given, p=known.spread if parameters is None else parameters, settings=how)
    size = (whole.dose.shape[0], whole.dose.shape[1], whole.dose.shape[2])
    tissue = voxelise(whole.low, size, spacing=how.spacing, frame=frame, build=how.build)
    return TissueField(tissue, float(np.asarray(known.kinetics.potency)) * whole.dose, given)


def effect_of_dose(plan: Plan, *, parameters: Parameters | None = None) -> DoseEffect:
    """What a dose that an end plate captures does at the peak.

    Parameters
    ----------
    plan
        Its product decides the kinetics.
    parameters
        One patient's parameters; the library's if None.

    Examples
    --------
    >>> from endplate.case.file import parse_case, write_template
    >>> effect = effect_of_dose(parse_case(write_template("glabella-20u")).plan)
    >>> bool(effect.dose_of(0.1) < effect.dose_of(0.9)), round(float(effect.blocked_by(effect.dose_of(0.5))), 3)
    (True, 0.5)
    """
    used = default_parameters(plan.product) if parameters is None else parameters
    one = plan.injections[0]
    single = Plan(plan.product, (one,))
    setting, _ = prepare(single, days=np.array([one.day, one.day + _DAYS]), dtype=used.kinetics.potency.dtype)
    scene = place(setting, cohort_of([Patient()], dtype=used.kinetics.potency.dtype))
    doses = jnp.asarray(_DOSES, used.kinetics.potency.dtype) / used.kinetics.potency
    scene = scene._replace(body=scene.body._replace(density=jnp.ones((len(_DOSES), 1), doses.dtype)))
    ends = stages.kinetics(doses[None, :, None, None], scene, p=used, one_pattern=False)
    return DoseEffect(_DOSES, 1 - np.asarray(ends.path.value).min(axis=0)[:, 0])
