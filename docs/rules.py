"""Write the page of safety rules, ``rules.md``, from the rules and their numbers: ``python docs/rules.py``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from endplate.case import vocabulary
from endplate.evidence import Library, load
from endplate.evidence.rule import VERDICTS, Rule, rules

PAGE = Path(__file__).with_name("rules.md")
MEANING = {
    "stop": "Do not go on with this plan. `endplate simulate` refuses it, unless the rule is overridden with a reason.",
    "refer": "A specialist decides.",
    "caution": "Change the plan, or have a reason.",
    "note": "Know of it; the plan is still clean.",
}
HEAD = """\
# Safety rules

Every rule of `endplate check`, in our words, with what it rests on. *Where* is the region whose labels say so; *ours*
marks a rule that no label gives. Words in italics are filled in from the case. This page is written from the rule file
by `python docs/rules.py`; [how the check works](safety.md). Research and education software, not a medical device: the
rules are no advice for a patient, and labels change.
"""
ASKED = {
    "conditions": "illness",
    "medicines": "medicines",
    "allergies": "allergies",
    "surgery": "surgery",
    "skin": "skin",
    "expectations": "expectations",
    "state": "state",
}
NUMBERS = """\

## Numbers of the rules

Limits of labels and thresholds, as the evidence library holds them (`endplate evidence show label_glabella.ona`).
*Confidence*: verified in the source, read in a secondary source, or recalled and still to be checked.

| entry | meaning | value | source | grade, confidence |
|---|---|---|---|---|
"""
STEMS = ("label_", "child_", "vial.", "ready_liquid.", "studied_", "older_age", "minimum_age", "adult_age", "session_")
OWN = ("rim_", "levator_", "depth_", "site_", "gross_", "own_", "other_", "shared_", "concentration_")


def page(library: Library) -> str:
    """The whole page."""
    parts = [HEAD]
    for verdict in VERDICTS:
        found = [rule for rule in rules().values() if rule.verdict == verdict]
        parts.append(f"\n## {verdict.capitalize()}\n\n{MEANING[verdict]}\n")
        parts += [text for rule in found for text in told(rule)]
    parts.append(NUMBERS)
    parts += [row(library, name) for name in library if name.startswith((*STEMS, *OWN))]
    return "".join(parts)


def told(rule: Rule) -> Iterator[str]:
    """One rule."""
    yield f"\n### {rule.title}\n\n{plain(rule.message)}\n\n*What to do.* {rule.remedy}\n\n"
    if rule.when is not None:
        yield f"*When.* {when(rule)}\n\n"
    where = "ours" if rule.approval == "ours" else rule.approval
    yield f"*Source.* {rule.source}. *Where:* {where}. *Name:* `{rule.key}`.\n"


def when(rule: Rule) -> str:
    """What calls for a rule of the candidate."""
    assert rule.when is not None
    names = [
        name if group == "state" else vocabulary()[group][name]
        for group, all_ in rule.when.asks.items()
        for name in all_
    ]
    words = "; ".join(names).replace("breastfeeding", "breast-feeding")
    limits = [f"products: {', '.join(rule.when.products)}"] if rule.when.products else []
    limits += [f"treated: {', '.join(map(region, rule.when.regions))}"] if rule.when.regions else []
    limits += [f"treated: anywhere but {', '.join(map(region, rule.when.elsewhere))}"] if rule.when.elsewhere else []
    return f"{words}." + (f" ({'; '.join(limits)})" if limits else "")


def region(name: str) -> str:
    """A region in words."""
    return {"other": "rest of the face", "unnamed": "elsewhere on the head"}.get(name, name.replace("_", " "))


def plain(message: str) -> str:
    """A message with the names of what is filled in, in italics."""
    out, rest = "", message
    while "{" in rest:
        before, _, rest = rest.partition("{")
        name, _, rest = rest.partition("}")
        out += f"{before}*{name.partition(':')[0].replace('_', ' ')}*"
    return out + rest


def row(library: Library, name: str) -> str:
    """One number."""
    entry = library[name]
    title = library.sources[entry.source[0]]["title"]
    return (
        f"| `{name}` | {entry.meaning} | {entry.value:g} {entry.unit} | {title}: {entry.where} "
        f"| {entry.grade}, {entry.confidence} |\n"
    )


if __name__ == "__main__":
    PAGE.write_text(page(load()), encoding="utf-8")
