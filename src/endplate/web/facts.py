"""What does not depend on a case, as documents: anatomy and evidence."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from endplate.case import Muscle, Pattern, Site, anatomy, products, vocabulary
from endplate.case.region import SIDES
from endplate.evidence import load
from endplate.evidence.bibliography import spelled_out
from endplate.report.outline import FRONT, outline, sheet
from endplate.report.words import DISCLAIMER

__all__ = ["anatomy_document", "evidence_document"]

_HEAD = "head"
_DIGITS = 3


@cache
def anatomy_document() -> dict[str, Any]:
    """Muscles, sites, patterns, products, regions and skin, as the simulator has them.

    Examples
    --------
    >>> len(anatomy_document()["rim"]) > 4
    True
    """
    found, surface = anatomy(), anatomy().surface
    left = surface.knots[surface.knots[:, 0] >= 0.0]
    skin = np.column_stack([left, surface.height(left[:, 0], left[:, 1])])
    return {
        "disclaimer": DISCLAIMER,
        "muscles": [_muscle(one) for one in found.muscles],
        "sites": [_site(one) for one in found.sites.values()],
        "patterns": [_pattern(one) for one in found.patterns.values()],
        "products": [
            {"code": one.code, "name": one.name, "serotype": one.serotype, "unit": one.unit}
            for one in products().values()
        ],
        "regions": list(found.regions),
        "rim": _rounded(surface.rim),
        "skin": _rounded(skin),
        "axis": list(surface.axis),
        "health": {group: dict(names) for group, names in vocabulary().items()},
    }


@cache
def evidence_document() -> list[dict[str, Any]]:
    """Every entry of the evidence library, with its sources spelled out.

    Examples
    --------
    >>> next(one["value"] for one in evidence_document() if one["key"] == "t_LC.A")
    45.0
    """
    library = load()
    return [
        {"key": name, "low": None, "high": None}
        | {key: value for key, value in entry.to_dict().items() if key != "name"}
        | {"source": list(entry.source), "stage": library.stages[name]}
        | {"citations": [spelled_out(library.sources[key]) for key in entry.source]}
        for name, entry in library.items()
    ]


def _muscle(one: Muscle) -> dict[str, Any]:
    shown = outline(sheet(one), FRONT)[0].vertices if one.frame == _HEAD else np.zeros((0, 2))
    return {
        "name": one.name,
        "stem": one.stem,
        "side": one.side,
        "frame": one.frame,
        "function": one.function,
        "action_units": list(one.action_units),
        "lines_caused": list(one.lines_caused),
        "antagonists": list(one.antagonists),
        "path": _rounded(one.points),
        "closed": one.closed,
        "width": one.width,
        "thickness": one.thickness,
        "outline": _rounded(np.asarray(shown, float)),
    }


def _site(one: Site) -> dict[str, Any]:
    return {
        "name": one.name,
        "frame": one.frame,
        "tip": _rounded(np.asarray(one.tip)),
        "skin": _rounded(np.asarray(one.skin[:2])),
        "depth": one.depth,
        "muscle": one.muscle,
        "label": one.label,
        "side": next((side for side in SIDES if side in one.name.split(".")), "midline"),
    }


def _pattern(one: Pattern) -> dict[str, Any]:
    return {
        "name": one.name,
        "title": one.title,
        "product": one.product,
        "source": one.source,
        "status": one.status,
        "injections": [{"site": shot.site, "dose": shot.dose, "volume": shot.volume} for shot in one.shots],
        "total": one.total_dose,
    }


def _rounded(points: np.ndarray) -> Any:
    # + 0.0 makes a plain zero of a negative one.
    return (np.round(points, _DIGITS) + 0.0).tolist()
