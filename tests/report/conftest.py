"""One course of frown lines, simulated once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from endplate.case.file import read_case
from endplate.course import simulate
from endplate.course.field import captured_field
from endplate.evidence import load
from endplate.report import report_html


@pytest.fixture(scope="package")
def case():
    found = read_case(Path(__file__).parents[2] / "examples" / "frown.toml")
    return replace(found, days=180.0, title="Frown <lines> & more")


@pytest.fixture(scope="package")
def course(case):
    return simulate(case.plan, case.patient, days=np.arange(181.0))


@pytest.fixture(scope="package")
def field(case):
    return captured_field(case.plan)


@pytest.fixture(scope="package")
def page(case, course, field) -> str:
    return report_html(case, course, fields=[field], library=load(), made={"endplate": "0", "command": "endplate <x>"})
