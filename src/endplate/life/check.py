"""The safety check of a life: its session at each dose and age, and the interval between two of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from endplate.case import Case, Plan
from endplate.evidence import Library
from endplate.life.plan import Life
from endplate.safety import Finding, check_plan

__all__ = ["check_life"]


def check_life(life: Life, library: Library, *, keys: Sequence[str] | None = None) -> list[Finding]:
    """Findings of a life, the gravest first, each once.

    Parameters
    ----------
    life
        What is asked.
    library
        The evidence library.
    keys
        Where each injection stands in the file.
    """
    doses = [
        (one.age, one.factor, f"years.change[{n}].dose") for n, one in enumerate(life.changes) if one.what == "dose"
    ]
    found: list[Finding] = []
    for age, factor, key in [(life.schedule.start, 1.0, None), *doses]:
        own = check_plan(_case(life, age, factor), library, keys=None if keys is None else [*keys, *keys])
        found += [_placed(one, life, key) for one in own]
    return sorted(dict.fromkeys(found), key=lambda one: one.severity)


def _case(life: Life, age: float, factor: float) -> Case:
    """Two sessions in a row at an age."""
    gap = life.schedule.every if life.schedule.grade is None else life.schedule.least
    given = [replace(one, dose=one.dose * factor) for one in life.plan.injections]
    again = [replace(one, day=gap) for one in given]
    plan = Plan(life.plan.product, (*given, *again), life.plan.massage)
    return Case(life.title, plan, replace(life.patient, age=age), overrides=life.overrides)


def _placed(one: Finding, life: Life, key: str | None) -> Finding:
    """The finding with the key that decides: the interval, or the change of dose."""
    if one.key is not None and one.key.endswith(".at"):
        return replace(one, key="years.every" if life.schedule.grade is None else "years.least")
    return one if key is None or one.key is None else replace(one, key=key)
