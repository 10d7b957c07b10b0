"""Kinetics, trophic state and force against scipy's Radau at 1e-11, written again from the equations."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.special import ndtr

from endplate.evidence import defaults, load
from endplate.kinetics import KineticsParameters, Schedule, light_chain, transmit
from endplate.muscle import MuscleParameters, force_fraction, trophic_state
from endplate.solve.grid import time_grid
from endplate.solve.quadrature import LOG_NODES, lognormal_weights

LIBRARY = load()
DAYS = np.arange(1.0, 366.0)
GOOD_ENOUGH = 1.5e-5  # error of the course on the default grid that the project promises
ORDER = 3.5
MOST_DOSES = 4
QUANTITIES = ("transmission", "trophic", "force", "light_chain")


@dataclass(frozen=True)
class Treatment:
    """Median dose at the end plates [half-cleaving levels], given in parts on some days; changed parameters."""

    serotype: str
    dose: float
    parts: dict[float, float]
    antitoxin: float | None = None
    changes: tuple[tuple[str, float], ...] = ()


TREATMENTS = {
    "A, one dose": Treatment("A", 2.0, {0.0: 1.0}),
    "A, two doses, antitoxin 72 min after the second": Treatment("A", 4.0, {0.0: 0.5, 84.2: 0.5}, antitoxin=84.25),
    "A, three doses, long-lived light chain, steep": Treatment(
        "A",
        6.0,
        {0.0: 0.4, 31.7: 0.1, 199.9: 0.5},
        changes=(("light_chain_half_life", 117.0), ("release_exponent", 4.0), ("snare_half_life", 3.0)),
    ),
    "B, two doses": Treatment("B", 3.0, {0.0: 0.5, 33.3: 0.5}),
    "B, antitoxin before the dose": Treatment("B", 20.0, {5.5: 1.0}, antitoxin=2.25),
    "E, four doses": Treatment("E", 5.0, {0.3: 0.3, 10.1: 0.3, 50.7: 0.2, 51.9: 0.2}),
    "E, antitoxin after two hours, no sprouts": Treatment(
        "E", 30.0, {0.0: 1.0}, antitoxin=0.083, changes=(("sprout_weight", 0.0),)
    ),
}


def kinetics(case: Treatment) -> dict[str, float]:
    values = defaults(KineticsParameters, LIBRARY, serotype=case.serotype, product="ona") | {"potency": 1.0}
    return values | dict(case.changes)


@jax.jit
def solve(dose, parts, schedule, parameters, muscle):
    course = transmit(dose, parts, density=jnp.ones((1, 1)), schedule=schedule, parameters=parameters)
    trophic = trophic_state(course.whole, schedule.steps, parameters=muscle)
    force = force_fraction(course.whole.value, trophic.value)
    return [part[:, 0, 0] for part in (course.whole.value, trophic.value, force, course.light_chain)]


def endplate_course(case: Treatment, halvings: int = 0) -> np.ndarray:
    """The four quantities on `DAYS`, on the default grid with every step halved some times."""
    given = np.array(sorted(case.parts))
    late = [] if case.antitoxin is None else [case.antitoxin]
    times = time_grid(DAYS, np.unique(np.append(given, late))).times
    for _ in range(halvings):
        times = np.unique(np.concatenate([times, 0.5 * (times[1:] + times[:-1])]))
    # Steps of length zero and parts of zero give all treatments the same shapes, hence one compilation.
    times = np.append(times, np.full(-len(times) % 1024, times[-1]))
    parts = np.append([case.parts[day] for day in given], np.zeros(MOST_DOSES - len(given)))
    event = np.full(len(times), -1)
    event[np.searchsorted(times, given)] = np.arange(len(given))
    solved = solve(
        jnp.full((1, 1, 1), case.dose),
        jnp.asarray(parts).reshape(-1, 1, 1, 1),
        Schedule(jnp.asarray(np.diff(times)), jnp.asarray(event), jnp.asarray(times >= (case.antitoxin or np.inf))),
        KineticsParameters(**{name: jnp.asarray(value) for name, value in kinetics(case).items()}),
        MuscleParameters(**{name: jnp.asarray(value) for name, value in defaults(MuscleParameters, LIBRARY).items()}),
    )
    return np.stack([np.asarray(part)[np.searchsorted(times, DAYS)] for part in solved])


class Equations:
    """F, B, E, L per unit of dose, S at each node of ln(dose), sprouting X and trophic state M, as in the papers."""

    def __init__(self, case: Treatment) -> None:
        self.case, self.k, self.m = case, kinetics(case), defaults(MuscleParameters, LIBRARY)
        self.levels = np.exp(LOG_NODES)
        # The cloud of doses has its own tests; here its nodes are given, so that only the steps in time err.
        self.shares = np.asarray(lognormal_weights(jnp.log(case.dose), jnp.asarray(self.k["dose_spread"])))
        self.turnover = np.log(2) / self.k["snare_half_life"]
        self.loss = np.log(2) / self.k["light_chain_half_life"]
        self.margin = np.log(self.k["safety_factor"]) / self.k["safety_factor_spread"]
        self.steepness = self.k["release_exponent"] / self.k["safety_factor_spread"]

    def parent(self, intact: np.ndarray) -> float:
        """Share of fibres whose own terminal transmits: p = Φ(ln(SF S^h)/σ)/Φ(ln SF/σ), averaged over doses."""
        return 1 - self.shares @ (1 - ndtr(self.margin + self.steepness * np.log(intact)) / ndtr(self.margin))

    def read(self, state: np.ndarray) -> tuple[float, float, float, float]:
        parent = self.parent(state[4:-2])
        whole = 1 - (1 - parent) * (1 - self.k["sprout_weight"] * state[-2])
        return whole, state[-1], whole * state[-1], self.case.dose * state[3]

    def slope(self, time: float, state: np.ndarray) -> np.ndarray:
        k, m, change = self.k, self.m, np.empty_like(state)
        free, bound, inside, level = state[:4]
        intact, sprouts, mass = state[4:-2], state[-2], state[-1]
        antitoxin = self.case.antitoxin is not None and time >= self.case.antitoxin
        parent = self.parent(intact)
        blocked = (1 - parent) * (1 - k["sprout_weight"] * sprouts)
        change[0] = -(k["clearance_rate"] + k["uptake_rate"] + antitoxin * k["antitoxin_rate"]) * free
        change[1] = k["uptake_rate"] * free - k["internalisation_rate"] * bound
        change[2] = k["internalisation_rate"] * bound - k["translocation_rate"] * inside
        change[3] = k["translocation_rate"] * inside - self.loss * level
        change[4:-2] = self.turnover * (1 - intact - self.levels * level * intact)
        change[-2] = (
            k["sprout_growth_rate"] * (1 - parent) * (1 - sprouts) - k["sprout_retraction_rate"] * parent * sprouts
        )
        rate = blocked / m["atrophy_time"] + (1 - blocked) / m["recovery_time"]
        change[-1] = (1 - m["atrophy_limit"] * blocked - mass) * rate
        return change

    def solution(self) -> np.ndarray:
        """The four quantities on `DAYS`, segment by segment between events."""
        case, found = self.case, []
        state = np.concatenate([np.zeros(4), np.ones(len(LOG_NODES)), [0.0, 1.0]])
        marks = sorted({0.0, *case.parts, *([] if case.antitoxin is None else [case.antitoxin]), DAYS[-1]})
        for start, end in pairwise(marks):
            state[0] += case.parts.get(start, 0.0) * (1 + self.k["clearance_rate"] / self.k["uptake_rate"])
            # Antitoxin that starts at the end of a segment must not yet act in it.
            last = np.nextafter(end, start)
            wanted = np.minimum(DAYS[(start < DAYS) & (end >= DAYS)], last)
            times = np.unique(np.append(wanted, last))
            run = solve_ivp(self.slope, (start, last), state, method="Radau", rtol=1e-11, atol=1e-13, t_eval=times)
            found += [self.read(run.y[:, index]) for index in np.searchsorted(times, wanted)]
            state = run.y[:, -1].copy()
        return np.array(found).T


@pytest.fixture(scope="module", params=TREATMENTS)
def case(request) -> tuple[Treatment, np.ndarray]:
    treatment = TREATMENTS[request.param]
    return treatment, Equations(treatment).solution()


def errors(case: tuple[Treatment, np.ndarray], halvings: int = 0) -> dict[str, float]:
    """Largest error of each quantity over the year; the light chain relative to its peak."""
    difference = np.abs(endplate_course(case[0], halvings) - case[1]).max(axis=1)
    return dict(zip(QUANTITIES, difference / np.array([1.0, 1.0, 1.0, case[1][3].max()]), strict=True))


def test_course_is_accurate_and_of_fourth_order(case):
    coarse, halved, fine = (errors(case, halvings) for halvings in (0, 1, 3))
    slow = [name for name in QUANTITIES if name != "light_chain"]
    order = {name: float(np.log2(halved[name] / fine[name]) / 2) for name in slow}
    print(case[0], {name: f"error {coarse[name]:.1e}, order {order[name]:.2f}" for name in slow})
    assert coarse["light_chain"] < 1e-10, "the linear chain is solved exactly"
    assert coarse["transmission"] < GOOD_ENOUGH
    assert coarse["force"] < GOOD_ENOUGH
    assert coarse["trophic"] < 2 * GOOD_ENOUGH
    assert min(order.values()) > ORDER


@pytest.mark.parametrize("day", [0.0, 0.05, 1.0, 30.0])
@pytest.mark.parametrize("serotype", "ABE")
def test_light_chain_with_antitoxin(serotype, day):
    """Doses on days 0 and 3.7, antitoxin from `day` on."""
    parts = {0.0: 2.0, 3.7: 1.0}
    k = kinetics(Treatment(serotype, 1.0, parts))
    marks = np.unique([*parts, day, 40.0])
    times = np.unique(np.append(np.linspace(0.0, 40.0, 81), marks))
    given = np.array([parts.get(time, 0.0) for time in times])
    parameters = KineticsParameters(**{name: jnp.asarray(value) for name, value in k.items()})
    found = light_chain(
        jnp.asarray(given)[:, None],
        jnp.asarray(np.diff(times)),
        parameters=parameters,
        antitoxin=jnp.asarray(times >= day),
    )

    state, expected = np.zeros(4), [0.0]
    for start, end in pairwise(marks):
        state[0] += parts.get(start, 0.0) * (1 + k["clearance_rate"] / k["uptake_rate"])
        removal = k["clearance_rate"] + k["uptake_rate"] + (start >= day) * k["antitoxin_rate"]
        loss = [removal, k["internalisation_rate"], k["translocation_rate"], np.log(2) / k["light_chain_half_life"]]
        matrix = np.diag([k["uptake_rate"], *loss[1:3]], -1) - np.diag(loss)
        inside = times[(start < times) & (times <= end)]
        run = solve_ivp(
            lambda _, y, rates=matrix: rates @ y,
            (start, end),
            state,
            method="Radau",
            jac=matrix,
            rtol=1e-11,
            atol=1e-13,
            t_eval=inside,
        )
        expected += run.y[3].tolist()
        state = run.y[:, -1].copy()
    np.testing.assert_allclose(np.asarray(found.value)[:, 0], expected, atol=1e-9)
