"""Which endplate this is, to the byte: kept results of another one are not taken up."""

from __future__ import annotations

import hashlib
import platform
from functools import cache
from importlib.metadata import version
from pathlib import Path

__all__ = ["source_hash"]

_HOME = Path(__file__).parents[1]
_KINDS = {".py", ".toml", ".bib", ".csv"}
# What numbers come from, besides the package itself.
_PACKAGES = ("jax", "jaxlib", "equinox", "numpy", "scipy")


@cache
def source_hash() -> str:
    """SHA-256 of the package's sources, the evidence library and the versions of what computes.

    Examples
    --------
    >>> len(source_hash())
    64
    """
    found = hashlib.sha256("\n".join([platform.machine(), *(f"{one} {version(one)}" for one in _PACKAGES)]).encode())
    for path in sorted(path for path in _HOME.rglob("*") if path.suffix in _KINDS):
        found.update(path.relative_to(_HOME).as_posix().encode() + b"\0")
        found.update(path.read_bytes())
    return found.hexdigest()
