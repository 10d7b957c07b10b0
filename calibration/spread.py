"""Fit the empirical remainder of lid ptosis and dysphagia, and the loss of force from which a neck counts as weak.

Rows used (all `use = "calibration"` in the evidence library): lid ptosis after 20 U of onabotulinumtoxinA in the
glabella, for the lid; dysphagia after 250, 500 and 1000 U of abobotulinumtoxinA in the neck, for the throat; weakness
of the neck after the same doses. One number each, by maximum likelihood of the counts. Patients, needles and tissue
differ as in the library. Everything else keeps its library value: no other threshold, distance or potency is touched.

Run:  python calibration/spread.py            prints the entries to put into effects.toml
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize_scalar

from endplate.case import Injection, Patient, Plan, anatomy, product
from endplate.case.file import parse_case, write_template
from endplate.course import default_parameters
from endplate.course.engine import prepare
from endplate.evidence import load
from endplate.population import like
from endplate.population.design import solve_design
from endplate.population.effects import observe
from endplate.population.happening import Record
from endplate.population.placement import default_placement

PATIENTS = 1024
# Row of the library, patients in it.
LID = ("observed.lid_ptosis.glabella", 665)
THROAT = {
    250.0: ("observed.poewe.dysphagia_250", 19),
    500.0: ("observed.poewe.dysphagia_500", 17),
    1000.0: ("observed.poewe.dysphagia_1000", 18),
}
WEAK = {
    250.0: ("observed.poewe.neck_weakness_250", 19),
    500.0: ("observed.poewe.neck_weakness_500", 17),
    1000.0: ("observed.poewe.neck_weakness_1000", 18),
}
# Two muscles, the opposite sternocleidomastoid with three tenths of the dose (recalled); volumes are assumed.
NECK = {"sternocleidomastoid.left": 0.3, "splenius_capitis.right": 0.7}
NECK_VOLUME = 0.5
LIBRARY = load()


def neck_plan(dose: float) -> Plan:
    """A total dose of abobotulinumtoxinA [U] for a head that turns to the right, two points in each muscle."""
    sites = anatomy().sites
    shots = []
    for muscle, share in NECK.items():
        middle = np.array(sites[f"{muscle}.belly"].tip)
        along = 10.0 * anatomy().muscle(muscle).fibre_direction
        for place in (middle - along, middle + along):
            x, y, z = (float(one) for one in place)
            shots.append(Injection((x, y, z), dose=0.5 * share * dose, volume=NECK_VOLUME, day=0.0, name=muscle))
    return Plan(product("abo"), tuple(shots))


def seen(plan: Plan, patients: int = PATIENTS) -> dict[str, Record]:
    """All effects of a plan over patients."""
    placement = default_placement()
    crowd = like(Patient(), range(patients), typical=default_parameters(plan.product))
    design = solve_design(plan, placement=placement)
    return observe(plan, crowd, design=design, placement=placement)[0]


def rate(record: Record, background: float, slope: float) -> float:
    """Share of patients with the effect, by the model or the remainder."""
    further = -np.expm1(-(background + slope * record.exposed))
    return float(np.mean(np.where(record.has, 1.0, further)))


def fitted(records: list[Record], counts: list[tuple[float, int]], background: float) -> float:
    """The slope with the largest likelihood of the counts (cases, patients)."""

    def miss(log_slope: float) -> float:
        rates = np.clip([rate(one, background, np.exp(log_slope)) for one in records], 1e-9, 1 - 1e-9)
        cases, sizes = np.array(counts).T
        return -float(np.sum(cases * np.log(rates) + (sizes - cases) * np.log(1 - rates)))

    grid = np.linspace(-20.0, 12.0, 257)
    best = grid[int(np.argmin([miss(one) for one in grid]))]
    return float(np.exp(minimize_scalar(miss, bounds=(best - 0.2, best + 0.2), method="bounded").x))


def cases(row: tuple[str, int]) -> tuple[float, int]:
    """Patients with an effect, and all patients, of a row."""
    name, count = row
    return LIBRARY[name].value * count, count


def weakness_bound(records: list[Record], counts: list[tuple[float, int]]) -> float:
    """The loss of force from which the neck counts as weak, with the largest likelihood of the counts."""
    bounds = np.arange(0.10, 0.40, 0.005)

    def miss(bound: float) -> float:
        rates = np.clip([np.mean(one.largest >= bound) for one in records], 1e-3, 1 - 1e-3)
        found, sizes = np.array(counts).T
        return -float(np.sum(found * np.log(rates) + (sizes - found) * np.log(1 - rates)))

    return float(bounds[int(np.argmin([miss(one) for one in bounds]))])


def main() -> None:
    """Fit both slopes and print them."""
    prepare()
    lid = seen(parse_case(write_template("glabella-20u")).plan)["lid_ptosis"]
    name, size = LID
    background = LIBRARY["remainder.lid_background"].value
    slope = fitted([lid], [(LIBRARY[name].value * size, size)], background)
    observed = LIBRARY[name].value
    print(
        f"lid: model alone {lid.has.mean():.3%}, mean exposure {lid.exposed.mean():.3g} levels, observed {observed:.2%}"
    )
    print(f"remainder.lid_slope = {slope:.3g}   gives {rate(lid, background, slope):.2%}")
    neck = {dose: seen(neck_plan(dose), 256) for dose in THROAT}
    background = LIBRARY["remainder.throat_background"].value
    throat = [one["dysphagia"] for one in neck.values()]
    slope = fitted(throat, [cases(row) for row in THROAT.values()], background)
    print(f"remainder.throat_slope = {slope:.3g}")
    for dose, record in zip(THROAT, throat, strict=True):
        found, alone, seen_in = rate(record, background, slope), record.has.mean(), LIBRARY[THROAT[dose][0]].value
        print(f"  {dose:g} U: model alone {alone:.2%}, with remainder {found:.1%}, observed {seen_in:.1%}")
    weak = [one["neck_weakness"] for one in neck.values()]
    bound = weakness_bound(weak, [cases(row) for row in WEAK.values()])
    print(f"effect.neck_loss = {bound:.3g}")
    for dose, record in zip(WEAK, weak, strict=True):
        print(f"  {dose:g} U: {np.mean(record.largest >= bound):.1%}, observed {LIBRARY[WEAK[dose][0]].value:.1%}")


if __name__ == "__main__":
    main()
