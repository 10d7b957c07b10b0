"""Compiled programs leave memory before they are too many for the system; the cache on disk keeps them."""

from __future__ import annotations

from pathlib import Path

import jax

__all__ = ["crowded", "forget_if_crowded"]

# Linux tells how many pieces of memory a process has mapped, and how many it may map.
_MAPPED, _ALLOWED = Path("/proc/self/maps"), Path("/proc/sys/vm/max_map_count")
_MOST = 0.5


def crowded() -> bool:
    """Whether more than half of the pieces of memory that a process may map are in use; False where none is told.

    Every loaded program takes some; a process that may map no more falls over.
    """
    try:
        return _MAPPED.read_bytes().count(b"\n") > _MOST * int(_ALLOWED.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return False


def forget_if_crowded() -> None:
    """Forget all compiled programs if they crowd the process."""
    if crowded():
        jax.clear_caches()
