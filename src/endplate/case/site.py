"""Named injection sites, and patterns of sites with doses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from endplate.case.muscle import Muscle, Point
from endplate.case.surface import Surface

__all__ = ["Pattern", "Shot", "Site", "patterns", "sites"]

Table = Mapping[str, Any]
_SIDE = "{side}"
_BOTH = ("left", "right")


@dataclass(frozen=True, slots=True)
class Site:
    """A named place where a needle goes in.

    Parameters
    ----------
    name
        E.g. ``glabella.corrugator.left.medial``.
    skin : (3,) [mm]
        Where the needle goes through the skin.
    depth : [mm]
        Length of needle under the skin.
    tip : (3,) [mm]
        Where the needle tip is then.
    muscle
        Name of the muscle it is meant for.
    why
        Reason for the depth.
    label
        What the site is for.
    confidence
        verified, secondary, derived or recalled.
    frame
        Coordinate frame of the points.
    """

    name: str
    skin: Point
    depth: float
    tip: Point
    muscle: str
    why: str
    label: str
    confidence: str
    frame: str = "head"


@dataclass(frozen=True, slots=True)
class Shot:
    """What a pattern gives at one site: dose [U of the product] and volume [mL]."""

    site: str
    dose: float
    volume: float


@dataclass(frozen=True, slots=True)
class Pattern:
    """A usual set of injections of one product.

    Parameters
    ----------
    name
        E.g. ``glabella-20u``.
    product
        Code of the product.
    title
        What it is, in words.
    status
        ``label`` or ``off label``.
    source, confidence
        Where it comes from, and how well that was checked.
    shots
        Sites with dose and volume.
    note
        Anything else.
    """

    name: str
    product: str
    title: str
    status: str
    source: str
    confidence: str
    shots: tuple[Shot, ...]
    note: str | None = None

    @property
    def total_dose(self) -> float:
        """Units in all [U of the product]."""
        return sum(shot.dose for shot in self.shots)


def sites(table: Table, surface: Surface, *, muscles: Mapping[str, Muscle]) -> dict[str, Site]:
    """All named sites of both sides, from the table of ``sites.toml``."""
    found = [_site(name, entry, surface, muscles) for key, entry in table.items() for name, entry in _sides(key, entry)]
    return {site.name: site for site in found}


def patterns(table: Table) -> dict[str, Pattern]:
    """All patterns, from the table of ``patterns.toml``; an included pattern stands before its users."""
    found: dict[str, Pattern] = {}
    for name, entry in table.items():
        shots = [shot for part in entry.get("include", ()) for shot in found[part].shots]
        shots += [_shot(site, one) for one in entry.get("sites", ()) for site, one in _sides(one["site"], one)]
        words = {key: entry[key] for key in ("product", "title", "status", "source", "confidence")}
        found[name] = Pattern(name=name, **words, shots=tuple(shots), note=entry.get("note"))
    return found


def _sides(name: str, entry: Table) -> Iterator[tuple[str, Table]]:
    """The entry once, or once for each side if its name has {side}."""
    if _SIDE not in name:
        yield name, entry
        return
    for side in _BOTH:
        yield name.replace(_SIDE, side), entry


def _shot(site: str, entry: Table) -> Shot:
    return Shot(site, float(entry["dose"]), float(entry["volume"]))


def _site(name: str, entry: Table, surface: Surface, muscles: Mapping[str, Muscle]) -> Site:
    side = next((side for side in _BOTH if side in name.split(".")), None)
    x, y = float(entry["at"][0]), float(entry["at"][1])
    x = -x if side == "right" else x
    stem = str(entry["muscle"])
    return Site(
        name=name,
        skin=surface.tip(x, y, depth=0.0),
        depth=float(entry["depth"]),
        tip=surface.tip(x, y, depth=float(entry["depth"])),
        muscle=stem if stem in muscles else f"{stem}.{side or 'left'}",
        why=str(entry["why"]),
        label=str(entry["label"]),
        confidence=str(entry["confidence"]),
    )
