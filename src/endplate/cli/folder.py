"""Results written into a folder: each file whole, or none at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

from endplate.cli.interrupt import check, hold
from endplate.errors import InvalidRequest

__all__ = ["check_folder", "write_files"]


def check_folder(folder: Path) -> None:
    """See that results can be written into a folder, which need not exist yet.

    Raises
    ------
    InvalidRequest
        If it is a file, lies under a file, or cannot be written to.
    """
    nearest = next((one for one in (folder, *folder.absolute().parents) if one.exists() or one.is_symlink()), folder)
    if not nearest.is_dir():
        raise InvalidRequest(f"{nearest} is not a folder; give another folder for the results")
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise InvalidRequest(f"{nearest} cannot be written to; give another folder for the results")


def write_files(folder: Path, writers: Mapping[str, Callable[[Path], object]]) -> list[Path]:
    """Let every writer write its file beside the folder, then move all of them in.

    Parameters
    ----------
    folder
        Made if it does not exist; files of the same names are replaced.
    writers
        Name of a file to a function that writes it to a path; run in order.

    Returns
    -------
    list of Path
        What was written.

    Raises
    ------
    InvalidRequest
        If something cannot be written.
    """
    check_folder(folder)
    nearest = next(one for one in folder.absolute().parents if one.exists())
    try:
        with _drafts(nearest) as drafts:
            for name, write in writers.items():
                check()
                write(drafts / name)
            with hold():
                folder.mkdir(parents=True, exist_ok=True)
                for name in writers:
                    (drafts / name).replace(folder / name)
    except OSError as error:
        raise InvalidRequest(f"{folder} cannot be written: {error.strerror or error}") from None
    return [folder / name for name in writers]


@contextmanager
def _drafts(beside: Path) -> Generator[Path]:
    """A folder for drafts, gone at the end, also after a Ctrl-C or two."""
    drafts: list[Path] = []
    try:
        with hold():
            drafts.append(Path(tempfile.mkdtemp(dir=beside, prefix=".endplate-")))
        yield drafts[0]
    finally:
        with hold():
            for folder in drafts:
                shutil.rmtree(folder, ignore_errors=True)
