"""What comes out of a life, in words and drawings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from endplate.evidence import load
from endplate.life import Life, Lifetime, Lives, Twins
from endplate.outcome import FWS
from endplate.report.colours import GRID, MUTED, OKABE_ITO, SERIES
from endplate.report.names import plural, region_name
from endplate.report.offers import offer_sentences
from endplate.report.style import styled

__all__ = ["LIMITS", "life_words", "lives_words", "pairs", "skin_figure", "table_rows", "timeline", "treatment_figure"]

Floats = NDArray[np.float64]
_COLOURS = (OKABE_ITO["vermillion"], OKABE_ITO["blue"])
_NAMES = ("untreated twin", "treated")
_ALIKE = 1e-6
_SHOWN = {
    "depth_effort": "furrow at effort [mm]",
    "depth_rest": "line at rest [mm]",
    "severity_effort": "severity at effort",
}
_LONG = 8.0
_STEPS = (1, 2, 5, 10)
_MOST_ROWS, _MOST_TICKS = 14, 12

LIMITS = (
    "Absolute depths are weakly anchored: compare the twins rather than millimetres with a person.",
    "Creases were calibrated to the fall of static lines 30 and 90 days after one treatment and to the age at which "
    "lines become manifest. No study over decades was used, and none would tell these constants apart.",
    "Antibodies: the chance of a session is that of trials of months, taken on to decades; who can react at all is "
    "assumed. After antibodies one more session is given, with hardly any effect, and then none.",
    "Habits stay as the file says: nobody unlearns an expression because it cannot be made for years.",
    "Collagen, turnover, suction measures and fat of the temple are readouts: they change no line. Thickness, "
    "modulus, natural strain, moisture and proneness do. Sun, smoking and an early menopause count as effective years.",
    "Muscle recovers fully from atrophy, however long it was treated; nothing better is known.",
    "The skin between lines, volume and folds such as the nasolabial fold are not modelled.",
)


def pairs(found: Lifetime) -> list[tuple[str, ...]]:
    """Regions that are told of: a left and right one together where they agree."""
    told: list[tuple[str, ...]] = []
    for name in found.regions:
        other = name.replace("_right", "_left")
        if other != name and (other,) in told and _agree(found, name, other):
            told[told.index((other,))] = (other, name)
        else:
            told.append((name,))
    return told


def _agree(found: Lifetime, one: str, other: str) -> bool:
    first, second = (found.depth_effort.treated[:, found.regions.index(name)] for name in (one, other))
    return bool(np.allclose(first, second, rtol=0, atol=_ALIKE))


def life_words(life: Life, found: Lifetime) -> list[str]:
    """What came out, in sentences."""
    return [
        _given(life, found),
        *(line for names in pairs(found) for line in _lines(found, names)),
        *_muscles(found),
        _antibodies(life, found),
        *offer_sentences(life.offers, load(), product=life.plan.product),
    ]


def _given(life: Life, found: Lifetime) -> str:
    name, total = life.plan.product.code, found.dose.sum()
    sessions = plural(len(found.sessions), "session")
    return f"{sessions} in {life.years:g} years, {total:,.0f} U of {name} in all; {life.schedule.words}."


def _lines(found: Lifetime, names: tuple[str, ...]) -> Iterator[str]:
    row, end = found.regions.index(names[0]), found.age[-1]
    rest, effort = (one.untreated[-1, row] for one in (found.depth_rest, found.depth_effort))
    own = found.depth_rest.treated[-1, row]
    yield (
        f"{region_name(names)}: at {end:.0f} years lines at rest are {own:.2f} mm deep, in the untreated twin "
        f"{rest:.2f} mm ({_change(own, rest)}); the untreated furrow at maximum effort is {effort:.2f} mm."
    )
    ages = (found.manifest(one[:, row]) for one in (found.severity_rest.untreated, found.severity_rest.treated))
    untreated, treated = (_from(age) for age in ages)
    yield f"{region_name(names)}: lines at rest are mild or deeper {untreated} untreated, {treated} treated."


def _change(value: float, of: float) -> str:
    return f"{100 * (value / of - 1):+.0f} %".replace("-", "−") if of > 0 else "no line"


def _from(age: float | None) -> str:
    return "at no age" if age is None else f"from {age:.0f} years on"


def _muscles(found: Lifetime) -> Iterator[str]:
    if not len(found.sessions):
        return
    least, last = found.mass.min(axis=0), found.mass[-1]
    rows = [found.regions.index(names[0]) for names in pairs(found)]
    told = "; ".join(
        f"{found.regions[row].replace('_', ' ')} {100 * least[row]:.0f} % at least, {100 * last[row]:.0f} % at the end"
        for row in rows
    )
    yield f"Mass of the muscles that fold the skin, over untreated: {told}."


def _antibodies(life: Life, found: Lifetime) -> str:
    if not life.antibodies:
        return "Antibodies were left out."
    chance = 100 * found.antibodies[-1] if len(found.antibodies) else 0.0
    drawn = "keeps its response" if found.lost is None else f"loses its response at {found.lost:.1f} years"
    return (
        f"Antibodies: {chance:.1f} % of such lives have lost the response by the last session; this one, by seed "
        f"{life.seed}, {drawn}."
    )


def lives_words(found: Lifetime, lives: Lives) -> list[str]:
    """What came out of many lives."""
    low, middle, high = lives.sessions
    told = [
        f"{lives.count:,} lives: nine of ten get {low:.0f} to {high:.0f} sessions, the median {middle:.0f}; "
        f"{100 * lives.lost[-1]:.1f} % lose the response to antibodies."
    ]
    for names in pairs(found):
        row = lives.regions.index(names[0])
        edges = lives.depth_rest[:, -1, :, row]
        twins = [f"{edges[1, k]:.2f} mm ({edges[0, k]:.2f} to {edges[2, k]:.2f})" for k in range(len(_NAMES))]
        told.append(
            f"{region_name(names)}: lines at rest at {lives.age[-1]:.0f} years, median and nine of ten lives: "
            f"{twins[0]} untreated, {twins[1]} treated."
        )
    return told


def table_rows(found: Lifetime, row: int) -> list[tuple[str, ...]]:
    """Age, depth at rest and in effort, grade at rest and in effort of both twins, sessions and units so far."""
    wanted = (found.depth_rest, found.depth_effort, found.severity_rest, found.severity_effort)
    means = [[found.yearly(one) for one in (twins.untreated, twins.treated)] for twins in wanted]
    ages = means[0][0].age
    step = next(one for one in (*_STEPS, 20) if len(ages) / one <= _MOST_ROWS)
    rows: list[tuple[str, ...]] = []
    for year in sorted({*range(0, len(ages), step), len(ages) - 1}):
        cells = [f"{twin.mean[year, row]:.2f}" for pair in means for twin in pair]
        done = found.sessions <= found.age[0] + year + 1
        rows.append((f"{found.age[0] + year:.0f}", *cells, str(int(done.sum())), f"{found.dose[done].sum():,.0f}"))
    return rows


@styled
def timeline(found: Lifetime, lives: Lives | None = None) -> Figure:
    """Age against depth in effort, depth at rest and severity, both twins; a row for each region."""
    told = pairs(found)
    figure = Figure(figsize=(9.4, 0.7 + 2.35 * len(told)), layout="constrained")
    panels = figure.subplots(len(told), len(_SHOWN), sharex=True, sharey="col", squeeze=False)
    for line, names in zip(panels, told, strict=True):
        row = found.regions.index(names[0])
        line[0].set_title(region_name(names))
        for axes, (name, title) in zip(line, _SHOWN.items(), strict=True):
            _twins(axes, found, getattr(found, name), row, ranges=lives is None)
            if lives is not None:
                _band(axes, lives.age, getattr(lives, name)[:, :, :, row])
            axes.set_ylabel(title)
    for axes in panels[0, :2]:
        axes.set_ylim(bottom=0)
    panels[0, -1].set_ylim(-0.05, 3.15)
    panels[0, -1].set_yticks(range(len(FWS)), FWS)
    for axes in panels[-1]:
        _age_axis(axes, found)
    _name(panels[0, 0], found, lives)
    return figure


def _twins(axes: Axes, found: Lifetime, twins: Twins, row: int, *, ranges: bool) -> None:
    """Both curves; over many years their range and mean by year, since sessions would fill the picture."""
    axes.grid(visible=True)
    for value, colour in zip((twins.untreated, twins.treated), _COLOURS, strict=True):
        if found.age[-1] - found.age[0] <= _LONG:
            axes.plot(found.age, value[:, row], color=colour)
            continue
        _year(axes, found, value[:, row], colour, ranges=ranges)


def _year(axes: Axes, found: Lifetime, value: Floats, colour: str, *, ranges: bool = True) -> None:
    """Mean and range of each year, with a gap before the first session."""
    year = found.yearly(value[:, None])
    gap = np.searchsorted(year.age, found.sessions[:1])
    age, low, mean, high = (
        np.insert(part, gap, np.nan) for part in (year.age, *(one[:, 0] for one in (year.low, year.mean, year.high)))
    )
    if ranges:
        axes.fill_between(age, low, high, color=colour, alpha=0.3, linewidth=0)
    axes.plot(age, mean, color=colour)


def _band(axes: Axes, age: Floats, band: Floats) -> None:
    for twin, colour in enumerate(_COLOURS):
        axes.fill_between(age, band[0, :, twin], band[2, :, twin], color=colour, alpha=0.13, linewidth=0)
        axes.plot(age, band[1, :, twin], color=colour, linewidth=1.0, linestyle=(0, (4, 2)))


def _name(axes: Axes, found: Lifetime, lives: Lives | None) -> None:
    """Names of the lines, once."""
    long = found.age[-1] - found.age[0] > _LONG
    handles: list[Any] = [
        axes.plot([], [], color=colour, label=name)[0] for name, colour in zip(_NAMES, _COLOURS, strict=True)
    ]
    if long and lives is None:
        handles.append(axes.fill_between([], [], color=MUTED, alpha=0.3, label="range within a year"))
    if lives is not None:
        handles.append(
            axes.fill_between([], [], color=MUTED, alpha=0.13, label=f"nine of ten of {lives.count:,} lives")
        )
        handles += axes.plot([], [], color=MUTED, linewidth=1.0, linestyle=(0, (4, 2)), label="their median")
    axes.figure.legend(handles=handles, loc="outside lower center", ncols=len(handles), frameon=False, fontsize=8.5)


def _age_axis(axes: Axes, found: Lifetime) -> None:
    first, last = found.age[0], found.age[-1]
    step = next((one for one in _STEPS if (last - first) / one <= _MOST_TICKS), _STEPS[-1])
    axes.set_xlim(first, last)
    axes.set_xticks(np.arange(np.ceil(first / step - _ALIKE - 0.01) * step, last + _ALIKE, step))
    axes.set_xlabel("age [years]")


@styled
def treatment_figure(found: Lifetime, unit: str) -> Figure:
    """Age against units given so far, mass of the muscles and the chance of antibodies."""
    figure = Figure(figsize=(8.6, 2.7), layout="constrained")
    dose, mass, lost = figure.subplots(1, 3)
    dose.step(found.sessions, np.cumsum(found.dose), where="post", color=_COLOURS[1])
    dose.plot(found.sessions, 0 * found.sessions, linestyle="", marker="|", color=MUTED, markersize=6)
    dose.set_ylabel(f"given so far [{unit}]")
    for names in pairs(found):
        row = found.regions.index(names[0])
        _muscle(mass, found, row, region_name(names))
    mass.set_ylabel("muscle mass [% of untreated]")
    mass.set_ylim(0, 104)
    mass.legend(frameon=False, fontsize=7.5, loc="lower left")
    lost.plot(found.sessions, 100 * found.antibodies, color=_COLOURS[1])
    lost.set_ylabel("lives that lost the response [%]")
    lost.set_ylim(0, max(1.0, 110 * found.antibodies.max(initial=0.0)))
    for axes in (dose, mass, lost):
        axes.grid(visible=True, color=GRID)
        _age_axis(axes, found)
    return figure


def _muscle(axes: Axes, found: Lifetime, row: int, name: str) -> None:
    colour = SERIES[row % len(SERIES)]
    if found.age[-1] - found.age[0] <= _LONG:
        axes.plot(found.age, 100 * found.mass[:, row], color=colour, label=name)
        return
    _year(axes, found, 100 * found.mass[:, row], colour)
    axes.plot([], [], color=colour, label=name)


_STATE: Sequence[tuple[str, str, bool]] = (
    ("thickness", "thickness [mm]", True),
    ("modulus", "modulus [MPa]", True),
    ("natural_strain", "natural strain", True),
    ("collagen", "collagen, of that at 20", False),
    ("turnover", "turnover of epidermis [days]", False),
    ("gross_elasticity", "elasticity R2", False),
    ("recovery", "elasticity R7", False),
    ("fullness", "fat of the temple, of the young", False),
)


@styled
def skin_figure(found: Lifetime) -> Figure:
    """Age against what is measured of skin; what folds the skin in colour, readouts in grey."""
    figure = Figure(figsize=(8.6, 4.2), layout="constrained")
    panels = figure.subplots(2, len(_STATE) // 2, sharex=True)
    for axes, (name, title, acts) in zip(panels.ravel(), _STATE, strict=True):
        value = found.state[name]
        axes.plot(found.age, value[:, 0], color=_COLOURS[1] if acts else MUTED)
        axes.set_title(title, fontsize=8.5, fontweight="bold" if acts else "normal")
        axes.set_ylim(0, 1.08 * float(value[:, 0].max()))
        axes.grid(visible=True)
    for axes in panels[-1]:
        _age_axis(axes, found)
    return figure
