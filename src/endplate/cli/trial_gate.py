"""The safety check of a trial's arms, before it is run."""

from __future__ import annotations

from dataclasses import replace

from endplate.case import Case
from endplate.cli.gate import IN_FILE, refuse
from endplate.evidence import load
from endplate.safety import Finding, check_plan
from endplate.trial import Trial

__all__ = ["passed_arms"]


def passed_arms(trial: Trial, *, file: str, as_json: bool = False) -> list[Finding]:
    """Findings of the plans of all arms, for a typical adult; a stop without a reason is told, and ends the command."""
    found: list[Finding] = []
    for index, arm in enumerate(trial.arms):
        if arm.plan is not None:
            case = Case(arm.name, arm.plan, overrides=trial.overrides)
            found += [replace(one, key=f"arm[{index}]") for one in check_plan(case, load())]
    refuse(found, file=file, way=IN_FILE, as_json=as_json)
    return sorted(found, key=lambda one: one.severity)
