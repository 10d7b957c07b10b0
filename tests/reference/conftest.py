"""The onset model stands once, beside its figure: `docs/figures/curves.py`."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def curves(root) -> ModuleType:
    sys.path.insert(0, str(root / "docs" / "figures"))
    try:
        return import_module("curves")
    finally:
        sys.path.pop(0)
