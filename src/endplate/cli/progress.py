"""A line on standard error that tells how far a command is."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from endplate.cli.interrupt import check

__all__ = ["shown_progress"]


@contextmanager
def shown_progress(what: str, things: str) -> Generator[Callable[[int, int], None]]:
    """What is done of all, how fast, and the time left.

    What is done when it is first told, such as by an earlier run, does not count for the speed.

    Parameters
    ----------
    what, things
        What goes on, and what is counted, as in "patients".
    """
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[speed]}"), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what, total=None, speed="compiling")
        begun, kept = time.perf_counter(), list[int]()

        def tell(done: int, whole: int) -> None:
            kept.append(done)
            speed = (done - kept[0]) / max(time.perf_counter() - begun, 1e-9)
            words = f"{speed:,.0f} {things}/s" if done > kept[0] else "compiling"
            progress.update(task, completed=done, total=whole, speed=words)
            check()

        yield tell
