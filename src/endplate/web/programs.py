"""Compiled programs leave memory before they are too many for the system; the cache on disk keeps them."""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path

import jax

__all__ = ["crowded", "forget_if_crowded", "note_kind"]

# Linux tells how many pieces of memory a process has mapped, and how many it may map.
_MAPPED, _ALLOWED = Path("/proc/self/maps"), Path("/proc/sys/vm/max_map_count")
_MOST = 0.5
# Kinds of plans whose programs stay in memory, and those that have come since all were forgotten.
_MOST_KINDS = 48
_KINDS = set[Hashable]()


def note_kind(kind: Hashable) -> None:
    """A plan of this kind is about to be computed; all programs are forgotten when there are too many kinds."""
    _KINDS.add(kind)
    if len(_KINDS) > _MOST_KINDS:
        _forget()


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
        _forget()


def _forget() -> None:
    _KINDS.clear()
    jax.clear_caches()
