"""One thing that a check found."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from endplate.evidence.rule import VERDICTS, Verdict

__all__ = ["VERDICTS", "Finding", "Verdict"]


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
    approval
        Where the rule holds: regions of approval, or ``ours``.
    overridden
        The reason for which the rule is overridden, if it is.

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
    approval: str = ""
    overridden: str | None = None

    @property
    def clean(self) -> bool:
        """Whether a plan with it is still clean: a note, or overridden with a reason."""
        return self.verdict == VERDICTS[-1] or self.overridden is not None

    @property
    def severity(self) -> int:
        """Place of the verdict in `VERDICTS`; 0 is the gravest."""
        return VERDICTS.index(self.verdict)

    def to_dict(self) -> dict[str, str | None]:
        """The finding as plain data, for JSON."""
        return asdict(self)
