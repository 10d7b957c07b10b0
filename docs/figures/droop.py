"""Draw when and for how long a lid droops after the glabella, beside what texts give: `droop.png` beside this file.

Run:  python docs/figures/droop.py
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from endplate.case.file import parse_case, write_template
from endplate.course.engine import prepare
from endplate.evidence import load
from endplate.evidence.quantity import Quantity
from endplate.population.adverse import follow_session
from endplate.population.droop import Droop
from endplate.report.colours import INK, MUTED, OKABE_ITO
from endplate.report.style import styled, write_png

FOLDER = Path(__file__).parent
LIBRARY = load()
WEEKS, CURVES = 26, 60
MODEL, TEXTS = OKABE_ITO["blue"], OKABE_ITO["orange"]


@styled
def draw(droop: Droop, threshold: float) -> Figure:
    """Falls over weeks; first days; lengths."""
    figure = Figure(figsize=(10.0, 3.2), layout="constrained")
    left, middle, right = figure.subplots(1, 3, width_ratios=(1.25, 1, 1))
    falls(left, droop, threshold)
    onset, lasting = (LIBRARY[f"adverse_{kind}.eyelid_ptosis"] for kind in ("onset", "lasting"))
    share(middle, droop.first, np.arange(0.5, 28.0), onset)
    middle.set_xlabel("first day with ptosis")
    middle.set_ylabel("share of drooping lids [%]")
    share(right, droop.held / 7, np.arange(0.0, 41.0, 2.0), lasting, per=7.0)
    right.set_xlabel("weeks with ptosis")
    return figure


def falls(axes: Axes, droop: Droop, threshold: float) -> None:
    """Some lids, the median one in bold, and what counts."""
    weeks = droop.days / 7
    for one in np.linspace(0, droop.fall.shape[1] - 1, CURVES).astype(int):
        axes.plot(weeks, droop.fall[:, one], color=MODEL, alpha=0.18, linewidth=0.9)
    axes.plot(weeks, np.median(droop.fall, axis=1), color=MODEL, linewidth=2.4)
    axes.axhline(threshold, color=INK, linewidth=0.9, linestyle="--")
    axes.annotate("counts as ptosis", (WEEKS, threshold), ha="right", va="bottom", fontsize=8, color=INK)
    axes.set(xlim=(0, WEEKS), ylim=(0, None), xlabel="weeks after 20 U in the glabella", ylabel="fall of the lid [mm]")
    axes.grid(visible=True)


def share(axes: Axes, values: np.ndarray, bins: np.ndarray, texts: Quantity, *, per: float = 1.0) -> None:
    """How values spread, over the range of texts."""
    assert texts.low is not None
    assert texts.high is not None
    low, high = texts.low / per, texts.high / per
    inside = np.mean((values >= low) & (values <= high))
    axes.axvspan(low, high, color=TEXTS, alpha=0.3, linewidth=0)
    axes.hist(values, bins=bins.tolist(), weights=np.full(len(values), 100 / len(values)), color=MODEL, alpha=0.85)
    axes.axvline(np.median(values), color=INK, linewidth=1.2)
    words = f"texts: {low:.0f} to {high:.0f}\nmodel: median {np.median(values):.0f},\n{inside:.0%} in that range"
    axes.annotate(words, (0.97, 0.96), xycoords="axes fraction", ha="right", va="top", fontsize=8.5, color=MUTED)
    axes.grid(visible=True, axis="y")


def main() -> None:
    """Follow patients and draw."""
    prepare()
    case = parse_case(write_template("glabella-20u"))
    followed = follow_session(case.plan, case.patient)
    assert followed.droop is not None
    write_png(draw(followed.droop, LIBRARY["ptosis_threshold"].value), FOLDER / "droop.png")


if __name__ == "__main__":
    main()
