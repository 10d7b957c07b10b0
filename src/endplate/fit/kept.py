"""Where solved layouts are kept between runs."""

from __future__ import annotations

from endplate.course.engine import cache_folder
from endplate.course.store import Store

__all__ = ["table_store"]


def table_store() -> Store:
    """The user's folder of caches; nothing is kept where there is none."""
    folder = cache_folder()
    return Store(None if folder is None else folder.parent / "fit")
