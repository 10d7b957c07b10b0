"""Trials at scale: seconds and memory by patients and workers, a cluster, and draws of all parameters.

Run one part: ``python bench/trial.py patients | cluster | cost | accuracy | finite``. Each prints JSON lines with
the load; `patients`, `cluster` and `finite` write results/trial.json, which docs/figures/scale.py draws.
"""

from __future__ import annotations

import argparse
import json
import os
import threading
import time
from dataclasses import replace
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from endplate.case import REGIONS
from endplate.case.region import folding
from endplate.course import default_parameters, lines, simulate, stages
from endplate.course.engine import prepare
from endplate.course.scene import muscles_of, place
from endplate.population import Crowd, default_population, draw
from endplate.population.crowd import with_rates
from endplate.trial import Alone, Cluster, Processes, Trial, default_trial_parameters, read_trial, run_trial
from endplate.trial.block import BLOCK, Work, followed, prepared
from endplate.trial.source import source_hash
from endplate.trial.span import Order, Span, follow_span
from endplate.trial.vary import Variants
from endplate.trial.view import view_of

EXAMPLE = Path(__file__).parents[1] / "examples" / "trial_glabella.toml"
RESULTS = Path(__file__).parent / "results" / "trial.json"
YEAR = (7.0, 14.0, 30.0, 60.0, 90.0, 120.0, 150.0, 180.0, 210.0, 240.0, 270.0, 300.0, 330.0, 365.0)
CHUNK = 16384


class Memory:
    """Largest memory of this process and its workers together [MB], pages that they share counted once."""

    def __init__(self, processes) -> None:
        self.peak, self._processes, self._stop = 0.0, processes, threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Memory:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(0.5):
            self.peak = max(self.peak, sum(proportional(pid) for pid in (os.getpid(), *self._processes())))


def proportional(pid: int) -> float:
    """Proportional set size of a process [MB]; 0 where it has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)


def year() -> Trial:
    """One arm, frown lines (three pairs of muscles), fourteen visits in a year, no diary."""
    trial = read_trial(EXAMPLE)
    endpoints = ("composite_ge2", "inv_none_mild", "subj_none_mild", "subj_ge1", "median_loss_none_mild")
    timing = replace(trial.timing, visits=YEAR, diary=())
    return replace(trial, arms=trial.arms[:1], endpoints=endpoints, timing=timing)


def patients(largest: int, workers: int) -> None:
    """Seconds and memory for a thousand patients and more."""
    rows = []
    # Alone comes last: a process that has computed holds memory that one who asks others does not.
    for crew in (Processes(workers), Alone()):
        run_trial(replace(year(), patients=BLOCK), crew=crew)  # fills the cache of programs
        for count in (one for one in (1_000, 10_000, 100_000, 1_000_000) if one <= largest):
            begin, first = time.perf_counter(), []

            def tell(done: int, _whole: int, begin=begin, first=first) -> None:
                if done:
                    first.append(time.perf_counter() - begin)

            own = (lambda crew=crew: crew.pids) if isinstance(crew, Processes) else tuple
            with Memory(own) as memory:
                run_trial(
                    replace(year(), patients=count), chunk=min(CHUNK, -(-count // workers)), crew=crew, progress=tell
                )
            row = {"patients": count, "workers": workers if isinstance(crew, Processes) else 0}
            row |= {"seconds": round(time.perf_counter() - begin, 1), "first_chunk": round(first[0], 1)}
            rows.append(row | {"memory_MB": round(memory.peak), "load": round(os.getloadavg()[0], 1)})
            print(json.dumps(rows[-1]), flush=True)
    keep("patients", rows)


def cluster(count: int) -> None:
    """One dask worker and two, started beforehand, each on a core of its own: how much faster two are."""
    distributed = __import__("distributed")
    rows = []
    for workers in (1, 2):
        own = {"NPROC": "1", "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false", "TF_CPP_MIN_LOG_LEVEL": "3"}
        options = {"processes": True, "threads_per_worker": 1, "dashboard_address": None, "env": own}
        with distributed.LocalCluster(n_workers=workers, **options) as made:
            # One worker would use two cores: one to compute, one to hand out work.
            with distributed.Client(made) as client:
                for core, address in enumerate(client.scheduler_info()["workers"]):
                    client.run(hold, core, workers=[address])
            crew = Cluster(made.scheduler_address)
            run_trial(replace(year(), patients=8 * BLOCK), chunk=BLOCK, crew=crew)  # compiles on every worker
            begin = time.perf_counter()
            run_trial(replace(year(), patients=count), chunk=CHUNK // 2, crew=crew)
            rows.append({"dask_workers": workers, "patients": count, "seconds": round(time.perf_counter() - begin, 1)})
            rows[-1]["load"] = round(os.getloadavg()[0], 1)
            print(json.dumps(rows[-1]), flush=True)
    print(f"two are {rows[0]['seconds'] / rows[1]['seconds']:.2f} times as fast as one")
    keep("cluster", rows)


def hold(core: int) -> None:
    """Keep this process, with all threads it has and will have, on one core."""
    for thread in Path("/proc/self/task").iterdir():
        os.sched_setaffinity(int(thread.name), {core})


def cost(count: int) -> None:
    """Time of the processor per patient, which other work on the machine moves less than time on the clock."""
    order = Order(year(), source_hash())
    follow_span(order, Span(0, 16 * BLOCK))
    begin, used = time.perf_counter(), time.process_time()
    follow_span(order, Span(0, count))
    used, wall = time.process_time() - used, time.perf_counter() - begin
    row = {"patients": count, "processor_us_per_patient": round(1e6 * used / count, 1)}
    print(json.dumps(row | {"wall_us_per_patient": round(1e6 * wall / count, 1), "load": round(os.getloadavg()[0], 1)}))


def accuracy() -> None:
    """Sparse steps, the table of doses and float32 against `simulate` in float64 on every day."""
    trial = year()
    work = prepared(trial)
    crowd, severity, before = followed(work, np.arange(BLOCK), arm=0, seed=0)
    plan, region = trial.arms[0].plan, REGIONS.index(trial.region)
    typical = default_parameters(plan.product, dtype=np.float64)
    exact = draw(default_population(dtype=np.float64), range(BLOCK), typical=typical)
    cohort = exact.cohort._replace(baseline=jnp.asarray(crowd.cohort.baseline, float))
    dense = simulate(plan, cohort, parameters=exact.parameters, days=trial.days)
    force = forces(work, crowd)
    pulls = np.flatnonzero(np.asarray(folding(muscles_of(plan)))[region])
    group = np.asarray(work.lines[0].cloud.group, bool)
    expected = np.stack([np.asarray(dense.force)[:, pulls[one.argmax()]] for one in group], axis=1)
    errors = [np.asarray(severity.value) - np.asarray(dense.severity)[:, region, 1], force - expected]
    told = {f"{name}_max": np.abs(one).max() for name, one in zip(("severity", "force"), errors, strict=True)}
    rates = [rates_of(trial, value, before) for value in (severity.value, dense.severity[:, region, 1])]
    told["rates_max_points"] = 100 * max(np.abs(rates[0][name] - rates[1][name]).max() for name in rates[0])
    print(json.dumps({name: float(f"{value:.2g}") for name, value in told.items()}))


def forces(work: Work, crowd: Crowd) -> np.ndarray:
    """Force of each group of muscles on the days of the trial, as a trial follows it."""
    (line,), (p,) = work.lines, work.typical
    row = REGIONS.index(work.trial.region)
    own = crowd.cohort._replace(
        habit=crowd.cohort.habit[row : row + 1], baseline=crowd.cohort.baseline[:, row : row + 1]
    )
    scene, p = place(line.setting, own), with_rates(p, crowd.rates)
    path = lines._from_table(line.cloud, lines._rows(line, own.muscle_mass), scene, p)
    power = stages.muscle(path, lines._grouped(scene, line.cloud.group), p=p)
    return np.asarray(power.force[line.shown])


def rates_of(trial: Trial, severity: Array, before: Array) -> dict[str, np.ndarray]:
    """Expected rates of the endpoints of some patients."""
    raters = default_trial_parameters()
    view = view_of(
        jnp.asarray(severity, float),
        jnp.asarray(before, float),
        days=trial.days,
        least=trial.inclusion.least,
        parameters=raters,
    )
    shares = {one.name: one.share(view, trial.timing) for one in trial.told}
    return {name: np.asarray(hits.sum(axis=-1) / among.sum(axis=-1)) for name, (hits, among) in shares.items()}


def finite(draws: int) -> None:
    """All entries drawn at once over their ranges: how many patients give a number that cannot be."""
    variants = Variants(year(), 0)
    factors, begin, bad = variants.factors(), time.perf_counter(), 0
    blocks, row = -(-draws // BLOCK), {}
    for block in range(blocks):
        bad += variants.unsound(factors, block=block, seed=0)
        if block + 1 == blocks or (block + 1) % 100 == 0:
            row = {"draws": (block + 1) * BLOCK, "entries": len(factors), "unsound": bad}
            row |= {"seconds": round(time.perf_counter() - begin, 1), "load": round(os.getloadavg()[0], 1)}
            print(json.dumps(row), flush=True)
    keep("finite", [row])


def keep(part: str, rows: list[dict[str, object]]) -> None:
    """Write the rows of a part, and leave those of others."""
    known = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    known |= {part: rows, "cores": os.cpu_count(), "jax": jax.__version__}
    RESULTS.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Run a part."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", choices=["patients", "cluster", "cost", "accuracy", "finite"])
    parser.add_argument("--count", type=int, help="patients at most, or draws")
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    prepare()
    if asked.part == "patients":
        patients(asked.count or 1_000_000, asked.workers)
    elif asked.part == "cluster":
        cluster(asked.count or 400_000)
    elif asked.part == "cost":
        cost(asked.count or CHUNK)
    elif asked.part == "accuracy":
        accuracy()
    else:
        finite(asked.count or 1_000_000)


if __name__ == "__main__":
    main()
