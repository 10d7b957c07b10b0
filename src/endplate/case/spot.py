"""The place of an injection as a case file gives it, and the needle tip that follows."""

from __future__ import annotations

from dataclasses import dataclass

from endplate.case.anatomy import anatomy
from endplate.case.field import fault
from endplate.case.innervation import distance
from endplate.case.muscle import Point
from endplate.case.tip import trouble_of

__all__ = ["Spot"]

_HEAD = "head"
_TIP = "this place is the needle tip itself"


@dataclass(frozen=True, slots=True)
class Spot:
    """A named site, or coordinates [mm] in a frame; with the length of needle under the skin [mm]."""

    site: str | None
    at: tuple[float, ...] | None
    depth: float | None
    frame: str = _HEAD

    @property
    def frame_name(self) -> str:
        """Frame of the needle tip."""
        return self.frame if self.site is None else anatomy().sites[self.site].frame

    @property
    def tip(self) -> Point:
        """Where the needle tip is [mm]."""
        if self.site is None:
            x, y, *rest = self.at or (0.0, 0.0)
            return (x, y, rest[0]) if rest else anatomy().surface.tip(x, y, depth=self.depth or 0.0)
        site = anatomy().sites[self.site]
        return site.tip if self.depth is None else anatomy().surface.tip(site.skin[0], site.skin[1], depth=self.depth)

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
            far = surface.outside(point)
        else:
            far = distance(anatomy().muscle(self.frame_name), point)
        if far > surface.above_skin:
            place = ", ".join(f"{one:.1f}" for one in point)
            raise fault(
                f"{self.site or 'the injection'}: the needle tip ({place}) mm lies {far:.1f} mm outside the tissue",
                "move the point or change the depth: x is to the subject's left, y up, z forward",
                key="site" if self.site else "at_mm",
            )
        trouble = trouble_of(point, self.frame_name)
        if trouble:
            raise fault(
                f"{self.site or 'the injection'}: {trouble}",
                "move the point or change the depth, so that the tip lies in skin, fat or muscle",
                key="site" if self.site else "at_mm",
            )
