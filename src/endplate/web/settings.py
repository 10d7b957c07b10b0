"""What a server allows: sizes, times, numbers, names."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

__all__ = ["STATIC", "Settings"]

STATIC = Path(__file__).with_name("static")


@dataclass(frozen=True, slots=True)
class Settings:
    """The limits and places of one server.

    Parameters
    ----------
    names
        Names under which the server may be asked for, besides those of the loopback; any IP address if `remote`.
    remote
        Whether other machines may ask.
    library
        Folder of saved cases, or None for no library.
    static
        Folder of the built page.
    warm
        Whether a usual plan is simulated at the start, so that the first real one need not wait for the compiler.
    body : [byte]
        Largest body of a request.
    depth
        Deepest nesting of a document.
    values
        Most values in a document.
    sessions, injections
        Most of each in a plan.
    days : [day]
        Longest simulation.
    patients
        Virtual patients behind a band; 0 for no bands.
    followed
        Virtual patients behind adverse events; 0 for counts of trials alone.
    queue
        Most plans that wait.
    requests
        Most requests at a time.
    checks
        Most cases that are checked at a time.
    seconds, patience, upload : [s]
        Longest computation of one plan, longest wait for it, longest time to send a body.
    cache : [byte]
        Size of the kept answers.
    cases
        Most cases in the library.

    Examples
    --------
    >>> Settings(days=365.0).days
    365.0
    """

    names: tuple[str, ...] = ()
    remote: bool = False
    library: Path | None = None
    static: Path = STATIC
    warm: bool = True
    body: int = 262_144
    depth: int = 12
    values: int = 20_000
    sessions: int = 24
    injections: int = 200
    days: float = 1827.0
    patients: int = 64
    followed: int = 256
    queue: int = 32
    requests: int = 128
    checks: int = 2
    seconds: float = 60.0
    patience: float = 120.0
    upload: float = 20.0
    cache: int = 67_108_864
    cases: int = 1000

    @property
    def page(self) -> bool:
        """Whether the page is built."""
        return (self.static / "index.html").is_file()
