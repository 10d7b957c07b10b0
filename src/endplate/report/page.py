"""Pages that need nothing else: one frame and one style for all reports."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import jinja2

from endplate.report.words import DISCLAIMER

__all__ = ["page"]


def page(template: str, **told: Any) -> str:
    """A report as one page of HTML.

    Parameters
    ----------
    template
        File of this folder that fills the frame `page.html`.
    **told
        What it tells; `title`, `words`, `findings`, `limits` and `made` are those of the frame.
    """
    return _environment().get_template(template).render(disclaimer=DISCLAIMER, **told)


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
