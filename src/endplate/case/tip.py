"""Whether a needle tip lies where toxin can go."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from endplate.case.build import Build
from endplate.case.tissue import Kind, voxelise
from endplate.case.vessel import vessel_at

__all__ = ["trouble_of"]

_WORDS = {Kind.AIR: "outside the skin", Kind.BONE: "in bone", Kind.EYE: "in the eye"}
_CORNERS = (2, 2, 2)


@lru_cache(maxsize=4096)
def trouble_of(site: tuple[float, float, float], frame: str = "head", *, build: Build | None = None) -> str:
    """What is wrong with the place of a needle tip, in words; "" if it lies in open tissue.

    Parameters
    ----------
    site
        The tip [mm].
    frame
        ``head``, or a limb muscle's own name.
    build
        The individual's size.

    Notes
    -----
    Tissue is looked up at the eight nearest points of a lattice of 1 mm: one that is open will do.

    Examples
    --------
    >>> trouble_of((0.0, 10.0, -3.4))
    ''
    >>> trouble_of((0.0, 10.0, 8.0))
    'its tip (0, 10, 8) mm lies outside the skin'
    """
    place = ", ".join(f"{one:g}" for one in site)
    if not np.isfinite(site).all():
        return f"its tip ({place}) is no point"
    size = Build() if build is None else build
    vessel = vessel_at(size.to_map(site)) if frame == "head" else ""
    if vessel:
        return f"its tip ({place}) mm lies in the {vessel}"
    low = np.floor(site)
    around = voxelise(low, _CORNERS, spacing=1.0, frame=frame, build=build)
    if around.open.any():
        return ""
    nearest = np.rint(np.asarray(site) - low).astype(int)
    return f"its tip ({place}) mm lies {_WORDS[Kind(int(around.kind[tuple(nearest)]))]}"
