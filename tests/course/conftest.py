"""One simulated case for all tests of the room: compiled once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from endplate.case.file import read_case
from endplate.course import simulate

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="session")
def frown():
    return read_case(EXAMPLES / "frown.toml")


@pytest.fixture(scope="session")
def course(frown):
    return simulate(frown.plan, frown.patient)


@pytest.fixture(scope="session")
def mirrored():
    """Give a plan the other way round: every site at −x."""

    def turn(plan):
        return replace(plan, injections=tuple(replace(i, site=(-i.site[0], *i.site[1:])) for i in plan.injections))

    return turn
