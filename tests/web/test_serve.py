"""`endplate serve`, as a user starts and ends it."""

from __future__ import annotations

import builtins
import importlib
import os
import signal
import socket
import subprocess
import sys

import httpx
import pytest
from typer.testing import CliRunner

from endplate.cli import serve as verb
from endplate.cli.main import app
from endplate.errors import EndplateError

START = "from endplate.cli.main import main; main()"


def refused(*words):
    result = CliRunner().invoke(app, ["serve", *map(str, words)])
    assert result.exit_code == 2, result.output
    assert len(result.stderr.strip().splitlines()) == 1
    return result.stderr


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.0.1", "example.org"])
def test_other_machines_are_let_in_only_on_purpose(host):
    words = refused("--host", host)
    assert "--allow-remote" in words
    assert "no password" in words


def test_a_port_that_is_taken_is_told():
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
        assert f"--port {port + 1}" in refused("--port", port)


def test_an_address_of_another_machine_is_told():
    assert "cannot listen on 192.0.2.1" in refused("--host", "192.0.2.1", "--allow-remote", "--port", 0)


def test_a_library_that_is_a_file_is_told(tmp_path):
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    assert "is not a folder" in refused("--library", tmp_path / "file", "--port", 0)


def test_the_library_is_the_users_own(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert verb._own_library() == tmp_path / "endplate" / "cases"


def test_a_missing_package_is_named_with_its_extra(monkeypatch):
    real = builtins.__import__

    def without(name, *rest):
        if name == "uvicorn":
            raise ModuleNotFoundError("No module named 'uvicorn'", name="uvicorn")
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(EndplateError, match=r"uvicorn.*endplate\[web\]"):
        importlib.reload(verb)
    monkeypatch.undo()
    importlib.reload(verb)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for other processes")
def test_it_tells_its_address_answers_and_ends_cleanly(tmp_path):
    words = ["serve", "--port", "0", "--library", str(tmp_path / "library")]
    environment = os.environ | {"XDG_CACHE_HOME": str(tmp_path)}
    process = subprocess.Popen(
        [sys.executable, "-c", START, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )
    try:
        line = process.stdout.readline()
        assert line.startswith("endplate answers at http://127.0.0.1:"), line + process.stderr.read()
        address = line.split()[3]
        with httpx.Client(base_url=address, trust_env=False, timeout=60) as client:
            assert client.get("/api/health").json()["version"]
    finally:
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    assert out.strip() == "ended"
    assert "Traceback" not in err
