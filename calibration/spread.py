"""Fit the empirical remainder of lid ptosis and dysphagia, and tell what spread as it is modelled gives without it.

Rows used (all `use = "calibration"` in the evidence library): lid ptosis after 20 U of onabotulinumtoxinA in the
glabella, for the lid; dysphagia after 250, 500 and 1000 U of abobotulinumtoxinA in the neck, for the throat. One slope
each, by maximum likelihood of the counts. Patients, needles and tissue differ as in the library. Everything else keeps
its library value: no threshold, no distance and no potency is touched.

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
THROAT = {250.0: 19, 500.0: 17, 1000.0: 18}
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
    throat = [seen(neck_plan(dose), 256)["dysphagia"] for dose in THROAT]
    rows = [(LIBRARY[f"observed.poewe.dysphagia_{dose:g}"].value * count, count) for dose, count in THROAT.items()]
    background = LIBRARY["remainder.throat_background"].value
    slope = fitted(throat, rows, background)
    print(f"remainder.throat_slope = {slope:.3g}")
    for dose, record, (cases, count) in zip(THROAT, throat, rows, strict=True):
        found, alone = rate(record, background, slope), record.has.mean()
        words = f"model alone {alone:.2%}, with remainder {found:.1%}, observed {cases / count:.1%}"
        print(f"  {dose:g} U: {words}")


if __name__ == "__main__":
    main()
