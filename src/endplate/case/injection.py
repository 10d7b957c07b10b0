"""One injection: where the needle tip is, how many units in how much fluid, and when."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Injection"]


@dataclass(frozen=True, slots=True)
class Injection:
    """One injection. Nothing is checked here, so that `site`, `dose` and `volume` may be traced numbers.

    Parameters
    ----------
    site : (3,) [mm]
        Where the needle tip is: x to the subject's left, y up, z forward.
    dose : [U of the plan's product]
        Injected units.
    volume : [mL]
        Injected fluid.
    day : [day]
        When, counted from the start of the simulation.
    name
        Name of the site, e.g. ``glabella.procerus``, if it has one.
    depth : [mm]
        Length of the needle under the skin, if the site was given on the skin.
    frame
        Coordinate frame of `site`: ``head``, or a limb muscle's own name.

    Examples
    --------
    >>> Injection((0.0, 10.0, -4.0), dose=4.0, volume=0.1, day=0.0).frame
    'head'
    """

    site: tuple[float, float, float]
    dose: float
    volume: float
    day: float
    name: str | None = None
    depth: float | None = None
    frame: str = "head"
