"""How every figure looks, and how it gets into a page."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from matplotlib.ticker import MultipleLocator
from numpy.typing import NDArray

from endplate.report.colours import GRID, INK, MUTED

__all__ = ["HALO", "day_axis", "label_lines", "styled", "svg", "write_png"]

HALO = [withStroke(linewidth=2.5, foreground="white")]

_FONTS = ["Source Sans 3", "Helvetica Neue", "Arial", "Liberation Sans", "DejaVu Sans"]
_STYLE: dict[Any, Any] = {
    "font.family": "sans-serif",
    "font.sans-serif": _FONTS,
    "font.size": 9.0,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": MUTED,
    "axes.linewidth": 0.7,
    "axes.titlesize": 9.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "grid.color": GRID,
    "grid.linewidth": 0.7,
    "lines.linewidth": 1.8,
    "lines.solid_capstyle": "round",
    "svg.fonttype": "path",
    "figure.dpi": 100,
    "savefig.facecolor": "white",
}
# Hundredths of a point are enough for a path.
_LONG_NUMBER = re.compile(r"(\.\d\d)\d+")
_DAY_STEPS = (1, 2, 7, 14, 30, 60, 90, 180, 365, 730, 1825, 3650)
_MOST_TICKS = 9
# Names move aside by this share of the x axis once one of them leaves its line by this share of the gap.
_ASIDE, _LEAVES = 0.025, 0.5

# A decorator for functions that draw: they see this style and leave the user's own settings alone.
styled = mpl.rc_context(rc=_STYLE)


def svg(figure: Figure, name: str) -> str:
    """The figure as an SVG element for a page; `name` keeps its identifiers apart from those of other figures."""
    stream = io.StringIO()
    # Fonts are chosen when a figure is drawn, so the style holds here too.
    style: dict[Any, Any] = {**_STYLE, "svg.hashsalt": name}
    with mpl.rc_context(rc=style):
        figure.savefig(stream, format="svg", metadata={"Date": None})
    text = stream.getvalue()
    text = re.sub(r"<metadata>.*?</metadata>", "", text[text.index("<svg") :], flags=re.DOTALL)
    text = re.sub(r'<g id="[^"]*">', "<g>", text)
    text = re.sub(r'(?<= d=")[^"]*', lambda found: _LONG_NUMBER.sub(r"\1", found[0]), text)
    text = re.sub(r'\bid="', f'id="{name}-', text)
    return re.sub(r"(href=\"#|url\(#)", rf"\g<1>{name}-", text)


def write_png(figure: Figure, path: Path, *, dpi: int = 150) -> None:
    """The figure as a PNG file."""
    with mpl.rc_context(rc=_STYLE):
        figure.savefig(path, dpi=dpi, metadata={"Software": None})


def day_axis(axes: Axes, days: NDArray[np.float64], *, most: int = _MOST_TICKS) -> None:
    """Days along x, with ticks at whole weeks or months."""
    first, last = float(days[0]), float(days[-1])
    step = next((one for one in _DAY_STEPS if (last - first) / one <= most), _DAY_STEPS[-1])
    axes.set_xlim(first, last)
    axes.xaxis.set_major_locator(MultipleLocator(step))
    axes.set_xlabel("day")
    axes.grid(visible=True)


def label_lines(axes: Axes, labels: Sequence[tuple[float, float, str, str]], *, gap: float) -> None:
    """Names (x, y, text, colour) on their lines, moved apart by at least `gap` of the y axis and kept inside it.

    Where a name had to leave its line, names stand beside a dot on the line and are tied to it.
    """
    low, high = axes.get_ylim()
    least = gap * (high - low)
    ordered = sorted(labels, key=lambda one: one[1])
    places = _spread([one[1] for one in ordered], least, high - 0.5 * least)
    blank = {"facecolor": "white", "edgecolor": "none", "pad": 1.2, "alpha": 0.9}
    moved = max((abs(place - one[1]) for one, place in zip(ordered, places, strict=True)), default=0.0)
    aside = _ASIDE * (axes.get_xlim()[1] - axes.get_xlim()[0]) if moved > _LEAVES * least else 0.0
    for (x, y, text, colour), place in zip(ordered, places, strict=True):
        if aside:
            axes.plot([x, x + aside], [y, place], color=colour, linewidth=0.8, zorder=2.5)
            axes.plot(x, y, marker="o", markersize=3.5, color=colour, zorder=2.6)
        at = (x + aside, place)
        axes.annotate(text, at, color=colour, va="center", fontweight="bold", fontsize=8.5, bbox=blank)


def _spread(places: Sequence[float], least: float, top: float) -> list[float]:
    """Rising places moved up, then down from the top, until neighbours are `least` apart."""
    moved: list[float] = []
    for place in places:
        moved.append(max(place, moved[-1] + least) if moved else place)
    for index in range(len(moved) - 1, -1, -1):
        moved[index] = min(moved[index], top - least * (len(moved) - 1 - index))
    return moved
