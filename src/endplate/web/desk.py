"""The desk: plans wait in a line, one thread works them off, and the same plan is worked out once."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Event

from endplate.errors import Fault
from endplate.web.packed import Answers
from endplate.web.programs import forget_if_crowded
from endplate.web.refusal import Refused
from endplate.web.settings import Settings

__all__ = ["Desk", "Late", "Stop", "Work"]

Stop = Callable[[], None]
Work = Callable[[Stop], bytes]

_AGAIN = {"Retry-After": "2"}


class Late(Exception):
    """Nobody waits for a result any more."""


@dataclass(slots=True, eq=False)
class _Job:
    work: Work
    done: asyncio.Future[bytes]
    late: Event = field(default_factory=Event)
    waiting: int = 0

    @property
    def can_be_joined(self) -> bool:
        """Whether it still will have a result."""
        return not self.done.done() and not self.late.is_set()

    def run(self) -> bytes:
        """The result; work asks now and then whether it should end."""

        def stop() -> None:
            if self.late.is_set():
                raise Late

        return self.work(stop)


class Desk:
    """Computes answers off the event loop. JAX is not helped by more than one thread.

    Parameters
    ----------
    settings
        Limits.
    tidy
        Run in the thread after each plan, when its answer is on its way.

    Examples
    --------
    >>> async def ask():
    ...     async with Desk(Settings(warm=False)) as desk:
    ...         return await desk.answer("key", lambda stop: b"answer")
    >>> asyncio.run(ask())
    b'answer'
    """

    def __init__(self, settings: Settings, tidy: Callable[[], None] = forget_if_crowded) -> None:
        self._settings, self._tidy = settings, tidy
        self._answers = Answers(settings.cache)
        self._line = OrderedDict[str, _Job]()
        self._running: tuple[str, _Job] | None = None
        self._some = asyncio.Event()
        self._thread = ThreadPoolExecutor(1, "endplate")
        self._clerk: asyncio.Task[None] | None = None
        self.ready = not settings.warm

    async def __aenter__(self) -> Desk:
        self._clerk = asyncio.create_task(self._work_off())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._clerk is not None:
            self._clerk.cancel()
            with suppress(asyncio.CancelledError):
                await self._clerk
        if self._running is not None:
            self._running[1].late.set()
        self._thread.shutdown(wait=False, cancel_futures=True)

    @property
    def waiting(self) -> int:
        """How many plans wait."""
        return len(self._line)

    @property
    def busy(self) -> bool:
        """Whether a plan is being worked on."""
        return self._running is not None

    def warm_up(self, work: Work) -> None:
        """Work that nobody waits for; the desk is ready when it is done."""
        job = self._job("warm", work)
        job.done.add_done_callback(self._is_warm)

    def _is_warm(self, _: object) -> None:
        self.ready = True

    def kept(self, key: str) -> bytes | None:
        """The answer, if it is kept."""
        return self._answers.get(key)

    async def answer(self, key: str, work: Work) -> bytes:
        """The kept answer, or what `work` gives.

        Raises
        ------
        Refused
            429 if too many wait, 503 if it takes too long.
        """
        found = self._answers.get(key)
        return found if found is not None else await self._wait(key, self._job(key, work))

    def _job(self, key: str, work: Work) -> _Job:
        """The job with this key, joined or new."""
        if self._running is not None and self._running[0] == key and self._running[1].can_be_joined:
            return self._running[1]
        if key in self._line:
            return self._line[key]
        if len(self._line) >= self._settings.queue:
            words = f"{len(self._line)} plans wait already"
            raise Refused(429, Fault(words, remedy="ask again in a moment"), headers=_AGAIN)
        job = self._line[key] = _Job(work, asyncio.get_running_loop().create_future())
        self._some.set()
        return job

    async def _wait(self, key: str, job: _Job) -> bytes:
        """The result of a job; a job that nobody waits for is given up."""
        job.waiting += 1
        try:
            async with asyncio.timeout(self._settings.patience):
                return await asyncio.shield(job.done)
        except TimeoutError:
            words = f"the server is busy: no answer within {self._settings.patience:g} s"
            raise Refused(503, Fault(words, remedy="ask again later"), headers=_AGAIN) from None
        finally:
            job.waiting -= 1
            if not job.waiting:
                self._give_up(key, job)

    def _give_up(self, key: str, job: _Job) -> None:
        """Nobody waits for a job any more: it leaves the line, or ends where it next asks."""
        if self._line.get(key) is job:
            del self._line[key]
        else:
            job.late.set()

    async def _work_off(self) -> None:
        while True:
            await self._some.wait()
            while self._line:
                key, job = self._running = self._line.popitem(last=False)
                await self._run(key, job)
                await asyncio.get_running_loop().run_in_executor(self._thread, self._tidy)
                self._running = None
            self._some.clear()

    async def _run(self, key: str, job: _Job) -> None:
        """Run one job; the next one begins when the thread is free, even if this one was given up."""
        running = asyncio.get_running_loop().run_in_executor(self._thread, job.run)
        done, _ = await asyncio.wait([running], timeout=self._settings.seconds)
        if not done:
            job.late.set()
            words = f"the plan took longer than {self._settings.seconds:g} s"
            refused = Refused(503, Fault(words, remedy="ask for fewer sessions or days"), headers=_AGAIN)
            _settle(job.done, error=refused)
            await asyncio.wait([running])
        error = running.exception()
        if error is None:
            self._answers.put(key, running.result())
            _settle(job.done, result=running.result())
        else:
            _settle(job.done, error=error)


def _settle(future: asyncio.Future[bytes], *, result: bytes = b"", error: BaseException | None = None) -> None:
    """Give a future its end, unless it has one."""
    if future.done():
        return
    if error is None:
        future.set_result(result)
        return
    future.set_exception(error)
    # Whoever waited may be gone; an error that nobody fetches is no news.
    future.exception()
