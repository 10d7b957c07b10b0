"""The other solvers, each at the loosest tolerance that reaches the target accuracy."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from diffrax_peer import diffrax_solver
from equations import integrate
from roadrunner_peer import RoadRunner
from workload import Units

TARGET = 1.5e-5
Solve = Callable[[], np.ndarray]
Tried = list[tuple[float, float, float]]


@dataclass(frozen=True)
class Peer:
    """A solver, its tolerance, its largest error, what it solves in a call, and what else was tried."""

    name: str
    rtol: float
    error: float
    units: int
    solve: Solve
    tried: Tried


def peers(units: Units, reference: np.ndarray) -> list[Peer]:
    """All peers, on the first of the units or all of them."""
    loose = (1e-4, 1e-5, 1e-6, 3e-7, 1e-7, 1e-8)
    few = np.arange(0, units.count, 4)

    def runner(events: bool) -> Callable[[float], Solve]:
        def at(rtol: float) -> Solve:
            solver = RoadRunner(events=events, rtol=rtol, atol=1e-3 * rtol)
            prepared = solver.prepare(units)
            return lambda: np.stack([solver(one) for one in prepared])

        return at

    def scipy(method: str) -> Callable[[float], Solve]:
        return lambda rtol: (
            lambda: np.stack([integrate(units, i, method=method, rtol=rtol, atol=1e-3 * rtol) for i in few])
        )

    def kvaerno(name: str) -> Callable[[float], Solve]:
        run = diffrax_solver(name, units)
        return lambda rtol: lambda: run(rtol)

    every = range(units.count)
    return [
        _tuned("libRoadRunner, SBML events", runner(True), reference, every, loose),
        _tuned("libRoadRunner, dose loop", runner(False), reference, every, loose),
        _tuned("diffrax Kvaerno5, vmapped", kvaerno("Kvaerno5"), reference, every, (1e-4, 1e-5, 1e-6)),
        _tuned("diffrax Kvaerno3, vmapped", kvaerno("Kvaerno3"), reference, every, (1e-5, 1e-6)),
        _tuned("scipy LSODA", scipy("LSODA"), reference, few, (1e-4, 1e-5, 1e-6)),
        _tuned("scipy BDF", scipy("BDF"), reference, few, (1e-5, 1e-6)),
    ]


def _tuned(name: str, at: Callable[[float], Solve], reference: np.ndarray, which, tolerances) -> Peer:
    """The first tolerance that reaches the target, else the most accurate that was tried."""
    best, tried = None, []
    for rtol in tolerances:
        solve = at(rtol)
        begin = time.perf_counter()
        try:
            error = float(np.abs(solve() - reference[list(which)]).max())
        except RuntimeError as fault:  # a peer may give up at a loose tolerance
            print(f"{name} at rtol {rtol:g} gave up: {str(fault).splitlines()[0][:90]}")
            continue
        tried.append((rtol, error, (time.perf_counter() - begin) / len(which)))
        if best is None or error < best.error:
            best = Peer(name, rtol, error, len(which), solve, tried)
        if error <= TARGET:
            break
    print(f"{name}: " + ", ".join(f"rtol {rtol:g} error {error:.1e}" for rtol, error, _ in tried), flush=True)
    assert best is not None
    return best
