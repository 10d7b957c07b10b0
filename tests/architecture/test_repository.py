"""What is committed: no path of a machine, no host of a package index, nothing left open."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

# Written in pieces, so that this file does not find itself.
MACHINE_PATH = re.compile(r"(?:^|[^A-Za-z0-9_.~])/(?:work|farm|root|home|Users|tmp)/", re.MULTILINE)
INDEX_HOST = re.compile("py" r"pi\.org|python" r"hosted\.org|registry\.npm" r"js|deb\.deb" r"ian")
LEFT_OPEN = re.compile("TODO|FIXME|XXX|NotImplementedError|placeholder|stub")
FORBIDDEN_ROOMS = {"utils", "common", "core", "helpers"}


@pytest.fixture(scope="module")
def texts(root) -> dict[str, str]:
    """Every text file that is committed or about to be."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        listed = subprocess.run(command, cwd=root, capture_output=True, check=True).stdout.decode()
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    paths = [root / name for name in listed.split("\0") if name]
    return {path.relative_to(root).as_posix(): text for path in paths if (text := text_of(path)) is not None}


def text_of(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except (UnicodeDecodeError, FileNotFoundError):
        return None


@pytest.mark.parametrize("pattern", [MACHINE_PATH, INDEX_HOST], ids=["machine-path", "index-host"])
def test_no_file_names_a_machine_or_a_package_index(texts, pattern):
    breaches = [
        f"{name}:{text.count(chr(10), 0, match.start()) + 1}: {match[0].strip()}"
        for name, text in texts.items()
        for match in pattern.finditer(text)
    ]
    assert not breaches, "\n" + "\n".join(breaches)


def test_nothing_is_left_open_in_the_source(texts):
    breaches = [
        f"{name}:{number}: {line.strip()}"
        for name, text in texts.items()
        if name.startswith("src/") and name.endswith(".py")
        for number, line in enumerate(text.splitlines(), 1)
        if LEFT_OPEN.search(line)
    ]
    assert not breaches, "\n" + "\n".join(breaches)


def test_no_room_is_a_lumber_room(texts):
    assert not [name for name in texts if FORBIDDEN_ROOMS & {Path(part).stem for part in Path(name).parts[:-1]}]
    assert not [name for name in texts if name.startswith("src/") and Path(name).stem in FORBIDDEN_ROOMS]


def test_locks_are_hashed_and_name_no_index(texts):
    locks = {name: text for name, text in texts.items() if name.startswith("requirements/")}
    assert set(locks) == {f"requirements/{name}.txt" for name in ("core", "dev", "bench", "docs")}
    assert "uv.lock" not in texts
    for name, text in locks.items():
        pinned = len(re.findall(r"^[A-Za-z0-9_.\[\]-]+==", text, re.MULTILINE))
        assert pinned > 10, name
        assert text.count("--hash=sha256:") >= pinned, name
        assert "index-url" not in text, name
        assert "://" not in text, name


def test_locks_hold_every_direct_dependency(root):
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    for group, wanted in (("core", project["project"]["dependencies"]), ("dev", direct(project, "dev"))):
        lock = (root / "requirements" / f"{group}.txt").read_text(encoding="utf-8")
        missing = [one for one in wanted if not re.search(rf"^{re.split('[<>=]', one)[0]}==", lock, re.MULTILINE)]
        assert not missing, f"{group}: {missing}; run `make lock`"


def direct(project: dict, group: str) -> list[str]:
    """What a dependency group names, its included groups opened."""
    found = []
    for item in project["dependency-groups"][group]:
        found += direct(project, item["include-group"]) if isinstance(item, dict) else [item]
    return found
