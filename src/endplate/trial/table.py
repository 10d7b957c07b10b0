"""The tables of a trial file: their keys, and the checks between them."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from endplate.case import REGIONS
from endplate.case.anatomy import anatomy
from endplate.case.field import Measure, NameOf, Title, Whole, fault
from endplate.case.nearest import nearest
from endplate.case.product import products
from endplate.evidence.rule import rules
from endplate.trial.endpoints import ENDPOINTS
from endplate.trial.parameters import RATERS

__all__ = ["ArmTable", "TrialTable"]

_LONGEST, _MOST = 3653.0, 2**31 - 1
_MOST_ARMS, _MOST_VISITS, _MOST_DIARY = 12, 60, 120
_LARGEST_ARM, _MOST_PATIENTS = 100_000, 10_000_000
_MOST_CHECKS = 40

Text = Annotated[str, Title()]
Day = Annotated[float, Measure(0.0, _LONGEST, "day", above=True)]
Start = Annotated[float, Measure(0.0, _LONGEST, "day")]
Share = Annotated[float, Measure(0.0, 1.0)]
Dropout = Annotated[float, Measure(0.0, 0.95)]
Spread = Annotated[float, Measure(0.0, 3.0)]
Noise = Annotated[float, Measure(0.01, 2.0, "grade")]
Shift = Annotated[float, Measure(-2.0, 2.0, "grade")]
Years = Annotated[float, Measure(18.0, 100.0, "year")]
YearSpread = Annotated[float, Measure(0.1, 40.0, "year")]
Units = Annotated[float, Measure(0.0, 25000.0, above=True)]
Volume = Annotated[float, Measure(0.001, 5.0, "mL")]
Grade = Annotated[int, Whole(1, 3)]
ArmSize = Annotated[int, Whole(1, _LARGEST_ARM)]
Patients = Annotated[int, Whole(64, _MOST_PATIENTS)]
Seed = Annotated[int, Whole(0, _MOST)]
DiaryLength = Annotated[int, Whole(1, _MOST_DIARY)]
Check = Annotated[float, Measure(7.0, _LONGEST, "day")]
Treatments = Annotated[int, Whole(2, _MOST_CHECKS)]
ProductName = Annotated[str, NameOf("product", products)]
PatternName = Annotated[str, NameOf("pattern", lambda: anatomy().patterns)]
RegionName = Annotated[str, NameOf("region", lambda: REGIONS)]
RuleName = Annotated[str, NameOf("rule", rules)]
RaterName = Annotated[str, NameOf("rater", lambda: RATERS)]
EndpointName = Annotated[str, NameOf("endpoint", lambda: ENDPOINTS)]

_DOSE = "units of the arm's product in all, shared out as in the pattern; the pattern's own if absent"
_VOLUME = "fluid at each site; the pattern's own if absent"
_AT = "days of treatment: the first is day 0, each gives the whole dose again"
_RESPONSE = "the visit that tells responders, for times to loss and return; the one nearest to day 30 if absent"
_DROPOUT = "share of patients who have left by the last visit"
_OVERRIDE = "rules of the safety check that are overridden, each with its reason"
_GRADE = "treated again where the rater gives this grade or a higher one"
_BASELINE = "treated again where the rater's grade is back at baseline; with neither, after `least` days"
_PATIENTS = "virtual patients that expected rates are computed from; not the size of the trial"


class _Table(BaseModel):
    """A table of the file: unknown keys are faults."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ArmTable(_Table):
    """``[[arm]]``: a pattern of a product, or placebo."""

    name: Text
    size: ArmSize
    placebo: bool = False
    product: ProductName | None = None
    pattern: Annotated[PatternName | None, Field(validate_default=True)] = None
    dose: Annotated[Units | None, Field(description=_DOSE)] = None
    volume: Annotated[Volume | None, Field(description=_VOLUME)] = None
    at: Annotated[list[Start], Field(min_length=1, max_length=_MOST_VISITS, description=_AT)] = [0.0]

    @field_validator("product", "pattern", "dose", "volume", mode="after")
    @classmethod
    def _is_not_for_placebo(cls, value: object, info: ValidationInfo) -> object:
        if value is not None and info.data.get("placebo"):
            what = "placebo gives nothing that acts, and raters cannot tell it from a treatment"
            raise fault(f"a placebo arm has a {info.field_name}", f"leave it out: {what}")
        return value

    @field_validator("pattern", mode="after")
    @classmethod
    def _is_of_the_product(cls, pattern: str | None, info: ValidationInfo) -> str | None:
        if pattern is None and info.data.get("placebo") is False:
            raise fault("the arm gives nothing", "add pattern = …, or placebo = true")
        code: str | None = info.data.get("product")
        if pattern is None or code is None or anatomy().patterns[pattern].product == code:
            return pattern
        own = [name for name, one in anatomy().patterns.items() if one.product == code]
        remedy = anatomy().without_pattern.get(code) or nearest(pattern, own)
        meant = anatomy().patterns[pattern].product
        raise fault(f"pattern {pattern!r} is for {meant}, but the arm's product is {code}", remedy)

    @field_validator("at", mode="after")
    @classmethod
    def _rises(cls, at: list[float]) -> list[float]:
        if at[0] != 0 or any(after <= before for before, after in pairwise(at)):
            raise fault("days of treatment do not rise from 0", "begin with 0 and give each day once, in order")
        return at


class InclusionTable(_Table):
    """``[inclusion]``: least grade at maximum effort, and who must give it."""

    grade: Grade = 2
    raters: list[RaterName] = ["investigator", "subject"]


class VisitsTable(_Table):
    """``[visits]``."""

    days: Annotated[list[Day], Field(min_length=1, max_length=_MOST_VISITS)]
    response: Annotated[Day | None, Field(description=_RESPONSE)] = None
    diary: Annotated[DiaryLength, Field(description="length of the diary of onset [day]")] = 14
    dropout: Annotated[Dropout, Field(description=_DROPOUT)] = 0.0

    @field_validator("days", mode="after")
    @classmethod
    def _rise(cls, days: list[float]) -> list[float]:
        if any(after <= before for before, after in pairwise(days)):
            raise fault("visits do not rise", "give each day once, in order")
        return days

    @field_validator("response", mode="after")
    @classmethod
    def _is_a_visit(cls, response: float | None, info: ValidationInfo) -> float | None:
        days: list[float] = info.data.get("days", [])
        if response is not None and days and response not in days:
            known = ", ".join(f"{day:g}" for day in days)
            raise fault(f"no visit on day {response:g}", f"give one of the visits: {known}")
        return response


class RetreatmentTable(_Table):
    """``[retreatment]``: at checks, by a rater's grade or after an interval alone."""

    grade: Annotated[Grade | None, Field(description=_GRADE)] = None
    baseline: Annotated[bool, Field(description=_BASELINE)] = False
    rater: RaterName = "investigator"
    every: Annotated[Check, Field(description="time from check to check")] = 28.0
    until: Annotated[Day, Field(description="last day of treatment or visit")] = 365.0
    least: Annotated[Day, Field(description="least time between two treatments")] = 84.0
    most: Annotated[Treatments, Field(description="most treatments of one patient")] = 4

    @field_validator("baseline", mode="after")
    @classmethod
    def _is_one_rule(cls, baseline: bool, info: ValidationInfo) -> bool:
        if baseline and info.data.get("grade") is not None:
            raise fault("two rules are given: grade and baseline", "keep one of them")
        return baseline

    @field_validator("until", mode="after")
    @classmethod
    def _is_not_too_long(cls, until: float, info: ValidationInfo) -> float:
        every: float = info.data.get("every", until)
        if until / every > _MOST_CHECKS:
            raise fault(f"there are {until / every:.0f} checks", f"take at most {_MOST_CHECKS}: check less often")
        return until

    @field_validator("least", mode="after")
    @classmethod
    def _comes_before_the_end(cls, least: float, info: ValidationInfo) -> float:
        until: float = info.data.get("until", least)
        if least > until:
            raise fault(f"nobody can be treated again: {least:g} days is after the last day, {until:g}", "lower it")
        return least


class RaterTable(_Table):
    """One rater: what is set instead of the evidence library's number."""

    noise: Noise | None = None
    bias: Shift | None = None
    expectation: Shift | None = None


class RatersTable(_Table):
    """``[raters]``."""

    investigator: RaterTable = RaterTable()
    subject: RaterTable = RaterTable()
    panel: RaterTable = RaterTable()
    severity_width: Annotated[Share | None, Field(description="range of severities within a grade")] = None
    noticed_change: Noise | None = None
    moderate_change: Noise | None = None
    between_sensitivity: Spread | None = None
    between_severe_share: Spread | None = None
    between_grade: Spread | None = None
    between_noticed: Spread | None = None


class PopulationTable(_Table):
    """``[population]``: what is set instead of the evidence library's numbers; names are those of `Population`."""

    severe_share: Share | None = None
    female_share: Share | None = None
    smoker_share: Share | None = None
    age_mean: Years | None = None
    age_spread: YearSpread | None = None
    sensitivity_spread: Spread | None = None
    half_life_spread: Spread | None = None
    muscle_mass_spread: Spread | None = None
    skin_thickness_spread: Spread | None = None
    habit_spread: Spread | None = None
    sun_spread: Spread | None = None


class TrialTable(_Table):
    """A whole trial file."""

    title: Text
    region: RegionName = "glabella"
    seed: Seed = 0
    patients: Annotated[Patients, Field(description=_PATIENTS)] = 4096
    endpoints: Annotated[list[EndpointName], Field(min_length=1)]
    arm: Annotated[list[ArmTable], Field(min_length=1, max_length=_MOST_ARMS)]
    visits: VisitsTable
    inclusion: InclusionTable = InclusionTable()
    raters: RatersTable = RatersTable()
    population: PopulationTable = PopulationTable()
    override: Annotated[dict[RuleName, Text], Field(description=_OVERRIDE)] = {}
    retreatment: RetreatmentTable | None = None

    @field_validator("retreatment", mode="after")
    @classmethod
    def _is_the_only_plan(cls, retreatment: RetreatmentTable | None, info: ValidationInfo) -> RetreatmentTable | None:
        arms: list[ArmTable] = info.data.get("arm", [])
        own = next((arm.name for arm in arms if len(arm.at) > 1), None)
        if retreatment is not None and own is not None:
            raise fault(f"arm {own!r} has days of treatment of its own", "leave out its `at`, or [retreatment]")
        return retreatment

    @field_validator("arm", mode="after")
    @classmethod
    def _have_names_of_their_own(cls, arms: list[ArmTable]) -> list[ArmTable]:
        names = [arm.name for arm in arms]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise fault(f"two arms are named {twice!r}", "give each arm a name of its own")
        return arms

    @field_validator("endpoints", mode="after")
    @classmethod
    def _stand_once(cls, names: list[str]) -> list[str]:
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise fault(f"endpoint {twice!r} stands twice", "name it once")
        return names

    @field_validator("visits", mode="after")
    @classmethod
    def _go_on(cls, visits: VisitsTable, info: ValidationInfo) -> VisitsTable:
        arms: list[ArmTable] = info.data.get("arm", [])
        last = max((arm.at[-1] for arm in arms), default=0.0)
        if last >= visits.days[-1]:
            raise fault(
                f"the treatment of day {last:g} does not lie before the last visit, day {visits.days[-1]:g}",
                "add a later visit, or treat earlier",
                key="visits.days",
            )
        return visits

    def numbers(self) -> dict[str, Any]:
        """What is set of raters and thresholds, by field of `TrialParameters`."""
        plain = self.raters.model_dump(exclude_none=True)
        own = {f"{rater}_{key}": value for rater in RATERS for key, value in plain.pop(rater, {}).items()}
        return own | plain
