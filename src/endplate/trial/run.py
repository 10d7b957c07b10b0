"""`run_trial`: virtual patients, arm by arm, and what the trial would report."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from endplate.errors import InvalidRequest
from endplate.evidence import load
from endplate.trial.between import shifts_of
from endplate.trial.crew import Alone, Crew
from endplate.trial.result import TrialResult, arm_result
from endplate.trial.source import source_hash
from endplate.trial.span import Order, Writer, spans_of
from endplate.trial.store import Store, key_of
from endplate.trial.tally import Tally, added, empty
from endplate.trial.trial import Trial

__all__ = ["PatientsTable", "Progress", "run_trial"]

Progress = Callable[[int, int], object]
PatientsTable = tuple[Path, Writer]


def run_trial(
    trial: Trial,
    *,
    chunk: int = 4096,
    crew: Crew | None = None,
    keep: Path | None = None,
    table: PatientsTable | None = None,
    progress: Progress | None = None,
) -> TrialResult:
    """What a trial would report.

    Expected rates are means over virtual patients of smooth probabilities; no rater is drawn.
    All arms have the same patients, so that their differences rest on treatment alone.

    Parameters
    ----------
    trial
        What is asked.
    chunk
        How many patients are in work at a time, rounded up to whole blocks; neither it nor the
        crew changes a bit of the result.
    crew
        Who does the work: this process if None, `Processes` or a `Cluster`.
    keep
        Folder where finished chunks are kept until the run is done. A run that was stopped goes on
        from there, if trial, evidence, seed, versions and chunk are the same.
    table
        Folder for the patients one by one, and what writes their parts; see `patients_table`.
    progress
        Called with the number of patients done and of all, over all arms: once at first, with what
        an earlier run has kept, then after each chunk. It may raise to stop.

    Raises
    ------
    InvalidRequest
        If `chunk` is not positive, or a folder cannot be used.
    """
    if chunk < 1:
        raise InvalidRequest(f"chunk must be at least 1, not {chunk}")
    folder, write = (None, None) if table is None else table
    order = Order(trial, source_hash(), write)
    store = Store(keep, folder, key_of(order))
    store.claim(chunk, trial.patients)
    total = _totals(order, store, chunk=chunk, crew=crew or Alone(), progress=progress or _silent)
    result = _result(trial, total)
    store.clear()
    return result


def _totals(order: Order, store: Store, *, chunk: int, crew: Crew, progress: Progress) -> Tally:
    """Sums over all patients, of which some may be known."""
    trial = order.trial
    total, missing, done = empty(trial), [], 0
    for span in spans_of(trial.patients, chunk):
        known = store.load(span)
        if known is None:
            missing.append(span)
        else:
            total, done = added(total, known), done + span.stop - span.first
    whole = len(trial.arms) * trial.patients
    progress(len(trial.arms) * done, whole)
    for span, found in crew.follow(order, missing):
        store.keep(span, found)
        total, done = added(total, found.tally), done + span.stop - span.first
        progress(len(trial.arms) * done, whole)
    return total


def _result(trial: Trial, total: Tally) -> TrialResult:
    shifts = shifts_of(trial)
    arms = tuple(
        arm_result(arm, total.by_endpoint(number), trial=trial, drawn=total.solved[number], shifts=shifts[number])
        for number, arm in enumerate(trial.arms)
    )
    failed = sum(trial.patients - solved for solved in total.solved)
    return TrialResult(trial.title, trial.region, trial.seed, trial.patients, failed, arms, evidence=load().hash)


def _silent(_done: int, _whole: int) -> None:
    """Nobody asks."""
