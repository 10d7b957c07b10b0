"""One thread works off a line of plans; the same plan is worked out once."""

from __future__ import annotations

import asyncio
import threading

import jax
import jax.numpy as jnp
import pytest

from endplate.web import Settings, programs
from endplate.web.desk import Desk, Late
from endplate.web.packed import Answers
from endplate.web.refusal import Refused

QUIET = {"warm": False}


class Gate:
    """Work that waits until it is let go, and remembers who came through."""

    def __init__(self) -> None:
        self.open, self.begun, self.done = threading.Event(), threading.Event(), []

    def work(self, name):
        def run(stop):
            self.begun.set()
            assert self.open.wait(60)
            self.done.append(name)
            return name.encode()

        return run


async def begun(gate):
    await asyncio.to_thread(gate.begun.wait, 60)


def test_the_same_question_is_worked_out_once():
    async def ask():
        gate = Gate()
        async with Desk(Settings(**QUIET)) as desk:
            first = asyncio.create_task(desk.answer("a", gate.work("a")))
            await begun(gate)
            others = [asyncio.create_task(desk.answer("a", gate.work("again"))) for _ in range(5)]
            await asyncio.sleep(0)
            assert desk.waiting == 0
            gate.open.set()
            assert await asyncio.gather(first, *others) == [b"a"] * 6
            assert await desk.answer("a", gate.work("later")) == b"a"
        assert gate.done == ["a"]

    asyncio.run(ask())


def test_a_full_line_refuses_and_says_when_to_come_back():
    async def ask():
        gate = Gate()
        async with Desk(Settings(queue=2, **QUIET)) as desk:
            tasks = [asyncio.create_task(desk.answer("running", gate.work("running")))]
            await begun(gate)
            tasks += [asyncio.create_task(desk.answer(key, gate.work(key))) for key in "ab"]
            await asyncio.sleep(0)
            with pytest.raises(Refused) as refused:
                await desk.answer("c", gate.work("c"))
            assert refused.value.status == 429
            assert int(refused.value.headers["Retry-After"]) > 0
            assert await asyncio.wait_for(asyncio.shield(joined(desk, gate, tasks)), 60) == [b"running", b"a", b"b"]

    async def joined(desk, gate, tasks):
        gate.open.set()
        return await asyncio.gather(*tasks)

    asyncio.run(ask())


def test_who_leaves_gives_up_the_place_in_the_line():
    async def ask():
        gate = Gate()
        async with Desk(Settings(**QUIET)) as desk:
            running = asyncio.create_task(desk.answer("running", gate.work("running")))
            await begun(gate)
            leaving, staying = (asyncio.create_task(desk.answer("b", gate.work("b"))) for _ in range(2))
            alone = asyncio.create_task(desk.answer("c", gate.work("c")))
            await asyncio.sleep(0)
            assert desk.waiting == 2
            for task in (leaving, alone):
                task.cancel()
            await asyncio.gather(leaving, alone, return_exceptions=True)
            assert desk.waiting == 1
            gate.open.set()
            assert await asyncio.gather(running, staying) == [b"running", b"b"]
        assert gate.done == ["running", "b"]

    asyncio.run(ask())


def test_a_plan_is_stopped_when_the_last_one_who_waited_has_left():
    begun, ended = threading.Event(), []

    def endless(stop):
        begun.set()
        try:
            while True:
                stop()
        except Late:
            ended.append(1)
            raise

    async def ask():
        async with Desk(Settings(**QUIET)) as desk:
            first, second = (asyncio.create_task(desk.answer("a", endless)) for _ in range(2))
            await asyncio.to_thread(begun.wait, 60)
            first.cancel()
            await asyncio.gather(first, return_exceptions=True)
            assert ended == []
            second.cancel()
            await asyncio.gather(second, return_exceptions=True)
            # The same question again is a new job, and the thread is free for it.
            assert await asyncio.wait_for(desk.answer("a", lambda stop: b"well"), 60) == b"well"

    asyncio.run(ask())
    assert ended == [1]


def test_a_plan_that_takes_too_long_is_told_and_stopped():
    ended = []

    def endless(stop):
        try:
            while True:
                stop()
        except Late:
            ended.append(1)
            raise

    async def ask():
        async with Desk(Settings(seconds=0.05, **QUIET)) as desk:
            with pytest.raises(Refused) as refused:
                await desk.answer("endless", endless)
            assert refused.value.status == 503
            assert refused.value.faults[0].remedy
            # The thread is free again.
            assert await desk.answer("quick", lambda stop: b"quick") == b"quick"

    asyncio.run(ask())
    assert ended == [1]


def test_who_waits_too_long_is_told():
    async def ask():
        gate = Gate()
        async with Desk(Settings(patience=0.05, **QUIET)) as desk:
            with pytest.raises(Refused) as refused:
                await desk.answer("slow", gate.work("slow"))
            assert refused.value.status == 503
            gate.open.set()
            assert await desk.answer("next", gate.work("next")) == b"next"

    asyncio.run(ask())


def test_an_error_reaches_all_who_wait_and_is_not_kept():
    async def ask():
        async with Desk(Settings(**QUIET)) as desk:
            with pytest.raises(ZeroDivisionError):
                await desk.answer("a", lambda stop: 1 // 0)
            assert await desk.answer("a", lambda stop: b"well") == b"well"

    asyncio.run(ask())


def test_the_thread_is_tidied_after_each_plan():
    told = []

    async def ask():
        async with Desk(Settings(**QUIET), lambda: told.append("tidied")) as desk:
            for name in ("first", "second"):
                await desk.answer(name, lambda stop, name=name: told.append(name) or b"well")

    asyncio.run(ask())
    assert told[:3] == ["first", "tidied", "second"]


@pytest.mark.parametrize(
    ("mapped", "allowed", "cleared"), [(6, "10", [1]), (5, "10", []), (6, "", []), (None, "10", [])]
)
def test_programs_are_forgotten_when_half_of_the_maps_are_in_use(tmp_path, monkeypatch, mapped, allowed, cleared):
    found = []
    monkeypatch.setattr(programs.jax, "clear_caches", lambda: found.append(1))
    for name, text in (("_MAPPED", None if mapped is None else "a piece\n" * mapped), ("_ALLOWED", allowed)):
        monkeypatch.setattr(programs, name, tmp_path / name)
        if text is not None:
            (tmp_path / name).write_text(text, encoding="ascii")
    programs.forget_if_crowded()
    assert found == cleared


def test_programs_are_forgotten_when_there_are_too_many_kinds(monkeypatch):
    found = []
    monkeypatch.setattr(programs.jax, "clear_caches", lambda: found.append(1))
    monkeypatch.setattr(programs, "_KINDS", set())
    monkeypatch.setattr(programs, "_MOST_KINDS", 2)
    for kind in ("a", "a", "b"):
        programs.note_kind(kind)
    assert not found
    programs.note_kind("c")
    assert found == [1]


@pytest.mark.skipif(not programs._MAPPED.exists(), reason="the system tells no maps")
def test_forgotten_programs_give_their_maps_back(monkeypatch):
    def mapped():
        return programs._MAPPED.read_bytes().count(b"\n")

    loaded = [jax.jit(lambda x, size=size: jnp.sin(x) * size) for size in range(50)]
    before = mapped()
    for one in loaded:
        one(1.0)
    full = mapped()
    assert full > before
    monkeypatch.setattr(programs, "_MOST", 0.0)
    programs.forget_if_crowded()
    assert mapped() < full


def test_kept_answers_are_bounded_by_bytes():
    kept = Answers(100)
    for index in range(1000):
        kept.put(str(index), bytes(30))
        kept.get("0")
        assert kept.size <= 100
    assert kept.get("0") is not None
    kept.put("huge", bytes(101))
    assert (kept.get("huge"), kept.size) == (None, 0)
