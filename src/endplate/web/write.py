"""A case as the text of a case file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import tomli_w

__all__ = ["case_text"]

_HEAD = "# A case for endplate. Research and education software, not a medical device.\n\n"


def case_text(tree: Mapping[str, Any]) -> str:
    """TOML that reads back to the same tables.

    Examples
    --------
    >>> print(case_text({"title": "One", "plan": {"product": "ona"}}))
    # A case for endplate. Research and education software, not a medical device.
    <BLANKLINE>
    title = "One"
    <BLANKLINE>
    [plan]
    product = "ona"
    <BLANKLINE>
    """
    return _HEAD + tomli_w.dumps(tree)
