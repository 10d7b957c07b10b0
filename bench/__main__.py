"""`make bench`: the population kernel beside other solvers in one process, accuracy matched; latency; memory.

Prints a table and writes it to bench/results. Ratios count, times drift.
"""

from __future__ import annotations

import os

os.environ.setdefault("XLA_FLAGS", f"--xla_force_host_platform_device_count={min(os.cpu_count() or 1, 8)}")

import json
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import jax

jax.config.update("jax_enable_x64", True)

import jax.numpy as jnp
import numpy as np
from equations import integrate
from ours import force, inputs_of, on_all_devices, squared_miss
from roadrunner_peer import RoadRunner
from workload import make_units

TARGET = 1.5e-5
CHECKED, BATCH, ROUNDS = 12, 1024, 5
RESULTS = Path(__file__).parent / "results"


def clock(run: Callable[[], object]) -> float:
    """Seconds of one call."""
    begin = time.perf_counter()
    jax.block_until_ready(run())
    return time.perf_counter() - begin


def peers(reference: np.ndarray, units) -> dict[str, dict]:
    """Each peer at the loosest tolerance that reaches the target accuracy, or the tightest that was tried."""
    found: dict[str, dict] = {}
    for name, build, tolerances in (
        ("libRoadRunner, events", lambda r, a: RoadRunner(events=True, rtol=r, atol=a), (1e-5, 1e-6, 1e-7, 1e-8)),
        ("libRoadRunner, dose loop", lambda r, a: RoadRunner(events=False, rtol=r, atol=a), (1e-5, 1e-6, 1e-7, 1e-8)),
        ("scipy LSODA", None, (1e-6, 1e-7)),
    ):
        for rtol in tolerances:
            if build is None:
                count = 3

                def solve(i: int, rtol: float = rtol) -> np.ndarray:
                    return integrate(units, i, method="LSODA", rtol=rtol, atol=1e-3 * rtol)
            else:
                solver, count = build(rtol, 1e-3 * rtol), CHECKED
                prepared = solver.prepare(units)

                def solve(i: int, solver=solver, prepared=prepared) -> np.ndarray:
                    return solver(prepared[i])

            begin = time.perf_counter()
            try:
                error = max(float(np.abs(solve(i) - reference[i]).max()) for i in range(count))
            except RuntimeError as fault:  # a peer may give up at a loose tolerance
                print(f"{name} at rtol {rtol:g} gave up: {fault}")
                continue
            seconds = (time.perf_counter() - begin) / count
            found[name] = {"rtol": rtol, "error": error, "us_per_unit": 1e6 * seconds, "solve": solve, "count": count}
            if error <= TARGET:
                break
    return found


def command_seconds(*words: str) -> float:
    """Wall time of a command of the package, the second of two runs."""
    run = [str(Path(sys.executable).with_name("endplate")), *words]
    seconds = []
    for _ in range(2):
        begin = time.perf_counter()
        subprocess.run(run, capture_output=True, check=True)
        seconds.append(time.perf_counter() - begin)
    return seconds[-1]


def memory_flat(sizes: tuple[int, ...]) -> list[tuple[int, float, float]]:
    """(units, seconds, peak resident MB) when streamed in batches of `BATCH`."""
    run, rows = None, []
    for size in sizes:
        begin = time.perf_counter()
        for start in range(0, size, BATCH):
            inputs = inputs_of(make_units(BATCH, seed=start))
            run = run or on_all_devices(inputs)
            jax.block_until_ready(run(inputs))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        rows.append((size, time.perf_counter() - begin, peak))
    return rows


def main() -> None:
    """Run everything and report."""
    few = make_units(CHECKED)
    reference = np.stack([integrate(few, i, method="Radau", rtol=1e-11, atol=1e-13) for i in range(CHECKED)])
    error = {
        kind.__name__: float(np.abs(np.asarray(jax.jit(force)(inputs_of(few, kind))).T - reference).max())
        for kind in (jnp.float32, jnp.float64)
    }
    units = inputs_of(make_units(BATCH))
    ours = on_all_devices(units)
    clock(lambda: ours(units))
    others = peers(reference, few)
    single, rounds = jax.jit(force), {name: [] for name in ("ours", "ours, one device", "gradient", *others)}
    gradient = jax.jit(jax.grad(squared_miss, allow_int=True))
    small = inputs_of(make_units(512))
    for run in (lambda: single(small), lambda: gradient(small)):
        clock(run)
    for _ in range(ROUNDS):
        rounds["ours"].append(clock(lambda: ours(units)) / BATCH)
        rounds["ours, one device"].append(clock(lambda: single(small)) / 512)
        rounds["gradient"].append(clock(lambda: gradient(small)) / 512)
        for name, peer in others.items():
            take = range(min(peer["count"], 4))
            rounds[name].append(clock(lambda peer=peer, take=take: [peer["solve"](i) for i in take]) / len(take))
    median = {name: 1e6 * float(np.median(values)) for name, values in rounds.items()}
    rows = [("endplate, all devices, float32", error["float32"], median["ours"])]
    rows += [("endplate, one device, float32", error["float32"], median["ours, one device"])]
    rows += [(f"{name}, rtol {others[name]['rtol']:g}", others[name]["error"], median[name]) for name in others]
    print(f"\nload {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores, {platform.processor() or platform.machine()}")
    print("| solver | max error of force | µs per unit | ours is faster by |\n|---|---|---|---|")
    for name, miss, cost in rows:
        print(f"| {name} | {miss:.1e} | {cost:,.1f} | {cost / median['ours']:,.0f} × |")
    ratio = median["gradient"] / median["ours, one device"]
    print(f"\nfloat64 error {error['float64']:.1e}; gradient over forward {ratio:.1f}")
    stream = memory_flat((2 * BATCH, 8 * BATCH, 32 * BATCH))
    for size, seconds, peak in stream:
        print(f"streamed {size:6d} units: {1e6 * seconds / size:5.1f} µs per unit with set-up, peak {peak:.0f} MB")
    latency = {"endplate --help": command_seconds("--help")}
    latency["endplate simulate, compiled programs cached"] = command_seconds("simulate", "examples/frown.toml")
    for name, seconds in latency.items():
        print(f"{name}: {seconds:.2f} s")
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "population.json").write_text(
        json.dumps(
            {
                "rows": [{"solver": name, "error": miss, "us_per_unit": cost} for name, miss, cost in rows],
                "gradient_over_forward": ratio,
                "streamed": stream,
                "latency_s": latency,
                "versions": {"python": platform.python_version(), "jax": jax.__version__},
                "load": os.getloadavg(),
            },
            indent=2,
        )
        + "\n"
    )


if __name__ == "__main__":
    main()
