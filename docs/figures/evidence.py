"""Published curves beside the model, drawn: five PNG files beside this one.

Run:  python docs/figures/evidence.py
"""

from __future__ import annotations

import textwrap
from pathlib import Path

import curves
import matplotlib as mpl
import numpy as np
from curves import DAYS, DISTANCE, LIBRARY, POTENCY
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from endplate.report.colours import GRID, INK, MUTED, OKABE_ITO
from endplate.units import convert

BLUE, ORANGE, GREEN, PURPLE, RED = (
    OKABE_ITO[name] for name in ("blue", "orange", "bluish green", "reddish purple", "vermillion")
)
LOOK = {
    "font.size": 13,
    "axes.titlesize": 13.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titlepad": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": MUTED,
    "axes.axisbelow": True,
    "axes.grid": True,
    "grid.color": GRID,
    "text.color": INK,
    "axes.labelcolor": INK,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "lines.linewidth": 2.4,
    "legend.frameon": False,
    "legend.fontsize": 11.5,
}
MARK = {"marker": "D", "ls": "", "ms": 11, "mec": "white", "zorder": 6}


def panels(title: str, note: str, *, widths: tuple[float, ...] = (1.0, 1.0)) -> tuple[Figure, list[Axes]]:
    """A figure with a title, panels side by side, and a note that is wrapped to its width."""
    inches = 5.4 * sum(widths) + 0.6
    figure = Figure(figsize=(inches, 6.2), layout="constrained")
    figure.suptitle(title, x=0.01, ha="left", fontsize=17, fontweight="bold")
    note = textwrap.fill(note, width=round(13.2 * inches))
    figure.supxlabel(note, x=0.01, ha="left", fontsize=10.5, color=MUTED, linespacing=1.35)
    return figure, list(figure.subplots(1, len(widths), width_ratios=widths))


def published(axes: Axes, x: float, name: str, *, colour: str, across: float = 0.0, filled: bool = True) -> None:
    """A published decline with its printed range, or the standard error of a mean of ten where SDs are printed."""
    entry, value = LIBRARY[name], 100 * curves.seen(name, "1")
    low, high = (value if end is None else end for end in (entry.low, entry.high))
    if name.endswith("ona_10u_day21"):
        before, after = LIBRARY["observed.edb_cmap.baseline"], LIBRARY["observed.edb_cmap.ona_10u_day21"]
        error = (100 - value) * np.hypot(before.sd / before.value, after.sd / after.value) / np.sqrt(10)
        low, high = value - error, value + error
    bars = {"yerr": [[value - low], [high - value]], "xerr": across or None, "elinewidth": 1.8, "capsize": 4}
    face = colour if filled else "white"
    axes.errorbar(x, value, fmt="o", color=colour, mfc=face, ms=9, mew=1.8, zorder=5, clip_on=False, **bars)


def draw_edb() -> Figure:
    """Human foot muscle: time course of both serotypes and dose response, with the rows of the fit."""
    fitted = curves.rmse([curves.edb_fit("A"), curves.edb_fit("B")])
    figure, (type_a, type_b, response) = panels(
        f"Human foot muscle (EDB): calibration of the scale of dose — error (RMSE) {100 * fitted:.1f} points",
        "Lines: model. Filled points were fitted: Sloop 1996 (n 13) and 1997 (n 10), Hamjian & Walker 1994 (n "
        "10, bar = SE), Jost 2005 (n 14); other bars = printed range. Open point, week 57: not fitted, and "
        "missed; a light-chain half-life near 90 d instead of 45 d would reach it. Not a validation: potency "
        "comes from these rows and from eyelid force.",
        widths=(1.35, 0.85, 0.9),
    )
    shots = {4.0: (GREEN, "4 U"), 8.75: (BLUE, "7.5–10 U"), 10.0: (PURPLE, "10 U"), 17.5: (RED, "15–20 U")}
    for dose, (colour, name) in shots.items():
        type_a.plot(POTENCY.DAYS, 100 * curves.edb_course("A", dose), color=colour, label=name)
    for dose, day, name in [*POTENCY.EDB_A, curves.LATE_ROW]:
        late = day == curves.LATE_ROW[1]
        published(type_a, 6 if day is None else day, name, colour=shots[dose][0], filled=not late)
    type_a.annotate("lowest of all days\n(reported at day 6)", (16, 91), fontsize=10.5, color=RED, va="center")
    type_a.set(title="Type A (ona)", xlabel="days after injection", ylabel="decline of the M-wave [%]", xlim=(0, 410))
    type_a.legend(title="dose", loc="upper right")
    type_b.plot(POTENCY.DAYS, 100 * curves.edb_course("B", 400.0), color=ORANGE)
    for _, day, name in POTENCY.EDB_B:
        published(type_b, day, name, colour=ORANGE)
    type_b.set(title="Type B (rima), 320–480 U", xlabel="days after injection", xlim=(0, 120))
    doses = np.geomspace(0.5, 40.0, 16)
    declines = 100 * np.stack([curves.edb_course("A", dose) for dose in doses])
    response.plot(doses, declines.max(axis=1), color=INK, label="largest")
    response.plot(doses, declines[:, 90], color=GREEN, label="day 90")
    # The dose of the row of week 7 stands already at week 2.
    for (dose, day, name), reach in zip(POTENCY.EDB_A, (0.0, 1.25, None, 2.5, 0.0), strict=True):
        if reach is not None:
            published(response, dose, name, colour=GREEN if day == 90 else INK, across=reach)
    response.set(title="Dose response, type A", xlabel="dose [U of ona]", xscale="log")
    ticks(response, [0.5, 1, 2, 5, 10, 20, 40])
    response.legend(title="decline", loc="upper left")
    for axes in (type_a, type_b, response):
        axes.set_ylim(0, 100)
    return figure


def ticks(axes: Axes, places: list[float], names: list[str] | None = None) -> None:
    """Ticks of a logarithmic x axis, and no others."""
    axes.set_xticks(places, names or [f"{place:g}" for place in places])
    axes.xaxis.set_minor_locator(mpl.ticker.NullLocator())


def draw_serotypes() -> Figure:
    """Loss of force after doses that weaken equally."""
    figure, (early, year) = panels(
        "Serotypes at equal peak effect: 80 % loss of force",
        "Model with library values, one dose at all end plates, chosen per serotype for the same peak. "
        "Diamonds: published durations of clinical effect, not of force. E: human glabella, 2–3 weeks (used "
        "to set SNARE turnover). A: cervical dystonia, 93 d (89–101), 18 studies, Marsh 2014 (a check).",
    )
    lines = [("E", RED, (60, 84)), ("B", ORANGE, (85, 66)), ("A", BLUE, (152, 47))]
    for row, (serotype, colour, place) in enumerate(lines):
        loss = curves.force_loss(curves.matched_level(serotype), curves.terminal(serotype))
        marks = curves.milestones(loss)
        for axes in (early, year):
            axes.plot(DAYS, 100 * loss, color=colour)
        early.plot(marks.onset, 10, "o", color=colour, ms=9, mec="white", zorder=6)
        onset = f"{24 * marks.onset:.0f} h" if marks.onset < 1 else f"{marks.onset:.1f} d"
        words = {"color": colour, "fontweight": "bold", "va": "center"}
        early.annotate(f"{serotype}: 10 % lost after {onset}", (4.6, 33 - 7 * row), **words)
        year.annotate(f"{serotype}: ≥ 50 % lost until day {marks.half_loss:.0f},", place, **words, fontsize=12)
        last = f"≥ 10 % until day {marks.end:.0f}"
        year.annotate(last, (place[0] + 16, place[1] - 5.5), **words, fontsize=12)
    early.axhline(10, color=MUTED, lw=1, ls=":")
    early.set(title="The first days", xlabel="days after injection", ylabel="loss of force [%]", xlim=(0, 10))
    duration(year, "observed.duration.treni_glabella", "2–3 weeks", height=105, colour=RED)
    duration(year, "observed.duration.ona_cervical_dystonia", "93 d", height=98, colour=BLUE)
    year.set(title="The year", xlabel="days after injection", xlim=(0, 365), xticks=range(0, 361, 60))
    for axes in (early, year):
        axes.set(ylim=(0, 110), yticks=range(0, 101, 20))
    return figure


def duration(axes: Axes, name: str, text: str, *, height: float, colour: str) -> None:
    """A published duration with its range."""
    entry, middle = LIBRARY[name], curves.seen(name, "day")
    low, high = (convert(end, entry.unit, to="day") for end in (entry.low, entry.high))
    bars = {"xerr": [[middle - low], [high - middle]], "capsize": 5, "elinewidth": 2.2}
    axes.errorbar(middle, height, fmt="D", color=colour, mfc="white", ms=8, mew=1.8, zorder=6, **bars)
    axes.annotate(f"published: {text}", (high + 8, height), color=colour, va="center", fontsize=11.5)


def draw_lebeda() -> Figure:
    """The onset model as a limit of the chain, with the published times."""
    figure, (left, right) = panels(
        "The onset model of Lebeda et al. 2008 is a limit of the same chain",
        "Lines: this model without clearance and without loss of light chain. Diamonds: the published model "
        "reaches 10 % after 204.08, 371, 2407 and 15452 min (antitoxin: 39.7, 249, 2320, 15368 min), matched "
        "within 0.1 %. Lebeda 2008, J Pharmacokinet Pharmacodyn 35:251; BioModels 178 and 267.",
    )
    minutes = np.geomspace(2.0, 60000.0, 400)
    cases = [
        (None, "three_step", "three steps, no depot", BLUE),
        ("bath", "four_step_bath", r"depot, $k_S$ = 0.01 /min", GREEN),
        ("mouse", "four_step_mouse", "0.001 /min (mouse)", ORANGE),
        ("human", "four_step_human", "0.00015 /min (human)", RED),
    ]
    for depot, entry, label, colour in cases:
        left.plot(minutes, curves.tension(minutes, depot), color=colour, label=label)
        right.plot(minutes, curves.reachable(minutes, depot), color=colour)
        for axes, mark in ((left, "t10"), (right, "t_inhib")):
            time = curves.seen(f"observed.lebeda.{mark}.{entry}", "minute")
            axes.plot(time, 0.1, color=colour, **MARK)
            shown = f"{time:.0f} min" if time < 600 else f"{time / 1440:.1f} d"
            place, side = ((0.78 * time, 0.05), "right") if depot is None else ((1.16 * time, 0.135), "left")
            axes.annotate(shown, place, color=colour, fontsize=11, fontweight="bold", ha=side)
    left.set(title="Tension", ylabel="share of tension left")
    right.set(title="Toxin that antitoxin can still bind", ylabel="share of the dose outside terminals")
    left.legend(loc="upper left", ncols=2, columnspacing=1.0, handlelength=1.4)
    for axes in (left, right):
        axes.axhline(0.1, color=MUTED, lw=1, ls=":")
        axes.set(
            xscale="log", ylim=(0, 1.3), xlim=(minutes[0], minutes[-1]), xlabel="time", yticks=np.arange(0, 1.1, 0.2)
        )
        ticks(axes, [10, 60, 360, 1440, 14400], ["10 min", "1 h", "6 h", "1 d", "10 d"])
    return figure


def draw_spread_distance() -> Figure:
    """Captured dose and effect against distance."""
    figure, (left, right) = panels(
        "How far one injection reaches",
        "Model: ball of volume V/φ, dispersion of the front 3 mm, diffusion, clearance, uptake; ona; no "
        "fascia. Diamond: effect halved 5 mm from the end plates, rat tibialis anterior, glycogen depletion "
        "(Shaari & Sanders 1993; a check). Its doses are not known in these units, so low and saturating ones "
        "are shown.",
    )
    for volume, colour in zip(curves.VOLUMES, (BLUE, INK, ORANGE), strict=True):
        curve = curves.captured(volume)
        left.plot(
            DISTANCE, curve / curve[0], color=colour, label=f"{volume:g} mL: {curves.half_distance(curve):.1f} mm"
        )
    left.set(title="Captured dose", ylabel="dose, share of that at the needle")
    left.legend(title="volume: halved at", loc="upper right")
    for dose, colour in ((0.2, ORANGE), (0.5, GREEN), (1.0, BLUE), (2.5, PURPLE), (10.0, RED)):
        curve = curves.peak_block(0.1, dose)
        label = f"{dose:g} U, {100 * curve[0]:.0f} %: {curves.half_distance(curve):.1f} mm"
        right.plot(DISTANCE, curve / curve[0], color=colour, label=label)
    right.set(title="Effect of 0.1 mL at its peak", ylabel="blocked fibres, share of those at the needle")
    right.legend(title="dose, blocked at the needle: halved at", loc="upper right", ncols=2, columnspacing=1.0)
    distance = curves.seen("observed.spread.half_effect_distance", "mm")
    for axes in (left, right):
        axes.plot(distance, 0.5, color=INK, **MARK)
        arrow = {"arrowstyle": "-", "color": MUTED, "shrinkB": 6}
        axes.annotate(f"rat: {distance:g} mm", (distance, 0.5), (0.5, 0.27), fontsize=12, arrowprops=arrow)
        axes.axhline(0.5, color=MUTED, lw=1, ls=":")
        axes.set(xlim=(0, 15), ylim=(0, 1.38), xlabel="distance from the needle [mm]", yticks=np.arange(0, 1.1, 0.2))
    return figure


def draw_halo() -> Figure:
    """Area of effect against dose and volume."""
    ratio = curves.halo(0.25, 5.0) / curves.halo(0.05, 5.0)
    figure, (left, right) = panels(
        "Halo: the area of effect grows with the logarithm of dose",
        "Model: area around one injection of ona in which at least half of the terminals are blocked at the "
        "peak; motor terminals stand in for sweat glands. Area of 5 U in 0.25 mL over that in 0.05 mL: "
        f"{ratio:.2f}; a forehead study is recalled as 1.5 (Hsu 2004; a guide, not a test).",
    )
    doses = np.geomspace(0.5, 20.0, 14)
    for volume, colour in ((0.05, BLUE), (0.1, INK), (0.25, ORANGE)):
        areas = np.array([curves.halo(volume, dose) for dose in doses])
        slope, _ = curves.growth_with_log_dose(areas[doses >= 2], doses[doses >= 2])
        label = f"{volume:g} mL: +{slope:.0f} mm² per doubling"
        left.plot(doses[areas > 0], areas[areas > 0], "o-", color=colour, ms=6, label=label)
    left.set(title="Area with ≥ 50 % block", ylabel="area [mm²]", xlabel="dose [U of ona]", xscale="log", ylim=(0, 520))
    ticks(left, [0.5, 1, 2, 5, 10, 20])
    left.legend(loc="upper left")
    shades = mpl.colormaps["cividis"](np.linspace(0.85, 0.1, 4))
    both = np.concatenate([-DISTANCE[::-1], DISTANCE])
    for dose, shade in zip((1.0, 2.5, 5.0, 10.0), shades, strict=True):
        curve = curves.peak_block(0.1, dose)
        width = 2 * np.sqrt(curves.halo(0.1, dose) / np.pi)
        right.plot(both, 100 * np.concatenate([curve[::-1], curve]), color=shade, label=f"{dose:g} U: {width:.0f} mm")
    right.axhline(50, color=MUTED, lw=1, ls=":")
    right.set(title="Profile across the site, 0.1 mL", ylabel="blocked terminals at the peak [%]")
    right.set(
        xlabel="place along a line through the needle [mm]", xlim=(-18, 18), ylim=(0, 130), yticks=range(0, 101, 25)
    )
    right.legend(title="dose: diameter at 50 %", loc="upper center", ncols=2)
    return figure


DRAWINGS = {
    "edb": draw_edb,
    "serotypes": draw_serotypes,
    "lebeda": draw_lebeda,
    "spread_distance": draw_spread_distance,
    "halo": draw_halo,
}


def draw(name: str, folder: Path = Path(__file__).parent) -> Path:
    """Write one figure as PNG."""
    path = folder / f"{name}.png"
    with mpl.rc_context(LOOK):
        DRAWINGS[name]().savefig(path, dpi=160, metadata={"Software": None})
    return path


if __name__ == "__main__":
    for one in DRAWINGS:
        print(draw(one))
