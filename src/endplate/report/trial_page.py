"""One self-contained page of a trial: findings, figures, tables, numbers with sources, limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from math import isfinite
from typing import Any, NamedTuple

from markupsafe import Markup

from endplate.evidence import Library
from endplate.population import Population
from endplate.report.names import REGION_NAMES
from endplate.report.page import page
from endplate.report.parameters import citation, value_text
from endplate.report.patient_figures import cycle_figure, severity_course, waterfall
from endplate.report.style import svg
from endplate.report.trial_figures import FEW, event_curves, rate_curves
from endplate.trial import Trial, TrialParameters, TrialResult, endpoint
from endplate.trial.cycles import ArmCycles, Cycle
from endplate.trial.interval import Interval
from endplate.trial.result import ArmResult, Curve, Row
from endplate.trial.rule import Retreatment
from endplate.trial.sample import ReportedArm

__all__ = ["Drawn", "cycle_cells", "shown_days", "trial_findings", "trial_html", "trial_words"]

_MOST_DAYS = 7
# Rates below this are told as such, not as nothing.
_LEAST = 0.001
_LIMITS = (
    "Raters, differences between patients and the doses that count are fitted to arm-level results of published trials "
    "of facial lines. A trial that was in the fit is no test of it; `endplate validate` tells how far off others were.",
    "The 90 % bands hold sampling and the effect of single trials. They do not hold the uncertainty of the model's "
    "own numbers, which is larger.",
    "Patients leave whatever they feel; visits are kept on their day; nobody is treated again but as written.",
    "Raters err at each visit anew. A rater who is always strict, or two who learn from each other, are not modelled.",
    "Each arm and visit is given an effect of the trial of its own; a real one would shift arms and visits together.",
)


class Drawn(NamedTuple):
    """One drawn trial: its arms, and the cycles of its arms where patients are treated again."""

    arms: Sequence[ReportedArm]
    cycles: Sequence[ArmCycles] = ()


def trial_html(
    trial: Trial,
    result: TrialResult,
    *,
    library: Library,
    made: Mapping[str, str],
    drawn: Drawn | None = None,
) -> str:
    """The report of a trial as a page that needs nothing else.

    Parameters
    ----------
    trial, result
        What was asked, and what `run_trial` gave.
    library
        The evidence library of the result.
    made
        What the page says of its making: name to text.
    drawn
        One drawn trial, for figures of single patients.
    """
    return page(
        "trial.html",
        title=trial.title,
        words=trial_words(trial),
        findings=trial_findings(trial, result),
        endpoints=[_section(result, name) for name in trial.endpoints],
        patients=None if drawn is None else _patients(trial, drawn.arms),
        again=None if drawn is None or trial.retreatment is None else _again(trial.retreatment, drawn.cycles),
        arms=[_arm(arm) for arm in result.arms],
        limits=_LIMITS,
        numbers=_numbers(trial, library),
        made=made,
    )


def _again(rule: Retreatment, arms: Sequence[ArmCycles]) -> dict[str, Any]:
    """Retreatment: rule, figure, table by arm and cycle."""
    rows = [(arm, cycle) for arm in arms for cycle in arm.cycles]
    return {
        "words": rule.words,
        "figure": Markup(svg(cycle_figure(arms), "cycles")),
        "rows": [(arm.name, cycle.number, *cycle_cells(cycle)) for arm, cycle in rows],
    }


def cycle_cells(cycle: Cycle) -> tuple[str, str, str, str, str]:
    """A cycle in words: treated, responders, their interval, treated again, median time to the next treatment."""
    rate = cycle.responders / cycle.assessed if cycle.assessed else float("nan")
    share = f"{_percent(rate)} ({cycle.responders}/{cycle.assessed})"
    last = "not reached" if cycle.again else "–"
    median = f"{cycle.median:g}" if isfinite(cycle.median) else last
    return str(cycle.treated), share, _range(cycle.confidence), str(cycle.again), median


def _patients(trial: Trial, drawn: Sequence[ReportedArm]) -> dict[str, Markup]:
    """Figures of single patients."""
    return {
        "waterfall": Markup(svg(waterfall(trial, drawn), "waterfall")),
        "course": Markup(svg(severity_course(trial, drawn), "course")),
    }


def trial_words(trial: Trial) -> str:
    """The trial in a sentence."""
    arms = ", ".join(f"{arm.name} (n {arm.size})" for arm in trial.arms)
    visits = ", ".join(f"{day:g}" for day in trial.timing.visits)
    raters = " and ".join(trial.inclusion.raters)
    return (
        f"{REGION_NAMES[trial.region]}; arms: {arms}. Let in with grade {trial.inclusion.grade} or more at maximum "
        f"effort by {raters or 'nobody in particular'}; visits on days {visits}."
    )


def trial_findings(trial: Trial, result: TrialResult) -> list[str]:
    """The primary endpoint in words, and the medians."""
    primary = trial.endpoints[0]
    found = [f"Primary endpoint: {primary}, {endpoint(primary).meaning}."]
    for arm in result.arms:
        rows = arm.curves[primary].rows
        best = max(rows, key=lambda row: row.rate)
        found.append(
            f"{arm.name}: highest expected rate {_percent(best.rate)} % on day {best.day:g}; nine of ten such trials "
            f"would report {_range(best.prediction)} %."
        )
    for name in trial.endpoints:
        medians = [f"{arm.name} {_median(arm.curves[name])}" for arm in result.arms]
        if endpoint(name).lasts or endpoint(name).begins:
            found.append(f"Median of {name}: {'; '.join(medians)}.")
    return found


def _section(result: TrialResult, name: str) -> dict[str, Any]:
    """One endpoint: definition, figure, table."""
    one = endpoint(name)
    draw = event_curves if one.lasts or one.begins else rate_curves
    timed = one.lasts or one.begins
    shown = shown_days(len(result.arms[0].curves[name].rows))
    return {
        "name": name,
        "meaning": one.meaning,
        "figure": Markup(svg(draw(result, name), name)),
        "days": [f"{result.arms[0].curves[name].rows[place].day:g}" for place in shown],
        "rows": [(arm.name, [_cell(arm.curves[name].rows[place]) for place in shown]) for arm in result.arms],
        "medians": [(arm.name, _median(arm.curves[name])) for arm in result.arms] if timed else [],
    }


def _cell(row: Row) -> dict[str, str]:
    return {
        "rate": _percent(row.rate),
        "confidence": _range(row.confidence),
        "prediction": _range(row.prediction),
        "size": f"{row.size:.0f}",
    }


def shown_days(count: int) -> list[int]:
    """Which of many days a table tells: some, spread evenly, the first and the last among them."""
    if count <= _MOST_DAYS:
        return list(range(count))
    return sorted({round(part * (count - 1) / (_MOST_DAYS - 1)) for part in range(_MOST_DAYS)})


def _median(curve: Curve) -> str:
    if curve.median is None:
        return "–"
    few = f" (n {curve.rows[0].size:.0f})" if curve.rows[0].size < FEW else ""
    return (f"day {curve.median:.0f}" if isfinite(curve.median) else f"not by day {curve.rows[-1].day:g}") + few


def _percent(share: float) -> str:
    if 0 < share < _LEAST:
        return f"< {100 * _LEAST:g}"
    return f"{100 * share:.1f}" if isfinite(share) else "–"


def _range(interval: Interval) -> str:
    return f"{100 * interval.low:.0f}–{100 * interval.high:.0f}" if isfinite(interval.low) else "–"


def _arm(arm: ArmResult) -> dict[str, str]:
    dose = "–" if arm.product == "placebo" else f"{arm.dose:g}"
    enrolled = f"{100 * arm.enrolled:.0f}"
    return {"name": arm.name, "product": arm.product, "dose": dose, "size": str(arm.size), "enrolled": enrolled}


def _numbers(trial: Trial, library: Library) -> list[dict[str, Any]]:
    """The library's numbers of raters, trials and population, and what the file sets instead."""
    set_ = dict(trial.population) | dict(trial.raters)
    found = []
    for cls in (TrialParameters, Population):
        for field in fields(cls):
            entry = library[field.metadata["evidence"]]
            own, (value, spread) = set_.get(field.name), value_text(entry)
            found.append(
                {
                    "name": entry.name,
                    "meaning": entry.meaning,
                    "value": value if own is None else f"{own:g} (set here)",
                    "spread": spread,
                    "unit": entry.unit,
                    "grade": entry.grade,
                    "sources": [citation(key, library.sources) for key in entry.source],
                }
            )
    return found
