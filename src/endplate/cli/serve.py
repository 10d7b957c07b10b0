"""`endplate serve`: the page and the API on this machine."""

from __future__ import annotations

import os
import socket
import sys
import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from endplate.errors import EndplateError, InvalidRequest

try:
    import uvicorn

    from endplate.web.guard import is_loopback
    from endplate.web.listen import CONNECTIONS, config_of
    from endplate.web.page import HOW_TO_BUILD
    from endplate.web.settings import Settings
except ModuleNotFoundError as missing:
    raise EndplateError(
        f"the server needs the package {missing.name}; install it: pip install 'endplate[web]'"
    ) from None

__all__ = ["app"]

app = typer.Typer(add_completion=False)

PortOption = Annotated[int, typer.Option("--port", min=0, max=65535, help="Port; 0 takes a free one.")]
HostOption = Annotated[str, typer.Option("--host", help="Address to listen on.")]
RemoteOption = Annotated[bool, typer.Option("--allow-remote", help="Let other machines ask, without any password.")]
LibraryOption = Annotated[Path | None, typer.Option("--library", help="Folder of saved cases.")]
OpenOption = Annotated[bool, typer.Option("--open", help="Open the page in the browser.")]


class _Server(uvicorn.Server):
    """Tells its address when it answers."""

    def __init__(self, config: uvicorn.Config, address: str, *, open_page: bool) -> None:
        super().__init__(config)
        self._address, self._open_page = address, open_page

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer."""
        await super().startup(sockets)
        if self.started:
            typer.echo(f"endplate answers at {self._address} (Ctrl-C ends it)")
            sys.stdout.flush()
            if self._open_page:
                webbrowser.open(self._address)


@app.command()
def serve(
    port: PortOption = 8420,
    host: HostOption = "127.0.0.1",
    *,
    library: LibraryOption = None,
    open_page: OpenOption = False,
    allow_remote: RemoteOption = False,
) -> None:
    """Serve the page and the API on this machine."""
    remote = not is_loopback(host)
    if remote and not allow_remote:
        raise InvalidRequest(
            f"{host} lets other machines ask this server, which has no password: cases could be read, changed and "
            "deleted by anyone in the network; add --allow-remote if that is meant"
        )
    folder = _own_library() if library is None else library
    if folder is not None and folder.exists() and not folder.is_dir():
        raise InvalidRequest(f"{folder} is not a folder; give another one to --library")
    settings = Settings(names=(host, socket.gethostname()) if remote else (host,), remote=remote, library=folder)
    door = _door(host, port)
    if not settings.page:
        typer.echo(HOW_TO_BUILD, err=True)
    try:
        _Server(config_of(settings), _address(host, door), open_page=open_page).run(sockets=[door])
    except KeyboardInterrupt:
        pass
    finally:
        door.close()
    typer.echo("ended")


def _door(host: str, port: int) -> socket.socket:
    """A bound socket."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=CONNECTIONS)
    except OSError as error:
        why = os.strerror(error.errno) if error.errno and not isinstance(error, socket.gaierror) else str(error)
        raise InvalidRequest(
            f"cannot listen on {host} port {port}: {why}; give another one, such as --port {(port or 8420) + 1}"
        ) from None


def _address(host: str, door: socket.socket) -> str:
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{door.getsockname()[1]}/"


def _own_library() -> Path | None:
    """The user's folder for saved cases; None without a home."""
    try:
        if sys.platform == "win32":
            base = Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming")
        elif sys.platform == "darwin":
            base = Path.home() / "Library" / "Application Support"
        else:
            base = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    except RuntimeError:  # no home
        return None
    return base / "endplate" / "cases"
