"""JAX set up for a command or a server: double precision, and compiled programs kept between runs."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import jax
import numpy as np

__all__ = ["cache_folder", "devices", "double_precision", "keep_programs", "prepare"]

# JAX leaves parts of its interface without types.
_JAX: Any = jax
_VARIABLE = "JAX_COMPILATION_CACHE_DIR"


def prepare() -> None:
    """Use float64 and a cache of compiled programs; to be called before anything is computed."""
    _JAX.config.update("jax_enable_x64", True)
    keep_programs(cache_folder())


def keep_programs(folder: Path | None) -> None:
    """Keep compiled programs in a folder, if it can be written to."""
    if folder is not None and _made(folder):
        _JAX.config.update("jax_compilation_cache_dir", str(folder))
        _JAX.config.update("jax_persistent_cache_min_compile_time_secs", 0.0)


def cache_folder() -> Path | None:
    """Where compiled programs are kept: as JAX was told, else the user's folder for caches; None without a home."""
    told = os.environ.get(_VARIABLE) or getattr(_JAX.config, "jax_compilation_cache_dir", None)
    if told:
        return Path(told)
    try:
        return _user_caches() / "endplate" / "jax"
    except RuntimeError:  # no home
        return None


def devices() -> list[str]:
    """Names of the devices that JAX computes on."""
    return [str(device) for device in _JAX.devices()]


def double_precision() -> bool:
    """Whether JAX computes in float64."""
    return bool(_JAX.numpy.ones(()).dtype == np.float64)


def _user_caches() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


def _made(folder: Path) -> bool:
    """Whether the folder is there and can be written to."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK)
