"""Trials on several processes: the same bits, whoever is killed, and no finished chunk done twice."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import time
from dataclasses import replace

import pytest

from endplate.errors import EndplateError, InvalidRequest
from endplate.trial import Alone, Processes, read_trial, run_trial
from endplate.trial.source import source_hash
from endplate.trial.span import Order, Span, follow_span, spans_of
from endplate.trial.store import Store, key_of

ENDPOINTS = ("composite_ge2", "median_loss_none_mild", "onset_cum_subject")
# Ends itself as `kill -9` would, after two chunks.
KILLED = """
import os, pickle, signal, sys
from pathlib import Path
from endplate.course.engine import keep_programs
from endplate.trial import Alone, Processes, run_trial

def stop(done, whole):
    if done >= 2 * 2 * 256:
        if workers > 1:
            print(*crew.pids, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)

if __name__ == "__main__":
    keep_programs(Path(sys.argv[1]))
    workers = int(sys.argv[4])
    crew = Alone() if workers == 1 else Processes(workers)
    with open(sys.argv[2], "rb") as file:
        trial = pickle.load(file)
    run_trial(trial, chunk=256, crew=crew, keep=Path(sys.argv[3]), progress=stop)
"""


@pytest.fixture(scope="module")
def trial(example):
    """Six blocks of patients, the last one not full."""
    return replace(read_trial(example), patients=1500, endpoints=ENDPOINTS)


@pytest.fixture(scope="module")
def result(trial):
    return run_trial(trial)


class Counting:
    """This process, which remembers the spans that it was asked for."""

    def __init__(self):
        self.asked = []

    def follow(self, order, spans):
        self.asked += (asked := list(spans))
        yield from Alone().follow(order, asked)


@pytest.fixture
def counting():
    return Counting()


def test_two_workers_give_the_same_bits_and_a_killed_one_costs_only_its_chunk(trial, result):
    crew, killed = Processes(2), []

    def kill(done, _whole):
        if done and not killed:
            killed.append(crew.pids[0])
            os.kill(crew.pids[0], signal.SIGKILL)

    told = []
    assert run_trial(trial, chunk=256, crew=crew, progress=lambda *now: (told.append(now), kill(*now))) == result
    assert killed
    assert killed[0] not in crew.pids
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1] == (3000, 3000)
    assert not any(_alive(pid) for pid in (*crew.pids, *killed))


@pytest.mark.slow
@pytest.mark.parametrize(("workers", "chunk"), [(1, 700), (2, 1), (5, 512), (5, 10_000)])
def test_no_number_of_workers_changes_a_bit(trial, result, workers, chunk):
    assert run_trial(trial, chunk=chunk, crew=Processes(workers)) == result


def test_a_killed_driver_goes_on_where_it_was(trial, result, tmp_path, root, counting):
    told = killed_run(trial, tmp_path, root, workers=1)
    assert told.returncode == -signal.SIGKILL
    run_again = run_trial(trial, chunk=256, crew=counting, keep=tmp_path / "kept")
    assert run_again == result
    assert counting.asked == spans_of(1500, 256)[2:]
    assert not (tmp_path / "kept").exists()


@pytest.mark.slow
def test_workers_of_a_killed_driver_end(trial, result, tmp_path, root, counting):
    told = killed_run(trial, tmp_path, root, workers=2)
    assert told.returncode == -signal.SIGKILL
    pids = [int(word) for word in told.stdout.split()]
    assert len(pids) == 2
    wait_for_end(pids)
    assert run_trial(trial, chunk=256, crew=counting, keep=tmp_path / "kept") == result
    assert 0 < len(counting.asked) < len(spans_of(1500, 256))


def killed_run(trial, folder, root, *, workers):
    (folder / "trial.pickle").write_bytes(pickle.dumps(trial))
    (folder / "killed.py").write_text(KILLED, encoding="utf-8")
    words = [root / ".cache" / "jax", folder / "trial.pickle", folder / "kept", workers]
    return subprocess.run(
        [sys.executable, folder / "killed.py", *map(str, words)], stdout=subprocess.PIPE, text=True, check=False
    )


def wait_for_end(pids):
    """Poll; the test's own limit of time is that of the whole suite."""
    while any(_alive(pid) for pid in pids):
        time.sleep(0.1)


def _alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_ctrl_c_leaves_finished_chunks_and_a_damaged_one_is_done_again(trial, result, tmp_path, counting):
    def stop(done, _whole):
        if done == 2 * 1024:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_trial(trial, chunk=512, keep=tmp_path, progress=stop)
    kept = sorted(tmp_path.rglob("*.sums"))
    assert len(kept) == 2
    damaged = kept[0].read_bytes()
    kept[0].write_bytes(damaged[:100] + bytes([damaged[100] ^ 1]) + damaged[101:])
    told = []
    found = run_trial(trial, chunk=512, crew=counting, keep=tmp_path, progress=lambda *now: told.append(now))
    assert found == result
    assert counting.asked == [Span(0, 512), Span(1024, 1500)]
    assert told[0] == (2 * 512, 3000)


def test_what_is_kept_belongs_to_one_trial_seed_and_source(trial, tmp_path):
    order = Order(trial, source_hash())
    key = key_of(order)
    same = replace(trial, title="Another name", patients=9000, dropout=0.1)
    assert key_of(Order(same, order.source)) == key
    others = [
        Order(replace(trial, seed=1), order.source),
        Order(replace(trial, population=(("severe_share", 0.3),)), order.source),
        Order(replace(trial, arms=trial.arms[::-1]), order.source),
        Order(trial, "another version"),
    ]
    assert len({key, *(key_of(one) for one in others)}) == 5
    store = Store(tmp_path, None, key)
    assert store.load(Span(0, 256)) is None
    store.keep(Span(0, 256), follow_span(order, Span(0, 256)))
    assert store.load(Span(0, 256)) is not None
    assert store.load(Span(0, 255)) is None
    assert Store(tmp_path, None, key_of(others[0])).load(Span(0, 256)) is None


def test_a_truncated_file_is_no_chunk(trial, tmp_path):
    order = Order(trial, source_hash())
    store = Store(tmp_path, None, key_of(order))
    store.keep(Span(0, 256), follow_span(order, Span(0, 256)))
    (path,) = tmp_path.rglob("*.sums")
    for length in (0, 20, 500):
        path.write_bytes(path.read_bytes()[:length])
        assert store.load(Span(0, 256)) is None


def test_another_version_does_no_work(trial):
    with pytest.raises(EndplateError, match="another version"):
        follow_span(Order(trial, "another"), Span(0, 256))


def test_no_worker_is_no_crew():
    with pytest.raises(InvalidRequest, match="at least 1"):
        Processes(0)


@pytest.mark.slow
def test_a_span_that_ends_every_worker_is_told(trial, monkeypatch):
    monkeypatch.setenv("JAX_PLATFORMS", "nowhere")
    with pytest.raises(EndplateError, match="patients 0 to 1500"):
        run_trial(trial, crew=Processes(1))
