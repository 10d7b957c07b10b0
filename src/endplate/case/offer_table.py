"""``[[offers]]`` of a case file: its keys, and the checks between them."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from endplate.case.field import Measure, NameOf, fault
from endplate.case.offer import ANAESTHETIC, PEPTIDE, Given, offers
from endplate.case.patient import REGIONS

__all__ = ["MOST_OFFERS", "OfferTable"]

MOST_OFFERS = 500
_LONGEST = 36525.0

Day = Annotated[float, Measure(0.0, _LONGEST, "day")]
RegionName = Annotated[str, NameOf("region", lambda: REGIONS)]
# The whole of an offer's own keys, and the offer they belong to.
_OWN = {"content": PEPTIDE, "permeation": PEPTIDE, "volume": ANAESTHETIC}

_AT = "a number in days, or text with a unit: when it is done, or first used"
_UNTIL = "a number in days, or text with a unit: last day of a daily use; to the end if left out"
_CONTENT = "share by mass of the peptide in the cream; that of the evidence library if left out"
_PERMEATION = "assumed share of the applied peptide that gets to the end plates; the published one if left out"
_VOLUME = "a number in mL, or text with a unit: local anaesthetic added to each injection of that day"


class OfferTable(BaseModel):
    """``[[offers]]``: what else is done; names: `endplate offers`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, NameOf("offer", offers)]
    at: Annotated[Day, Field(description=_AT)]
    until: Annotated[Day | None, Field(description=_UNTIL, validate_default=True)] = None
    regions: Annotated[list[RegionName] | None, Field(min_length=1, max_length=len(REGIONS))] = None
    content: Annotated[Annotated[float, Measure(0.0, 1.0, above=True)] | None, Field(description=_CONTENT)] = None
    permeation: Annotated[Annotated[float, Measure(0.0, 1.0)] | None, Field(description=_PERMEATION)] = None
    volume: Annotated[
        Annotated[float, Measure(0.0, 5.0, "mL", above=True)] | None,
        Field(description=_VOLUME, validate_default=True),
    ] = None

    @field_validator("name", mode="after")
    @classmethod
    def _has_evidence(cls, name: str) -> str:
        if offers()[name].refused:
            raise fault(f"{name} is refused: {offers()[name].refused}", "leave it out; see `endplate offers`")
        return name

    @field_validator("at", mode="after")
    @classmethod
    def _lies_within_the_simulation(cls, at: float, info: ValidationInfo) -> float:
        ends: list[float] = getattr(info.context, "ends", [])
        sessions: list[float] = getattr(info.context, "sessions", [at])
        if ends and at >= ends[0]:
            raise fault(
                f"{at:g} days does not lie before the end, {ends[0]:g} days",
                "give it earlier, or let the simulation end later: [simulation] days",
            )
        if info.data.get("name") == ANAESTHETIC and at not in sessions:
            raise fault(f"no session at {at:g} days, so there is no injection", "give it on the day of a session")
        return at

    @field_validator("until", mode="after")
    @classmethod
    def _ends_a_daily_use(cls, until: float | None, info: ValidationInfo) -> float | None:
        name, at = info.data.get("name"), info.data.get("at")
        if until is not None and name is not None and not offers()[name].daily:
            raise fault(f"{name} is done once and has no last day", "leave `until` out; its effect fades by itself")
        if until is not None and at is not None and until <= at:
            raise fault(f"the last day, {until:g}, is not after the first, {at:g}", "give a later day")
        return until

    @field_validator("regions", mode="after")
    @classmethod
    def _is_for_a_part_of_the_face(cls, regions: list[str] | None, info: ValidationInfo) -> list[str] | None:
        name = info.data.get("name")
        if regions is not None and name in _OWN.values():
            raise fault(f"{name} has no regions", "leave `regions` out")
        return regions

    @field_validator(*_OWN, mode="after")
    @classmethod
    def _belongs_to_the_offer(cls, value: float | None, info: ValidationInfo) -> float | None:
        name, key = info.data.get("name"), str(info.field_name)
        if value is not None and name is not None and name != _OWN[key]:
            raise fault(f"{name} has no {key}", f"leave it out; it belongs to {_OWN[key]}")
        if value is None and key == "volume" and name == ANAESTHETIC:
            raise fault("no volume of the anaesthetic", 'add it, such as volume = "0.05 mL"')
        return value

    def given(self) -> Given:
        """The offer as a case has it."""
        where = None if self.regions is None else tuple(self.regions)
        peptide = {"content": self.content, "permeation": self.permeation}
        return Given(self.name, self.at, self.until, where, **peptide, volume=self.volume or 0.0)
