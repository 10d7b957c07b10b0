"""A real server in a thread, asked over the loopback."""

from __future__ import annotations

import json
import socket
import threading
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from endplate.web import Settings
from endplate.web.listen import config_of

PAGE = {
    "index.html": b"<!doctype html><title>endplate</title>",
    "assets/index-abc123.js": b"export const one = 1;",
    "assets/index-abc123.js.gz": b"",
    "head/head.bin": bytes(range(256)),
}


@contextmanager
def running(settings: Settings) -> Iterator[httpx.Client]:
    """A client of a server that runs in a thread."""
    door = socket.create_server(("127.0.0.1", 0))
    config = config_of(settings)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{door.getsockname()[1]}"
    with httpx.Client(base_url=address, trust_env=False, timeout=300) as client:
        client.app = config.app
        try:
            yield client
        finally:
            server.should_exit = True
            thread.join()
            door.close()


@pytest.fixture(scope="session")
def serve() -> Callable[[Settings], Any]:
    """Runs a server with the given settings."""
    return running


@pytest.fixture(scope="session")
def static(tmp_path_factory) -> Path:
    """A tiny built page."""
    folder = tmp_path_factory.mktemp("page") / "static"
    for name, content in PAGE.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    (folder.parent / "secret.txt").write_text("secret", encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def client(static, tmp_path_factory) -> Iterator[httpx.Client]:
    """A client of one server for many tests."""
    with running(
        Settings(
            warm=False,
            patients=0,
            followed=0,
            seconds=900.0,
            patience=900.0,
            static=static,
            library=tmp_path_factory.mktemp("web") / "library",
        )
    ) as client:
        yield client


@pytest.fixture(scope="session")
def tree(root) -> dict[str, Any]:
    """The tables of the demo."""
    return tomllib.loads((root / "examples" / "frown.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def body(tree) -> bytes:
    """The demo as a body."""
    return json.dumps({"case": tree}).encode()
