"""Looks at a course and computes nothing: tables, figures and one self-contained HTML page."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from endplate.report.face_map import anatomy_figure
    from endplate.report.html import report_html
    from endplate.report.sensitivity_figure import write_sensitivity

__all__ = ["anatomy_figure", "report_html", "write_sensitivity"]

_HOME = {"anatomy_figure": "face_map", "report_html": "html", "write_sensitivity": "sensitivity_figure"}


def __getattr__(name: str) -> Any:
    # Drawing costs a second of start-up, which tables in a terminal do not need.
    if name in _HOME:
        return getattr(import_module(f"endplate.report.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
