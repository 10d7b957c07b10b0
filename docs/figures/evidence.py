"""Published curves beside the model: what the tests of `tests/evidence` assert, and five figures of it.

Run:  python docs/figures/evidence.py      draws edb, serotypes, lebeda, spread_distance and halo beside this file
"""

from __future__ import annotations

import runpy
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import jax

jax.config.update("jax_enable_x64", True)

import jax.numpy as jnp
import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy.optimize import brentq

from endplate.evidence import defaults, load
from endplate.kinetics import KineticsParameters, Schedule, toxin_chain, transmit
from endplate.muscle import MuscleParameters, force_fraction, trophic_state
from endplate.report.colours import GRID, INK, MUTED, OKABE_ITO
from endplate.solve.chain import member_weights, respond
from endplate.solve.grid import time_grid
from endplate.spread import SpreadParameters, capture
from endplate.units import convert

FOLDER = Path(__file__).parent
POTENCY = SimpleNamespace(**runpy.run_path(str(FOLDER.parents[1] / "calibration" / "potency.py")))
LIBRARY = load()
BLUE, ORANGE, GREEN, PURPLE, RED = (
    OKABE_ITO[name] for name in ("blue", "orange", "bluish green", "reddish purple", "vermillion")
)
SPREAD = SpreadParameters(**{name: jnp.asarray(value) for name, value in defaults(SpreadParameters, LIBRARY).items()})
MUSCLE = MuscleParameters(**{name: jnp.asarray(value) for name, value in defaults(MuscleParameters, LIBRARY).items()})


def seen(name: str, unit: str) -> float:
    """A published value in the wanted unit."""
    return convert(LIBRARY[name].value, LIBRARY[name].unit, to=unit)


# One class of end plates, as in a muscle that got the same dose everywhere.

DAYS = np.arange(0.0, 400.0, 0.125)
GRID_OF_TIME = time_grid(DAYS, np.array([0.0]))
SCHEDULE = Schedule(jnp.asarray(GRID_OF_TIME.steps), jnp.asarray(GRID_OF_TIME.event))


def terminal(serotype: str, **changes: float) -> KineticsParameters:
    """Kinetics of one serotype, with doses told in half-cleaving levels."""
    known = defaults(KineticsParameters, LIBRARY, serotype=serotype, product="ona")
    values = known | {"potency": 1.0} | changes
    return KineticsParameters(**{name: jnp.asarray(value) for name, value in values.items()})


@jax.jit
def _course(levels: jax.Array, parameters: KineticsParameters) -> tuple[jax.Array, jax.Array]:
    ends = transmit(
        levels[None, None],
        jnp.ones((1, 1, 1, 1)),
        density=jnp.ones((1, 1)),
        schedule=SCHEDULE,
        parameters=parameters,
    )
    trophic = trophic_state(ends.whole, SCHEDULE.steps, parameters=MUSCLE)
    at = GRID_OF_TIME.output
    return 1 - ends.whole.value[at, 0], 1 - force_fraction(ends.whole.value, trophic.value)[at, 0]


def block(levels: np.ndarray, parameters: KineticsParameters) -> np.ndarray:
    """Share of blocked fibres on `DAYS` after one dose of each of the median levels, shape (T, len(levels))."""
    return np.asarray(_course(jnp.atleast_1d(jnp.asarray(levels, float)), parameters)[0])


def force_loss(level: float, parameters: KineticsParameters) -> np.ndarray:
    """Loss of force on `DAYS` after one dose."""
    return np.asarray(_course(jnp.asarray([level], float), parameters)[1])[:, 0]


class Milestones(NamedTuple):
    """Days: onset (10 % loss), near_peak (90 % of it), peak_day, half_loss (last ≥ 50 %), half_peak, end (last ≥ 10 %)."""

    onset: float
    near_peak: float
    peak_day: float
    peak: float
    half_loss: float
    half_peak: float
    end: float


def milestones(loss: np.ndarray) -> Milestones:
    """When a course of loss on `DAYS` passes its marks."""
    top = int(loss.argmax())
    peak = float(loss[top])

    def up(level: float) -> float:
        return float(np.interp(level, loss[: top + 1], DAYS[: top + 1]))

    def down(level: float) -> float:
        return float(np.interp(-level, -loss[top:], DAYS[top:]))

    return Milestones(up(0.1), up(0.9 * peak), float(DAYS[top]), peak, down(0.5), down(0.5 * peak), down(0.1))


@cache
def matched_level(serotype: str, peak: float = 0.8) -> float:
    """Dose [half-cleaving levels] at which the force falls by `peak`."""
    parameters = terminal(serotype)
    return brentq(lambda level: force_loss(level, parameters).max() - peak, 0.3, 300.0, xtol=1e-3)


# The onset model of Lebeda et al. 2008: no clearance, no loss of light chain.

DEPOTS = ("bath", "mouse", "human")


def bath() -> KineticsParameters:
    """Rat phrenic nerve and diaphragm in a bath, at the published rates."""
    return terminal(
        "A",
        clearance_rate=0.0,
        light_chain_half_life=np.inf,
        uptake_rate=seen("observed.lebeda.k_b", "1/day"),
        internalisation_rate=seen("observed.lebeda.k_t", "1/day"),
        translocation_rate=seen("observed.lebeda.k_l", "1/day"),
    )


def _onset_chain(depot: str | None) -> Any:
    release = None if depot is None else jnp.asarray(seen(f"observed.lebeda.k_s.{depot}", "1/day"))
    return toxin_chain(bath(), depot_rate=release)


def tension(minutes: np.ndarray, depot: str | None = None) -> np.ndarray:
    """Tension left after a unit dose, one exact step of the solver per time [min]."""
    steps = jnp.asarray(minutes, float) * convert(1.0, "minute", to="day")
    chain, dose = _onset_chain(depot), jnp.asarray([1.0, 0.0])[:, None]
    return np.asarray(jax.vmap(lambda step: 1 - respond(chain, step[None], doses=dose).value[-1, 0])(steps))


def reachable(minutes: np.ndarray, depot: str | None = None) -> np.ndarray:
    """Share of the toxin that antitoxin can still bind: in the depot or free."""
    chain, days = _onset_chain(depot), jnp.asarray(minutes, float) * convert(1.0, "minute", to="day")
    modes = [member_weights(chain, member) for member in range(1 if depot is None else 2)]
    return np.asarray(sum(jnp.sum(weight * jnp.exp(-rate * days), axis=0) for rate, weight in modes))


def minutes_until(share: float, curve: Any, depot: str | None = None) -> float:
    """When `tension` or `reachable` has fallen to a share [min]."""
    return brentq(lambda time: float(curve(np.array([time]), depot)[0]) - share, 0.0, 1e5, xtol=1e-6, rtol=1e-12)


# The human foot muscle: the rows that the scale of dose was fitted to, and one that was left out.

LATE_ROW = (8.75, 399, "observed.edb_decline.ona_9u_day399")
FOOT = {"A": ("ona", POTENCY.EDB_A), "B": ("rima", POTENCY.EDB_B)}


def edb_course(serotype: str, dose: float) -> np.ndarray:
    """Decline of the M-wave on `POTENCY.DAYS` after one injection."""
    product, _ = FOOT[serotype]
    return np.asarray(POTENCY.decline(*POTENCY.edb(dose), POTENCY.kinetics(serotype, product)))


def edb_fit(serotype: str, rows: list | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Predicted and observed declines of the rows; those of the calibration by default."""
    product, fitted = FOOT[serotype]
    parameters, chosen = POTENCY.kinetics(serotype, product), rows or fitted
    return POTENCY.predict(chosen, POTENCY.edb, parameters, jnp.log(parameters.potency)), POTENCY.observed(chosen)


def rmse(pairs: list[tuple[np.ndarray, np.ndarray]]) -> float:
    """Root mean square error of all pairs of predicted and observed values."""
    return float(np.sqrt(np.mean(np.concatenate([predicted - observed for predicted, observed in pairs]) ** 2)))


def edb_trophic_minimum(dose: float) -> float:
    """Day of the smallest muscle after one injection."""
    total, density = POTENCY.edb(dose)
    schedule = Schedule(jnp.asarray(POTENCY.GRID.steps), jnp.asarray(POTENCY.GRID.event))
    parameters = POTENCY.kinetics("A", "ona")
    ends = transmit(total, jnp.ones((1, 1, 1, 1)), density=density, schedule=schedule, parameters=parameters)
    size = trophic_state(ends.whole, schedule.steps, parameters=MUSCLE).value[POTENCY.GRID.output, 0, 0]
    return float(POTENCY.DAYS[int(size.argmin())])


def edl_day15(serotype: str, snare_half_life: float) -> tuple[float, float]:
    """Tension of rat EDL on day 15, predicted with the dose that gives day 7, and observed."""
    parameters = terminal(serotype, snare_half_life=snare_half_life, sprout_weight=0.0)
    early, late = (seen(f"observed.rat_edl_tension.{serotype}_day{day}", "1") for day in (7, 15))

    def left(level: float, day: float) -> float:
        return 1 - float(np.interp(day, DAYS, force_loss(level, parameters)))

    level = brentq(lambda level: left(level, 7.0) - early, 0.1, 300.0, xtol=1e-3)
    return left(level, 15.0), late


# How far one injection reaches.

DISTANCE = np.linspace(0.0, 20.0, 201)
VOLUMES = (0.02, 0.1, 0.25)


def captured(volume: float) -> np.ndarray:
    """Dose captured at `DISTANCE` from an injection of 1 U [U/mm³]."""
    points, one = jnp.zeros((len(DISTANCE), 3, 1)).at[:, 0, 0].set(DISTANCE), jnp.ones(1)
    found = capture(points, jnp.zeros((1, 3)), doses=one, volumes=volume * one, parameters=SPREAD)
    return np.asarray(found)[0, :, 0]


@cache
def peak_block(volume: float, dose: float) -> np.ndarray:
    """Share of fibres blocked at the peak, by distance from one injection of ona."""
    potency = float(POTENCY.kinetics("A", "ona").potency)
    return block(potency * dose * captured(volume), terminal("A")).max(axis=0)


def half_distance(curve: np.ndarray) -> float:
    """Where a falling curve over `DISTANCE` has half of its value at 0 [mm]."""
    return float(np.interp(-0.5 * curve[0], -curve, DISTANCE))


def halo(volume: float, dose: float) -> float:
    """Area in which at least half of the terminals are blocked at the peak [mm²]."""
    curve = peak_block(volume, dose)
    return float(np.pi * np.interp(-0.5, -curve, DISTANCE) ** 2) if curve[0] > 0.5 else 0.0


def growth_with_log_dose(areas: np.ndarray, doses: np.ndarray) -> tuple[float, float]:
    """Slope of area over log2(dose) [mm² per doubling] and the share of variance that the line explains."""
    slope, start = np.polyfit(np.log2(doses), areas, 1)
    rest = areas - start - slope * np.log2(doses)
    return float(slope), float(1 - rest.var() / areas.var())


# Figures.

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


def _panels(count: int, title: str, note: str, *, height: float = 5.6) -> tuple[Figure, list[Axes]]:
    figure = Figure(figsize=(5.1 * count + 0.6, height), layout="constrained")
    figure.suptitle(title, x=0.01, ha="left", fontsize=16.5, fontweight="bold")
    figure.supxlabel(note, x=0.01, ha="left", fontsize=10.5, color=MUTED)
    return figure, list(np.atleast_1d(figure.subplots(1, count)))


def _row(axes: Axes, x: float, name: str, colour: str, *, across: float = 0.0, filled: bool = True) -> None:
    """A published decline with its printed range, or the standard error of a mean of ten where SDs are printed."""
    entry, value = LIBRARY[name], 100 * seen(name, "1")
    low, high = (value if end is None else end for end in (entry.low, entry.high))
    if name.endswith("ona_10u_day21"):
        before, after = LIBRARY["observed.edb_cmap.baseline"], LIBRARY["observed.edb_cmap.ona_10u_day21"]
        relative = np.hypot(before.sd / before.value, after.sd / after.value) / np.sqrt(10)
        low, high = (value + sign * relative * (100 - value) for sign in (-1, 1))
    axes.errorbar(
        x,
        value,
        yerr=[[value - low], [high - value]],
        xerr=across or None,
        fmt="o",
        color=colour,
        mfc=colour if filled else "white",
        ms=9,
        mew=1.8,
        elinewidth=1.8,
        capsize=4,
        zorder=5,
    )


def draw_edb() -> Figure:
    """Human foot muscle: time course of both serotypes and dose response, with the rows of the fit."""
    fitted = rmse([edb_fit("A"), edb_fit("B")])
    figure, (time_a, time_b, dose_axes) = _panels(
        3,
        f"Human foot muscle (EDB): the data that set the scale of dose — calibration, RMSE {100 * fitted:.1f} points",
        "Filled: fitted (Sloop 1996 and 1997, n 13 and 10; Hamjian & Walker 1994, n 10, bar = SE; Jost 2005, n 14; other bars ="
        " printed range). Open: week 57, not fitted and missed:\nthe default light-chain half-life of 45 d ends too early"
        " there (117 d would fit). Not a validation: potency comes from these rows and from eyelid force.",
    )
    days = POTENCY.DAYS
    shots = [(4.0, GREEN, "4 U"), (8.75, BLUE, "7.5–10 U"), (10.0, PURPLE, "10 U"), (17.5, RED, "15–20 U")]
    for dose, colour, name in shots:
        time_a.plot(days, 100 * edb_course("A", dose), color=colour, label=name)
    for dose, day, name in [*POTENCY.EDB_A, LATE_ROW]:
        colour = next(colour for one, colour, _ in shots if one == dose)
        _row(time_a, 6 if day is None else day, name, colour, filled=day != LATE_ROW[1])
    time_a.annotate("lowest\nM-wave", (6, 87.5), (32, 92), fontsize=10.5, color=RED, va="center")
    time_a.set(title="Type A (ona)", xlabel="days after injection", ylabel="decline of the M-wave [%]", xlim=(-8, 410))
    time_a.legend(title="dose", loc="upper right", bbox_to_anchor=(1.0, 0.97))
    time_b.plot(days, 100 * edb_course("B", 400.0), color=ORANGE, label="model, 400 U")
    for _, day, name in POTENCY.EDB_B:
        _row(time_b, day, name, ORANGE)
    time_b.set(title="Type B (rima), 320–480 U", xlabel="days after injection", xlim=(-3, 150))
    doses = np.geomspace(0.5, 40.0, 16)
    curves = np.stack([edb_course("A", dose) for dose in doses])
    dose_axes.plot(doses, 100 * curves.max(axis=1), color=INK, label="model, maximum")
    dose_axes.plot(doses, 100 * curves[:, 90], color=GREEN, label="model, day 90")
    for (dose, day, name), reach in zip(POTENCY.EDB_A, (0.0, 1.25, None, 2.5, 0.0), strict=True):
        if reach is not None:
            _row(dose_axes, dose, name, GREEN if day == 90 else INK, across=reach)
    dose_axes.set(title="Dose response, type A", xlabel="dose [U of ona]", xscale="log", xticks=[1, 2, 5, 10, 20, 40])
    dose_axes.xaxis.set_major_formatter(mpl.ticker.ScalarFormatter())
    dose_axes.xaxis.set_minor_locator(mpl.ticker.NullLocator())
    dose_axes.legend(loc="upper left")
    for axes in (time_a, time_b, dose_axes):
        axes.set_ylim(0, 100)
    return figure


def draw_serotypes() -> Figure:
    """Loss of force after doses that weaken equally."""
    figure, (early, year) = _panels(
        2,
        "Serotypes at equal peak effect (80 % loss of force)",
        "Model with library values; dose of each serotype chosen for the same peak. Bars: published durations; type E human"
        " glabella 2–3 weeks (calibration of SNARE turnover),\ntype A cervical dystonia 93 d (89–101), Marsh 2014, 18 studies"
        " (check; a clinical score, not force).",
        height=6.0,
    )
    for serotype, colour in (("E", RED), ("B", ORANGE), ("A", BLUE)):
        loss = force_loss(matched_level(serotype), terminal(serotype))
        marks = milestones(loss)
        for axes in (early, year):
            axes.plot(DAYS, 100 * loss, color=colour)
        early.plot(marks.onset, 10, "o", color=colour, ms=9)
        onset = f"{24 * marks.onset:.0f} h" if marks.onset < 1 else f"{marks.onset:.1f} d"
        place = {"E": (0.5, 24.0), "B": (1.35, 16.0), "A": (2.1, 8.0)}[serotype]
        early.annotate(f"{serotype}: {onset}", place, color=colour, fontweight="bold")
        label = f"{serotype}: ≥ 10 % lost for {marks.end:.0f} d,\n≥ 50 % until day {marks.half_loss:.0f}"
        where = {"E": (45, 88), "B": (92, 72), "A": (150, 50)}[serotype]
        year.annotate(label, where, color=colour, fontweight="bold", va="center", fontsize=12.5)
    early.axhline(10, color=MUTED, lw=1, ls=":")
    early.set(title="Onset (10 % of force lost)", xlabel="days after injection", xlim=(0, 10))
    early.set_ylabel("loss of force [%]")
    _bar(year, "observed.duration.treni_glabella", 7.0, RED)
    _bar(year, "observed.duration.ona_cervical_dystonia", 7.0, BLUE)
    year.set(title="The year", xlabel="days after injection", xlim=(0, 365), xticks=range(0, 361, 60))
    for axes in (early, year):
        axes.set_ylim(0, 100)
    return figure


def _bar(axes: Axes, name: str, height: float, colour: str) -> None:
    """A published duration as a bar with its range."""
    entry = LIBRARY[name]
    low, high = (convert(end, entry.unit, to="day") for end in (entry.low, entry.high))
    middle = seen(name, "day")
    axes.errorbar(
        middle,
        height,
        xerr=[[middle - low], [high - middle]],
        fmt="D",
        color=colour,
        mfc="white",
        ms=8,
        mew=1.8,
        capsize=5,
        elinewidth=2.2,
        zorder=6,
    )


def draw_lebeda() -> Figure:
    """The onset model as a limit of the chain, with the published times."""
    figure, (left, right) = _panels(
        2,
        "Onset in muscle–nerve preparations: Lebeda et al. 2008 as a limit of the same chain",
        "Lines: this model without clearance and without loss of light chain. Diamonds: times to 10 % of the published model"
        " (204.08, 371, 2407, 15452 min; antitoxin 39.7, 249, 2320, 15368 min),\nmatched within 0.1 %."
        " Sources: Lebeda 2008, J Pharmacokinet Pharmacodyn 35:251; BioModels 178 and 267.",
    )
    minutes = np.geomspace(2.0, 40000.0, 400)
    cases = [
        (None, "three_step", "three steps (bath, no depot)", BLUE),
        ("bath", "four_step_bath", r"depot, $k_S$ 0.01 /min", GREEN),
        ("mouse", "four_step_mouse", "0.001 /min (mouse)", ORANGE),
        ("human", "four_step_human", "0.00015 /min (human)", RED),
    ]
    for depot, entry, label, colour in cases:
        left.plot(minutes, tension(minutes, depot), color=colour, label=label)
        right.plot(minutes, reachable(minutes, depot), color=colour)
        mark = {"marker": "D", "color": colour, "mec": "white", "ms": 11, "ls": "", "zorder": 6}
        left.plot(seen(f"observed.lebeda.t10.{entry}", "minute"), 0.1, **mark)
        right.plot(seen(f"observed.lebeda.t_inhib.{entry}", "minute"), 0.1, **mark)
    left.set(title="Tension", ylabel="share of tension left")
    right.set(title="Toxin that antitoxin can still bind", ylabel="share of the dose outside terminals")
    left.legend(loc="lower left", bbox_to_anchor=(0.0, 0.08))
    for axes in (left, right):
        axes.axhline(0.1, color=MUTED, lw=1, ls=":")
        axes.set(xscale="log", ylim=(0, 1.03), xlim=(minutes[0], minutes[-1]), xlabel="time")
        axes.set_xticks([10, 60, 600, 1440, 14400], ["10 min", "1 h", "10 h", "1 d", "10 d"])
        axes.xaxis.set_minor_locator(mpl.ticker.NullLocator())
    return figure


def draw_spread_distance() -> Figure:
    """Captured dose and effect against distance."""
    figure, (left, right) = _panels(
        2,
        "How far one injection reaches",
        "Model: ball of V/φ, dispersion of the front 3 mm, diffusion, clearance and uptake; ona, no fascia."
        " Check: effect halved 5 mm from the end plates,\nrat tibialis anterior, glycogen depletion"
        " (Shaari & Sanders 1993); its doses are not known in these units, so low and saturating doses are shown.",
        height=6.0,
    )
    for volume, colour in zip(VOLUMES, (BLUE, INK, ORANGE), strict=True):
        curve = captured(volume)
        left.plot(DISTANCE, curve / curve[0], color=colour, label=f"{volume:g} mL: {half_distance(curve):.1f} mm")
    left.set(title="Captured dose", ylabel="share of the dose captured at the needle")
    left.legend(title="volume: half at", loc="upper right")
    for dose, colour in ((0.5, GREEN), (1.0, BLUE), (2.5, PURPLE), (10.0, RED)):
        curve = peak_block(0.1, dose)
        right.plot(DISTANCE, curve / curve[0], color=colour, label=f"{dose:g} U ({100 * curve[0]:.0f} %)")
    right.set(title="Effect of 0.1 mL", ylabel="blocked fibres, share of those at the needle")
    right.legend(title="dose (blocked at the needle)", loc="upper right")
    seen_at = seen("observed.spread.half_effect_distance", "mm")
    for axes in (left, right):
        axes.plot(seen_at, 0.5, "D", color=RED if axes is left else INK, ms=11, mec="white", zorder=6)
        axes.axhline(0.5, color=MUTED, lw=1, ls=":")
        axes.set(xlim=(0, 16), ylim=(0, 1.03), xlabel="distance from the needle [mm]")
    left.annotate("rat, effect\nhalved", (seen_at, 0.5), (0.8, 0.33), color=RED, fontsize=11.5)
    right.annotate("rat", (seen_at, 0.5), (3.6, 0.43), fontsize=11.5)
    return figure


def draw_halo() -> Figure:
    """Area of effect against dose and volume."""
    figure, (left, right) = _panels(
        2,
        "Halo: the area of effect grows with the logarithm of dose",
        "Model: area around one injection of ona in which ≥ 50 % of terminals are blocked at the peak (motor terminals"
        " stand in for sweat glands). Sweat halos of 10–25 mm are\ntypical; a forehead study found 1.5 times the area for"
        " 5 U in 0.25 rather than 0.05 mL (recalled value: a guide, not a test).",
        height=6.0,
    )
    doses = np.geomspace(0.5, 20.0, 14)
    for volume, colour in ((0.05, BLUE), (0.1, INK), (0.25, ORANGE)):
        areas = np.array([halo(volume, dose) for dose in doses])
        inside = areas > 0
        slope, _ = growth_with_log_dose(areas[doses >= 2], doses[doses >= 2])
        label = f"{volume:g} mL: +{slope:.0f} mm² per doubling"
        left.plot(doses[inside], areas[inside], "o-", color=colour, ms=6, label=label)
    left.set(title="Area with ≥ 50 % block", ylabel="area [mm²]", xlabel="dose [U of ona]", xscale="log", ylim=(0, 480))
    left.set_xticks([0.5, 1, 2, 5, 10, 20], ["0.5", "1", "2", "5", "10", "20"])
    left.xaxis.set_minor_locator(mpl.ticker.NullLocator())
    left.legend(loc="upper left")
    shades = mpl.colormaps["cividis"](np.linspace(0.85, 0.1, 4))
    both = np.concatenate([-DISTANCE[::-1], DISTANCE])
    for dose, shade in zip((1.0, 2.5, 5.0, 10.0), shades, strict=True):
        curve = peak_block(0.1, dose)
        width = 2 * np.sqrt(halo(0.1, dose) / np.pi)
        right.plot(both, 100 * np.concatenate([curve[::-1], curve]), color=shade, label=f"{dose:g} U: {width:.0f} mm")
    right.axhline(50, color=MUTED, lw=1, ls=":")
    right.set(title="Profile across the site, 0.1 mL", ylabel="blocked terminals at the peak [%]")
    right.set(
        xlabel="place along a line through the needle [mm]", xlim=(-20, 20), ylim=(0, 125), yticks=range(0, 101, 25)
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


def draw(name: str, folder: Path = FOLDER) -> Path:
    """Write one figure as PNG."""
    path = folder / f"{name}.png"
    with mpl.rc_context(LOOK):
        figure = DRAWINGS[name]()
        figure.savefig(path, dpi=160, metadata={"Software": None})
    return path


if __name__ == "__main__":
    for one in DRAWINGS:
        print(draw(one))
