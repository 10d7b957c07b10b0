"""A small life, and its lines solved once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from endplate.case.file import parse_case, write_template
from endplate.life import Life, Schedule
from endplate.life.body import pattern_of


@pytest.fixture(scope="session")
def life():
    """Make lives of a woman whose glabella is treated; anything can be changed by name."""
    case = parse_case(write_template("glabella-20u"))

    def make(age=25.0, until=38.0, every=168.0, **changes) -> Life:
        schedule = {key: changes.pop(key) for key in list(changes) if key in Schedule.__dataclass_fields__}
        timing = Schedule(**{"start": age, "stop": until, "every": every} | schedule)
        patient = replace(case.patient, age=age, **changes.pop("patient", {}))
        return Life("a life", patient, case.plan, until, timing, **{"antibodies": False} | changes)

    return make


@pytest.fixture(scope="session")
def pattern(life):
    """What all lives with 20 U in the glabella share, without antibodies."""
    return pattern_of(life())
