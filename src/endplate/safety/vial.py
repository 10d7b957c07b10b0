"""Rules of the vial: its size, its dilution, and points that do not fit it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from math import ceil

from endplate.case import Case, Vial
from endplate.evidence import Library
from endplate.safety.amount import TENTH, unlike_label
from endplate.safety.chart import Chart
from endplate.safety.finding import Finding

__all__ = ["Preparation", "preparation", "vials"]

_UNITS, _VOLUME = "plan.vial.units", "plan.vial.volume"
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Preparation:
    """How the plan is drawn from its vial.

    Parameters
    ----------
    units : [U of the product]
        In one vial.
    tenth : [U of the product]
        In 0.1 mL.
    vials
        Needed for the session with most units.
    wasted : [U of the product]
        Left over in them.
    """

    units: float
    tenth: float
    vials: int
    wasted: float

    def to_dict(self) -> dict[str, float]:
        """As plain data, for JSON."""
        return asdict(self)


def preparation(case: Case, library: Library) -> Preparation | None:
    """How a case's plan is drawn from its vial; None if the vial or its dilution is not told.

    Examples
    --------
    >>> from endplate.case import Vial
    >>> from endplate.case.file import parse_case, write_template
    >>> from endplate.evidence import load
    >>> from dataclasses import replace
    >>> case = replace(parse_case(write_template("glabella-20u")), vial=Vial(100.0, 2.5))
    >>> preparation(case, load())
    Preparation(units=100.0, tenth=4.0, vials=1, wasted=80.0)
    """
    strength = None if case.vial is None else _strength(case.vial, case.plan.product.code, library)
    if case.vial is None or strength is None:
        return None
    most = max(case.plan.total_dose)
    count = max(1, ceil(most / case.vial.units - _ROUNDING))
    return Preparation(case.vial.units, strength * TENTH, count, count * case.vial.units - most)


def vials(chart: Chart) -> Iterator[Finding]:
    """What is wrong with the vial, and points that are not drawn from it."""
    vial = chart.case.vial
    if vial is None:
        return
    yield from _size(chart, vial)
    strength = _strength(vial, chart.product, chart.library)
    if strength is None:
        yield chart.finding("missing_dilution", _UNITS, entry=None, units=vial.units)
        return
    name = chart.limit("label_concentration")
    words = None if name is None else unlike_label(chart, name, dose=vial.units, volume=vial.units / strength)
    if words is not None:
        yield chart.finding("concentration", _VOLUME, entry=name, **words)
    yield from _points(chart, strength)


def _strength(vial: Vial, product: str, library: Library) -> float | None:
    """Units in a millilitre; of a ready liquid, those of the label if no volume is told."""
    if vial.volume is not None:
        return vial.units / vial.volume
    ready = f"ready_liquid.{product}"
    return library[ready].value if ready in library else None


def _size(chart: Chart, vial: Vial) -> Iterator[Finding]:
    stem = f"vial.{chart.product}."
    known = sorted(entry.value for name, entry in chart.library.items() if name.startswith(stem))
    if known and vial.units not in known:
        words = ", ".join(f"{units:g}" for units in known)
        yield chart.finding("vial_size", _UNITS, entry=None, units=vial.units, known=words)


def _points(chart: Chart, strength: float) -> Iterator[Finding]:
    tolerance = chart.number("concentration_tolerance")
    for point in chart.points:
        one = point.injection
        if one.dose <= 0.0 or one.volume <= 0.0:
            continue
        ratio = one.dose / one.volume / strength
        if not 1.0 / tolerance <= ratio <= tolerance:
            words = {"dose": one.dose, "volume": one.volume, "vial": strength * TENTH}
            words |= {"concentration": one.dose / one.volume * TENTH}
            yield chart.finding("vial_mismatch", point.key("volume"), entry=None, **words)
