"""Fit the potency of onabotulinumtoxinA and rimabotulinumtoxinB to muscle-level human data.

Rows used (all `use = "calibration"` in the evidence library, none of them read by a test of prediction):
decline of the M-wave of the extensor digitorum brevis (EDB) and of the closing force of the eyelids.
Everything else keeps its library value; ln(potency) is the only unknown, by least squares, each row
with the error below. Toxin spreads in layered tissue, as by default in `simulate`. The spread between
the two muscles is the standard deviation that is reported.

Run:  python calibration/potency.py            prints the entries to put into products.toml
"""

from __future__ import annotations

from dataclasses import replace

import jax

jax.config.update("jax_enable_x64", True)

import equinox
import jax.numpy as jnp
import numpy as np
from scipy.optimize import minimize_scalar

from endplate.case import Injection, Muscle, Plan, anatomy, endplates, product
from endplate.course import tissue_responses
from endplate.course.scene import muscles_of
from endplate.evidence import defaults, load
from endplate.kinetics import KineticsParameters, Schedule, transmit
from endplate.solve.grid import time_grid
from endplate.units import convert

ROW_ERROR = 0.10  # share of the M-wave or force; the printed SDs of group means are of this size
EDB_VOLUME_ML = 0.2  # not reported; the usual dilution of 100 U in 2–4 mL gives 0.1–0.4 mL for 7.5–20 U
DAYS = np.arange(0.0, 400.0)
GRID = time_grid(DAYS, np.array([0.0]))
LIBRARY = load()

# (dose [U], day or None for the maximum, entry of the library with the observed decline)
EDB_A = [
    (10.0, 21, "observed.edb_decline.ona_10u_day21"),
    (8.75, 14, "observed.edb_decline.ona_9u_day14"),
    (8.75, 49, "observed.edb_decline.ona_9u_day49"),
    (17.5, None, "observed.edb_decline.ona_15to20u_peak"),
    (4.0, 90, "observed.edb_decline.ona_4u_day90"),
]
EDB_B = [
    (400.0, 14, "observed.edb_decline.rima_400u_day14"),
    (400.0, 49, "observed.edb_decline.rima_400u_day49"),
    (400.0, 77, "observed.edb_decline.rima_400u_day77"),
]
EYELID = [
    (3.0, None, "observed.eyelid_force_fall.ona_3u"),
    (7.5, None, "observed.eyelid_force_fall.ona_7_5u"),
    (15.0, None, "observed.eyelid_force_fall.ona_15u"),
]


def kinetics(serotype: str, product: str) -> KineticsParameters:
    """Library kinetics of one serotype."""
    values = defaults(KineticsParameters, LIBRARY, serotype=serotype, product=product)
    return KineticsParameters(**{name: jnp.asarray(value) for name, value in values.items()})


@jax.jit
def decline(total: jax.Array, density: jax.Array, parameters: KineticsParameters) -> jax.Array:
    """Share of fibres that do not transmit, shape (days,)."""
    schedule = Schedule(jnp.asarray(GRID.steps), jnp.asarray(GRID.event))
    course = transmit(total, jnp.ones((1, 1, 1, 1)), density=density, schedule=schedule, parameters=parameters)
    return 1 - course.whole.value[GRID.output, 0, 0]


def captured(muscle: Muscle, shots: list[Injection], dose: float) -> tuple[jax.Array, jax.Array]:
    """Captured dose at the end plates of one muscle in layered tissue, and their weights."""
    plan = Plan(product("ona"), tuple(replace(one, dose=dose / len(shots)) for one in shots))
    row = [one.name for one in muscles_of(plan)].index(muscle.name)
    per_unit = tissue_responses(plan).per_unit[0, :, row]
    return dose / len(shots) * per_unit.sum(axis=0)[None, :, None], jnp.asarray(endplates(muscle)[1])[None]


def edb(dose: float) -> tuple[jax.Array, jax.Array]:
    """One injection into the middle of the EDB."""
    muscle = anatomy().muscle("extensor_digitorum_brevis.left")
    return captured(muscle, [Injection((0.0, 0.0, 0.0), dose, EDB_VOLUME_ML, 0.0, frame=muscle.frame)], dose)


def eyelid(dose: float) -> tuple[jax.Array, jax.Array]:
    """The label sites of blepharospasm of one eye, into the pretarsal orbicularis."""
    shots = [shot for shot in anatomy().patterns["blepharospasm-15u"].shots if ".left." in shot.site]
    tips = [Injection(anatomy().sites[shot.site].tip, shot.dose, shot.volume, 0.0) for shot in shots]
    return captured(anatomy().muscle("orbicularis_oculi_pretarsal.left"), tips, dose)


def predict(rows, geometry, parameters, log_potency):
    """Predicted declines of the rows."""
    fitted = equinox.tree_at(lambda p: p.potency, parameters, jnp.exp(log_potency))
    curves = {dose: np.asarray(decline(*geometry(dose), fitted)) for dose in {row[0] for row in rows}}
    return np.array([curves[dose].max() if day is None else curves[dose][day] for dose, day, _ in rows])


def observed(rows) -> np.ndarray:
    """Observed declines of the rows, as shares."""
    return np.array([convert(LIBRARY[name].value, LIBRARY[name].unit, to="1") for *_, name in rows])


def fit(sets, parameters) -> float:
    """ln(potency) that minimises the summed squared error of all rows."""

    def misfit(log_potency: float) -> float:
        errors = [predict(rows, where, parameters, log_potency) - observed(rows) for rows, where in sets]
        return float(sum(np.sum((error / ROW_ERROR) ** 2) for error in errors))

    return float(minimize_scalar(misfit, bounds=(np.log(1.0), np.log(5e4)), method="bounded").x)


def report(title: str, sets, parameters, log_potency: float) -> None:
    """Print potency and every row."""
    print(f"{title}: potency {np.exp(log_potency):.4g}, ln {log_potency:.3f}")
    for rows, where in sets:
        for row, value, seen in zip(rows, predict(rows, where, parameters, log_potency), observed(rows), strict=True):
            print(f"  {row[2]:44s} predicted {value:.3f}  observed {seen:.3f}")


if __name__ == "__main__":
    a, b = kinetics("A", "ona"), kinetics("B", "rima")
    both = [(EDB_A, edb), (EYELID, eyelid)]
    single = [fit([one], a) for one in both]
    report("ona, EDB alone", both[:1], a, single[0])
    report("ona, eyelids alone", both[1:], a, single[1])
    report("ona, both (library)", both, a, fit(both, a))
    print(f"  sd of ln(potency) between the muscles: {np.std(single, ddof=1):.2f}")
    report("rima, EDB (library)", [(EDB_B, edb)], b, fit([(EDB_B, edb)], b))
