"""The check that stands before every simulation: findings are carried along, a stop needs a reason to be passed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from endplate.case import Case
from endplate.case.nearest import nearest
from endplate.cli.faults import tell
from endplate.errors import CaseError, Fault, InvalidRequest
from endplate.evidence import load
from endplate.evidence.rule import VERDICTS, rules
from endplate.safety import Finding, check_plan

__all__ = [
    "FOUND",
    "IN_FILE",
    "VERDICT_COLOURS",
    "OverrideOption",
    "check_injected",
    "joined_overrides",
    "passed",
    "print_findings",
    "refuse",
    "with_overrides",
]

FOUND = 1
VERDICT_COLOURS = {"stop": "bold red", "refer": "magenta", "caution": "yellow", "note": "dim"}
_LONGEST = 200
IN_FILE = '[override] {rule} = "…" in the file'
_WAY = '--override {rule}="…", or ' + IN_FILE
Pairs = tuple[tuple[str, str], ...]

OverrideOption = Annotated[
    list[str] | None,
    typer.Option("--override", metavar="RULE=REASON", help="Go on against a rule of the safety check, for a reason."),
]


def with_overrides(case: Case, given: Sequence[str] | None) -> Case:
    """The case with further overrides, written ``rule=reason``; see `joined_overrides`."""
    return replace(case, overrides=joined_overrides(case.overrides, given))


def joined_overrides(own: Pairs, given: Sequence[str] | None) -> Pairs:
    """Overrides of a file, and those given as ``rule=reason``.

    Raises
    ------
    InvalidRequest
        If one names no rule or no reason.
    """
    told = dict(own)
    for text in given or ():
        rule, _, reason = text.partition("=")
        rule, reason = rule.strip(), reason.strip()
        if rule not in rules():
            raise InvalidRequest(f"--override: no rule {rule!r}; {nearest(rule, rules())}")
        if not 0 < len(reason) <= _LONGEST or not reason.isprintable():
            raise InvalidRequest(f'--override: {rule} has no reason in one line; write {rule}="the reason"')
        told[rule] = reason
    return tuple(told.items())


def check_injected(case: Case) -> None:
    """Raise if a case has other offers alone.

    Raises
    ------
    InvalidRequest
        If nothing is injected.
    """
    if not case.plan.injections:
        raise InvalidRequest("the case has no session, so there is no toxin to tell of; add a [[plan.session]]")


def passed(case: Case, *, keys: Sequence[str], file: str, as_json: bool = False) -> list[Finding]:
    """Findings of a case that may be simulated; a stop without a reason is told, and ends the command."""
    found = check_plan(case, load(), keys=keys)
    refuse(found, file=file, as_json=as_json)
    return found


def refuse(found: Sequence[Finding], *, file: str, as_json: bool, way: str | None = None) -> None:
    """End the command if a finding stops it; `way` tells how to override a rule."""
    stops = [one for one in found if one.verdict == VERDICTS[0] and one.overridden is None]
    if not stops:
        return
    faults = [
        Fault(
            f"stopped by the safety check, {one.rule}: {one.message}",
            file,
            key=one.key,
            remedy=f"{one.remedy} To go on all the same, give the reason: {(way or _WAY).format(rule=one.rule)}",
        )
        for one in stops
    ]
    tell(CaseError(faults), as_json=as_json)
    raise typer.Exit(FOUND)


def print_findings(found: Sequence[Finding]) -> None:
    """One line for each finding, the gravest first; equal ones once."""
    console = Console(highlight=False, markup=False, soft_wrap=True)
    for line, colour in dict.fromkeys((_line(one), VERDICT_COLOURS[one.verdict]) for one in found):
        console.print(Text(line, style=colour))


def _line(one: Finding) -> str:
    reason = "" if one.overridden is None else f" Overridden: {one.overridden}"
    return f"{one.verdict}: {rules()[one.rule].title}. {one.message}{reason}"
