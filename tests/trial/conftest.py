"""One trial and its result for all tests of the room; commands leave the settings of JAX and Ctrl-C as they were."""

from __future__ import annotations

import signal
import sys
from dataclasses import replace
from pathlib import Path

import jax
import pytest

from endplate.trial import ENDPOINTS, read_trial, run_trial

EXAMPLE = Path(__file__).parents[2] / "examples" / "trial_glabella.toml"
SETTINGS = ("jax_enable_x64", "jax_compilation_cache_dir", "jax_persistent_cache_min_compile_time_secs")


@pytest.fixture(autouse=True, scope="package")
def settings_of_jax():
    before = {name: getattr(jax.config, name) for name in SETTINGS}
    yield
    for name, value in before.items():
        jax.config.update(name, value)


@pytest.fixture(autouse=True)
def ctrl_c():
    handler, hook = signal.getsignal(signal.SIGINT), sys.unraisablehook
    yield
    signal.signal(signal.SIGINT, handler)
    sys.unraisablehook = hook


@pytest.fixture(scope="session")
def example():
    return EXAMPLE


@pytest.fixture(scope="session")
def trial():
    """The example with all endpoints and fewer virtual patients."""
    return replace(read_trial(EXAMPLE), patients=600, endpoints=tuple(ENDPOINTS))


@pytest.fixture(scope="session")
def result(trial):
    return run_trial(trial)
