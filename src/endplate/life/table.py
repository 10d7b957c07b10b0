"""The tables of a years file: patient and plan as in a case file, and ``[years]``."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from endplate.case import REGIONS
from endplate.case.field import Measure, NameOf, Title, Whole, fault
from endplate.case.offer import ANAESTHETIC
from endplate.case.offer_table import MOST_OFFERS, OfferTable
from endplate.case.table import PatientTable, PlanTable, SessionTable
from endplate.evidence.rule import rules

__all__ = ["LONGEST", "ChangeTable", "YearsFile", "YearsTable"]

LONGEST = 60.0
_MOST, _MOST_CHANGES = 2**31 - 1, 50

Text = Annotated[str, Title()]
Age = Annotated[float, Measure(2.0, 120.0, "year")]
Step = Annotated[float, Measure(14.0, 3653.0, "day")]
Factor = Annotated[float, Measure(0.0, 20.0)]
DoseFactor = Annotated[float, Measure(0.01, 10.0)]
Grade = Annotated[float, Measure(0.5, 3.0)]
Seed = Annotated[int, Whole(0, _MOST)]
RegionName = Annotated[str, NameOf("region", lambda: REGIONS)]
RuleName = Annotated[str, NameOf("rule", rules)]

_UNTIL = f"age at which it ends, at most {LONGEST:g} years after the patient's age"
_START = "age at the first session; the patient's age if left out"
_STOP = "age from which on no session is given; none if left out"
_EVERY = "time between two sessions; with a grade, between two looks"
_GRADE = "a session is given where lines of `region` at maximum effort are back at this grade; else at each interval"
_REGION = "whose lines are looked at for the grade; the first of the regions if left out"
_LEAST = "least time between two sessions, with a grade"
_PAUSES = "pairs of ages between which no session is given"
_REGIONS = "whose lines are followed; those that the session treats if left out"
_ANTIBODIES = "whether antibodies may end the response, at an age that the seed draws"
_OFFERS = "what else is done to the treated twin, days counted from the beginning; names: `endplate offers`"
_OVERRIDE = "rules of the safety check that are overridden, each with its reason"


class _Table(BaseModel):
    """A table of the file: unknown keys are faults."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ChangeTable(_Table):
    """``[[years.change]]``: what is different from an age on."""

    age: Age
    dose: Annotated[DoseFactor | None, Field(description="of each site, over that of the session as written")] = None
    frowning: Factor | None = None
    brow_raising: Factor | None = None
    squinting: Factor | None = None

    @property
    def factors(self) -> dict[str, float]:
        """What changes, and to what."""
        return self.model_dump(exclude_none=True, exclude={"age"})


class YearsTable(_Table):
    """``[years]``."""

    until: Annotated[Age, Field(description=_UNTIL)]
    start: Annotated[Age | None, Field(description=_START)] = None
    stop: Annotated[Age | None, Field(description=_STOP)] = None
    every: Annotated[Step, Field(description=_EVERY)] = 84.0
    grade: Annotated[Grade | None, Field(description=_GRADE)] = None
    region: Annotated[RegionName | None, Field(description=_REGION)] = None
    least: Annotated[Step | None, Field(description=_LEAST)] = None
    pauses: Annotated[list[tuple[Age, Age]], Field(max_length=_MOST_CHANGES, description=_PAUSES)] = []
    regions: Annotated[list[RegionName], Field(max_length=len(REGIONS), description=_REGIONS)] = []
    antibodies: Annotated[bool, Field(strict=True, description=_ANTIBODIES)] = True
    seed: Annotated[Seed, Field(description="of what is drawn")] = 0
    change: Annotated[list[ChangeTable], Field(max_length=_MOST_CHANGES)] = []

    @field_validator("start", "stop", mode="after")
    @classmethod
    def _lies_before_the_end(cls, age: float | None, info: ValidationInfo) -> float | None:
        until = info.data.get("until")
        if age is not None and until is not None and (age > until or (info.field_name == "start" and age == until)):
            raise fault(f"{age:g} years does not lie before the end, {until:g} years", "lower it, or raise `until`")
        return age

    @field_validator("stop", mode="after")
    @classmethod
    def _comes_after_the_start(cls, stop: float | None, info: ValidationInfo) -> float | None:
        start = info.data.get("start")
        if stop is not None and start is not None and stop <= start:
            raise fault(f"treatment stops at {stop:g} years, before it starts at {start:g}", "exchange them")
        return stop

    @field_validator("region", "least", mode="after")
    @classmethod
    def _belongs_to_a_grade(cls, value: object, info: ValidationInfo) -> object:
        if value is not None and info.data.get("grade", 0) is None:
            raise fault(f"`{info.field_name}` stands without a grade", "add `grade`, or leave it out: `every` decides")
        return value

    @field_validator("pauses", mode="after")
    @classmethod
    def _rise(cls, pauses: list[tuple[float, float]]) -> list[tuple[float, float]]:
        for first, last in pauses:
            if last <= first:
                raise fault(f"a pause ends at {last:g}, not after it begins at {first:g}", "exchange the two ages")
        if any(later[0] < before[1] for before, later in pairwise(pauses)):
            raise fault("pauses overlap or are not in order", "give them in order of age, each once")
        return pauses

    @field_validator("regions", mode="after")
    @classmethod
    def _stand_once(cls, names: list[str], info: ValidationInfo) -> list[str]:
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise fault(f"region {twice!r} stands twice", "name it once")
        looked = info.data.get("region")
        if looked is not None and names and looked not in names:
            raise fault(f"the grade is that of {looked!r}, which is not followed", f"add {looked!r} to the regions")
        return names

    @field_validator("change", mode="after")
    @classmethod
    def _change_something(cls, changes: list[ChangeTable], info: ValidationInfo) -> list[ChangeTable]:
        until = info.data.get("until")
        for change in changes:
            if not change.factors:
                remedy = "add dose, frowning, brow_raising or squinting"
                raise fault(f"the change at {change.age:g} years changes nothing", remedy)
            if until is not None and change.age >= until:
                raise fault(f"the change at {change.age:g} years comes after the end, {until:g}", "lower its age")
        return changes


class YearsPlanTable(PlanTable):
    """``[plan]`` of a years file: one session, which ``[years]`` gives again."""

    @field_validator("session", mode="after")
    @classmethod
    def _is_one_at_the_start(cls, sessions: list[SessionTable]) -> list[SessionTable]:
        starts = [one.at for one in sessions]
        if starts != [0]:
            many = f"{len(starts) or 'no'} sessions"
            what = f"a session at {starts[0]:g} days" if len(starts) == 1 else many
            remedy = "write one session with at = 0, also beside [[offers]]: [years] says when it is given again"
            raise fault(f"the plan has {what}", remedy)
        return sessions


class YearsFile(_Table):
    """A whole years file."""

    title: Text
    patient: PatientTable = PatientTable()
    plan: YearsPlanTable
    years: YearsTable
    offers: Annotated[list[OfferTable], Field(max_length=MOST_OFFERS, description=_OFFERS)] = []
    override: Annotated[dict[RuleName, Text], Field(description=_OVERRIDE)] = {}

    @field_validator("years", mode="after")
    @classmethod
    def _fit_the_patient(cls, years: YearsTable, info: ValidationInfo) -> YearsTable:
        patient = info.data.get("patient")
        age = None if patient is None else patient.age
        if age is None:
            return years
        if not 1.0 <= years.until - age <= LONGEST:
            raise fault(
                f"it would last {years.until - age:g} years, from {age:g} to {years.until:g}",
                f"let `until` lie 1 to {LONGEST:g} years after the patient's age",
                key="years.until",
            )
        early = [
            ("start", years.start),
            ("stop", years.stop),
            *((f"change[{n}].age", c.age) for n, c in enumerate(years.change)),
        ]
        for key, value in early:
            if value is not None and value < age:
                remedy = "raise it, or lower the patient's age"
                raise fault(f"{value:g} years lies before the patient's age, {age:g}", remedy, key=f"years.{key}")
        return years

    @field_validator("offers", mode="after")
    @classmethod
    def _act_on_skin(cls, offers: list[OfferTable]) -> list[OfferTable]:
        if any(one.permeation is not None for one in offers):
            raise fault(
                "an assumed permeation is not followed over years", "leave `permeation` out, or use a case file"
            )
        if any(one.name == ANAESTHETIC for one in offers):
            raise fault(f"{ANAESTHETIC} is not followed over years", "raise the volume of the session's injections")
        return offers
