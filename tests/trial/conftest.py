"""One trial and its result for all tests of the room."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from endplate.trial import ENDPOINTS, read_trial, run_trial

EXAMPLE = Path(__file__).parents[2] / "examples" / "trial_glabella.toml"


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
