"""The place of an injection as a case file gives it, and the needle tip that follows."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from endplate.case.anatomy import anatomy
from endplate.case.build import Build
from endplate.case.field import fault
from endplate.case.innervation import distance
from endplate.case.muscle import Point
from endplate.case.tip import trouble_of

__all__ = ["Spot"]

_HEAD = "head"
_TIP = "this place is the needle tip itself"


@dataclass(frozen=True, slots=True)
class Spot:
    """A named site, or coordinates [mm] in a frame; with the length of needle under the skin [mm].

    Coordinates are those of the person's own head, whose size is `build`; named sites move with it.
    """

    site: str | None
    at: tuple[float, ...] | None
    depth: float | None
    frame: str = _HEAD
    build: Build = field(default_factory=Build)

    @property
    def frame_name(self) -> str:
        """Frame of the needle tip."""
        return self.frame if self.site is None else anatomy().sites[self.site].frame

    @property
    def tip(self) -> Point:
        """Where the needle tip is [mm]."""
        if self.site is None:
            x, y, *rest = self.at or (0.0, 0.0)
            return (x, y, rest[0]) if rest else self._under(self.build.to_map((x, y, 0.0)), self.depth or 0.0)
        site = anatomy().sites[self.site]
        return self._under(site.skin, self.depth) if self.depth is not None else self._own(site.tip)

    def _under(self, skin: ArrayLike, depth: float) -> Point:
        """The tip under a point on the skin of the map."""
        x, y, _ = np.asarray(skin, float)
        return self._own(anatomy().surface.tip(float(x), float(y), depth=depth))

    def _own(self, tip: Point) -> Point:
        """A place of the map in the person's own head."""
        if self.frame_name != _HEAD:
            return tip
        x, y, z = self.build.from_map(tip)
        return float(x), float(y), float(z)

    @property
    def needle(self) -> float | None:
        """Length of needle under the skin [mm], if the place is given on the skin."""
        if self.site is None or self.depth is not None:
            return self.depth
        return anatomy().sites[self.site].depth or None

    def check(self) -> None:
        """Raise a fault if the keys do not fit together, or the needle tip lies outside the tissue."""
        if (self.site is None) == (self.at is None):
            raise fault("an injection needs one of site and at_mm", "give either a named site or coordinates", key="")
        if self.site is not None:
            self._check_site(self.site)
        elif self.at is not None:
            self._check_coordinates(self.at)
        self._check_tissue()

    def _check_site(self, name: str) -> None:
        if self.frame != _HEAD:
            raise fault("a named site has its own frame", "leave out frame", key="frame")
        if self.depth is not None and anatomy().sites[name].depth == 0.0:
            raise fault(_TIP, "leave out depth", key="depth")

    def _check_coordinates(self, at: tuple[float, ...]) -> None:
        on_skin = len(at) == len("xy")
        if on_skin and self.frame != _HEAD:
            raise fault(f"the frame {self.frame!r} has no skin", "give [x, y, z] of the needle tip", key="at_mm")
        if on_skin and self.depth is None:
            raise fault("a point on the skin needs a depth", "add depth, or give [x, y, z]", key="at_mm")
        if not on_skin and self.depth is not None:
            raise fault(_TIP, "leave out depth", key="depth")

    def _check_tissue(self) -> None:
        surface, point = anatomy().surface, self.tip
        if self.frame_name == _HEAD:
            far = surface.outside(self.build.to_map(point).tolist())
        else:
            far = distance(anatomy().muscle(self.frame_name), point)
        if far > surface.above_skin:
            place = ", ".join(f"{one:.1f}" for one in point)
            raise fault(
                f"{self.site or 'the injection'}: the needle tip ({place}) mm lies {far:.1f} mm outside the tissue",
                "move the point or change the depth: x is to the subject's left, y up, z forward",
                key="site" if self.site else "at_mm",
            )
        trouble = trouble_of(point, self.frame_name, build=self.build)
        if trouble:
            raise fault(
                f"{self.site or 'the injection'}: {trouble}",
                "move the point or change the depth, so that the tip lies in skin, fat or muscle",
                key="site" if self.site else "at_mm",
            )
