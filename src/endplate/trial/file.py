"""Reading a trial file: a `Trial`, or every fault of the file at once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from endplate.case import Injection, Plan, product
from endplate.case.anatomy import anatomy
from endplate.case.reading import Kind, refusing, schema_of, text_of, toml_of
from endplate.case.spot import Spot
from endplate.errors import TrialError
from endplate.trial.endpoints import Timing
from endplate.trial.rule import AtBaseline, AtGrade, Interval, Retreatment, Rule
from endplate.trial.table import ArmTable, RetreatmentTable, TrialTable
from endplate.trial.trial import Arm, Inclusion, Trial

__all__ = ["parse_trial", "read_trial", "trial_schema"]

_KIND = Kind("trial", "write one with `endplate trial new`", TrialTable, TrialError)
_RESPONSE_DAY = 30.0


def read_trial(path: str | Path) -> Trial:
    """Read a trial file.

    Parameters
    ----------
    path
        A TOML file; see ``endplate trial schema``.

    Raises
    ------
    TrialError
        If the file cannot be used; it holds every fault with file, line, key and remedy.
    """
    return parse_trial(text_of(Path(path), _KIND), file=str(path))


def parse_trial(text: str, *, file: str | None = None) -> Trial:
    """Read the text of a trial file; see `read_trial`.

    Parameters
    ----------
    text
        TOML.
    file
        Name of the file in messages.

    Raises
    ------
    TrialError
        If the text cannot be used.

    Examples
    --------
    >>> from endplate.trial.template import trial_template
    >>> [arm.dose for arm in parse_trial(trial_template("glabella")).arms]
    [20.0, 0.0]
    """
    data = toml_of(text, _KIND, file=file)
    with refusing(_KIND, text=text, file=file):
        return _trial(TrialTable.model_validate(data))


def trial_schema() -> dict[str, Any]:
    """JSON Schema of a trial file.

    Examples
    --------
    >>> trial_schema()["title"]
    'endplate trial'
    """
    return schema_of(_KIND)


def _trial(table: TrialTable) -> Trial:
    days = tuple(table.visits.days)
    nearest = min(days, key=lambda day: abs(day - _RESPONSE_DAY))
    response = nearest if table.visits.response is None else table.visits.response
    diary = tuple(float(day) for day in range(1, table.visits.diary + 1))
    set_ = table.population.model_dump(exclude_none=True)
    return Trial(
        title=table.title,
        arms=tuple(_arm(one) for one in table.arm),
        timing=Timing(days, response, diary),
        endpoints=tuple(table.endpoints),
        region=table.region,
        inclusion=Inclusion(table.inclusion.grade, tuple(table.inclusion.raters)),
        dropout=table.visits.dropout,
        patients=table.patients,
        seed=table.seed,
        population=tuple(set_.items()),
        raters=tuple(table.numbers().items()),
        overrides=tuple(table.override.items()),
        retreatment=None if table.retreatment is None else _retreatment(table.retreatment),
    )


def _retreatment(table: RetreatmentTable) -> Retreatment:
    rule: Rule = Interval() if table.grade is None else AtGrade(table.grade)
    rule = AtBaseline() if table.baseline else rule
    own = {"every": table.every, "until": table.until, "least": table.least}
    return Retreatment(rule, table.rater, **own, most=table.most)


def _arm(table: ArmTable) -> Arm:
    if table.pattern is None:
        return Arm(table.name, None, table.size)
    pattern = anatomy().patterns[table.pattern]
    factor = 1.0 if table.dose is None else table.dose / pattern.total_dose
    given: list[Injection] = []
    for shot in pattern.shots:
        spot = Spot(shot.site, None, None, "head")
        volume = shot.volume if table.volume is None else table.volume
        one = Injection(spot.tip, shot.dose * factor, volume, 0.0, shot.site, spot.needle, spot.frame_name)
        given += [replace(one, day=day) for day in table.at]
    return Arm(table.name, Plan(product(pattern.product), tuple(given)), table.size)
