"""Where the injections of a case stand in the tables of its file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

from endplate.case.anatomy import anatomy

__all__ = ["injection_keys"]


def injection_keys(tree: Mapping[str, Any]) -> list[str]:
    """Where each injection stands in the tables of a case: its own table, or the pattern that gives it.

    Examples
    --------
    >>> injection_keys({"plan": {"session": [{"at": 0, "injection": [{"site": "glabella.procerus"}]}]}})
    ['plan.session[0].injection[0]']
    """
    return list(_keys(cast("list[Mapping[str, Any]]", tree["plan"].get("session", []))))


def _keys(sessions: list[Mapping[str, Any]]) -> Iterator[str]:
    for index, session in enumerate(sessions):
        pattern = anatomy().patterns.get(session.get("pattern", ""))
        for _ in pattern.shots if pattern else ():
            yield f"plan.session[{index}].pattern"
        for own in range(len(session.get("injection", ()))):
            yield f"plan.session[{index}].injection[{own}]"
