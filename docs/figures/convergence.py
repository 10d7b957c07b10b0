"""Draw how losses of force and a profile of dose settle on finer voxels, `convergence.png` beside this file.

Voxels of 0.5 mm take a minute.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from endplate.case.file import read_case
from endplate.course import ClosedForm, TissueSettings, simulate, tissue_responses
from endplate.course.engine import prepare
from endplate.report.colours import INK, SERIES
from endplate.report.names import muscle_name
from endplate.report.style import styled, write_png

FOLDER = Path(__file__).parent
SPACINGS = (2.0, 1.0, 0.5)
MUSCLES = (
    "corrugator_supercilii.left",
    "procerus",
    "depressor_supercilii.left",
    "frontalis_central.left",
    "orbicularis_oculi_medial.left",
    "levator_palpebrae_superioris.left",
)
RAISED = {"orbicularis_oculi_medial.left": 8, "frontalis_central.left": -3, "levator_palpebrae_superioris.left": -3}
DAYS = np.arange(0.0, 91.0)

case = read_case(FOLDER.parents[1] / "examples" / "frown.toml")


def losses(spread: object) -> dict[str, float]:
    """Largest loss of force of each muscle [%]."""
    course = simulate(case.plan, case.patient, days=DAYS, spread=spread)  # pyright: ignore[reportArgumentType]
    force = np.asarray(course.force)[..., 0]
    return {name: 100 * float(1 - force[:, course.muscle(name)].min()) for name in MUSCLES}


@styled
def drawn(found: list[dict[str, float]], ball: dict[str, float]) -> Figure:
    """Losses over the edge of a voxel, and those of the closed form beside them."""
    figure = Figure(figsize=(7.4, 4.2), layout="constrained")
    axes = figure.add_subplot()
    place = np.arange(len(SPACINGS))
    for name, colour in zip(MUSCLES, SERIES, strict=False):
        values = [one[name] for one in found]
        axes.plot(place, values, "o-", color=colour, linewidth=1.6, markersize=5)
        axes.plot(len(SPACINGS), ball[name], "D", color=colour, markersize=5, markerfacecolor="white")
        axes.annotate(
            muscle_name(name.split(".")[0]),
            (len(SPACINGS), ball[name]),
            xytext=(10, RAISED.get(name, 0)),
            textcoords="offset points",
            fontsize=8.5,
            color=INK,
            va="center",
        )
    axes.set_xticks([*place, len(SPACINGS)], [*(f"{one:g} mm" for one in SPACINGS), "closed form"])
    axes.set(xlim=(-0.2, len(SPACINGS) + 1.6), ylim=(-3, 100))
    axes.set_xlabel("edge of a voxel; homogeneous tissue beside it")
    axes.set_ylabel("largest loss of force [%]")
    return figure


if __name__ == "__main__":
    prepare()
    solved = [losses(tissue_responses(case.plan, settings=TissueSettings(spacing=one))) for one in SPACINGS]
    write_png(drawn(solved, losses(ClosedForm())), FOLDER / "convergence.png", dpi=110)
