"""Short texts of values for messages."""

from __future__ import annotations

import reprlib

__all__ = ["show"]

_short = reprlib.Repr()
_short.maxstring = _short.maxother = 60
_short.maxlist = _short.maxdict = 4
_short.maxlevel = 3


def show(value: object) -> str:
    """A short `repr` of any value, however large or deep.

    Examples
    --------
    >>> show("dose")
    "'dose'"
    """
    try:
        return _short.repr(value)
    except (ValueError, RecursionError):  # an integer of too many digits to write down
        return f"this {type(value).__name__}"
