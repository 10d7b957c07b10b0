"""JAX in float64, one cache of compiled programs, the profiles of Hypothesis; commands leave no settings behind."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

# XLA tells at length, whenever it loads a kept program, that it knows its own tuning flags; set before JAX is loaded.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import jax
import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).parents[1]

jax.config.update("jax_enable_x64", True)
jax.config.update("jax_compilation_cache_dir", str(ROOT / ".cache" / "jax"))
jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.2)

# The first example of a property compiles, so a deadline would measure the compiler.
_COMMON = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow], "print_blob": True}
settings.register_profile("ci", max_examples=20, derandomize=True, database=None, **_COMMON)
settings.register_profile("slow", max_examples=500, derandomize=False, **_COMMON)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


_MODULES: list[int] = []
_TOGETHER = 12
_SETTINGS = ("jax_enable_x64", "jax_compilation_cache_dir", "jax_persistent_cache_min_compile_time_secs")


@pytest.fixture(autouse=True, scope="module")
def settings_of_jax():
    """Commands and servers change settings of JAX; the next module has those of the tests again."""
    before = {name: getattr(jax.config, name) for name in _SETTINGS}
    yield
    for name, value in before.items():
        jax.config.update(name, value)


@pytest.fixture(autouse=True, scope="module")
def forgotten_programs():
    """A process may map so many pieces of memory and no more: with thousands of loaded programs it falls over."""
    yield
    _MODULES.append(1)
    if len(_MODULES) % _TOGETHER == 0:
        jax.clear_caches()


@pytest.fixture(autouse=True)
def ctrl_c():
    """A command keeps Ctrl-C to its end; pytest wants it back."""
    handler, hook = signal.getsignal(signal.SIGINT), sys.unraisablehook
    yield
    signal.signal(signal.SIGINT, handler)
    sys.unraisablehook = hook


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the checkout."""
    return ROOT
