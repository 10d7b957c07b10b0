"""The sources: a strict, small subset of BibTeX, one field a line."""

from __future__ import annotations

import re
from collections.abc import Mapping

from endplate.errors import Fault

__all__ = ["parse_sources", "spelled_out"]

_OPEN = re.compile(r"@(\w+)\{([\w.+-]+),")
_FIELD = re.compile(r"\s+(\w+)\s*=\s*\{(.*)\},?")
_FORM = "write '@type{key,', then one '  field = {text},' a line, then '}'"


def parse_sources(text: str, file: str) -> tuple[dict[str, dict[str, str]], list[Fault]]:
    """Read the sources.

    Parameters
    ----------
    text, file
        The text, and the name that faults give to it.

    Returns
    -------
    sources, faults
        Key to fields (with ``type``), and everything that could not be read.
    """
    sources: dict[str, dict[str, str]] = {}
    faults: list[Fault] = []
    current: dict[str, str] | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        opened, field = _OPEN.fullmatch(line), _FIELD.fullmatch(line)
        if opened and current is None:
            if opened[2] in sources:
                faults.append(Fault("source stands twice", file, number, opened[2], "give it another key"))
            current = sources[opened[2]] = {"type": opened[1]}
        elif field and current is not None:
            current[field[1]] = field[2]
        elif line == "}" and current is not None:
            current = None
        elif line.strip() and not (current is None and line.startswith("%")):
            faults.append(Fault(f"cannot read {line.strip()[:60]!r}", file, number, None, _FORM))
    return sources, faults


def spelled_out(source: Mapping[str, str]) -> str:
    """One source as a sentence: authors, year, title, where, link."""
    where = " ".join(source[key] for key in ("journal", "volume", "pages") if key in source)
    links = {"doi": "https://doi.org/{}", "url": "{}", "pmid": "https://pubmed.ncbi.nlm.nih.gov/{}"}
    link = next((form.format(source[key]) for key, form in links.items() if key in source), None)
    parts = (source.get("author"), source.get("year"), source.get("title"), where, link, source.get("note"))
    return ". ".join(part for part in parts if part)
