"""Trials of a thousand to a million virtual patients: seconds and memory, `scale.png` beside this file.

Draws bench/results/trial.json, which `python bench/trial.py patients` writes.

Run:  python docs/figures/scale.py
"""

from __future__ import annotations

import json
from pathlib import Path

import matplotlib as mpl
import numpy as np
from evidence import BLUE, LOOK, ORANGE, panels
from matplotlib.axes import Axes

HERE = Path(__file__).parent
RESULTS = HERE.parents[1] / "bench" / "results" / "trial.json"
TITLE = "A trial of up to a million virtual patients: time and memory"
NOTE = (
    "Wall clock on two cores with programs kept from an earlier run, start of processes included. Dashed: seconds of "
    "the start, and a constant time for each patient, by least squares of relative errors. Memory is the peak of all "
    "processes together, pages that they share counted once. Dotted: targets of 60 s and 1,000 MB for a million."
)
COLOURS = {0: BLUE, 2: ORANGE}
SECONDS, MEGABYTES = 60.0, 1000.0


def rows(workers: int) -> np.ndarray:
    """Patients, seconds and memory [MB] of each run (N, 3)."""
    known = json.loads(RESULTS.read_text(encoding="utf-8"))["patients"]
    own = [(one["patients"], one["seconds"], one["memory_MB"]) for one in known if one["workers"] == workers]
    return np.array(sorted(own), float)


def line(count: np.ndarray, seconds: np.ndarray) -> tuple[float, float]:
    """Seconds of the start, and for each patient."""
    columns = np.stack([np.ones_like(count), count], axis=1) / seconds[:, None]
    start, each = np.linalg.lstsq(columns, np.ones_like(count), rcond=None)[0]
    return float(start), float(each)


def time(axes: Axes) -> None:
    """Seconds by patients."""
    for workers, colour in COLOURS.items():
        count, seconds, _ = rows(workers).T
        start, each = line(count, seconds)
        name = f"{workers} worker processes" if workers else "one process"
        axes.loglog(
            count, seconds, marker="o", ls="", ms=9, color=colour, label=f"{name}: {1e6 * each:.0f} µs a patient"
        )
        wide = np.geomspace(count[0], count[-1], 100)
        axes.loglog(wide, start + each * wide, color=colour, ls=(0, (4, 2)), lw=1.6)
    axes.axhline(SECONDS, color="0.45", ls=":", lw=1.6)
    axes.set(title="Linear in patients", xlabel="virtual patients", ylabel="time [s]")
    axes.legend(loc="lower right")


def memory(axes: Axes) -> None:
    """Megabytes by patients."""
    for workers, colour in COLOURS.items():
        count, _, megabytes = rows(workers).T
        axes.semilogx(count, megabytes, marker="o", ms=9, color=colour)
    axes.axhline(MEGABYTES, color="0.45", ls=":", lw=1.6)
    axes.set(title="Flat in memory", xlabel="virtual patients", ylabel="peak memory [MB]")
    axes.set_ylim(bottom=0)


def main() -> None:
    """Draw the figure."""
    with mpl.rc_context(LOOK):
        figure, (left, right) = panels(TITLE, NOTE)
        time(left)
        memory(right)
        figure.savefig(HERE / "scale.png", dpi=110)


if __name__ == "__main__":
    main()
