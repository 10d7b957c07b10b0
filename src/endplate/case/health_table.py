"""The tables of a case file that only the safety check reads."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from endplate.case.field import Dose, Measure, NameOf, Yes, fault
from endplate.case.health import vocabulary
from endplate.case.product import products

__all__ = ["HealthTable", "TreatmentTable", "VialTable"]

_MOST = 25000.0
_NAMES = 64
_TREATMENTS = 200

Condition = Annotated[str, NameOf("condition", lambda: vocabulary()["conditions"])]
Medicine = Annotated[str, NameOf("medicine", lambda: vocabulary()["medicines"])]
Allergy = Annotated[str, NameOf("allergy", lambda: vocabulary()["allergies"])]
Operation = Annotated[str, NameOf("surgery", lambda: vocabulary()["surgery"])]
Finding = Annotated[str, NameOf("kind of skin", lambda: vocabulary()["skin"])]
Expectation = Annotated[str, NameOf("expectation", lambda: vocabulary()["expectations"])]
Flag = Annotated[bool, Yes()]


class _Table(BaseModel):
    """A table of the file: unknown keys are faults."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class TreatmentTable(_Table):
    """``[[patient.health.treatments]]``: an earlier treatment, in units of its own product."""

    product: Annotated[str, NameOf("product", products)]
    dose: Annotated[float, Dose(_MOST)]
    ago: Annotated[
        float,
        Measure(0.0, 36525.0, "day"),
        Field(description="a number in days, or text with a unit: how long before the start"),
    ]

    @field_validator("dose", mode="before")
    @classmethod
    def _is_in_its_own_units(cls, dose: object, info: ValidationInfo) -> float:
        return Dose(_MOST).units_of(dose, info.data.get("product"), whose="the product of that treatment")


class HealthTable(_Table):
    """``[patient.health]``: what was asked; an empty list says that there is none."""

    lists: ClassVar = ("conditions", "medicines", "allergies", "surgery", "skin", "expectations")

    conditions: Annotated[list[Condition] | None, Field(max_length=_NAMES)] = None
    medicines: Annotated[list[Medicine] | None, Field(max_length=_NAMES)] = None
    allergies: Annotated[list[Allergy] | None, Field(max_length=_NAMES)] = None
    pregnant: Flag | None = None
    breastfeeding: Flag | None = None
    surgery: Annotated[list[Operation] | None, Field(max_length=_NAMES)] = None
    skin: Annotated[list[Finding] | None, Field(max_length=_NAMES)] = None
    expectations: Annotated[list[Expectation] | None, Field(max_length=_NAMES)] = None
    treatments: Annotated[list[TreatmentTable] | None, Field(max_length=_TREATMENTS)] = None

    @field_validator(*lists, mode="after")
    @classmethod
    def _are_named_once(cls, names: list[str] | None) -> list[str] | None:
        twice = sorted({name for name in names or () if (names or []).count(name) > 1})
        if twice:
            raise fault(f"{', '.join(map(repr, twice))} stands more than once", "name each once")
        return names


class VialTable(_Table):
    """``[plan.vial]``."""

    units: Annotated[float, Dose(_MOST), Field(description="units of the plan's product in one vial")]
    volume: Annotated[
        float | None,
        Measure(0.05, 50.0, "mL"),
        Field(description="a number in mL, or text with a unit: fluid in the vial when it is ready"),
    ] = None
