"""`make bench`: the population kernel beside other solvers in one process, accuracy matched; latency; memory.

Prints a table and writes it to bench/results. Ratios count, times drift.
"""

from __future__ import annotations

import set_up  # isort: skip

import json
import os
import platform
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
from limit import quadrature_error, step_seconds
from ours import CHUNK, force, forces, inputs_of, on_all_devices, place, squared
from peers import Peer, peers
from workload import DOSES, make_typical, make_units

CHECKED, ROUNDS = 12, 5
OWN = ("ours", "one device", "small chunk", "gradient")
SMALL_CHUNK = 128  # patients whose steps, kept for the way back, stay in the cache
BATCH = DOSES * CHUNK * set_up.DEVICES
HERE = Path(__file__).parent


def clock(run: Callable[[], object]) -> float:
    """Seconds of one call."""
    begin = time.perf_counter()
    jax.block_until_ready(run())
    return time.perf_counter() - begin


def command_seconds(*words: str) -> float | None:
    """Wall time of a command of the package, the second of two runs; None if it is not there."""
    run = [str(Path(sys.executable).with_name("endplate")), *words]
    if not Path(run[0]).exists():
        return None
    seconds = []
    for _ in range(2):
        begin = time.perf_counter()
        subprocess.run(run, capture_output=True, check=True, cwd=HERE.parent)
        seconds.append(time.perf_counter() - begin)
    return seconds[-1]


def races(others: list[Peer]) -> tuple[dict[str, float], int]:
    """Median µs per unit of every solver in interleaved rounds, and steps of time per unit on average."""
    groups = [place(inputs_of(group)) for group in make_units(BATCH).groups()]
    few = [inputs_of(group) for group in make_units(DOSES * CHUNK).groups()]
    fewest = [inputs_of(group) for group in make_units(DOSES * SMALL_CHUNK).groups()]
    everywhere, single = on_all_devices(), jax.jit(force)
    gradient = jax.jit(jax.grad(squared))
    runs: dict[str, tuple[Callable[[], object], int]] = {
        "ours": (lambda: [everywhere(group) for group in groups], BATCH),
        "one device": (lambda: [single(group) for group in few], DOSES * CHUNK),
        "small chunk": (lambda: [single(group) for group in fewest], DOSES * SMALL_CHUNK),
        "gradient": (lambda: [gradient(*group) for group in fewest], DOSES * SMALL_CHUNK),
        **{peer.name: (peer.solve, peer.units) for peer in others},
    }
    rounds = {name: [] for name in runs}
    for name in OWN:
        clock(runs[name][0])
    for _ in range(ROUNDS):
        for name, (run, count) in runs.items():
            if name in OWN:
                rounds[name].append(min(clock(run) for _ in range(2)) / count)
            elif len(rounds[name]) < 2 or not name.startswith("scipy"):
                rounds[name].append(clock(run) / count)
    nodes = int(np.mean([len(cycles.event) for _, cycles in groups]))
    return {name: 1e6 * float(np.median(values)) for name, values in rounds.items()}, nodes


def main() -> None:
    """Run everything and report."""
    few = make_units(CHECKED)
    reference = np.stack([integrate(few, i, method="Radau", rtol=1e-11, atol=1e-13) for i in range(CHECKED)])
    kinds = (jnp.float32, jnp.float64)
    error = [float(np.abs(forces(few, jax.jit(force), kind) - reference).max()) for kind in kinds]
    others = peers(few, reference)
    median, nodes = races(others)
    rows = [(f"endplate, {set_up.DEVICES} devices, float32", error[0], median["ours"])]
    rows += [("endplate, 1 device, float32", error[0], median["one device"])]
    rows += [(f"{peer.name}, rtol {peer.rtol:g}", peer.error, median[peer.name]) for peer in others]
    print(f"\nload {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores, jax {jax.__version__}\n")
    print("| solver | max error of force | µs per unit | endplate on all cores | core against core |")
    print("|---|---|---|---|---|")
    for name, miss, cost in rows:
        faster = [f"{cost / median[which]:,.0f} ×" for which in ("ours", "one device")]
        print(f"| {name} | {miss:.1e} | {cost:,.1f} | {' | '.join(faster)} |")
    cloud = quadrature_error(make_typical(), (0.6, 0.4))
    least = 1e6 * step_seconds() * cloud[0][0] * nodes
    found = {
        "gradient_over_forward": median["gradient"] / median["small chunk"],
        "float64_error": error[1],
        "steps_of_time": nodes,
        "share_of_compute_limit": least / median["one device"],
        "quadrature": cloud,
        "streamed": json.loads(
            subprocess.run([sys.executable, HERE / "stream.py"], capture_output=True, check=True).stdout
        ),
        "help_s": command_seconds("--help"),
        "simulate_s": command_seconds("simulate", "examples/frown.toml"),
    }
    print()
    for name, value in found.items():
        print(f"{name}: {value}")
    tried = {peer.name: peer.tried for peer in others}
    where = {"python": platform.python_version(), "jax": jax.__version__, "load": os.getloadavg()}
    where |= {"date": time.strftime("%Y-%m-%d"), "cores": os.cpu_count()}
    table = [{"solver": name, "error": miss, "us_per_unit": cost} for name, miss, cost in rows]
    text = json.dumps({"rows": table, **found, "tried": tried, **where}, indent=2)
    (HERE / "results" / "population.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
