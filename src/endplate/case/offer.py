"""What else is offered to people who want fewer lines, and what of it a case says."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from endplate.evidence import Library, Quantity

__all__ = ["ANAESTHETIC", "PEPTIDE", "Change", "Given", "Offer", "changes_of", "offers"]

_FILE = Path(__file__).with_name("offers.toml")
# The offers that do more than change parameters of the skin.
PEPTIDE, ANAESTHETIC = "acetyl_hexapeptide_8", "local_anaesthetic"


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that is offered.

    Parameters
    ----------
    name, title
        For files and for people.
    daily
        Whether it is used every day; otherwise it is done once.
    changes
        Parameters of the skin that it changes.
    words
        What to know of it.
    numbers
        The offer whose entries tell its numbers, if not its own.
    refused
        Why it is not simulated; empty where it is.
    """

    name: str
    title: str
    daily: bool
    changes: tuple[str, ...]
    words: str = ""
    numbers: str = ""
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What an offer does to one parameter of the skin: relative size [1], and its times [day]."""

    parameter: str
    size: Quantity
    onset: Quantity
    lasts: Quantity
    fade: Quantity

    @property
    def entries(self) -> tuple[Quantity, ...]:
        """The four numbers."""
        return (self.size, self.onset, self.lasts, self.fade)

    @property
    def assumed(self) -> bool:
        """Whether the size is a guess."""
        return self.size.grade == "assumed"


@dataclass(frozen=True, slots=True)
class Given:
    """An offer as a case has it.

    Parameters
    ----------
    name
        Of the offer.
    day : [day]
        When it is done, or first used.
    until : [day]
        Last day of a daily use; None: to the end.
    regions
        Where; None for the whole face.
    content
        Share by mass of the peptide in the cream; that of the evidence library if None.
    permeation
        Assumed share of the applied peptide that gets to the end plates; the published one if None.
    volume : [mL]
        Of local anaesthetic added to each injection of that day.
    """

    name: str
    day: float
    until: float | None = None
    regions: tuple[str, ...] | None = None
    content: float | None = None
    permeation: float | None = None
    volume: float = 0.0


@cache
def offers() -> Mapping[str, Offer]:
    """All offers by name, those that are refused included.

    Examples
    --------
    >>> offers()["filler"].changes, bool(offers()["infrared"].refused)
    (('crease',), True)
    """
    tables = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return MappingProxyType(
        {name: Offer(name, **(fields | {"changes": tuple(fields["changes"])})) for name, fields in tables.items()}
    )


def changes_of(offer: Offer, library: Library) -> tuple[Change, ...]:
    """The changes of an offer with their evidence.

    Examples
    --------
    >>> from endplate.evidence import load
    >>> [one.size.value for one in changes_of(offers()["laser"], load())]
    [-0.45]
    """
    stem = f"offer.{offer.numbers or offer.name}"
    parts = ("size", "onset", "lasts", "fade")
    return tuple(Change(one, *(library[f"{stem}.{one}.{part}"] for part in parts)) for one in offer.changes)
