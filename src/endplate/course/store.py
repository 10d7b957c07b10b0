"""Arrays kept on disk under the hash of everything they follow from."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Store", "content_key"]

_FAULTS = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile)


def content_key(content: Mapping[str, Any]) -> str:
    """Hash of what decides a result; equal contents have equal keys.

    Examples
    --------
    >>> content_key({"volume": 0.1}) == content_key({"volume": 0.1})
    True
    """
    text = json.dumps(content, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


class Store:
    """A folder of arrays; without one nothing is kept.

    Parameters
    ----------
    folder
        Made when something is first kept.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder

    def get(self, key: str, make: Callable[[], Mapping[str, NDArray[Any]]]) -> dict[str, NDArray[Any]]:
        """The arrays under a key: from the folder, else made and kept.

        A file that cannot be read or does not hold what was written is made again. A folder
        that cannot be written to keeps nothing.
        """
        if self.folder is None:
            return dict(make())
        path = self.folder / f"{key}.npz"
        try:
            return _read(path)
        except _FAULTS:
            made = dict(make())
            with suppress(OSError):
                _write(path, made)
            return made


def _read(path: Path) -> dict[str, NDArray[Any]]:
    with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    if str(arrays.pop("digest")) != _digest(arrays):
        raise ValueError(path)
    return arrays


def _write(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write beside the place, then move: nobody sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            content: dict[str, Any] = {"digest": np.array(_digest(arrays)), **arrays}
            np.savez(file, **content)
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


def _digest(arrays: Mapping[str, NDArray[Any]]) -> str:
    whole = hashlib.sha256()
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        whole.update(f"{name} {array.dtype.str} {array.shape}".encode())
        whole.update(array.tobytes())
    return whole.hexdigest()
