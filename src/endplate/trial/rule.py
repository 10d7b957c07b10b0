"""When a patient of a trial is treated again."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np

__all__ = ["AtBaseline", "AtGrade", "Interval", "Retreatment", "Rule"]


class Rule(ABC):
    """Says at a check who is due."""

    @abstractmethod
    def due(self, grade: np.ndarray, first: np.ndarray, *, since: np.ndarray) -> np.ndarray:
        """Whether each patient is due (P,).

        Parameters
        ----------
        grade, first
            By the rater at the check and before the first treatment (P,) [grade].
        since
            Time since the last treatment (P,) [day].
        """

    @property
    @abstractmethod
    def words(self) -> str:
        """The rule in words."""


@dataclass(frozen=True, slots=True)
class AtGrade(Rule):
    """The rater gives this grade or a higher one."""

    grade: int

    def due(self, grade: np.ndarray, first: np.ndarray, *, since: np.ndarray) -> np.ndarray:  # noqa: ARG002
        """Whether each patient is due (P,)."""
        return grade >= self.grade

    @property
    def words(self) -> str:
        """The rule in words."""
        return f"the grade is {self.grade} or more"


@dataclass(frozen=True, slots=True)
class AtBaseline(Rule):
    """The rater gives the grade before the first treatment, or a higher one."""

    def due(self, grade: np.ndarray, first: np.ndarray, *, since: np.ndarray) -> np.ndarray:  # noqa: ARG002
        """Whether each patient is due (P,)."""
        return grade >= first

    @property
    def words(self) -> str:
        """The rule in words."""
        return "the grade is back at baseline"


@dataclass(frozen=True, slots=True)
class Interval(Rule):
    """The least interval alone decides, whatever the rater sees."""

    def due(self, grade: np.ndarray, first: np.ndarray, *, since: np.ndarray) -> np.ndarray:  # noqa: ARG002
        """Whether each patient is due (P,)."""
        return since > 0

    @property
    def words(self) -> str:
        """The rule in words."""
        return "the interval has passed"


@dataclass(frozen=True, slots=True)
class Retreatment:
    """Checks at which patients are treated again with the arm's whole dose.

    Parameters
    ----------
    rule
        Who is due.
    rater
        Whose grade the rule looks at.
    every
        Time from check to check, the first one after the first treatment [day].
    until
        Last day on which somebody is treated or looked at [day].
    least
        Least time between two treatments [day].
    most
        Most treatments of one patient.
    """

    rule: Rule
    rater: str = "investigator"
    every: float = 28.0
    until: float = 365.0
    least: float = 84.0
    most: int = 4

    @property
    def checks(self) -> tuple[float, ...]:
        """Day 0 and the days of the checks."""
        return tuple(float(day) for day in np.arange(0.0, self.until + 1e-9, self.every))

    @property
    def words(self) -> str:
        """The rule in words."""
        return (
            f"Checks every {self.every:g} days to day {self.until:g}: treated again where {self.rule.words} "
            f"({self.rater}), not before {self.least:g} days, at most {self.most} times"
        )
