"""Who follows the spans of a trial: this process, or several processes of this machine."""

from __future__ import annotations

import ctypes
import os
import signal
from collections import Counter, deque
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import connection, get_context
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any, Protocol

from endplate.course.engine import cache_folder, keep_programs
from endplate.errors import EndplateError, InvalidRequest
from endplate.trial.span import Found, Order, Span, follow_span

__all__ = ["Alone", "Crew", "Processes"]

# A worker that ends this often on one span will not get through it.
_MOST_ENDS = 3
_PATIENCE_S = 5.0
# One class on Windows, another elsewhere.
_Pipe = Any


class Crew(Protocol):
    """Follows spans in any order, and gives each as it is finished."""

    def follow(self, order: Order, spans: Iterable[Span]) -> Iterator[tuple[Span, Found]]:
        """Follow all spans."""
        ...


@dataclass(frozen=True, slots=True)
class Alone:
    """The process that asks."""

    def follow(self, order: Order, spans: Iterable[Span]) -> Iterator[tuple[Span, Found]]:
        """Follow all spans, one after the other."""
        for span in spans:
            yield span, follow_span(order, span)


@dataclass(slots=True, eq=False)
class _Worker:
    """A process, this end of its pipe, and the span it is at."""

    process: SpawnProcess
    pipe: _Pipe
    span: Span


class Processes:
    """Processes of this machine, each with its share of the cores.

    A process that ends in mid-span, for lack of memory say, costs that span only: a new one takes its place.

    Parameters
    ----------
    workers
        How many.

    Raises
    ------
    InvalidRequest
        If there are none.
    """

    def __init__(self, workers: int) -> None:
        if workers < 1:
            raise InvalidRequest(f"workers must be at least 1, not {workers}")
        self._most = workers
        self.pids: tuple[int, ...] = ()

    def follow(self, order: Order, spans: Iterable[Span]) -> Iterator[tuple[Span, Found]]:
        """Follow all spans, each by whoever is free.

        Raises
        ------
        EndplateError
            If a span fails, or processes end on it again and again.
        """
        waiting, ends = deque(spans), Counter[Span]()
        crew: list[_Worker] = []
        try:
            while waiting or crew:
                while waiting and len(crew) < self._most:
                    crew.append(self._hired(order, waiting.popleft()))
                self.pids = tuple(one.process.pid or 0 for one in crew)
                ready = connection.wait([one.pipe for one in crew])
                for worker in [one for one in crew if one.pipe in ready]:
                    span, found = worker.span, _answer(worker)
                    if found is None:
                        ends[span] += 1
                        _refuse_endless(span, ends[span], worker)
                        waiting.appendleft(span)
                    if found is None or not waiting:
                        crew.remove(worker)
                        _dismissed(worker)
                    else:
                        worker.span = waiting.popleft()
                        _ask(worker)
                    if found is not None:
                        yield span, found
        finally:
            for worker in crew:
                worker.process.kill()
                _dismissed(worker)

    def _hired(self, order: Order, span: Span) -> _Worker:
        ours, theirs = get_context("spawn").Pipe()
        process = get_context("spawn").Process(target=_serve, args=(theirs, order, cache_folder()), daemon=True)
        with _environment(max((os.cpu_count() or 1) // self._most, 1)), _deaf():
            process.start()
        theirs.close()
        worker = _Worker(process, ours, span)
        _ask(worker)
        return worker


@contextmanager
def _environment(cores: int) -> Generator[None]:
    """Variables that XLA reads when a process starts."""
    flags = f"{os.environ.get('XLA_FLAGS', '')} --xla_cpu_multi_thread_eigen={str(cores > 1).lower()}".strip()
    own = {"NPROC": str(cores), "XLA_FLAGS": flags}
    before = {name: os.environ.get(name) for name in own}
    os.environ.update(own)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def _deaf() -> Generator[None]:
    """Let a process that starts here never hear Ctrl-C, which is for the process that asks."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _ask(worker: _Worker) -> None:
    try:
        worker.pipe.send(worker.span)
    except OSError:  # it has ended, as its answer will tell
        return


def _answer(worker: _Worker) -> Found | None:
    """What a worker found; None if it has ended."""
    try:
        found: Found | str = worker.pipe.recv()
    except (EOFError, OSError):
        return None
    if isinstance(found, str):
        raise EndplateError(f"patients {worker.span.first} to {worker.span.stop}: {found}")
    return found


def _refuse_endless(span: Span, ends: int, worker: _Worker) -> None:
    if ends >= _MOST_ENDS:
        worker.process.join(_PATIENCE_S)
        raise EndplateError(
            f"{ends} worker processes ended one after the other at patients {span.first} to {span.stop}, the last with "
            f"exit code {worker.process.exitcode}; where memory is short, take fewer workers or smaller chunks"
        )


def _dismissed(worker: _Worker) -> None:
    """See a worker off: a closed pipe ends it."""
    worker.pipe.close()
    worker.process.join(_PATIENCE_S)
    if worker.process.is_alive():
        worker.process.kill()
        worker.process.join()
    worker.process.close()


def _serve(pipe: _Pipe, order: Order, cache: Path | None) -> None:
    """A worker: follows spans until nobody asks any more. Ctrl-C is for the process that asks."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    keep_programs(cache)
    begun = False
    while True:
        try:
            span: Span = pipe.recv()
        except (EOFError, OSError):
            return
        try:
            answer: Found | str = follow_span(order, span)
        except Exception as error:  # noqa: BLE001 - told to the process that asks
            answer = str(error) if isinstance(error, EndplateError) else f"{type(error).__name__}: {error}"
        try:
            pipe.send(answer)
        except OSError:
            return
        if not begun:
            _give_back()
        begun = True


def _give_back() -> None:
    """Give memory that compiling took back to the system, which glibc would hold on to: 200 MB a process."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").malloc_trim(0)
