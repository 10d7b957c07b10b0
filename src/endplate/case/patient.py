"""Who is treated: age, sex, skin, habits, baseline grades, health."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from endplate.case.health import Health
from endplate.errors import InvalidRequest

__all__ = ["REGIONS", "Baseline", "Habits", "Patient", "Sex", "Skin"]

Sex = Literal["female", "male"]

# The order of every region axis.
REGIONS = (
    "glabella",
    "forehead",
    "lateral_canthus_left",
    "lateral_canthus_right",
    "bunny_left",
    "bunny_right",
    "perioral",
    "marionette_left",
    "marionette_right",
    "chin",
    "platysma_left",
    "platysma_right",
)
_UNKNOWN: tuple[float | None, ...] = (None,) * len(REGIONS)


@dataclass(frozen=True, slots=True)
class Skin:
    """Skin of the face.

    Parameters
    ----------
    fitzpatrick
        Skin type, 1 (always burns) to 6 (never burns): recorded, and the colour of the skin in
        pictures of a head. No curve follows it.
    thickness
        Dermis thickness relative to the typical one at this age and sex.
    moisture
        Water of the horny layer: 1 as usual, 0 very dry, 2 soaked. A dry layer is stiffer and folds deeper.
    proneness
        How easily folding engraves lines, relative to typical skin of the age: what is inherited.
    """

    fitzpatrick: int = 2
    thickness: float = 1.0
    moisture: float = 1.0
    proneness: float = 1.0


@dataclass(frozen=True, slots=True)
class Habits:
    """How often the face is moved, and what the skin is exposed to.

    Parameters
    ----------
    frowning, brow_raising, squinting
        Number of movements relative to a typical person.
    sun
        Ultraviolet dose relative to a typical person.
    smoking : [pack-years]
        Packs a day times years.
    """

    frowning: float = 1.0
    brow_raising: float = 1.0
    squinting: float = 1.0
    sun: float = 1.0
    smoking: float = 0.0


@dataclass(frozen=True, slots=True)
class Baseline:
    """Grades before treatment, 0 none to 3 severe, in the order of `REGIONS`; None where not graded.

    Regions after the last grade that is given are not graded.

    Parameters
    ----------
    maximum : (R,) [grade]
        At maximum contraction.
    rest : (R,) [grade]
        At rest.

    Examples
    --------
    >>> len(Baseline(maximum=(3.0,)).maximum) == len(REGIONS)
    True
    """

    maximum: tuple[float | None, ...] = _UNKNOWN
    rest: tuple[float | None, ...] = _UNKNOWN

    def __post_init__(self) -> None:
        """Fill up with None."""
        for effort in ("maximum", "rest"):
            given: tuple[float | None, ...] = getattr(self, effort)
            if len(given) > len(REGIONS):
                raise InvalidRequest(
                    f"{len(given)} grades at {effort} for {len(REGIONS)} regions; give one each, in order of REGIONS"
                )
            object.__setattr__(self, effort, (*given, *_UNKNOWN[len(given) :]))


@dataclass(frozen=True, slots=True)
class Patient:
    """One person.

    Parameters
    ----------
    age : [year]
        Age at the start of the simulation.
    sex
        ``female`` or ``male``.
    muscle_mass
        Mass of all muscles relative to the anatomy's adult woman, for men too: no measurement
        of men's facial muscles was found, so sex alone changes none.
    intercanthal_width, forehead_height : [mm]
        Between the medial canthi, and from the brow to the hairline: they scale the head across, and upwards
        from the canthi. Those of the anatomy's adult woman if None.
    menopause : [year]
        Age at menopause; the usual one if None. Only how far it departs from that changes the skin.
    skin, habits, baseline
        See there.
    antibody_free_fraction
        Share of the injected toxin that antibodies leave free; 1 without antibodies.
    weight : [kg]
        Body weight, for the safety check; no curve follows it.
    health
        For the safety check; no curve follows it.

    Examples
    --------
    >>> Patient().habits.frowning
    1.0
    """

    age: float = 45.0
    sex: Sex = "female"
    muscle_mass: float = 1.0
    intercanthal_width: float | None = None
    forehead_height: float | None = None
    menopause: float | None = None
    skin: Skin = field(default_factory=Skin)
    habits: Habits = field(default_factory=Habits)
    baseline: Baseline = field(default_factory=Baseline)
    antibody_free_fraction: float = 1.0
    weight: float | None = None
    health: Health = field(default_factory=Health)
