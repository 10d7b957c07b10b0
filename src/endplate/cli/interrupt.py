"""Ctrl-C, obeyed wherever Python happens to be when it comes.

An exception that is raised while memory is reclaimed is printed and dropped. So a Ctrl-C is
also remembered, and looked at between the steps of a command and before anything is written.
"""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any

__all__ = ["check", "heard", "hold", "leave", "obeyed", "watch"]


@dataclass(slots=True)
class _State:
    """Whether Ctrl-C came, and whether it has to wait."""

    heard: bool = False
    held: bool = False


_state = _State()


def watch() -> None:
    """Take over Ctrl-C; only the main thread of a program can."""
    _state.heard = _state.held = False
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, _hear)
        sys.unraisablehook = _drop


def heard() -> bool:
    """Whether Ctrl-C came."""
    return _state.heard


def check() -> None:
    """Stop if Ctrl-C came and was dropped on its way.

    Raises
    ------
    KeyboardInterrupt
        If it did.
    """
    if _state.heard and not _state.held:
        raise KeyboardInterrupt


@contextmanager
def hold() -> Generator[None]:
    """Let Ctrl-C wait for the end of a block of milliseconds that must be done whole."""
    before, _state.held = _state.held, True
    try:
        yield
    finally:
        _state.held = before
    check()


def obeyed() -> None:
    """Forget a Ctrl-C that did what it was meant to do, such as to end a server."""
    _state.heard = False


def leave() -> None:
    """Let Ctrl-C do nothing more: the command has ended, and Python is putting itself away."""
    _state.held = True


def _hear(_number: int, _frame: FrameType | None) -> None:
    _state.heard = True
    check()


def _drop(unraisable: Any) -> None:
    """Say nothing of a dropped Ctrl-C, which is remembered."""
    if not issubclass(unraisable.exc_type, KeyboardInterrupt):
        sys.__unraisablehook__(unraisable)
