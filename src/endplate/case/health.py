"""What a case tells of the candidate: illness, medicines, allergies, earlier treatments, expectations."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

__all__ = ["Health", "Treatment", "Vial", "vocabulary"]

_FILE = Path(__file__).with_name("health.toml")
Names = tuple[str, ...] | None


@cache
def vocabulary() -> Mapping[str, Mapping[str, str]]:
    """Names that each list of `Health` may hold, with what they mean.

    Examples
    --------
    >>> vocabulary()["allergies"]["cows_milk_protein"]
    "cow's-milk protein"
    """
    tables = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return MappingProxyType({group: MappingProxyType(names) for group, names in tables.items()})


@dataclass(frozen=True, slots=True)
class Treatment:
    """An earlier treatment with botulinum toxin.

    Parameters
    ----------
    product
        Code of its product.
    dose : [U of that product]
        Units given in it, over all sites.
    ago : [day]
        How long before the start of the simulation.
    """

    product: str
    dose: float
    ago: float


@dataclass(frozen=True, slots=True)
class Vial:
    """The vial that the plan is drawn from.

    Parameters
    ----------
    units : [U of the plan's product]
        Units in a vial.
    volume : [mL]
        Fluid in it when it is ready, or None if the file does not say.
    """

    units: float
    volume: float | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """What is told of a candidate's health. None: not asked, which is not the same as healthy.

    Parameters
    ----------
    conditions, medicines, allergies, surgery, skin, expectations
        Names of `vocabulary`.
    pregnant, breastfeeding
        Whether.
    treatments
        Earlier treatments with botulinum toxin.

    Examples
    --------
    >>> Health(conditions=()).unknown[:2]
    ('medicines', 'allergies')
    """

    conditions: Names = None
    medicines: Names = None
    allergies: Names = None
    pregnant: bool | None = None
    breastfeeding: bool | None = None
    surgery: Names = None
    skin: Names = None
    expectations: Names = None
    treatments: tuple[Treatment, ...] | None = None

    @property
    def unknown(self) -> tuple[str, ...]:
        """Fields that were not asked."""
        return tuple(name for name in self.__slots__ if getattr(self, name) is None)

    def names(self, group: str) -> tuple[str, ...]:
        """Names told in a group of `vocabulary`; in ``state``, whether pregnant or breast-feeding."""
        if group == "state":
            return tuple(name for name in ("pregnant", "breastfeeding") if getattr(self, name))
        found: Names = getattr(self, group)
        return found or ()
