"""Errors as people read them, and as programs do; the exit codes."""

from __future__ import annotations

import json

import typer

from endplate.errors import EndplateError, Fault, FaultyFile

__all__ = ["BROKEN", "INTERRUPTED", "STOPPED", "UNUSABLE", "faults_of", "tell"]

UNUSABLE, BROKEN, INTERRUPTED = 2, 70, 130
STOPPED = "stopped; what was not yet finished was not written"


def faults_of(error: EndplateError) -> tuple[Fault, ...]:
    """All faults of an error; one without a place for an error that has none."""
    return error.faults if isinstance(error, FaultyFile) else (Fault(str(error)),)


def tell(error: EndplateError, *, as_json: bool = False) -> None:
    """Every fault on a line of standard error, or all of them there as one JSON object."""
    faults = faults_of(error)
    if as_json:
        content = {"faults": [fault.to_dict() for fault in faults]}
        typer.echo(json.dumps(content, ensure_ascii=False, indent=2), err=True)
        return
    for fault in faults:
        typer.secho("".join(char if char.isprintable() else "�" for char in str(fault)), fg="red", err=True)
