"""What a result was made with: file, versions, hashes, platform, command; kept in manifest.json beside it."""

from __future__ import annotations

import hashlib
import json
import platform
import time
from collections.abc import Callable, Mapping
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from endplate import __version__
from endplate.cli.folder import write_files
from endplate.course.engine import devices
from endplate.evidence import load
from endplate.report.words import DISCLAIMER

__all__ = [
    "PACKAGES",
    "file_hash",
    "made_from",
    "package_versions",
    "shown",
    "surroundings",
    "write_with_manifest",
]

PACKAGES = (
    *("jax", "jaxlib", "equinox", "numpy", "scipy"),
    *("xarray", "h5netcdf", "h5py", "pint", "pydantic"),
    *("matplotlib", "jinja2", "typer", "rich"),
)
_SHOWN = {
    "evidence library": "evidence_hash",
    "virtual patients": "patients",
    "seed": "seed",
    "endplate": "endplate",
    "Python": "python",
    "platform": "platform",
    "begun": "begun",
    "command": "command",
}


def made_from(kind: str, file: Path, *, title: str, **own: object) -> dict[str, Any]:
    """What a result was made from and with; `kind` is that of the file, such as ``case``."""
    return {
        "disclaimer": DISCLAIMER,
        "title": title,
        f"{kind}_file": str(file),
        f"{kind}_sha256": file_hash(file),
        "evidence_hash": load().hash,
        **own,
        **surroundings(),
    }


def shown(made: Mapping[str, Any], first: Mapping[str, str]) -> dict[str, str]:
    """What a report says of its making, name to text; `first` gives keys by name that come before the usual ones."""
    keys = {**first, **_SHOWN}
    return {name: str(made[key]) for name, key in keys.items() if key in made}


def write_with_manifest(
    folder: Path,
    writers: Mapping[str, Callable[[Path], object]],
    *,
    made: Mapping[str, Any],
    clock: float | None = None,
) -> list[Path]:
    """`write_files`, with a manifest last that holds `made`, the hashes of the others and the time since `clock`."""
    hashes: dict[str, str] = {}

    def hashed(name: str, path: Path) -> None:
        writers[name](path)
        hashes[name] = file_hash(path)

    def manifest(path: Path) -> None:
        content = {**made, "files": hashes}
        content |= {} if clock is None else {"wall_time_s": round(time.perf_counter() - clock, 3)}
        text = json.dumps(content, ensure_ascii=False, allow_nan=False, indent=2)
        path.write_text(text + "\n", encoding="utf-8")

    return write_files(folder, {name: partial(hashed, name) for name in writers} | {"manifest.json": manifest})


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
