"""One small model for all tests of the room; commands leave the settings of JAX and Ctrl-C as they were."""

from __future__ import annotations

import signal
import sys

import jax
import pytest

from endplate.fit import ask, build_model, calibration_rows
from endplate.fit.kept import table_store

SETTINGS = ("jax_enable_x64", "jax_compilation_cache_dir", "jax_persistent_cache_min_compile_time_secs")
# The label trial of ona, and a dose-ranging one: rates by one rater and by both, and a median time.
CHOSEN = ("BOTOXC_USPI_GL_pooled", "Carruthers2005_women", "BELMONT")


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
def model():
    """Rows of three trials, few patients."""
    questions = [ask(row) for row in calibration_rows() if row.trial in CHOSEN]
    return build_model(questions, patients=64, store=table_store())
