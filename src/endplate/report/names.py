"""Names and short texts of values, as people read them."""

from __future__ import annotations

from math import isfinite, isnan

__all__ = [
    "LOWER_FACE",
    "REGION_NAMES",
    "day_text",
    "duration_text",
    "muscle_name",
    "pair_name",
    "plural",
    "region_name",
]

REGION_NAMES = {
    "glabella": "Frown lines (glabella)",
    "forehead": "Forehead lines",
    "lateral_canthus_left": "Lateral canthal lines, left",
    "lateral_canthus_right": "Lateral canthal lines, right",
    "bunny_left": "Bunny lines, left",
    "bunny_right": "Bunny lines, right",
    "perioral": "Lip lines (perioral)",
    "marionette_left": "Marionette line, left",
    "marionette_right": "Marionette line, right",
    "chin": "Chin",
    "platysma_left": "Platysma bands, left",
    "platysma_right": "Platysma bands, right",
}
# The regions below the nose.
LOWER_FACE = ("perioral", "marionette_left", "marionette_right", "chin", "platysma_left", "platysma_right")
_DASH = "–"
_FEW = 10
_SPELLED = {"sup": "superioris", "ant": "anterior", "med": "and medius"}


def muscle_name(name: str) -> str:
    """A muscle's name in words.

    Examples
    --------
    >>> muscle_name("levator_labii_sup_alaeque_nasi.left")
    'levator labii superioris alaeque nasi, left'
    """
    stem, _, side = name.partition(".")
    words = " ".join(_SPELLED.get(word, word) for word in stem.split("_"))
    return f"{words}, {side}" if side else words


def pair_name(names: tuple[str, ...]) -> str:
    """The name of a muscle, or of a left and right one together."""
    if len(names) == 1:
        return muscle_name(names[0])
    return muscle_name(names[0].partition(".")[0]) + ", both sides"


def region_name(names: tuple[str, ...]) -> str:
    """The name of a region of lines, or of a left and right one together.

    Examples
    --------
    >>> region_name(("lateral_canthus_left", "lateral_canthus_right"))
    'Lateral canthal lines, both sides'
    """
    name = REGION_NAMES[names[0]]
    return name if len(names) == 1 else name.replace("left", "both sides")


def day_text(day: float) -> str:
    """A day as a whole number, with one digit below ten; a dash for never.

    Examples
    --------
    >>> day_text(1.234), day_text(152.7), day_text(float("inf"))
    ('1.2', '153', '–')
    """
    if not isfinite(day):
        return _DASH
    return f"{day:.1f}".removesuffix(".0") if day < _FEW else f"{day:.0f}"


def duration_text(days: float, length: float) -> str:
    """A duration [day]; ``> length`` where the effect outlasts the simulation, a dash where there is no effect.

    Examples
    --------
    >>> duration_text(0.0, 365.0), duration_text(float("inf"), 365.0), duration_text(117.3, 365.0)
    ('–', '> 365', '117')
    """
    if isnan(days) or days == 0.0:
        return _DASH
    return day_text(days) if isfinite(days) else f"> {length:g}"


def plural(count: int, word: str) -> str:
    """A count with its noun.

    Examples
    --------
    >>> plural(1, "injection"), plural(2, "injection")
    ('1 injection', '2 injections')
    """
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
