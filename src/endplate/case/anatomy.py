"""The anatomy: muscles, named sites, patterns and the skin, read from ``anatomy/*.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from endplate.case.atlas import muscles
from endplate.case.innervation import place
from endplate.case.muscle import Muscle
from endplate.case.nearest import nearest
from endplate.case.patient import REGIONS
from endplate.case.site import Pattern, Site, patterns, sites
from endplate.case.surface import Surface
from endplate.errors import InvalidRequest

__all__ = ["Anatomy", "anatomy"]

_FOLDER = Path(__file__).with_name("anatomy")


@dataclass(frozen=True, slots=True)
class Anatomy:
    """Everything that is known of where things are.

    Parameters
    ----------
    muscles
        All muscles, left before right.
    sites
        Named sites.
    patterns
        Named patterns.
    without_pattern
        Products that have no pattern, and why.
    surface
        The skin and the orbital rim.
    regions
        Wrinkle regions in their fixed order.
    """

    muscles: tuple[Muscle, ...]
    sites: Mapping[str, Site]
    patterns: Mapping[str, Pattern]
    without_pattern: Mapping[str, str]
    surface: Surface
    regions: tuple[str, ...] = REGIONS

    def muscle(self, name: str) -> Muscle:
        """The muscle with this name.

        Raises
        ------
        InvalidRequest
            If there is none; the message names the nearest.

        Examples
        --------
        >>> anatomy().muscle("corrugator_supercilii.left").action_units
        ('AU4',)
        """
        for muscle in self.muscles:
            if muscle.name == name:
                return muscle
        raise InvalidRequest(f"no muscle {name!r}; {nearest(name, (one.name for one in self.muscles))}")

    def pattern(self, name: str) -> Pattern:
        """The pattern with this name.

        Raises
        ------
        InvalidRequest
            If there is none; the message names the nearest.
        """
        if name not in self.patterns:
            raise InvalidRequest(f"no pattern {name!r}; {nearest(name, self.patterns)}")
        return self.patterns[name]

    def frames(self) -> tuple[str, ...]:
        """Names of all coordinate frames, ``head`` first."""
        return tuple(dict.fromkeys(["head", *(muscle.frame for muscle in self.muscles)]))


@cache
def anatomy() -> Anatomy:
    """The packaged anatomy.

    Examples
    --------
    >>> len(anatomy().patterns["glabella-20u"].shots)
    5
    """
    skin, named, rows = _read("skin"), _read("sites"), _read("muscles")
    surface = _surface(skin, named)
    found = muscles(rows["muscle"], density=float(rows["tissue"]["density"]), surface=surface)
    by_name = {muscle.name: muscle for muscle in found}
    kits = _read("patterns")
    return Anatomy(
        muscles=found,
        sites=MappingProxyType(sites(named, surface, muscles=by_name) | _bellies(found)),
        patterns=MappingProxyType(patterns(kits["pattern"])),
        without_pattern=MappingProxyType(kits["without_pattern"]),
        surface=surface,
    )


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def _surface(skin: dict[str, Any], named: dict[str, Any]) -> Surface:
    """The skin through the label sites with a measured height and the points of ``skin.toml``."""
    known = [site["at"] for site in named.values() if len(site["at"]) == len("xyz")]
    more = [point for group in ("origin", "hairline", "neck") for point in skin["points"][group]]
    return Surface.through(
        known + more,
        axis=(float(skin["normal"]["axis_x"]), float(skin["normal"]["axis_z"])),
        box=(skin["tissue"]["low"], skin["tissue"]["high"]),
        above_skin=float(skin["tissue"]["above_skin"]),
        rim=skin["rim"]["points"],
    )


def _bellies(found: tuple[Muscle, ...]) -> dict[str, Site]:
    """A site in the middle of the end plates of every muscle that is not a ring, for a guided needle."""
    blank = Site("", (0.0, 0.0, 0.0), 0.0, (0.0, 0.0, 0.0), "", "needle guided to the end plates", "belly", "derived")
    return {
        f"{muscle.name}.belly": replace(
            blank, name=f"{muscle.name}.belly", skin=tip, tip=tip, muscle=muscle.name, frame=muscle.frame
        )
        for muscle in found
        if not muscle.closed
        for tip in [place(muscle)]
    }
