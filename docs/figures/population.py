"""What the assumed spread between patients predicts, beside published spreads: `population.png` beside this file.

Run:  python docs/figures/population.py
"""

from __future__ import annotations

from pathlib import Path

import equinox
import jax
import jax.numpy as jnp
import matplotlib as mpl
import numpy as np
from curves import LIBRARY, MUSCLE, POTENCY
from evidence import BLUE, LOOK, ORANGE, panels

from endplate.case import product
from endplate.course import default_parameters
from endplate.kinetics import Schedule, transmit
from endplate.muscle import force_fraction, trophic_state
from endplate.population import Population, default_population, draw
from endplate.report.colours import INK

PATIENTS = 1000
HERE = Path(__file__).parent
BAR = {"fmt": "o", "ms": 9, "capsize": 5, "elinewidth": 2.6}
DOSES = (3.0, 7.5, 15.0)
BLINKS = tuple(f"observed.eyelid_force_fall.ona_{name}" for name in ("3u", "7_5u", "15u"))
NOTE = (
    "Not fitted to any spread. Published spreads hold errors of measurement and of injection, and mixed doses, too. "
    "Left: closing force of the eyelids, 6 sites per eye, number of patients not reported. Middle: extensor digitorum "
    "brevis, 10 U, n 10; lines are 95 % intervals of SD over mean for ten normal values. Right: time with at least a "
    "fifth of the closing force missing after 15 U per eye, a definition of this project; published: n 12 and n 186, "
    "mixed products."
)
TITLE = "The assumed spread between patients, beside published spreads"
# Loss of force that ends an effect: clinics do not say, so several are tried.
ENDS = (0.1, 0.2, 0.3)


def rates(population: Population, count: int = PATIENTS) -> tuple[np.ndarray, np.ndarray]:
    """Sensitivity and light-chain half-life of drawn patients, over the typical one."""
    found = draw(population, range(count), typical=default_parameters(product("ona"))).rates
    return np.asarray(found.sensitivity), np.asarray(found.half_life)


@jax.jit
def _course(total: jax.Array, density: jax.Array, factors: jax.Array) -> tuple[jax.Array, jax.Array]:
    parameters = POTENCY.kinetics("A", "ona")
    known = (parameters.potency * factors[0], parameters.light_chain_half_life * factors[1])
    changed = equinox.tree_at(lambda p: (p.potency, p.light_chain_half_life), parameters, known)
    schedule = Schedule(jnp.asarray(POTENCY.GRID.steps), jnp.asarray(POTENCY.GRID.event))
    ends = transmit(total, jnp.ones((1, 1, 1, 1)), density=density, schedule=schedule, parameters=changed)
    size = trophic_state(ends.whole, schedule.steps, parameters=MUSCLE).value
    at = POTENCY.GRID.output
    return 1 - ends.whole.value[at, 0], 1 - force_fraction(ends.whole.value, size)[at, 0]


def predicted(geometry, dose: float, factors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Loss of transmission and of force of every patient on `POTENCY.DAYS`, shape (days, patients)."""
    block, force = _course(*geometry(dose), jnp.asarray(factors))
    return np.asarray(block), np.asarray(force)


def eyelid_spread(factors: np.ndarray) -> list[tuple[float, float]]:
    """Mean and standard deviation of the largest loss of closing force at the published doses [%]."""
    peaks = [predicted(POTENCY.eyelid, dose, factors)[0].max(axis=0) for dose in DOSES]
    return [(100 * float(one.mean()), 100 * float(one.std())) for one in peaks]


def foot_variation(factors: np.ndarray) -> tuple[float, float]:
    """Coefficient of variation of the action potential after treatment: published, and predicted with no new spread."""
    before, after = LIBRARY["observed.edb_cmap.baseline"], LIBRARY["observed.edb_cmap.ona_10u_day21"]
    left = 1 - predicted(POTENCY.edb, 10.0, factors)[0][21]
    own, response = before.sd / before.value, left.std() / left.mean()
    # Size before treatment and share that is left vary independently, so their squares multiply.
    return after.sd / after.value, float(np.sqrt((1 + own**2) * (1 + response**2) - 1))


def durations(factors: np.ndarray, end: float, dose: float = 15.0) -> np.ndarray:
    """Days until less than `end` of the closing force is missing, of patients who lost more at some time."""
    loss = predicted(POTENCY.eyelid, dose, factors)[1]
    last = np.where(loss >= end, POTENCY.DAYS[:, None], 0).max(axis=0)
    return last[last > 0]


def main() -> None:
    """Print every comparison and draw the figure."""
    mpl.rcParams.update(LOOK)
    factors = np.stack(rates(default_population()))
    figure, axes = panels(TITLE, NOTE, widths=(1.1, 0.85, 1.25))
    for draw_one, place in zip((draw_eyelid, draw_foot, draw_durations), axes, strict=True):
        draw_one(place, factors)
    figure.savefig(HERE / "population.png", dpi=150)


def draw_eyelid(axes, factors: np.ndarray) -> None:
    """Mean and standard deviation of the loss of eyelid force."""
    model = eyelid_spread(factors)
    for number, (name, (mean, spread)) in enumerate(zip(BLINKS, model, strict=True)):
        seen = LIBRARY[name]
        print(f"eyelid {DOSES[number]:g} U: {mean:.0f} ± {spread:.0f} %, published {seen.value} ± {seen.sd} %")
        axes.errorbar(number - 0.1, seen.value, yerr=seen.sd, color=ORANGE, **BAR)
        axes.errorbar(number + 0.1, mean, yerr=spread, color=BLUE, **BAR)
    axes.set(title="Loss of eyelid force, mean ± SD", ylabel="largest loss [%]", xlabel="dose per eye [U]")
    axes.set(ylim=(0, 105), xlim=(-0.5, len(DOSES) - 0.5))
    axes.set_xticks(range(len(DOSES)), [f"{dose:g}" for dose in DOSES])
    axes.legend(["published", "model"], loc="lower right")


def draw_foot(axes, factors: np.ndarray) -> None:
    """Variation of the action potential of the foot muscle before and after treatment."""
    before = LIBRARY["observed.edb_cmap.baseline"]
    after, model = foot_variation(factors)
    print(f"foot: CV before {before.sd / before.value:.2f}, after {after:.2f}, predicted {model:.2f}")
    values = (before.sd / before.value, after, model)
    # Chi square with 9 degrees of freedom: 19.02 and 2.70 bound 95 %.
    low, high = np.sqrt(9 / 19.02), np.sqrt(9 / 2.70)
    error = [[value * part for value in values[:2]] for part in (1 - low, high - 1)]
    axes.bar(range(3), values, color=(ORANGE, ORANGE, BLUE), alpha=0.85, width=0.62)
    axes.errorbar(range(2), values[:2], yerr=error, fmt="none", ecolor=INK, capsize=6, lw=2)
    axes.set_xticks(range(3), ["before", "day 21\npublished", "day 21\nmodel"])
    axes.set(title="Action potential of a foot muscle", ylabel="SD over mean", ylim=(0, None))
    axes.grid(visible=False, axis="x")


def draw_durations(axes, factors: np.ndarray) -> None:
    """Distribution of durations, with the published mean, SD and range."""
    for end in ENDS:
        found = durations(factors, end)
        logs = np.log(found)
        mean, spread = found.mean(), found.std()
        print(
            f"duration to {end:.0%}: {mean:.0f} ± {spread:.0f} d, ratio {spread / mean:.2f}, SD of ln {logs.std():.2f}"
        )
    found = durations(factors, 0.2)
    axes.hist(found, bins=np.arange(0, 400, 14), density=True, color=BLUE, alpha=0.55, label="model")
    top = axes.get_ylim()[1]
    mixed, blink = (LIBRARY[f"observed.spread.duration_{name}"] for name in ("movement_disorders", "blepharospasm"))
    axes.errorbar(mixed.value, 1.3 * top, xerr=mixed.sd, color=ORANGE, **BAR)
    axes.annotate("movement disorders, mean ± SD", (mixed.value + mixed.sd + 10, 1.3 * top), va="center", fontsize=11)
    mean, low, high = (7 * part for part in (blink.value, blink.low, blink.high))
    axes.errorbar(mean, 1.1 * top, xerr=[[mean - low], [high - mean]], color=ORANGE, **BAR)
    axes.annotate("blepharospasm, range of 12", (high + 10, 1.1 * top), va="center", fontsize=11)
    axes.set(title="Duration of effect", xlabel="days", ylabel="share of patients", yticks=[])
    axes.set(ylim=(0, 1.4 * top), xlim=(0, 400))
    axes.annotate("model,\neyelids, 15 U", (295, 0.68 * top), color=BLUE, fontsize=12)


if __name__ == "__main__":
    main()
