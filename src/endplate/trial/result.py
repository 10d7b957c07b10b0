"""What a trial would report: rates by arm and visit with intervals, and curves over time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from math import isfinite
from typing import Any

import numpy as np
from scipy.special import ndtri, stdtrit

from endplate.errors import InvalidRequest
from endplate.trial.interval import Interval, confidence_interval, prediction_interval
from endplate.trial.median import median_time
from endplate.trial.trial import Arm, Trial

__all__ = ["FREEDOM", "ArmResult", "Curve", "Row", "Shifts", "Sums", "TrialResult", "arm_result"]

# Trials differ by effects with the tails of Student's distribution with this many degrees of freedom. A normal
# distribution this much wider than their spread has the same 90 % interval.
FREEDOM = 4.0
_TAILS = float(stdtrit(FREEDOM, 0.95) / ndtri(0.95))
# By endpoint, see `endplate.trial.between.shifts_of`.
Shifts = Mapping[str, np.ndarray]


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums over patients of the probabilities of an endpoint, on each of its days (T,).

    Parameters
    ----------
    hits, among
        Of a hit, and of counting.
    hits_squared, among_squared, product
        Of their squares and product, for the error of the draw.
    """

    hits: np.ndarray
    among: np.ndarray
    hits_squared: np.ndarray
    among_squared: np.ndarray
    product: np.ndarray

    @property
    def rate(self) -> np.ndarray:
        """Hits among those who count."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.minimum(self.hits / self.among, 1.0)

    @property
    def error(self) -> np.ndarray:
        """Standard error of the rate from the finite number of virtual patients."""
        with np.errstate(invalid="ignore", divide="ignore"):
            scatter = self.hits_squared - 2 * self.rate * self.product + self.rate**2 * self.among_squared
            return np.sqrt(np.maximum(scatter, 0)) / self.among


@dataclass(frozen=True, slots=True)
class Row:
    """One expected rate.

    Parameters
    ----------
    day
        After treatment [day].
    rate
        Expected share [1].
    error
        Its standard error from the finite number of virtual patients.
    size
        Patients who are expected to count.
    confidence
        95 % interval that a trial of this size would report around this rate.
    prediction
        90 % interval of what a new trial of this size reports: sampling and the effects of the trial.
    shifts
        By how much one spread of each effect of a trial moves the probit of the rate, see `shifts_of`.
    """

    day: float
    rate: float
    error: float
    size: float
    confidence: Interval
    prediction: Interval
    shifts: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Curve:
    """An endpoint of one arm over time; `median` [day] for times to an event, infinity for never within the visits."""

    endpoint: str
    rows: tuple[Row, ...]
    median: float | None

    def at(self, day: float) -> Row:
        """The row of a day.

        Raises
        ------
        InvalidRequest
            If the endpoint is not told on that day.
        """
        for row in self.rows:
            if row.day == day:
                return row
        known = ", ".join(f"{row.day:g}" for row in self.rows)
        raise InvalidRequest(f"{self.endpoint} is not told on day {day:g}; its days: {known}")


@dataclass(frozen=True, slots=True)
class ArmResult:
    """What an arm would report.

    Parameters
    ----------
    name, product, dose, size
        Of the arm; the product of a placebo arm is ``placebo``.
    enrolled
        Share of the population that is let in.
    curves
        Endpoints by name.
    """

    name: str
    product: str
    dose: float
    size: int
    enrolled: float
    curves: Mapping[str, Curve]


@dataclass(frozen=True, slots=True)
class TrialResult:
    """What a trial would report, and what it was computed from.

    Parameters
    ----------
    title, region, seed
        Of the trial.
    patients, failed
        Virtual patients, and how many of all arms could not be solved and were left out.
    arms
        In the order of the trial.
    evidence
        Hash of the evidence library.
    """

    title: str
    region: str
    seed: int
    patients: int
    failed: int
    arms: tuple[ArmResult, ...]
    evidence: str

    def arm(self, name: str) -> ArmResult:
        """The arm of this name.

        Raises
        ------
        InvalidRequest
            If there is none.
        """
        for one in self.arms:
            if one.name == name:
                return one
        raise InvalidRequest(f"no arm {name!r}; arms: {', '.join(one.name for one in self.arms)}")

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON; what is not finite becomes None."""
        found: dict[str, Any] = _plain(asdict(self))
        return found


def arm_result(arm: Arm, sums: Mapping[str, Sums], *, trial: Trial, drawn: int, shifts: Shifts) -> ArmResult:
    """Rates and intervals of an arm from its sums.

    Parameters
    ----------
    arm, trial
        What was asked.
    sums
        By endpoint; under the empty name the probability of being enrolled.
    drawn
        Virtual patients that were solved.
    shifts
        Of the arm, from `shifts_of`.
    """
    let_in = float(sums[""].among[0])
    curves = {}
    for one in trial.told:
        own, rows = sums[one.name], []
        for day, rate, error, among, moved in zip(
            one.days(trial.timing), own.rate, own.error, own.among / let_in, shifts[one.name].T, strict=True
        ):
            size = arm.size * trial.left(day) * float(among)
            spread = _TAILS * float(np.linalg.norm(moved))
            edges = confidence_interval(float(rate), size), prediction_interval(float(rate), size, spread=spread)
            rows.append(Row(day, float(rate), float(error), size, *edges, tuple(map(float, moved))))
        timed = one.lasts or one.begins
        median = median_time(own.rate, one.days(trial.timing), begins=one.begins)
        curves[one.name] = Curve(one.name, tuple(rows), median if timed else None)
    product = "placebo" if arm.plan is None else arm.plan.product.code
    return ArmResult(arm.name, product, arm.dose, arm.size, let_in / max(drawn, 1), curves)


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, Interval):
        return {"low": _plain(value.low), "high": _plain(value.high)}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value
