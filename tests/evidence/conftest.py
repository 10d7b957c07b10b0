"""The courses and drawings that tests and documentation share: `docs/figures`."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def drawings(root) -> ModuleType:
    """The script that draws the figures of published curves; `curves` in it computes them."""
    sys.path.insert(0, str(root / "docs" / "figures"))
    try:
        return import_module("evidence")
    finally:
        sys.path.pop(0)


@pytest.fixture(scope="session")
def curves(drawings) -> ModuleType:
    return drawings.curves
