"""The page's head as a widget: what a notebook needs, in one object."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import traitlets

__all__ = ["CourseView"]


class CourseView(anywidget.AnyWidget):
    """A head that shows a course; `endplate.view` makes it.

    Parameters
    ----------
    course, anatomy
        Documents as the server sends them.
    assets
        Files of the head by name, as bytes.
    day
        The day that is shown; follows the slider.
    """

    course: traitlets.Dict[str, Any] = traitlets.Dict().tag(sync=True)
    anatomy: traitlets.Dict[str, Any] = traitlets.Dict().tag(sync=True)
    assets: traitlets.Dict[str, bytes] = traitlets.Dict().tag(sync=True)
    day: traitlets.Float[float, float] = traitlets.Float(0.0).tag(sync=True)

    @classmethod
    def of(cls, script: Path, styles: Path, **content: Any) -> CourseView:
        """A view that runs a script of the built page."""
        files = {"_esm": script} | ({"_css": styles} if styles.is_file() else {})
        made: type[CourseView] = type(cls.__name__, (cls,), files)
        return made(**content)
