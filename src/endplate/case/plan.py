"""A plan: injections of exactly one product over any number of sessions."""

from __future__ import annotations

from dataclasses import dataclass
from math import isclose

from endplate.case.injection import Injection
from endplate.case.product import Product

__all__ = ["Plan"]


@dataclass(frozen=True, slots=True)
class Plan:
    """Injections of one product. A session is all injections of one day.

    Parameters
    ----------
    product
        The one product of the plan.
    injections
        All injections, in any order.
    massage
        Whether the sites are rubbed or pressed afterwards, which spreads the fluid.

    Examples
    --------
    >>> from endplate.case import product
    >>> plan = Plan(product("ona"), (Injection((0.0, 10.0, -4.0), 4.0, 0.1, day=84.0),))
    >>> plan.days, plan.session
    ((84.0,), (0,))
    """

    product: Product
    injections: tuple[Injection, ...]
    massage: bool = False

    @property
    def days(self) -> tuple[float, ...]:
        """The distinct days of treatment in order, shape (S,) [day]."""
        return tuple(sorted({injection.day for injection in self.injections}))

    @property
    def session(self) -> tuple[int, ...]:
        """Index of the session of each injection, shape (number of injections,)."""
        order = {day: index for index, day in enumerate(self.days)}
        return tuple(order[injection.day] for injection in self.injections)

    @property
    def total_dose(self) -> tuple[float, ...]:
        """Units given in each session, shape (S,) [U of the product]."""
        return tuple(sum(one.dose for one in self.session_injections(index)) for index in range(len(self.days)))

    @property
    def one_pattern(self) -> bool:
        """Whether every session repeats the first one's sites and volumes, with doses scaled by one factor.

        Traced numbers that cannot be compared count as different.
        """
        sessions = [self.session_injections(index) for index in range(len(self.days))]
        return all(_same_pattern(sessions[0], other) for other in sessions[1:])

    def session_injections(self, index: int) -> tuple[Injection, ...]:
        """The injections of session `index`, in the order of the plan."""
        day = self.days[index]
        return tuple(injection for injection in self.injections if injection.day == day)


def _same_pattern(first: tuple[Injection, ...], other: tuple[Injection, ...]) -> bool:
    """Whether two sessions differ by one dose factor at most."""
    if len(first) != len(other):
        return False
    try:
        pairs = zip(first, other, strict=True)
        return all(_same_place(a, b) and _same_ratio(a, b, first[0], other[0]) for a, b in pairs)
    except TypeError:  # a traced number has no truth value
        return False


def _same_place(a: Injection, b: Injection) -> bool:
    return a.frame == b.frame and bool(a.site == b.site) and (a.volume is b.volume or bool(a.volume == b.volume))


def _same_ratio(a: Injection, b: Injection, first: Injection, other: Injection) -> bool:
    if a.dose is b.dose and first.dose is other.dose:
        return True
    return isclose(a.dose * other.dose, b.dose * first.dose, rel_tol=1e-12)
