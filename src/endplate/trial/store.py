"""Finished spans, kept so that a run that was stopped goes on where it was."""

from __future__ import annotations

import hashlib
import io
import json
import os
import zipfile
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from endplate.errors import InvalidRequest
from endplate.trial.span import Found, Order, Span
from endplate.trial.tally import Tally

__all__ = ["Store", "key_of", "write_whole"]

_DIGEST, _SOLVED, _PART = 32, "solved", "part"
# A draft of another process that was killed may lie about; its name tells.
_DRAFT = ".draft-"
# Readers of Parquet folders pass over names that begin so.
_MARK = "_run.json"


def key_of(order: Order) -> str:
    """Hash of all that sums over a span of patients follow from: trial, seed, evidence, sources, versions.

    Titles, sample sizes, drop-out and the number of patients are left out, since no sum follows from them.
    """
    trial = order.trial
    arms = tuple(replace(arm, size=1) for arm in trial.arms)
    asked = replace(trial, title="", patients=1, dropout=0.0, arms=arms)
    return hashlib.sha256(f"{order.source}\n{asked!r}".encode()).hexdigest()


def write_whole(path: Path, content: bytes) -> None:
    """Write a file under a name of its own, then rename it: a reader sees all of it or nothing.

    Raises
    ------
    InvalidRequest
        If it cannot be written.
    """
    draft = path.with_name(f"{_DRAFT}{os.getpid()}-{path.name}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with draft.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise InvalidRequest(f"{path} cannot be written: {error.strerror or error}") from None


@dataclass(frozen=True, slots=True)
class Store:
    """Where finished spans lie.

    Parameters
    ----------
    folder
        For sums, one file a span; None to keep none.
    table
        For parts of the table of patients; None if none is wanted.
    key
        From `key_of`; what lies under another one is not touched.
    """

    folder: Path | None
    table: Path | None
    key: str

    def claim(self, chunk: int, patients: int) -> None:
        """Make the folder of the table this run's own, and sweep up what a killed process left.

        Raises
        ------
        InvalidRequest
            If it holds the patients of another run, or cannot be written to.
        """
        if self.folder is not None:
            _sweep(self.folder / self.key)
        if self.table is None:
            return
        _sweep(self.table)
        mark, own = self.table / _MARK, json.dumps({"key": self.key, "chunk": chunk, "patients": patients}).encode()
        held = self.table.is_dir() and any(self.table.glob("*.parquet"))
        if held and (not mark.is_file() or mark.read_bytes() != own):
            raise InvalidRequest(f"{self.table} holds patients of another run; give an empty folder")
        write_whole(mark, own)

    def load(self, span: Span) -> Tally | None:
        """Sums of a span, or None if they are not there, damaged, or lack their part of the table."""
        if self.folder is None:
            return None
        try:
            content = self._sums(span).read_bytes()
        except OSError:
            return None
        if hashlib.sha256(content[_DIGEST:]).digest() != content[:_DIGEST]:
            return None
        try:
            with np.load(io.BytesIO(content[_DIGEST:]), allow_pickle=False) as arrays:
                known = dict(arrays)
        except (ValueError, OSError, zipfile.BadZipFile):
            return None
        if self.table is not None and known[_PART].tobytes() != self._digest(span):
            return None
        return _read(known)

    def keep(self, span: Span, found: Found) -> None:
        """Keep a finished span; its sums come last, so that they vouch for its part of the table."""
        digest = b""
        if self.table is not None and found.part is not None:
            write_whole(self._part(span), found.part)
            digest = hashlib.sha256(found.part).digest()
        if self.folder is None:
            return
        content = io.BytesIO()
        np.savez(content, allow_pickle=False, **_arrays(found.tally), part=np.frombuffer(digest, np.uint8))
        write_whole(self._sums(span), hashlib.sha256(content.getvalue()).digest() + content.getvalue())

    def clear(self) -> None:
        """Remove the sums that are kept; the table stays."""
        home = None if self.folder is None else self.folder / self.key
        if home is None or not home.is_dir():
            return
        for path in home.iterdir():
            path.unlink()
        # What else lies in the folders above keeps them.
        with suppress(OSError):
            for folder in (home, *home.parents[:2]):
                folder.rmdir()

    def _sums(self, span: Span) -> Path:
        folder = self.folder or Path()
        return folder / self.key / f"{_name(span)}.sums"

    def _part(self, span: Span) -> Path:
        return (self.table or Path()) / f"{_name(span)}.parquet"

    def _digest(self, span: Span) -> bytes:
        try:
            return hashlib.sha256(self._part(span).read_bytes()).digest()
        except OSError:
            return b"none"


def _sweep(folder: Path) -> None:
    for path in folder.glob(f"{_DRAFT}*"):
        path.unlink(missing_ok=True)


def _name(span: Span) -> str:
    return f"patients-{span.first:09d}-{span.stop:09d}"


def _arrays(tally: Tally) -> dict[str, np.ndarray]:
    named = {f"{arm}.{name}": part for arm, sums in enumerate(tally.sums) for name, part in sums.items()}
    return named | {_SOLVED: np.asarray(tally.solved)}


def _read(arrays: dict[str, np.ndarray]) -> Tally:
    solved = tuple(int(one) for one in arrays[_SOLVED])
    sums: list[dict[str, np.ndarray]] = [{} for _ in solved]
    for key, part in arrays.items():
        arm, dot, name = key.partition(".")
        if dot:
            sums[int(arm)][name] = part
    return Tally(tuple(sums), solved)
