"""One self-contained page: findings, figures, tables, parameters with sources, limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from markupsafe import Markup

from endplate.case import Case, Injection, anatomy, case_notes
from endplate.course import Course
from endplate.course.field import Field
from endplate.evidence import Library, Quantity
from endplate.evidence.rule import rules
from endplate.outcome import FWS
from endplate.population.effects import Effects
from endplate.report.adverse import answer_of
from endplate.report.effects import effect_rows, effect_words, effects_figure
from endplate.report.figures import brow_curves, depth_curves, force_curves, grade_areas, lid_curves
from endplate.report.limits import case_limits
from endplate.report.names import LOWER_FACE, day_text, duration_text, muscle_name, pair_name, region_name
from endplate.report.offers import case_offers
from endplate.report.page import page
from endplate.report.parameters import Citation, citation, used_entries, value_text
from endplate.report.risk_figure import risk_figure
from endplate.report.risk_words import event_name, percent, verdict_words
from endplate.report.style import svg
from endplate.report.summary import NOTICEABLE, Summary, paired, paired_regions, summarise
from endplate.report.told import Told
from endplate.report.treatment_map import treatment_map
from endplate.report.words import case_words, key_findings
from endplate.safety import Finding

__all__ = ["checked_rows", "report_html"]

_NOTHING_MORE = Told()


def report_html(
    case: Case,
    course: Course,
    *,
    fields: Sequence[Field],
    library: Library,
    made: Mapping[str, str],
    told: Told = _NOTHING_MORE,
) -> str:
    """The report of one patient's course as a page that needs nothing else.

    Parameters
    ----------
    case, course
        What was asked and what `simulate` gave; the first patient is told of.
    fields
        Captured dose around the injections, one map for each.
    library
        The evidence library of the course.
    made
        What the page says of its making: name to text.
    told
        What is said beside the course.
    """
    summary = summarise(course, case.patient.baseline)
    shown = [name for region in summary.regions for name in region.names]
    entries = used_entries(case.plan.product, library, regions=shown)
    return page(
        "patient.html",
        title=case.title,
        words=case_words(case),
        notes=case_notes(case, library) if told.notes is None else told.notes,
        checked=checked_rows(told.findings),
        risks=_risks(case, library),
        offers=case_offers(case, library),
        antitoxin_day=course.antitoxin_day,
        findings=key_findings(course, summary, ptosis=library["ptosis_threshold"].value),
        figures=_figures(course, summary, fields, library),
        injections=_injections(case),
        muscles=_muscles(summary),
        spared=summary.spared,
        onset_loss=library["onset_loss"].value,
        months=summary.months,
        grades=FWS,
        regions=_regions(summary),
        effects=None if told.effects is None else _effects(told.effects),
        limits=case_limits(case, summary, library=library),
        parameters=_parameters(entries, library),
        made=made,
    )


def checked_rows(findings: Sequence[Finding]) -> list[dict[str, str]]:
    """Findings of the safety check, equal ones once, with every place where they stand."""
    places: dict[Finding, list[str]] = {}
    for one in findings:
        places.setdefault(replace(one, key=None), []).extend([] if one.key is None else [one.key])
    return [
        {
            "verdict": one.verdict,
            "title": rules()[one.rule].title,
            "message": one.message,
            "remedy": one.remedy,
            "source": one.source,
            "where": ", ".join(dict.fromkeys(keys)),
            "overridden": one.overridden or "",
        }
        for one, keys in places.items()
    ]


def _risks(case: Case, library: Library) -> dict[str, object] | None:
    """What trials counted of adverse events, as words and a drawing; None where no trial treated these regions."""
    answer, _ = answer_of(case, library, patients=0)
    if not answer.events:
        return None
    rows = [
        {
            "name": event_name(one.event),
            "placebo": percent(one.placebo),
            "added": percent(one.added),
            "words": verdict_words(one),
        }
        for one in answer.events
    ]
    figure = Markup(svg(risk_figure(answer), "risks"))
    return {"rows": rows, "any": percent(answer.total.any), "figure": figure}


def _figures(
    course: Course, summary: Summary, fields: Sequence[Field], library: Library
) -> dict[str, list[tuple[str, Markup]]]:
    """Caption and drawing of every figure, by section."""
    told = [region.names for region in paired_regions(summary.regions)]
    least = dict(zip(course.muscles, np.asarray(course.force)[..., 0].min(axis=0).tolist(), strict=True))
    drawn: dict[str, list[tuple[str, str]]] = {"map": [], "force": [], "lines": [], "lid": []}
    for index, field in enumerate(fields):
        frame = field.injections[0].frame
        muscles = [muscle for muscle in anatomy().muscles if muscle.frame == frame]
        drawn["map"].append((_map_caption(frame), svg(treatment_map(field, least, muscles=muscles), f"map{index}")))
    if summary.muscles:
        figure = force_curves(course, paired(summary.muscles))
        drawn["force"].append((_FORCE, svg(figure, "force")))
    if told:
        drawn["lines"] += _depths(course, told)
    for names in told:
        caption = f"{region_name(names)}: probability of each grade of the facial wrinkle scale."
        drawn["lines"].append((caption, svg(grade_areas(course, names[0]), f"grade-{names[0]}")))
    if any(one.highest - one.lowest >= NOTICEABLE for one in (*summary.lids, *summary.brows)):
        ptosis = library["ptosis_threshold"].value
        drawn["lid"] = [(_LID, svg(lid_curves(course, ptosis), "lid")), (_BROW, svg(brow_curves(course), "brow"))]
    return {section: [(caption, Markup(text)) for caption, text in found] for section, found in drawn.items()}


def _depths(course: Course, told: Sequence[tuple[str, ...]]) -> list[tuple[str, str]]:
    """Depths in effort and at rest; upper and lower face in figures of their own where there are many regions."""
    upper = [names for names in told if names[0] not in LOWER_FACE]
    lower = [names for names in told if names[0] in LOWER_FACE]
    whole = len(told) <= _MOST_TOGETHER or not upper or not lower
    parts = [("", told)] if whole else [(" Upper face and nose.", upper), (" Mouth, chin and neck.", lower)]
    return [
        (caption + part, svg(depth_curves(course, names, effort=effort), f"{effort}{index}"))
        for index, (part, names) in enumerate(parts)
        for caption, effort in ((_EFFORT, "maximum"), (_REST, "rest"))
    ]


_MOST_TOGETHER = 5
_FORCE = (
    "Force of the affected muscles at maximum effort; triangles mark sessions. Both sides are drawn as one curve where "
    "they agree."
)
_EFFORT = "Depth of the furrow at maximum effort."
_REST = "Depth of the line at rest."
_LID = "Upper lid: distance of its margin from the corneal light reflex."
_BROW = "Brow at everyday effort: change of height of its medial, central and lateral part."


def _map_caption(frame: str) -> str:
    what = "The face from the front" if frame == "head" else f"The {muscle_name(frame)}, in its own frame"
    return (
        f"{what}. Muscle sheets in their true size with their fibres, coloured by the least force they keep. Around "
        "each needle tip the bolus, and lines where the captured dose has fallen to half and to a tenth of its largest "
        "value on the layer of the needle tips."
    )


def _effects(effects: Effects) -> dict[str, object]:
    """Rows, sentences and drawing of the effects beside the wanted one."""
    drawing = Markup(svg(effects_figure(effects), "effects"))
    return {
        "rows": effect_rows(effects),
        "words": effect_words(effects),
        "drawing": drawing,
        "patients": effects.patients,
    }


def _injections(case: Case) -> list[dict[str, str]]:
    """The injections; one that is repeated stands once, with all its days."""
    days: dict[Injection, list[float]] = {}
    for one in sorted(case.plan.injections, key=lambda one: one.day):
        days.setdefault(replace(one, day=0.0), []).append(one.day)
    return [
        {
            "days": ", ".join(f"{day:g}" for day in given),
            "site": one.name or "by coordinates",
            "tip": ", ".join(f"{x + 0.0:.1f}" for x in np.round(one.site, 1)).replace("-", "−"),
            "depth": "–" if one.depth is None else f"{one.depth:g}",
            "dose": f"{one.dose:g}",
            "volume": f"{one.volume:g}",
        }
        for one, given in days.items()
    ]


def _muscles(summary: Summary) -> list[dict[str, str]]:
    return [
        {
            "name": pair_name(one.names),
            "captured": f"{max(one.captured):.2f}",
            "loss": f"{100 * one.peak_loss:.0f}",
            "onset": day_text(one.onset),
            "peak": day_text(one.peak),
            "half": day_text(one.half_recovery),
        }
        for one in paired(summary.muscles)
    ]


def _regions(summary: Summary) -> list[dict[str, object]]:
    return [
        {
            "name": region_name(one.names),
            "maximum": one.maximum,
            "rest": one.rest,
            "onset": day_text(one.onset),
            "durations": [
                duration_text(days, summary.length) for days in (one.none_or_mild, one.one_grade, one.to_baseline)
            ],
        }
        for one in paired_regions(summary.regions)
    ]


def _parameters(entries: Sequence[tuple[str, Quantity]], library: Library) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for stage, entry in entries:
        value, spread = value_text(entry)
        cited: list[Citation] = [citation(key, library.sources) for key in entry.source]
        rows.append({"stage": stage, "entry": entry, "value": value, "spread": spread, "sources": cited})
    return rows
