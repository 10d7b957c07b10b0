"""`endplate offers`: what else is offered for lines, what it changes, and on what evidence."""

from __future__ import annotations

import json
import sys
from textwrap import fill
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from endplate.case.offer import Offer, changes_of, offers
from endplate.course.engine import prepare
from endplate.evidence import load
from endplate.report.document import finite
from endplate.report.offers import change_words, offer_document
from endplate.report.parameters import citation
from endplate.report.words import DISCLAIMER

__all__ = ["app"]

app = typer.Typer(add_completion=False)

_PIPE_WIDTH = 150
_WIDTH = 110

JsonOption = Annotated[bool, typer.Option("--json", help="Plain data for programs.")]


@app.command("offers")
def tell(*, as_json: JsonOption = False) -> None:
    """Creams, peptide, filler, laser, heat, retinoid, sunscreen: what each changes, and on what evidence."""
    prepare()
    found = finite(offer_document(load()))
    if as_json:
        typer.echo(json.dumps(found | {"disclaimer": DISCLAIMER}, ensure_ascii=False, indent=2))
        return
    console = Console(highlight=False, markup=False)
    if not sys.stdout.isatty():
        console = Console(highlight=False, markup=False, width=max(console.width, _PIPE_WIDTH))
    console.print(_table())
    console.print("* assumed", style="dim")
    _lines(console, "Refused", [f"{one['title']} ({one['name']}): {one['why']}." for one in found["refused"]])
    _lines(console, "Cream with acetyl hexapeptide-8", found["peptide"]["words"])
    console.print()
    console.print("In a case: [[offers]] with name and at; see `endplate case schema`.", style="dim")
    console.print(DISCLAIMER, style="bold")


def _table() -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 1))
    table.add_column("offer", no_wrap=True)
    for name in ("use", "changes", "onset, lasts, fades [days]", "system", "source"):
        table.add_column(name)
    for one in offers().values():
        if not one.refused:
            _rows(table, one)
    return table


def _rows(table: Table, offer: Offer) -> None:
    """One row for each change; one for an offer without any."""
    library = load()
    use = "daily" if offer.daily else "once"
    changes = changes_of(offer, library)
    for index, one in enumerate(changes):
        times = ", ".join(f"{part.value:g}{'*' if part.grade == 'assumed' else ''}" for part in one.entries[1:])
        cited = "; ".join(citation(key, library.sources).text for key in one.size.source)
        style = "yellow" if one.assumed else ""
        first = (offer.name, use) if index == 0 else ("", "")
        table.add_row(*first, Text(change_words(one), style=style), times, one.size.system, cited)
    if not changes:
        table.add_row(offer.name, use, offer.words)


def _lines(console: Console, title: str, texts: list[str]) -> None:
    console.print()
    console.print(Text(title, style="bold"))
    for text in texts:
        console.print(fill(text, _WIDTH, initial_indent="- ", subsequent_indent="  "))
