"""The server: the command line's answers over HTTP for the page, and the page's head in a notebook."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from endplate.web.app import create_app
    from endplate.web.settings import Settings
    from endplate.web.widget import view

__all__ = ["Settings", "create_app", "view"]

_HOME = {"Settings": "settings", "create_app": "app", "view": "widget"}


def __getattr__(name: str) -> Any:
    # A notebook has no server, and a server no notebook: each loads its own libraries only.
    if name in _HOME:
        return getattr(import_module(f"endplate.web.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
