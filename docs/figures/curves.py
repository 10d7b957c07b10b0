"""Courses of the model that stand beside published ones: tests assert them, `evidence.py` draws them."""

from __future__ import annotations

import runpy
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from scipy.optimize import brentq
from scipy.stats import ncx2

from endplate.evidence import defaults, load
from endplate.kinetics import KineticsParameters, Schedule, toxin_chain, transmit
from endplate.muscle import MuscleParameters, force_fraction, trophic_state
from endplate.solve.chain import Chain, member_weights, respond
from endplate.solve.grid import time_grid
from endplate.solve.quadrature import exponential_average
from endplate.spread import SpreadParameters, capture
from endplate.units import convert

# Sets JAX to float64, which all of this needs.
POTENCY = SimpleNamespace(**runpy.run_path(str(Path(__file__).parents[2] / "calibration" / "potency.py")))
LIBRARY = load()
SPREAD = SpreadParameters(**{name: jnp.asarray(value) for name, value in defaults(SpreadParameters, LIBRARY).items()})
MUSCLE = MuscleParameters(**{name: jnp.asarray(value) for name, value in defaults(MuscleParameters, LIBRARY).items()})


def seen(name: str, unit: str) -> float:
    """A published value in the wanted unit."""
    return convert(LIBRARY[name].value, LIBRARY[name].unit, to=unit)


# One class of end plates, as in a muscle that got the same dose everywhere.

DAYS = np.concatenate([np.arange(0.0, 12.0, 0.0625), np.arange(12.0, 400.0, 0.25)])
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
    """Days of 10 % loss, 90 % of the peak, the peak; last days of ≥ 50 %, ≥ half of the peak and ≥ 10 % loss."""

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


def onset_chain(depot: str | None) -> Chain:
    """Free toxin to light chain, behind a depot if one is named."""
    release = None if depot is None else jnp.asarray(seen(f"observed.lebeda.k_s.{depot}", "1/day"))
    return toxin_chain(bath(), depot_rate=release)


def tension(minutes: np.ndarray, depot: str | None = None) -> np.ndarray:
    """Tension left after a unit dose, one exact step of the solver per time [min]."""
    steps = jnp.asarray(minutes, float) * convert(1.0, "minute", to="day")
    return np.asarray(_tension(steps, onset_chain(depot)))


@jax.jit
def _tension(steps: jax.Array, chain: Chain) -> jax.Array:
    dose = jnp.asarray([1.0, 0.0])[:, None]
    return jax.vmap(lambda step: 1 - respond(chain, step[None], doses=dose).value[-1, 0])(steps)


def reachable(minutes: np.ndarray, depot: str | None = None) -> np.ndarray:
    """Share of the toxin that antitoxin can still bind: in the depot or free."""
    chain, days = onset_chain(depot), jnp.asarray(minutes, float) * convert(1.0, "minute", to="day")
    modes = [member_weights(chain, member) for member in range(1 if depot is None else 2)]
    return np.asarray(sum(jnp.sum(weight * jnp.exp(-rate * days), axis=0) for rate, weight in modes))


def minutes_until(share: float, curve: Callable[..., np.ndarray], depot: str | None = None) -> float:
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
    size = _edb_size(*POTENCY.edb(dose), POTENCY.kinetics("A", "ona"))
    return float(POTENCY.DAYS[int(size.argmin())])


@jax.jit
def _edb_size(total: jax.Array, density: jax.Array, parameters: KineticsParameters) -> jax.Array:
    schedule = Schedule(jnp.asarray(POTENCY.GRID.steps), jnp.asarray(POTENCY.GRID.event))
    ends = transmit(total, jnp.ones((1, 1, 1, 1)), density=density, schedule=schedule, parameters=parameters)
    return trophic_state(ends.whole, schedule.steps, parameters=MUSCLE).value[POTENCY.GRID.output, 0, 0]


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
def peak_by_level() -> tuple[np.ndarray, np.ndarray]:
    """ln of the median level of type A, and the share of fibres that it blocks at the peak."""
    levels = np.linspace(-7.0, 9.0, 161)
    return levels, block(np.exp(levels), terminal("A")).max(axis=0)


def peak_block(volume: float, dose: float) -> np.ndarray:
    """Share of fibres blocked at the peak, by distance from one injection of ona."""
    levels = float(POTENCY.kinetics("A", "ona").potency) * dose * captured(volume)
    return np.interp(np.log(np.maximum(levels, 1e-9)), *peak_by_level())


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


# A sweat halo: endings in a thin sheet under the skin. Fluid spreads as a ball or in the sheet alone: two limits.

SHEET = 2.0  # thickness of the dermis and the glands under it [mm], assumed
FAR = np.linspace(0.0, 40.0, 401)


@cache
def sheet_profile(volume: float, limit: str) -> np.ndarray:
    """Dose captured at `FAR` within the sheet from 1 U [U/mm³]; limit "disc" keeps it all in the sheet, "ball" none."""
    if limit == "ball":
        points, one = jnp.zeros((len(FAR), 3, 1)).at[:, 0, 0].set(FAR), jnp.ones(1)
        found = capture(points, jnp.zeros((1, 3)), doses=one, volumes=volume * one, parameters=SPREAD)
        return np.asarray(found)[0, :, 0]
    tissue = 1000.0 * volume / float(SPREAD.accessible_fraction)
    radius = np.sqrt(tissue / (np.pi * SHEET))
    removal = float(SPREAD.clearance_rate + SPREAD.uptake_rate)
    profile = np.zeros_like(FAR)
    for time, weight in zip(*exponential_average(), strict=True):
        width = np.sqrt(float(SPREAD.front_dispersion) ** 2 + 2 * float(SPREAD.diffusivity) * float(time) / removal)
        # A disc blurred by a Gaussian: the distribution function of a non-central chi-square (Rice).
        profile += float(weight) * ncx2.cdf((radius / width) ** 2, 2, np.maximum((FAR / width) ** 2, 1e-9))
    return profile / tissue * float(SPREAD.uptake_rate) / removal


def sweat_halo(product: str, volume: float, dose: float, *, limit: str = "disc") -> float:
    """Area without sweat of a product's dose [mm²]: at least half of the endings blocked, like those of muscles."""
    potency = LIBRARY[f"potency.{product}"].value
    shares = np.interp(np.log(np.maximum(potency * dose * sheet_profile(volume, limit), 1e-9)), *peak_by_level())
    return float(np.pi * np.interp(-0.5, -shares, FAR) ** 2) if shares[0] > 0.5 else 0.0


def dose_of_equal_halo(product: str, dose: float, concentration: float, *, limit: str = "disc") -> float:
    """Dose of a product that gives the halo of a dose of ona, both at a concentration [U/mL]."""
    wanted = sweat_halo("ona", dose / concentration, dose, limit=limit)

    def miss(log_dose: float) -> float:
        other = float(np.exp(log_dose))
        return sweat_halo(product, other / concentration, other, limit=limit) - wanted

    tried = np.log(dose * np.geomspace(0.1, 100.0, 61))
    above = np.array([miss(one) > 0 for one in tried])
    if not above.any():
        return np.nan
    first = int(above.argmax())
    return float(np.exp(brentq(miss, tried[first - 1], tried[first], xtol=1e-4)))
