"""The parameters that a course rests on, with their sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields

from endplate.case import REGIONS, Product
from endplate.course import Parameters, default_parameters
from endplate.evidence import Library, Quantity

__all__ = ["Citation", "citation", "used_entries", "value_text"]

_MANY = " and "


@dataclass(frozen=True, slots=True)
class Citation:
    """A source in short, with the address of its DOI if it has one."""

    text: str
    title: str
    link: str | None


def used_entries(
    product: Product, library: Library, *, parameters: Parameters | None = None, regions: Sequence[str] = REGIONS
) -> list[tuple[str, Quantity]]:
    """Every parameter of a course with this product, with the first stage that uses it, in the order of the stages.

    Of the parameters that differ by region, those of `regions`.

    Examples
    --------
    >>> from endplate.case import product
    >>> from endplate.evidence import load
    >>> [entry.name for stage, entry in used_entries(product("rima"), load())][:3]
    ['phi', 'sigma_front', 'D']
    """
    used = default_parameters(product, library) if parameters is None else parameters
    variants = {"serotype": (product.serotype,), "product": (product.code,), "region": tuple(regions), None: ("",)}
    found: dict[str, str] = {}
    for stage in fields(used):
        for symbol, per in _asked(getattr(used, stage.name)):
            for variant in variants[per]:
                found.setdefault(f"{symbol}.{variant}".removesuffix("."), stage.name)
    return [(stage, library[name]) for name, stage in found.items()]


def citation(key: str, sources: Mapping[str, Mapping[str, str]]) -> Citation:
    """A source as "Foran et al. 2003"; PubMed's number stands in for a missing DOI."""
    source = sources[key]
    title = source.get("title", key)
    if "doi" in source:
        return Citation(_short(source, title), title, f"https://doi.org/{source['doi']}")
    number = f" (PMID {source['pmid']})" if "pmid" in source else ""
    return Citation(_short(source, title) + number, title, None)


def _short(source: Mapping[str, str], title: str) -> str:
    if source.get("author", "").endswith("contributors"):
        return "this project"
    year = source.get("year", "")
    if "author" not in source:
        return f"{title.partition(' (')[0]} {year}".strip()
    authors = source["author"].split(_MANY)
    name = authors[0].partition(",")[0] + (" et al." if len(authors) > 1 else "")
    return f"{name} {year}".strip()


def value_text(entry: Quantity) -> tuple[str, str]:
    """Value and uncertainty of an entry as text."""
    spread = [f"± {entry.sd:.3g}"] if entry.sd is not None else []
    if entry.low is not None and entry.high is not None:
        spread.append(f"{entry.low:.4g} to {entry.high:.4g}")
    return f"{entry.value:.4g}", "; ".join(spread)


def _asked(stage: object) -> Iterator[tuple[str, str | None]]:
    for field in fields(stage):  # pyright: ignore[reportArgumentType]
        if "evidence" in field.metadata:
            yield field.metadata["evidence"], field.metadata.get("per")
