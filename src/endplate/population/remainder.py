"""The empirical remainder: what patients report and spread as it is modelled does not explain."""

from __future__ import annotations

import equinox
import numpy as np
from jax import Array
from numpy.typing import NDArray

from endplate.case import Injection, Plan, anatomy
from endplate.case.tissue import voxelise
from endplate.course import Course
from endplate.course.parameters import from_library
from endplate.evidence import Library, entry

__all__ = ["Remainder", "default_remainder", "exposure"]

Floats = NDArray[np.float64]

# Effects with a remainder: the muscles whose captured toxin it grows with.
_EXPOSED = {
    "lid_ptosis": ("levator_palpebrae_superioris",),
    "dysphagia": (
        *("sternocleidomastoid", "splenius_capitis", "semispinalis_capitis"),
        *("trapezius_upper", "levator_scapulae", "scalenus_ant_med"),
    ),
}
_SIDES = ("left", "right")
# Less than this is no exposure, and has no background either.
_TRACE = 1e-4


class Remainder(equinox.Module):
    """An empirical law, not a mechanism: ``h = background + slope × exposure``, and the share 1 − e^(−h).

    The background is what patients without toxin report; the slope is fitted to trials. See `exposure`.
    """

    lid_background: Array = equinox.field(metadata=entry("remainder.lid_background"))
    lid_slope: Array = equinox.field(metadata=entry("remainder.lid_slope"))
    throat_background: Array = equinox.field(metadata=entry("remainder.throat_background"))
    throat_slope: Array = equinox.field(metadata=entry("remainder.throat_slope"))

    def hazard(self, name: str, exposed: Floats) -> Floats:
        """What an effect's share of the remainder follows from, (P,); 0 where nothing is exposed."""
        rows = {"lid_ptosis": (self.lid_background, self.lid_slope)}
        rows |= {"dysphagia": (self.throat_background, self.throat_slope)}
        if name not in rows:
            return np.zeros_like(exposed)
        background, slope = (float(np.asarray(one)) for one in rows[name])
        return np.where(exposed > _TRACE, background + slope * exposed, 0.0)


def default_remainder(library: Library | None = None) -> Remainder:
    """The evidence library's remainder.

    Examples
    --------
    >>> float(default_remainder().throat_background)
    0.105
    """
    return from_library(Remainder, library)


def exposure(course: Course, plan: Plan, *, name: str) -> Floats:
    """Toxin that the muscles behind an effect have captured, all sessions together, shape (P,).

    Of the lids: the mean over the end plates of the levator, both sides added [half-cleaving levels]; 0 where a needle
    goes behind the orbital septum, since the law was fitted to none that does.
    Of the throat: the mean over the volume of all muscles of the neck [half-cleaving levels].
    """
    captured = np.asarray(course.captured, float).sum(axis=0)
    if name == "lid_ptosis" and any(_behind_septum(one) for one in plan.injections):
        return np.zeros(captured.shape[-1])
    muscles = [anatomy().muscle(f"{stem}.{side}") for stem in _EXPOSED.get(name, ()) for side in _SIDES]
    total = np.zeros(captured.shape[-1])
    if not muscles:
        return total
    sizes = np.ones(len(muscles)) if name == "lid_ptosis" else np.array([one.pcsa * one.length for one in muscles])
    shares = sizes if name == "lid_ptosis" else sizes / sizes.sum()
    for muscle, share in zip(muscles, shares, strict=True):
        total += share * captured[course.muscle(muscle.name)]
    return total


def _behind_septum(injection: Injection) -> bool:
    if injection.frame != "head" or anatomy().surface.rim_distance(*injection.site[:2]) >= 0:
        return False
    around = voxelise(np.rint(np.asarray(injection.site, float)) - 1, (3, 3, 3), spacing=1.0)
    return bool(around.orbital[1, 1, 1])
