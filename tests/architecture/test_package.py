"""What a user of the package meets first: its names, and a command that answers at once."""

from __future__ import annotations

import subprocess
import sys

import pytest

import endplate

HEAVY = ("jax", "jaxlib", "equinox", "matplotlib", "scipy", "xarray", "pandas")
ASK_FOR_HELP = """
import sys
from endplate.cli.main import main
sys.argv = ["endplate", "--help"]
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
print("loaded:", *sorted(name for name in %r if name in sys.modules))
"""


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_help_loads_nothing_heavy():
    answer = run(ASK_FOR_HELP % (HEAVY,))
    assert "simulate" in answer
    assert answer.splitlines()[-1].split() == ["loaded:"]


def test_import_loads_nothing_heavy():
    loaded = run(f"import sys, endplate; print(*[name for name in {HEAVY!r} if name in sys.modules])")
    assert not loaded.strip()


@pytest.mark.parametrize("name", endplate.__all__)
def test_public_name_is_there(name):
    assert getattr(endplate, name) is not None
    assert name in dir(endplate)


def test_public_surface_is_small():
    assert len(endplate.__all__) <= 16


def test_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'botox'"):
        _ = endplate.botox
