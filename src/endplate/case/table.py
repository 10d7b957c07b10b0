"""The tables of a case file: their keys, and the checks between them.

Validation runs with a `Context`, so that a check between two keys runs even if a third is at fault.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Literal, Self, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from endplate.case.anatomy import anatomy
from endplate.case.build import Build
from endplate.case.field import Dose, Measure, NameOf, Place, Title, Whole, fault
from endplate.case.health_table import HealthTable, VialTable
from endplate.case.nearest import nearest
from endplate.case.offer_table import MOST_OFFERS, OfferTable
from endplate.case.product import products
from endplate.case.site import Shot
from endplate.case.spot import Spot
from endplate.evidence.rule import rules

__all__ = [
    "LONGEST",
    "MOST_INJECTIONS",
    "SHORTEST",
    "CaseTable",
    "Context",
    "InjectionTable",
    "PatientTable",
    "PlanTable",
    "SessionTable",
]

MOST_INJECTIONS = 500
SHORTEST, LONGEST = 0.1, 36525.0  # day; a course below two hours would say nothing
_MOST = 2**31 - 1

Text = Annotated[str, Title()]
Age = Annotated[float, Measure(2.0, 120.0, "year")]
Time = Annotated[float, Measure(0.0, LONGEST, "day")]
Span = Annotated[float, Measure(SHORTEST, LONGEST, "day")]
Volume = Annotated[float, Measure(0.001, 5.0, "mL")]
Depth = Annotated[float, Measure(0.0, 60.0, "mm")]
Units = Annotated[float, Dose(25000.0)]
Scale = Annotated[float, Measure(0.1, 10.0)]
Intercanthal = Annotated[float, Measure(20.0, 50.0, "mm")]
Menopause = Annotated[float, Measure(10.0, 70.0, "year")]
Moisture = Annotated[float, Measure(0.0, 2.0)]
Forehead = Annotated[float, Measure(30.0, 100.0, "mm")]
Habit = Annotated[float, Measure(0.0, 20.0)]
PackYears = Annotated[float, Measure(0.0, 300.0)]
Share = Annotated[float, Measure(0.0, 1.0)]
Grade = Annotated[float, Measure(0.0, 3.0)]
SkinType = Annotated[int, Whole(1, 6)]
Seed = Annotated[int, Whole(0, _MOST)]
Coordinates = Annotated[tuple[float, ...], Place(400.0)]
ProductName = Annotated[str, NameOf("product", products)]
PatternName = Annotated[str, NameOf("pattern", lambda: anatomy().patterns)]
SiteName = Annotated[str, NameOf("site", lambda: anatomy().sites)]
FrameName = Annotated[str, NameOf("frame", lambda: anatomy().frames())]
Weight = Annotated[float, Measure(1.0, 400.0, "kg")]
RuleName = Annotated[str, NameOf("rule", rules)]
SexName = Annotated[Literal["female", "male"], NameOf("sex", lambda: ("female", "male"))]


_QUANTITY = "a number in days, or text with a unit"
_FITZPATRICK = "Fitzpatrick skin type: recorded, and the colour of the skin in pictures of a head; no curve follows it"
_MUSCLE_MASS = (
    "mass of all muscles relative to an adult woman's, for men too: no measurement of men's facial muscles was found, "
    "so sex alone changes none"
)
_WEIGHT = "a number in kg, or text with a unit: for the safety check; no curve follows it"
_OFFERS = "what else is done: creams, filler, laser and the like; names: `endplate offers`"
_OVERRIDE = "rules of the safety check that are overridden, each with its reason"
_INTERCANTHAL = "mm between the medial canthi: scales the head across; that of the muscle map's adult woman if left out"
_FOREHEAD = "mm from the brow to the hairline: scales the head upwards from the canthi; that of the map if left out"
_MENOPAUSE = "age at menopause; the usual one if left out. Only how far it departs from that changes the skin"
_MOISTURE = "water of the horny layer: 1 as usual, 0 very dry, 2 soaked; a dry layer is stiffer and folds deeper"
_PRONENESS = "how easily folding engraves lines, relative to typical skin of the age: what is inherited"
_ANTIBODIES = "share of the toxin that antibodies leave free; 1 without antibodies"
_MASSAGE = "whether the sites are rubbed or pressed afterwards: the front of the fluid is blurred more (assumed)"
_DAYS = f"{_QUANTITY}: how long the course is followed, beyond the last session"
_SESSIONS = "at least one, unless the case has other offers alone"
_SEED = "seed of the draws of virtual patients; a single course draws nothing and does not follow it"
_ANTITOXIN = (
    f"{_QUANTITY}: from then on antitoxin clears free toxin, and only that, to the end of the simulation; "
    "before that end"
)


@dataclass(frozen=True, slots=True)
class Context:
    """What validators of different tables know of each other.

    Product, size of the head, days of sessions and of the end, and whether something else is offered.
    """

    product: str | None
    build: Build = field(default_factory=Build)
    sessions: list[float] = field(default_factory=list[float])
    ends: list[float] = field(default_factory=list[float])
    offered: bool = False


def _context(info: ValidationInfo) -> Context:
    return info.context if isinstance(info.context, Context) else Context(None)


class _Table(BaseModel):
    """A table of the file: unknown keys are faults."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class SkinTable(_Table):
    """``[patient.skin]``."""

    fitzpatrick: Annotated[SkinType, Field(description=_FITZPATRICK)] = 2
    thickness: Annotated[Scale, Field(description="dermis relative to the typical one at this age and sex")] = 1.0
    moisture: Annotated[Moisture, Field(description=_MOISTURE)] = 1.0
    proneness: Annotated[Scale, Field(description=_PRONENESS)] = 1.0


class HabitsTable(_Table):
    """``[patient.habits]``: relative to a typical person; smoking in pack-years."""

    frowning: Habit = 1.0
    brow_raising: Habit = 1.0
    squinting: Habit = 1.0
    sun: Habit = 1.0
    smoking: PackYears = 0.0


class GradesTable(_Table):
    """Grades of one region before treatment, 0 none to 3 severe."""

    maximum: Grade | None = None
    rest: Grade | None = None

    @model_validator(mode="after")
    def _rest_is_milder(self) -> Self:
        if self.maximum is not None and self.rest is not None and self.rest > self.maximum:
            raise fault(
                f"the grade at rest, {self.rest:g}, is above that at maximum contraction, {self.maximum:g}",
                "give a grade at rest that is not above the one at maximum contraction",
            )
        return self


class BaselineTable(_Table):
    """``[patient.baseline]``, by region."""

    glabella: GradesTable = GradesTable()
    forehead: GradesTable = GradesTable()
    lateral_canthus_left: GradesTable = GradesTable()
    lateral_canthus_right: GradesTable = GradesTable()
    bunny_left: GradesTable = GradesTable()
    bunny_right: GradesTable = GradesTable()
    perioral: GradesTable = GradesTable()
    marionette_left: GradesTable = GradesTable()
    marionette_right: GradesTable = GradesTable()
    chin: GradesTable = GradesTable()
    platysma_left: GradesTable = GradesTable()
    platysma_right: GradesTable = GradesTable()


class PatientTable(_Table):
    """``[patient]``."""

    age: Age = 45.0
    sex: SexName = "female"
    muscle_mass: Annotated[Scale, Field(description=_MUSCLE_MASS)] = 1.0
    intercanthal_width: Annotated[Intercanthal | None, Field(description=_INTERCANTHAL)] = None
    forehead_height: Annotated[Forehead | None, Field(description=_FOREHEAD)] = None
    menopause: Annotated[Menopause | None, Field(description=_MENOPAUSE)] = None
    antibody_free_fraction: Annotated[Share, Field(description=_ANTIBODIES)] = 1.0
    weight: Annotated[Weight | None, Field(description=_WEIGHT)] = None
    health: HealthTable = HealthTable()
    skin: SkinTable = SkinTable()
    habits: HabitsTable = HabitsTable()
    baseline: BaselineTable = BaselineTable()

    @field_validator("menopause", mode="after")
    @classmethod
    def _is_of_a_woman(cls, menopause: float | None, info: ValidationInfo) -> float | None:
        if menopause is not None and info.data.get("sex") == "male":
            raise fault("a man has no menopause", "leave it out, or correct the sex")
        return menopause


class InjectionTable(_Table):
    """``[[plan.session.injection]]``: at a named site, or at coordinates in mm."""

    site: SiteName | None = None
    at_mm: Coordinates | None = None
    frame: FrameName = "head"
    depth: Annotated[Depth | None, Field(validate_default=True)] = None
    dose: Units
    volume: Volume

    @field_validator("depth", mode="after")
    @classmethod
    def _is_in_tissue(cls, depth: float | None, info: ValidationInfo) -> float | None:
        if {"site", "at_mm", "frame"} <= info.data.keys():
            build = _context(info).build
            Spot(info.data["site"], info.data["at_mm"], depth, info.data["frame"], build).check()
        return depth

    def spot(self, build: Build) -> Spot:
        """Where it is given, in a head of this size."""
        return Spot(self.site, self.at_mm, self.depth, self.frame, build)


class SessionTable(_Table):
    """``[[plan.session]]``: a pattern, or injections, or a pattern and further injections."""

    at: Time
    pattern: PatternName | None = None
    injection: Annotated[list[InjectionTable], Field(validate_default=True)] = []

    @field_validator("at", mode="after")
    @classmethod
    def _is_noted(cls, at: float, info: ValidationInfo) -> float:
        _context(info).sessions.append(at)
        return at

    @field_validator("pattern", mode="after")
    @classmethod
    def _is_of_the_product(cls, pattern: str | None, info: ValidationInfo) -> str | None:
        code = _context(info).product
        if pattern is None or code is None or anatomy().patterns[pattern].product == code:
            return pattern
        meant = anatomy().patterns[pattern].product
        own = [name for name, one in anatomy().patterns.items() if one.product == code]
        remedy = anatomy().without_pattern.get(code) or f"{nearest(pattern, own)} Or name sites and doses yourself"
        raise fault(f"pattern {pattern!r} is for {meant}, but the plan's product is {code}", remedy)

    @field_validator("injection", mode="after")
    @classmethod
    def _is_something(cls, injection: list[InjectionTable], info: ValidationInfo) -> list[InjectionTable]:
        if not injection and info.data.get("pattern", "") is None:
            remedy = "add pattern = … or a [[plan.session.injection]]"
            raise fault("a session needs a pattern or injections", remedy, key="")
        return injection

    def shots(self) -> tuple[Shot, ...]:
        """What the pattern gives."""
        return () if self.pattern is None else anatomy().patterns[self.pattern].shots


class PlanTable(_Table):
    """``[plan]``; each kind of file says how many sessions it may hold."""

    product: ProductName
    vial: VialTable | None = None
    massage: Annotated[bool, Field(strict=True, description=_MASSAGE)] = False
    session: Annotated[list[SessionTable], Field(description=_SESSIONS, validate_default=True)] = []

    @field_validator("session", mode="before")
    @classmethod
    def _is_not_endless(cls, sessions: object) -> object:
        items: list[object] = cast("list[object]", sessions) if isinstance(sessions, list) else []
        count = sum(_count(session) for session in items)
        if count > MOST_INJECTIONS:
            raise fault(f"{count} injections are too many", f"give at most {MOST_INJECTIONS}")
        return cast("object", sessions)


class CasePlanTable(PlanTable):
    """``[plan]`` of a case file: sessions, or other offers alone."""

    @field_validator("session", mode="after")
    @classmethod
    def _is_something(cls, sessions: list[SessionTable], info: ValidationInfo) -> list[SessionTable]:
        if not sessions and not _context(info).offered:
            raise fault("no session", "add a [[plan.session]], or [[offers]] without toxin")
        return sessions


def _count(session: object) -> int:
    """Number of injections in a session as TOML gives it; an empty one counts as one."""
    table = cast("dict[str, object]", session) if isinstance(session, dict) else {}
    pattern, injections = table.get("pattern"), table.get("injection")
    found = anatomy().patterns.get(pattern) if isinstance(pattern, str) else None
    count = len(cast("list[object]", injections)) if isinstance(injections, list) else 0
    return max(1, count + (len(found.shots) if found else 0))


class SimulationTable(_Table):
    """``[simulation]``."""

    days: Annotated[Span, Field(description=_DAYS)] = 365.0
    seed: Annotated[Seed, Field(description=_SEED)] = 0


class AntitoxinTable(_Table):
    """``[antitoxin]``."""

    at: Annotated[Time, Field(description=_ANTITOXIN)]


class CaseTable(_Table):
    """A whole case file."""

    title: Text
    patient: PatientTable = PatientTable()
    plan: CasePlanTable
    simulation: Annotated[SimulationTable, Field(validate_default=True)] = SimulationTable()
    antitoxin: AntitoxinTable | None = None
    offers: Annotated[list[OfferTable], Field(max_length=MOST_OFFERS, description=_OFFERS)] = []
    override: Annotated[dict[RuleName, Text], Field(description=_OVERRIDE)] = {}

    @field_validator("simulation", mode="after")
    @classmethod
    def _ends_after_the_last_session(cls, simulation: SimulationTable, info: ValidationInfo) -> SimulationTable:
        _context(info).ends.append(simulation.days)
        last = max(_context(info).sessions, default=0.0)
        if last >= simulation.days:
            raise fault(
                f"the session at {last:g} days does not lie before the end, {simulation.days:g} days",
                "let the simulation end later: [simulation] days",
                key="simulation.days",
            )
        return simulation

    @field_validator("antitoxin", mode="after")
    @classmethod
    def _is_given_within_the_simulation(
        cls, antitoxin: AntitoxinTable | None, info: ValidationInfo
    ) -> AntitoxinTable | None:
        simulation: SimulationTable | None = info.data.get("simulation")
        if antitoxin is not None and simulation is not None and antitoxin.at >= simulation.days:
            raise fault(
                f"antitoxin at {antitoxin.at:g} days does not lie before the end, {simulation.days:g} days",
                "give it earlier, or let the simulation end later: [simulation] days",
                key="antitoxin.at",
            )
        return antitoxin
