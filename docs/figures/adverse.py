"""Adverse events: arms of trials beside pooled rates, with the arm known and left out: `adverse.png` beside this file.

Run:  python docs/figures/adverse.py
"""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
import numpy as np
from evidence import BLUE, LOOK, ORANGE, panels
from matplotlib.axes import Axes

from endplate.evidence import load
from endplate.evidence.counts import PLACEBO, Count, adverse_counts
from endplate.report.risk_words import event_name
from endplate.safety.pooling import Pooled, pool
from endplate.solve.logistic import chance

HERE = Path(__file__).parent
LEVEL = (0.05, 0.5, 0.95)
ACTIVE = [one for one in adverse_counts() if one.product != PLACEBO]
TITLE = "Adverse events: what arms of trials counted, and what pooling tells"
NOTE = (
    "Points are active arms, one for each event; bars are 90 % intervals for an arm of that size. Left: every arm was "
    "pooled, so this shows the fit. Right: all active arms of the trial are left out for that event and its placebo is "
    "kept, so this shows what is told of a trial that was not seen; events of one trial cannot be. Orange: outside."
)
FAR = 0.4  # shares whose name stands on the left


def arms(event: str) -> list[Count]:
    """All arms that counted an event."""
    return [one for one in adverse_counts() if one.event == event]


def told(one: Count, pooled: Pooled) -> np.ndarray:
    """Low, middle and high share that an arm of this size would count."""
    question = {"treated": one.treated, "dose": one.dose, "trial": one.trial, "count": 4000, "seed": 7}
    _, active = pooled.log_odds(one.product, **question)
    counted = np.random.default_rng(8).binomial(one.patients, chance(active))
    return np.quantile(counted / one.patients, LEVEL)


def known(one: Count) -> np.ndarray:
    """With the arm among those that were pooled."""
    return told(one, POOLED[one.event])


def left_out(one: Count) -> np.ndarray | None:
    """Without any active arm of its trial; None if nothing else was left that was given the drug."""
    rest = [other for other in arms(one.event) if other.product == PLACEBO or other.trial != one.trial]
    return told(one, pool(rest, load())) if any(other.product != PLACEBO for other in rest) else None


def coverage(rows: list[tuple[Count, np.ndarray]]) -> float:
    """Share of arms inside their interval."""
    return float(np.mean([low <= one.rate <= high for one, (low, _, high) in rows]))


def panel(axes: Axes, rows: list[tuple[Count, np.ndarray]], title: str) -> None:
    """Counted against told."""
    for one, (low, middle, high) in rows:
        inside = low <= one.rate <= high
        bars = [[max(100 * (middle - low), 0.0)], [max(100 * (high - middle), 0.0)]]
        axes.errorbar(
            100 * one.rate + 0.1,
            100 * middle + 0.1,
            yerr=bars,
            fmt="o",
            ms=5,
            elinewidth=1.2,
            color=BLUE if inside else ORANGE,
        )
        if not inside:
            axes.annotate(
                f"{event_name(one.event)}, {one.product}",
                (100 * one.rate + 0.1, 100 * middle + 0.1),
                xytext=(-7 if one.rate > FAR else 7, -10),
                ha="right" if one.rate > FAR else "left",
                textcoords="offset points",
                fontsize=9.5,
            )
    axes.plot([0.1, 100], [0.1, 100], color="#9aa1a8", linewidth=0.8, zorder=0)
    axes.set(xscale="log", yscale="log", xlim=(0.08, 100), ylim=(0.08, 100), title=title)
    for one in (axes.xaxis, axes.yaxis):
        one.set_major_formatter(lambda value, _: f"{value:g}")
    axes.set_xlabel("counted [% of patients, + 0.1]")
    axes.set_ylabel("told [% of patients, + 0.1]")


POOLED = {event: pool(arms(event), load()) for event in sorted({one.event for one in ACTIVE})}


def main() -> None:
    """Draw and print."""
    inside = [(one, known(one)) for one in ACTIVE]
    outside = [(one, found) for one in ACTIVE if (found := left_out(one)) is not None]
    for words, rows in (("pooled with", inside), ("left out", outside)):
        print(f"{words}: {100 * coverage(rows):.0f} % of {len(rows)} arms inside their 90 % interval")
    with mpl.rc_context(LOOK):
        figure, (left, right) = panels(TITLE, NOTE)
        panel(left, inside, f"Pooled with the arm: {100 * coverage(inside):.0f} % of {len(inside)} inside")
        panel(right, outside, f"Arm left out: {100 * coverage(outside):.0f} % of {len(outside)} inside")
        figure.savefig(HERE / "adverse.png", dpi=100, metadata={"Software": None})


if __name__ == "__main__":
    main()
