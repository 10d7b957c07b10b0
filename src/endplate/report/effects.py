"""Effects beside the wanted one: in words, as rows, as plain data and as a figure."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from endplate.population.effects import Effect, Effects, Spread
from endplate.population.happening import EFFECTS
from endplate.report.colours import MUTED, OKABE_ITO
from endplate.report.document import finite
from endplate.report.style import styled
from endplate.report.words import DISCLAIMER

__all__ = ["EffectRow", "effect_rows", "effect_words", "effects_figure", "plain_effects", "share_text"]

_REMAINDER = "empirical remainder: fitted to trials, not a mechanism of the model"
_HALVES, _MOST_TICKS = 0.5, 6


@dataclass(frozen=True, slots=True)
class EffectRow:
    """One effect in texts for a table."""

    name: str
    share: str
    interval: str
    remainder: str
    onset: str
    duration: str
    severity: str


def effect_rows(effects: Effects) -> list[EffectRow]:
    """One row for each effect."""
    return [
        EffectRow(
            name=EFFECTS[one.name],
            share=share_text(one.probability, effects.patients),
            interval=f"{_percent(one.low)} to {_percent(one.high)}",
            remainder=_percent(one.remainder) if one.remainder else "–",
            onset=_spread(one.onset, 0),
            duration=_spread(one.duration, 0),
            severity=f"{_spread(one.severity, 1)} {one.unit}" if one.number else "–",
        )
        for one in effects.found
    ]


def effect_words(effects: Effects) -> list[str]:
    """A sentence for each effect that happens, and one for those that do not."""
    lines = [_sentence(one, effects.patients) for one in effects.found if one.number or one.remainder]
    never = [EFFECTS[one.name] for one in effects.found if not one.number and not one.remainder]
    if never:
        bound = _percent(max(one.high for one in effects.found if not one.number))
        lines.append(f"In none of {effects.patients} patients (90 % interval up to {bound}): {', '.join(never)}.")
    return lines


def share_text(share: float, patients: int) -> str:
    """A share as a percentage; one that was never met as a bound.

    Examples
    --------
    >>> share_text(0.0175, 512), share_text(0.0, 512)
    ('1.8 %', '< 0.2 %')
    """
    return _percent(share) if share else f"< {_percent(1 / patients)}"


def plain_effects(effects: Effects) -> dict[str, Any]:
    """All numbers as plain data for JSON; what nobody has becomes None."""
    content: dict[str, Any] = {
        "disclaimer": DISCLAIMER,
        "patients": effects.patients,
        "failed": effects.failed,
        "days_followed": effects.days,
        "seed": effects.seed,
        "evidence_hash": effects.evidence,
        "interval": "90 % of the share, since only so many patients were drawn; not the uncertainty of the model",
        "remainder": _REMAINDER,
        "effects": {one.name: _plain(one) for one in effects.found},
    }
    return finite(content)


@styled
def effects_figure(effects: Effects, *, title: str = "") -> Figure:
    """Shares of patients with each effect as dots with intervals; the empirical remainder as a hollow bar behind."""
    figure = Figure(figsize=(6.4, 0.36 * len(effects.found) + 1.1), layout="constrained")
    axes = figure.add_subplot()
    rows = np.arange(len(effects.found))[::-1]
    for row, one in zip(rows, effects.found, strict=True):
        if one.remainder:
            extra = {"facecolor": "none", "edgecolor": OKABE_ITO["orange"], "hatch": "////", "linewidth": 0.8}
            axes.barh(row, one.remainder, left=one.probability, height=_HALVES, **extra)
        axes.plot([one.low, one.high], [row, row], color=OKABE_ITO["blue"], linewidth=3, alpha=_HALVES)
        axes.plot(one.probability, row, marker="o", color=OKABE_ITO["blue"], markersize=6)
        axes.annotate(
            _label(one, effects.patients),
            (max(one.high, one.total), row),
            xytext=(7, 0),
            textcoords="offset points",
            va="center",
            color=MUTED,
        )
    axes.set_yticks(rows, [EFFECTS[one.name] for one in effects.found])
    axes.tick_params(axis="y", length=0)
    axes.set_xlim(0, 1.45 * max(max(one.high, one.total) for one in effects.found))
    axes.xaxis.set_major_locator(MaxNLocator(_MOST_TICKS))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{100 * share:g} %"))
    axes.grid(visible=True, axis="x")
    axes.set_xlabel("patients like this one")
    words = "Dot: spread as modelled, with 90 % interval of the draw. Hatched: empirical remainder."
    figure.supxlabel(words, color=MUTED, fontsize=8, x=0.01, ha="left")
    if title:
        axes.set_title(title)
    return figure


def _sentence(one: Effect, patients: int) -> str:
    name = EFFECTS[one.name]
    model = f"{share_text(one.probability, patients)}, 90 % interval {_percent(one.low)} to {_percent(one.high)}"
    if one.number:
        model += f", from day {_spread(one.onset, 0)} on, for {_spread(one.duration, 0)} days"
    lead = f"{name[0].upper()}{name[1:]}: "
    if not one.remainder:
        return f"{lead}of patients like this one {model}."
    rest = f"{_percent(one.remainder)} by the empirical remainder, which is no mechanism"
    return f"{lead}{_percent(one.total)} of patients like this one; by spread as modelled {model}, and {rest}."


def _label(one: Effect, patients: int) -> str:
    text = share_text(one.probability, patients)
    return f"{text} + {_percent(one.remainder)}" if one.remainder else text


def _plain(one: Effect) -> dict[str, Any]:
    spreads = ("onset", "duration", "severity", "largest")
    plain = {key: value for key, value in one._asdict().items() if key not in ("name", *spreads)}
    plain |= {"effect": EFFECTS[one.name]}
    return plain | {key: dict(getattr(one, key)._asdict()) for key in spreads}


def _percent(share: float) -> str:
    percent = 100 * share
    return f"{percent:.0f} %" if percent >= 10 else f"{percent:.1f} %"


def _spread(spread: Spread, digits: int) -> str:
    """Median and the range that holds nine of ten."""
    if not isfinite(spread.median):
        return "–"
    low, median, high = (f"{one:.{digits}f}" for one in spread)
    return median if low == high else f"{median} ({low} to {high})"
