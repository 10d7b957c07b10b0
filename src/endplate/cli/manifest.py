"""What a result was made with: versions, hashes, platform, command."""

from __future__ import annotations

import hashlib
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from endplate import __version__
from endplate.course.engine import devices

__all__ = ["PACKAGES", "file_hash", "package_versions", "surroundings"]

PACKAGES = (
    *("jax", "jaxlib", "equinox", "numpy", "scipy"),
    *("xarray", "h5netcdf", "h5py", "pint", "pydantic"),
    *("matplotlib", "jinja2", "typer", "rich"),
)


def package_versions() -> dict[str, str | None]:
    """Version of every package that endplate uses; None where it is missing."""
    return {name: _version(name) for name in PACKAGES}


def surroundings() -> dict[str, object]:
    """Versions, platform and devices."""
    return {
        "endplate": __version__,
        "python": platform.python_version(),
        "packages": package_versions(),
        "platform": platform.platform(),
        "machine": platform.machine(),
        "devices": devices(),
    }


def file_hash(path: Path) -> str:
    """SHA-256 of a file's content."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
