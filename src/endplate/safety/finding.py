"""One thing that a check found."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal, get_args

__all__ = ["VERDICTS", "Finding", "Verdict"]

Verdict = Literal["stop", "refer", "caution", "note"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding of a check.

    Parameters
    ----------
    verdict
        ``stop`` (do not go on), ``refer`` (a specialist decides), ``caution`` (change it or
        give a reason) or ``note`` (know of it; the plan is still clean).
    rule
        Key of the rule.
    message
        What was found, with the values.
    remedy
        What to do.
    source
        What the rule rests on, in words.
    key
        Where it stands in the case file, such as ``plan.session[0].injection[2].dose``.

    Examples
    --------
    >>> Finding("caution", "interval", "Too close.", "Wait.", "class labelling").severity
    2
    """

    verdict: Verdict
    rule: str
    message: str
    remedy: str
    source: str
    key: str | None = None

    @property
    def severity(self) -> int:
        """Place of the verdict in `VERDICTS`; 0 is the gravest."""
        return VERDICTS.index(self.verdict)

    def to_dict(self) -> dict[str, str | None]:
        """The finding as plain data, for JSON."""
        return asdict(self)
