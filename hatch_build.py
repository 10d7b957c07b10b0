"""Builds the page from frontend/ when the package is built, and when it is run: `python hatch_build.py`."""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

STATIC = Path("src", "endplate", "web", "static")
SOURCES = Path("frontend")
STAMP = ".built"  # hash of the sources that the page was built from
SKIP = "ENDPLATE_NO_PAGE"
# Pictures and fonts are compressed already.
PACKED = (".html", ".js", ".css", ".json", ".svg", ".bin", ".glb", ".txt")
LEAST_GAIN = 0.9


class PageHook(BuildHookInterface):
    """The page goes into the wheel; without npm the package is built without it, and says so."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Build the page; an editable install never fails for its sake."""
        root = Path(self.root)
        if os.environ.get(SKIP) or not (root / SOURCES / "index.html").is_file():
            return
        try:
            build_page(root, tell=self.app.display_info)
        except (OSError, subprocess.CalledProcessError) as error:
            if version != "editable":
                raise
            self.app.display_warning(f"the page is not built ({error}); `make web` tries again")


def build_page(root: Path, *, tell: Any = print) -> bool:
    """Build the page if its sources have changed; whether it is there afterwards."""
    static, stamp = root / STATIC, root / STATIC / STAMP
    state = hash_of(root / SOURCES)
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == state:
        return True
    npm = shutil.which("npm")
    if npm is None:
        there = (static / "index.html").is_file()
        tell("npm is not there: the page " + ("stays as it is" if there else "is not built; the API works without it"))
        return there
    for words in (("ci", "--no-audit", "--no-fund"), ("run", "build")):
        tell(f"npm {' '.join(words)}")
        subprocess.run([npm, *words], cwd=root / SOURCES, check=True, stdout=sys.stderr, stdin=subprocess.DEVNULL)
    compress(static)
    stamp.write_text(state, encoding="utf-8")
    return True


def hash_of(folder: Path) -> str:
    """A hash of the sources of the page: names and contents."""
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.is_file() and parts[0] not in ("node_modules", "dist", "tests"):
            found.update("/".join(parts).encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


def compress(static: Path) -> None:
    """A compressed twin beside every file that gets smaller by it."""
    for path in sorted(static.rglob("*")):
        if path.is_file() and path.suffix in PACKED:
            raw = path.read_bytes()
            packed = gzip.compress(raw, 9, mtime=0)
            if len(packed) < LEAST_GAIN * len(raw):
                path.with_name(f"{path.name}.gz").write_bytes(packed)


if __name__ == "__main__":
    sys.exit(not build_page(Path(__file__).parent))
