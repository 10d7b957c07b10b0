"""A life as plain data: what `endplate years --json` prints and what the server sends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from endplate.life import Life, Lifetime
from endplate.report.words import DISCLAIMER
from endplate.report.years import life_words
from endplate.safety import Finding

__all__ = ["COLUMNS", "TWINS", "years_document"]

TWINS = ("untreated", "treated")
COLUMNS = ("depth_rest", "depth_effort", "severity_rest", "severity_effort")
_CURVES = ("age", "effort", "mass", "sessions", "dose", "antibodies")


def years_document(life: Life, found: Lifetime, *, findings: Sequence[Finding]) -> dict[str, Any]:
    """A life and its untreated twin as plain data for JSON.

    Parameters
    ----------
    life, found
        What was asked, and what `follow_life` gave.
    findings
        Of the safety check.
    """
    said: dict[str, Any] = {"disclaimer": DISCLAIMER, "title": life.title, "regions": list(found.regions)}
    said |= {"findings": [one.to_dict() for one in findings], "words": life_words(life, found)}
    said |= {name: getattr(found, name).tolist() for name in _CURVES}
    for name in COLUMNS:
        said[name] = {twin: getattr(getattr(found, name), twin).tolist() for twin in TWINS}
    said |= {"lost": found.lost, "skin": {name: value.tolist() for name, value in found.state.items()}}
    return said | {"evidence_hash": found.evidence}
