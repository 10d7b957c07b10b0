"""Lives: treatment over decades, beside the same life without."""

from __future__ import annotations

from endplate.life.check import check_life
from endplate.life.crowd import Lives, follow_lives
from endplate.life.file import read_years
from endplate.life.follow import Lifetime, Twins, Yearly, follow_life
from endplate.life.plan import Change, Life, Schedule

__all__ = [
    "Change",
    "Life",
    "Lifetime",
    "Lives",
    "Schedule",
    "Twins",
    "Yearly",
    "check_life",
    "follow_life",
    "follow_lives",
    "read_years",
]
