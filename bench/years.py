"""Lives: one of 60 years, warm, and ten thousand of them.

Run:  python bench/years.py            prints seconds; three regions, a session every twelve weeks
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace

import jax

from endplate.case.file import parse_case, write_template
from endplate.course.engine import prepare
from endplate.life import Life, Schedule, follow_life, follow_lives
from endplate.life.body import pattern_of
from endplate.life.crowd import CHUNK

AGE, UNTIL, ROUNDS = 25.0, 85.0, 5
LIVES = 10_000
REGIONS = ("glabella", "forehead", "lateral_canthus_left")


def timed(run: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock and of the processor."""
    wall, cpu = time.perf_counter(), time.process_time()
    run()
    return time.perf_counter() - wall, time.process_time() - cpu


def main() -> None:
    """Print both times."""
    prepare()
    count = int(sys.argv[1]) if len(sys.argv) > 1 else LIVES
    case = parse_case(write_template("upper-face-64u"))
    schedule = Schedule(AGE, UNTIL)
    life = Life("bench", replace(case.patient, age=AGE), case.plan, UNTIL, schedule, regions=REGIONS, antibodies=False)
    pattern, narrow = pattern_of(life), pattern_of(life, dtype="float32")
    found = follow_life(life, pattern=pattern)
    follow_lives(life, CHUNK, pattern=narrow)
    one = [timed(lambda: follow_life(life, pattern=pattern))[0] for _ in range(ROUNDS)]
    wall, cpu = timed(lambda: follow_lives(life, count, pattern=narrow))
    print(f"cores {os.cpu_count()}, load {os.getloadavg()[0]:.1f}, jax {jax.__version__}")
    print(f"one life, {life.years:g} years, {len(found.sessions)} sessions, {len(REGIONS)} regions: ", end="")
    print(f"{statistics.median(one):.3f} s warm (target < 1 s)")
    print(f"{count} lives: {wall:.1f} s by the clock, {cpu:.1f} s of processors (target < 60 s for 10,000 on 2 cores)")


if __name__ == "__main__":
    main()
