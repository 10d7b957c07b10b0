"""Ten thousand to a hundred thousand units in batches: time per unit and peak memory; run as a process of its own."""

from __future__ import annotations

import set_up  # isort: skip

import json
import resource
import time

import jax
import numpy as np
from ours import CHUNK, inputs_of, on_all_devices, place
from workload import DOSES, make_units

BATCH = DOSES * CHUNK * set_up.DEVICES


def main() -> None:
    """Print [units, seconds, peak MB] for each size as JSON."""
    run, rows = on_all_devices(), []
    inputs = [place(inputs_of(group)) for group in make_units(BATCH).groups()]
    for given in inputs:
        jax.block_until_ready(run(given))
    for size in (BATCH, 8 * BATCH, 64 * BATCH):
        begin, mean = time.perf_counter(), np.zeros(366)
        for start in range(0, size, BATCH):
            for group in make_units(BATCH, seed=start).groups():
                mean += np.asarray(run(place(inputs_of(group)))).sum(axis=1) / size
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        rows.append([size, time.perf_counter() - begin, peak])
    print(json.dumps(rows))


if __name__ == "__main__":
    main()
