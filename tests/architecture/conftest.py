"""The source as text and as syntax trees, for tests that read the code."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

STAGES = ("spread", "kinetics", "muscle", "skin", "outcome")
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """A module of the package: where it stands, its dotted name, its text and tree."""

    path: str
    name: str
    text: str
    tree: ast.Module

    @property
    def room(self) -> str:
        return self.name.split(".")[1] if "." in self.name else ""

    @property
    def in_stage(self) -> bool:
        return self.room in STAGES

    @property
    def public(self) -> bool:
        return not any(part.startswith("_") for part in self.name.split("."))

    def at(self, node: ast.AST) -> str:
        return f"{self.path}:{getattr(node, 'lineno', 1)}"

    def functions(self) -> Iterator[Function]:
        return (node for node in ast.walk(self.tree) if isinstance(node, Function))


def read(path: Path, root: Path) -> Source:
    parts = path.relative_to(root / "src").with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    text = path.read_text(encoding="utf-8")
    return Source(path.relative_to(root).as_posix(), name, text, ast.parse(text))


@pytest.fixture(scope="session")
def sources(root: Path) -> tuple[Source, ...]:
    """Every module of the package."""
    return tuple(read(path, root) for path in sorted((root / "src").rglob("*.py")))


@pytest.fixture(scope="session")
def modules(sources: tuple[Source, ...]) -> dict[str, ModuleType]:
    """Every module of the package, imported."""
    return {source.name: import_module(source.name) for source in sources}


@pytest.fixture(scope="session")
def stage_classes(sources: tuple[Source, ...], modules: dict[str, ModuleType]) -> tuple[type, ...]:
    """Every class that stands in a stage."""
    found = {
        value
        for source in sources
        if source.in_stage
        for value in vars(modules[source.name]).values()
        if isinstance(value, type) and value.__module__ == source.name
    }
    return tuple(sorted(found, key=lambda cls: (cls.__module__, cls.__qualname__)))
