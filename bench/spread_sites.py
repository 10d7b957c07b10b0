"""Layered tissue, warm: a new injection site, another dose, another volume; memory and disk as they are used.

Run: ``python bench/spread_sites.py``. Times are medians of one process; load tells how busy the machine is.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median

import jax

jax.config.update("jax_enable_x64", True)

from endplate.case import Injection, Patient, Plan, anatomy, product
from endplate.course import Store, simulate, tissue_responses

SITES = ("glabella.corrugator.left.medial", "forehead.left.inner", "lateral_canthus.left.a", "dao.left")
ROUNDS = 5


def clock(run: Callable[[], object]) -> float:
    """Milliseconds of one call."""
    return both_clocks(run)[0]


def both_clocks(run: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds of one call, and of processor time over all threads."""
    begin, used = time.perf_counter(), time.process_time()
    jax.block_until_ready(run())
    return 1e3 * (time.perf_counter() - begin), 1e3 * (time.process_time() - used)


def plan_at(name: str, shift: float = 0.0, dose: float = 4.0, volume: float = 0.1) -> Plan:
    """One injection near a named site."""
    x, y, z = anatomy().sites[name].tip
    return Plan(product("ona"), (Injection((x + shift, y, z), dose, volume, 0.0),))


def main() -> None:
    """Measure and print."""
    print(f"load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores, voxels of 1 mm")
    begin = time.perf_counter()
    tissue_responses(plan_at(SITES[0]), store=Store())
    print(f"first site of a process, programs compiled or loaded: {time.perf_counter() - begin:.1f} s")
    for name in SITES:
        new = [
            both_clocks(lambda k=k, name=name: tissue_responses(plan_at(name, 0.0137 * k), store=Store()).per_unit)
            for k in range(1, ROUNDS + 1)
        ]
        wall, processor = (median(column) for column in zip(*new, strict=True))
        other = [
            clock(
                lambda k=k, name=name: tissue_responses(plan_at(name, volume=0.08 + 1e-4 * k), store=Store()).per_unit
            )
            for k in range(ROUNDS)
        ]
        print(
            f"{name}: new site {wall:.0f} ms ({processor:.0f} ms of processor), another volume {median(other):.0f} ms"
        )
    dose = [clock(lambda k=k: tissue_responses(plan_at(SITES[0], dose=4 + 0.1 * k)).per_unit) for k in range(20)]
    patient = Patient()
    whole = [clock(lambda k=k: simulate(plan_at(SITES[0], dose=4 + 0.1 * k), patient).force) for k in range(20)]
    print(f"another dose: responses {median(dose[1:]):.1f} ms; `simulate` of a year {median(whole[2:]):.1f} ms")
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder))
        given = [replace(plan_at(SITES[1], 0.3 + 0.01 * k)) for k in range(3)]
        for one in given:
            tissue_responses(one, store=store)
        size = [path.stat().st_size for path in Path(folder).iterdir()]
        print(f"on disk: {sum(size) / len(size) / 1e3:.0f} kB for each site and volume")


if __name__ == "__main__":
    main()
