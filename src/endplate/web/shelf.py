"""The library: a folder of case files that the page saves and opens. No path of a client goes further than a name."""

from __future__ import annotations

import re
import tempfile
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from endplate.case.file import parse_case
from endplate.errors import Fault
from endplate.web.refusal import Refused
from endplate.web.settings import Settings

__all__ = ["NAME", "Shelf"]

NAME = r"^[A-Za-z0-9_-]{1,64}$"
_NAME = re.compile(NAME.strip("^$"))
# Names that mean devices on Windows.
_DEVICES = re.compile(r"(?i)con|prn|aux|nul|(com|lpt)[0-9]")
_HOW = "give 1 to 64 letters, digits, - or _"


class Shelf:
    """Case files in one folder, each ``name.toml``."""

    def __init__(self, settings: Settings) -> None:
        self._settings, self._folder = settings, settings.library

    def contents(self) -> list[dict[str, Any]]:
        """Name, title and time of every case, the newest first."""
        found = [(path, path.stat().st_mtime) for path in self._files()]
        rows = [
            {"name": path.stem, "title": _title(path), "modified": datetime.fromtimestamp(at, UTC).isoformat()}
            for path, at in found
        ]
        return sorted(rows, key=lambda row: (row["modified"], row["name"]), reverse=True)

    def read(self, name: str) -> str:
        """The text of a case."""
        path = self._path(name)
        if not self._is_file(path):
            raise _missing(name)
        return path.read_bytes().decode("utf-8-sig", errors="replace")

    def write(self, name: str, text: str) -> None:
        """Save a case; a text that is none is refused with its faults."""
        path = self._path(name)
        parse_case(text)
        if path.is_symlink() or (path.exists() and not path.is_file()):
            raise Refused(409, Fault(f"{name!r} is no file of the library", remedy="give another name"))
        if not path.exists() and sum(1 for _ in self._files()) >= self._settings.cases:
            words = f"the library holds {self._settings.cases} cases"
            raise Refused(409, Fault(words, remedy="delete one, or start the server with another --library"))
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".endplate-") as folder:
            draft = Path(folder) / "draft"
            draft.write_text(text, encoding="utf-8", newline="")
            draft.replace(path)

    def delete(self, name: str) -> None:
        """Delete a case."""
        path = self._path(name)
        if not self._is_file(path):
            raise _missing(name)
        path.unlink()

    def _path(self, name: str) -> Path:
        """The path of a name, which lies in the folder."""
        if self._folder is None:
            raise Refused(404, Fault("this server has no library", remedy="start it with --library FOLDER"))
        if not _NAME.fullmatch(name) or _DEVICES.fullmatch(name):
            raise Refused(422, Fault(f"{name[:80]!r} cannot be the name of a case", key="name", remedy=_HOW))
        return self._folder / f"{name}.toml"

    def _files(self) -> Iterator[Path]:
        if self._folder is None or not self._folder.is_dir():
            return
        for path in sorted(self._folder.glob("*.toml")):
            if _NAME.fullmatch(path.stem) and self._is_file(path):
                yield path

    def _is_file(self, path: Path) -> bool:
        """Whether a path is a small regular file and no link that leads elsewhere."""
        return not path.is_symlink() and path.is_file() and path.stat().st_size <= self._settings.body


def _title(path: Path) -> str:
    try:
        title = tomllib.loads(path.read_text(encoding="utf-8")).get("title")
    except (OSError, ValueError, RecursionError):
        return path.stem
    return title if isinstance(title, str) else path.stem


def _missing(name: str) -> Refused:
    return Refused(404, Fault(f"no case {name!r} in the library", remedy="GET /api/library lists them"))
