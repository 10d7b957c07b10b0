"""What every rule reads: the case, the library, the points of the plan; and how a finding is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from endplate.case import Case
from endplate.evidence import Library
from endplate.evidence.rule import rules
from endplate.safety.finding import Finding
from endplate.safety.point import Point, points

__all__ = ["Chart", "above", "chart_of"]

_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Chart:
    """A case, the library and the points of the plan."""

    case: Case
    library: Library
    points: tuple[Point, ...]

    @property
    def product(self) -> str:
        """Code of the plan's product."""
        return self.case.plan.product.code

    def number(self, name: str) -> float:
        """Value of an entry of the library."""
        return self.library[name].value

    def limit(self, symbol: str) -> str | None:
        """Name of the product's own entry of a symbol, if the library has one."""
        name = f"{symbol}.{self.product}"
        return name if name in self.library else None

    @property
    def treated(self) -> set[str]:
        """Regions that are treated in any session."""
        return {point.region for point in self.points}

    def sessions(self) -> Iterator[tuple[int, float, list[Point]]]:
        """Index, day and points of each session."""
        for index, day in enumerate(self.case.plan.days):
            yield index, day, [one for one in self.points if one.session == index]

    def finding(self, rule: str, key: str | None, *, entry: str | None = None, **words: float | str | None) -> Finding:
        """A finding of a rule: its words filled in, and the source of the number that decided."""
        found = rules()[rule]
        message = found.message.format(**({"product": self.product} | words))
        source = found.source if entry is None else self._source(entry)
        reason = dict(self.case.overrides).get(rule)
        return Finding(
            found.verdict, rule, message, found.remedy, source, key, approval=found.approval, overridden=reason
        )

    def _source(self, name: str) -> str:
        entry = self.library[name]
        title = self.library.sources[entry.source[0]]["title"]
        return f"{name}: {title}, {entry.where} ({entry.grade}, {entry.confidence})"


def above(value: float, limit: float) -> bool:
    """Whether a value is above a limit by more than the rounding of its sum.

    Examples
    --------
    >>> above(0.1 + 0.2, 0.3)
    False
    """
    return value > limit * (1.0 + _ROUNDING)


def chart_of(case: Case, library: Library, *, keys: Sequence[str] | None = None) -> Chart:
    """The chart of a case."""
    return Chart(case, library, tuple(points(case, keys=keys, reach=library["site_reach"].value)))
