"""The nearest known name to a misspelt one."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

__all__ = ["nearest"]

_LONGEST_NAME = 80
_LONGEST_LIST = 12


def nearest(name: str, known: Iterable[str]) -> str:
    """A remedy in words: the nearest known name, or else the known names.

    Examples
    --------
    >>> nearest("dosse", ["dose", "volume"])
    "did you mean 'dose'?"
    """
    names = [str(one) for one in known]
    close = get_close_matches(name[:_LONGEST_NAME], names, n=1, cutoff=0.5)
    if close:
        return f"did you mean {close[0]!r}?"
    if not names:
        return "nothing can stand here"
    more = ", …" if len(names) > _LONGEST_LIST else ""
    return "known: " + ", ".join(names[:_LONGEST_LIST]) + more
