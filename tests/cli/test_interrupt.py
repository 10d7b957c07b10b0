"""Ctrl-C ends a command in one sentence, with nothing half-written, whenever it comes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from endplate.cli import interrupt

FROWN = Path(__file__).parents[2] / "examples" / "frown.toml"
FILES = {"course.nc", "manifest.json", "report.html"}
SENTENCE = "stopped; what was not yet finished was not written"
COMMAND = """
import gc, signal, sys
import endplate.cli.main as command

def press(*_, **__):
    signal.raise_signal(signal.SIGINT)

def before(module, name, times=1):
    import importlib
    room = importlib.import_module(module)
    real = getattr(room, name)
    def pressed(*words, **options):
        for _ in range(times):
            press()
        return real(*words, **options)
    setattr(room, name, pressed)

{moment}
watch = command.interrupt.watch
command.interrupt.watch = lambda: (watch(), print("ready", flush=True))
sys.argv = ["endplate", "simulate", {file!r}, "--days", "30", "-o", {folder!r}]
command.main()
"""
MOMENTS = {
    "loading": 'before("endplate.cli.main", "_load")',
    "reading": 'before("endplate.cli.simulate", "read_tree")',
    "simulating": 'before("endplate.course.stages", "skin")',
    "collecting garbage": (
        'real = __import__("endplate.course.stages", fromlist=["skin"]).skin\n'
        "def skin(*words, **options):\n"
        "    once = lambda phase, info: (gc.callbacks.remove(once), press())\n"
        "    gc.callbacks.append(once); gc.collect()\n"
        "    return real(*words, **options)\n"
        "sys.modules['endplate.course.stages'].skin = skin"
    ),
    "drawing": 'before("endplate.report.html", "treatment_map")',
    "writing": 'before("endplate.course.dataset", "write_netcdf")',
    "a broken library": (
        "def broken(*_, **__):\n"
        "    try: press()\n"
        "    except KeyboardInterrupt: raise RuntimeError('inner') from None\n"
        "import endplate.cli.simulate; endplate.cli.simulate.summarise = broken"
    ),
}

TELLING = ("reading", "collecting garbage", "a broken library")


def start(tmp_path: Path, moment: str = "") -> subprocess.Popen[str]:
    code = COMMAND.format(moment=moment, file=str(FROWN), folder=str(tmp_path / "out"))
    words = [sys.executable, "-c", code]
    quiet = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"}  # some moments load JAX before the command could ask for this
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(words, **pipes, text=True, cwd=tmp_path, env=quiet)


@pytest.mark.parametrize("moment", [pytest.param(MOMENTS[name], id=name) for name in TELLING])
def test_one_sentence_and_no_file(tmp_path, moment):
    process = start(tmp_path, moment)
    _, told = process.communicate()
    assert (process.returncode, told.strip()) == (130, SENTENCE)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize("moment", [pytest.param(MOMENTS[name], id=name) for name in MOMENTS if name not in TELLING])
def test_one_sentence_and_no_file_at_length(tmp_path, moment):
    test_one_sentence_and_no_file(tmp_path, moment)


def test_files_that_are_being_moved_are_moved_whole(tmp_path):
    moment = (
        "import pathlib\nreal = pathlib.Path.replace\n"
        "def replace(self, to):\n    press(); press()\n    return real(self, to)\n"
        "pathlib.Path.replace = replace\n"
    )
    process = start(tmp_path, moment)
    _, told = process.communicate()
    assert (process.returncode, told.strip()) == (130, SENTENCE)
    left = list(tmp_path.iterdir())
    assert left in ([], [tmp_path / "out"])
    assert not left or {one.name for one in left[0].iterdir()} == FILES


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot send Ctrl-C to one process")
@pytest.mark.parametrize("delay", [0.2, *(pytest.param(delay, marks=pytest.mark.slow) for delay in (0.8, 1.6, 3.0))])
def test_from_outside(tmp_path, delay):
    process = start(tmp_path)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    time.sleep(delay)
    os.kill(process.pid, signal.SIGINT)
    _, told = process.communicate()
    if process.returncode:
        assert (process.returncode, told.strip()) == (130, SENTENCE)
    written = {one.name for one in (tmp_path / "out").iterdir()} if (tmp_path / "out").exists() else set()
    assert written in (set(), FILES)
    assert {one.name for one in tmp_path.iterdir()} <= {"out"}


def test_a_second_press_is_heard_at_once():
    interrupt.watch()
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


def test_a_block_that_holds_is_done_whole():
    interrupt.watch()
    done = []

    def held():
        with interrupt.hold():
            signal.raise_signal(signal.SIGINT)
            done.append(True)

    with pytest.raises(KeyboardInterrupt):
        held()
    assert done == [True]


def test_after_the_command_it_does_nothing():
    interrupt.watch()
    interrupt.leave()
    signal.raise_signal(signal.SIGINT)
    assert interrupt.heard()
