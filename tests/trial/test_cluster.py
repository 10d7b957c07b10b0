"""Trials on a dask cluster of real processes on this machine."""

from __future__ import annotations

import os
import signal
import socket
from dataclasses import replace

import pytest

from endplate.errors import EndplateError
from endplate.trial import Cluster, read_trial, run_trial

distributed = pytest.importorskip("distributed")

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")


@pytest.fixture(scope="module")
def trial(example):
    return replace(read_trial(example), patients=1500, endpoints=("composite_ge2", "onset_cum_subject"))


@pytest.fixture(scope="module")
def cluster(root):
    """Two workers, each a process with one thread."""
    own = {"JAX_COMPILATION_CACHE_DIR": str(root / ".cache" / "jax"), "PYTHONPATH": os.environ.get("PYTHONPATH", "")}
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, env=own, silence_logs=50
    ) as made:
        yield made


@pytest.mark.slow
def test_a_cluster_gives_the_same_bits_and_a_killed_worker_costs_only_its_chunk(trial, cluster):
    def pids():
        with distributed.Client(cluster.scheduler_address, set_as_default=False) as client:
            return list(client.run(os.getpid).values())

    before, killed = pids(), []

    def kill(done, _whole):
        if done and not killed:
            killed.append(before[0])
            os.kill(before[0], signal.SIGKILL)

    found = run_trial(trial, chunk=256, crew=Cluster(cluster.scheduler_address), progress=kill)
    assert found == run_trial(trial)
    assert killed
    assert killed[0] not in pids()


def test_an_address_where_nobody_answers_is_told(trial):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(EndplateError, match="no dask scheduler answers at"):
        run_trial(trial, crew=Cluster(address, patience=1.0))
    with pytest.raises(EndplateError, match="no dask scheduler answers at"):
        run_trial(trial, crew=Cluster("nonsense://x", patience=1.0))
