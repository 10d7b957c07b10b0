"""Layered tissue, warm: a new injection site, another dose, another volume; memory and disk as they are used.

Run: ``python bench/spread_sites.py``. Times are medians of one process; load tells how busy the machine is.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import jax

jax.config.update("jax_enable_x64", True)

from endplate.case import Injection, Patient, Plan, anatomy, product
from endplate.course import Store, simulate, tissue_responses

MIDDLE = "glabella.corrugator.left.medial"
FACE = (-110.0, 90.0)  # from the chin to the hairline [mm]
ROUNDS = 9


def clock(run: Callable[[], object]) -> float:
    """Milliseconds of one call."""
    return both_clocks(run)[0]


def both_clocks(run: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds of one call, and of processor time over all threads."""
    begin, used = time.perf_counter(), time.process_time()
    jax.block_until_ready(run())
    return 1e3 * (time.perf_counter() - begin), 1e3 * (time.process_time() - used)


def plan_at(tip: tuple[float, float, float], dose: float = 4.0, volume: float = 0.1) -> Plan:
    """One injection at a place of the head."""
    return Plan(product("ona"), (Injection(tip, dose, volume, 0.0),))


def face_sites() -> dict[str, tuple[float, float, float]]:
    """Tips of the named sites of one half of the face; those of the other half are mirror images."""
    named = {name: one.tip for name, one in anatomy().sites.items() if one.frame == "head"}
    return {name: tip for name, tip in named.items() if tip[0] >= 0 and FACE[0] <= tip[1] <= FACE[1]}


def unit(plan: Plan) -> object:
    """Responses, solved anew."""
    return tissue_responses(plan, store=Store()).per_unit


def main() -> None:
    """Measure and print."""
    print(f"load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores, voxels of 1 mm")
    sites = face_sites()
    middle = sites[MIDDLE]
    first = clock(lambda: unit(plan_at(middle)))
    print(f"first site of a process, programs compiled or loaded: {first / 1e3:.1f} s")
    found = {name: both_clocks(lambda tip=tip: unit(plan_at(tip))) for name, tip in sites.items() if name != MIDDLE}
    wall, processor = zip(*found.values(), strict=True)
    worst = max(found, key=lambda name: found[name][0])
    print(
        f"a new site, {len(found)} of the face, 0.1 mL: median {median(wall):.0f} ms "
        f"({median(processor):.0f} ms of processor), worst {max(wall):.0f} ms ({worst})"
    )
    near = [clock(lambda k=k: unit(plan_at((middle[0] + 0.01 * k, *middle[1:])))) for k in range(1, ROUNDS + 1)]
    other = [clock(lambda k=k: unit(plan_at(middle, volume=0.08 + 1e-4 * k))) for k in range(ROUNDS)]
    print(f"a needle moved within its voxel {median(near):.0f} ms, another volume {median(other):.0f} ms")
    dose = [clock(lambda k=k: tissue_responses(plan_at(middle, 4 + 0.1 * k)).per_unit) for k in range(20)]
    patient = Patient()
    whole = [clock(lambda k=k: simulate(plan_at(middle, 4 + 0.1 * k), patient).force) for k in range(40)]
    print(f"another dose: responses {median(dose[1:]):.1f} ms; `simulate` of a year {median(whole[2:]):.1f} ms")
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder))
        for k in range(3):
            tissue_responses(plan_at((middle[0] + 0.3 + 0.01 * k, *middle[1:])), store=store)
        size = [path.stat().st_size for path in Path(folder).iterdir()]
        print(f"on disk: {sum(size) / len(size) / 1e3:.0f} kB for each site and volume")


if __name__ == "__main__":
    main()
