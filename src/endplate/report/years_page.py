"""One self-contained page of a life: findings, timeline, table, what is assumed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from endplate.evidence import Library
from endplate.life import Life, Lifetime, Lives
from endplate.report.html import checked_rows
from endplate.report.names import region_name
from endplate.report.page import page
from endplate.report.parameters import citation, value_text
from endplate.report.style import svg
from endplate.report.years import (
    LIMITS,
    life_words,
    lives_words,
    pairs,
    skin_figure,
    table_rows,
    timeline,
    treatment_figure,
)
from endplate.safety import Finding

__all__ = ["years_html"]

_PREFIXES = ("ageing.", "crease.", "life.", "antibody_", "skin.", "tau_", "a_max")


def years_html(
    life: Life,
    found: Lifetime,
    *,
    lives: Lives | None = None,
    findings: Sequence[Finding] = (),
    library: Library,
    made: Mapping[str, str],
) -> str:
    """The report of a life as a page that needs nothing else.

    Parameters
    ----------
    life, found
        What was asked, and what `follow_life` gave.
    lives
        Many lives on the same schedule, for bands.
    findings
        Of the safety check.
    library
        The evidence library.
    made
        What the page says of its making: name to text.
    """
    return page(
        "years.html",
        title=life.title,
        words=f"Sessions {life.schedule.words}.",
        checked=checked_rows(findings),
        findings=[*life_words(life, found), *(() if lives is None else lives_words(found, lives))],
        timeline=Markup(svg(timeline(found, lives), "timeline")),
        treatment=Markup(svg(treatment_figure(found, life.plan.product.unit.replace("_", " ")), "treatment")),
        skin=Markup(svg(skin_figure(found), "skin")),
        regions=[(region_name(names), table_rows(found, found.regions.index(names[0]))) for names in pairs(found)],
        limits=LIMITS,
        numbers=_numbers(library),
        made=made,
    )


def _numbers(library: Library) -> list[dict[str, Any]]:
    """The entries of ageing, creases, atrophy and antibodies."""
    entries = [entry for name, entry in library.items() if name.startswith(_PREFIXES)]
    return [
        {
            "name": entry.name,
            "meaning": entry.meaning,
            "value": value_text(entry)[0],
            "spread": value_text(entry)[1],
            "unit": entry.unit,
            "grade": entry.grade,
            "sources": [citation(key, library.sources) for key in entry.source],
        }
        for entry in entries
    ]
