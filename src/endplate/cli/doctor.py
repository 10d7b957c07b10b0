"""`endplate doctor`: what endplate runs on, and what is wrong with it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from endplate.cli.manifest import surroundings
from endplate.course.engine import cache_folder, double_precision, prepare
from endplate.errors import EvidenceError
from endplate.evidence import load

__all__ = ["app"]

app = typer.Typer(add_completion=False)

_MEGABYTE = 1e6


@app.command()
def doctor(*, as_json: Annotated[bool, typer.Option("--json", help="Plain data for programs.")] = False) -> None:
    """Tell versions, devices and cache, and what is wrong with them."""
    prepare()
    own = {"float64": double_precision(), "writable": os.access(Path(), os.W_OK)}
    found = surroundings() | own | _cache() | _evidence()
    found["problems"] = _problems(found)
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        _print(found)
    raise typer.Exit(int(bool(found["problems"])))


def _cache() -> dict[str, object]:
    """Folder, size and use of the cache of compiled programs."""
    folder = cache_folder()
    used = folder is not None and folder.is_dir() and os.access(folder, os.W_OK)
    size = sum(one.stat().st_size for one in folder.rglob("*") if one.is_file()) if folder and used else 0
    return {"cache": str(folder), "cache_megabytes": round(size / _MEGABYTE, 1), "cache_usable": used}


def _evidence() -> dict[str, object]:
    try:
        library = load()
    except EvidenceError as error:
        return {"evidence_entries": 0, "evidence_hash": None, "evidence_fault": str(error)}
    return {"evidence_entries": len(library), "evidence_hash": library.hash}


def _problems(found: dict[str, Any]) -> list[str]:
    """What is wrong, in words."""
    missing = [name for name, version in found["packages"].items() if version is None]
    checks = {
        f"packages are missing: {', '.join(missing)}; install endplate again": bool(missing),
        "JAX does not compute in float64; unset JAX_ENABLE_X64 and try again": not found["float64"],
        f"compiled programs cannot be kept in {found['cache']}, so every run compiles anew; set "
        "JAX_COMPILATION_CACHE_DIR to a folder that can be written to": not found["cache_usable"],
        f"the evidence library cannot be read: {found.get('evidence_fault')}": "evidence_fault" in found,
        "the current folder cannot be written to; give simulate another one with -o": not found["writable"],
        "JAX finds no device": not found["devices"],
    }
    return [words for words, wrong in checks.items() if wrong]


def _print(found: dict[str, Any]) -> None:
    rows = {
        "endplate": found["endplate"],
        "Python": found["python"],
        "platform": found["platform"],
        "devices": ", ".join(found["devices"]),
        "float64": "yes" if found["float64"] else "no",
        "cache": f"{found['cache']} ({found['cache_megabytes']:g} MB)",
        "evidence": f"{found['evidence_entries']} entries, library {str(found['evidence_hash'])[:12]}",
        "current folder": "can be written to" if found["writable"] else "cannot be written to",
        "packages": ", ".join(f"{name} {version or 'missing'}" for name, version in found["packages"].items()),
    }
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column()
    for name, text in rows.items():
        table.add_row(name, Text(str(text)))
    console = Console(highlight=False)
    console.print(table)
    for problem in found["problems"]:
        console.print(Text(f"wrong: {problem}", style="red"), soft_wrap=True)
    if not found["problems"]:
        console.print(Text("nothing is wrong", style="green"))
