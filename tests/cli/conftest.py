"""Commands change settings of JAX; tests leave them as they were."""

from __future__ import annotations

import signal
import sys

import jax
import pytest

SETTINGS = ("jax_enable_x64", "jax_compilation_cache_dir", "jax_persistent_cache_min_compile_time_secs")


@pytest.fixture(autouse=True, scope="package")
def settings_of_jax():
    before = {name: getattr(jax.config, name) for name in SETTINGS}
    yield
    for name, value in before.items():
        jax.config.update(name, value)


@pytest.fixture(autouse=True)
def ctrl_c():
    """A command keeps Ctrl-C to its end; pytest wants it back."""
    handler, hook = signal.getsignal(signal.SIGINT), sys.unraisablehook
    yield
    signal.signal(signal.SIGINT, handler)
    sys.unraisablehook = hook
