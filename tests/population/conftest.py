"""One case and one typical patient for all tests of the room."""

from __future__ import annotations

from pathlib import Path

import pytest

from endplate.case.file import read_case
from endplate.course import default_parameters
from endplate.population import default_population

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="session")
def frown():
    return read_case(EXAMPLES / "frown.toml")


@pytest.fixture(scope="session")
def typical(frown):
    return default_parameters(frown.plan.product)


@pytest.fixture(scope="session")
def population():
    return default_population()
