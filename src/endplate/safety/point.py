"""The injections of a plan as a check sees them: where they stand in the file, and what they are meant for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from endplate.case import Case, Injection, Muscle, Site, anatomy
from endplate.case.innervation import distance
from endplate.safety.region import regions

__all__ = ["Point", "points", "region_of"]

_HEAD = "head"


@dataclass(frozen=True, slots=True)
class Point:
    """One injection with its surroundings.

    Parameters
    ----------
    injection
        The injection.
    session
        Index of its session in the plan.
    site
        Its named site, or the nearest one within reach; None if it is meant for none.
    muscle
        Name of the muscle it is meant for: the site's; without a site, the nearest muscle of a
        region within reach; or None.
    region
        Region of the label of that muscle; ``limb``, ``other`` or ``unnamed``.
    skin : (2,) [mm]
        Where the needle enters, in the frontal plane; where the tip is if no depth is given.
    place
        Where it stands in the case file, if that is known.
    """

    injection: Injection
    session: int
    site: Site | None
    muscle: str | None
    region: str
    skin: tuple[float, float]
    place: str | None

    @property
    def in_head(self) -> bool:
        """Whether it lies in the frame of the head."""
        return self.injection.frame == _HEAD

    @property
    def session_key(self) -> str | None:
        """Where its session stands in the case file."""
        return None if self.place is None else self.place.rpartition(".")[0]

    def key(self, field: str) -> str | None:
        """Where a field of it stands in the case file; the pattern, if a pattern gives it."""
        return f"{self.place}.{field}" if self.place is not None and self.place.endswith("]") else self.place


def points(case: Case, *, keys: Sequence[str] | None = None, reach: float) -> list[Point]:
    """The injections of a case, in the order of the plan.

    Parameters
    ----------
    case
        The case.
    keys
        Where each injection stands in the file; see `injection_keys`.
    reach : [mm]
        How far from a named site a needle tip still counts as meant for it.
    """
    plan = case.plan
    places = [None] * len(plan.injections) if keys is None else list(keys)
    return [
        _point(one, session=session, place=place, reach=reach)
        for one, session, place in zip(plan.injections, plan.session, places, strict=True)
    ]


@cache
def region_of(muscle: str) -> str:
    """Region of the label that a muscle belongs to: a key of `regions`, ``limb`` or ``other``.

    Examples
    --------
    >>> region_of("corrugator_supercilii.left")
    'glabella'
    """
    found = anatomy().muscle(muscle)
    named = (region.name for region in regions().values() if found.stem in region.muscles)
    return next(named, "other" if found.frame == _HEAD else "limb")


def _point(one: Injection, *, session: int, place: str | None, reach: float) -> Point:
    site = anatomy().sites.get(one.name or "") or _nearest(one, reach)
    muscle = site.muscle if site is not None else _target(one, reach) if one.frame == _HEAD else one.frame
    region = "unnamed" if muscle is None else region_of(muscle)
    return Point(one, session, site=site, muscle=muscle, region=region, skin=_entry(one), place=place)


def _entry(one: Injection) -> tuple[float, float]:
    """Where the needle enters [mm]; the tip itself, if no depth is known or it lies in a muscle's own frame."""
    tip = np.asarray(one.site, dtype=np.float64)
    if one.depth is not None and one.frame == _HEAD:
        tip = tip - one.depth * anatomy().surface.inward(tip)
    return float(tip[0]), float(tip[1])


@cache
def _tips(frame: str) -> tuple[tuple[Site, ...], np.ndarray]:
    """Named sites of a frame, without those in the middle of a belly, which no needle through the skin is meant for."""
    found = tuple(site for site in anatomy().sites.values() if site.frame == frame and site.depth > 0.0)
    return found, np.array([site.tip for site in found])


def _nearest(one: Injection, reach: float) -> Site | None:
    found, tips = _tips(one.frame)
    if not found:
        return None
    far = np.linalg.norm(tips - np.asarray(one.site), axis=-1)
    return found[int(far.argmin())] if far.min() <= reach else None


@cache
def _targets() -> tuple[Muscle, ...]:
    """Muscles of the head that belong to a region of a label."""
    stems = {stem for region in regions().values() for stem in region.muscles}
    return tuple(muscle for muscle in anatomy().muscles if muscle.stem in stems and muscle.frame == _HEAD)


def _target(one: Injection, reach: float) -> str | None:
    far, name = min((distance(muscle, one.site), muscle.name) for muscle in _targets())
    return name if far <= reach else None
