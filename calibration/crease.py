"""Fit the creases at rest to the rows that are kept for it.

Rows used (all `use = "calibration"` in the evidence library, none of them read by a test of prediction):
the fall of static glabellar lines 30 and 90 days after 20 U, and the age at which lines become manifest.
Unknown: depth and time constant of the part of a crease that follows use, and the rate at which use
engraves it; everything else keeps its library value. A line is taken to be manifest when it is as deep
as the typical line of grade 1 (`severity.limit`, `severity.half_depth`). Three rows, three unknowns.

Run:  python calibration/crease.py            prints the fit beside the library
"""

from __future__ import annotations

import jax

jax.config.update("jax_enable_x64", True)

import equinox
import jax.numpy as jnp
import numpy as np
from scipy.optimize import brentq, least_squares

from endplate.case import REGIONS, Patient, Plan
from endplate.case.file import parse_case, write_template
from endplate.course import Parameters, default_parameters, simulate
from endplate.evidence import load
from endplate.outcome import depth_of_severity

FALLS = {30: "observed.irregularity.static_day30", 90: "observed.irregularity.static_day90"}
MANIFEST = "observed.lines_manifest_age"
AGE = 48.0  # the mean age of the treated group is not printed; the middle of the ages usual in such trials
NAMES = ("crease.volatile_share", "crease.volatile_time", "crease.growth")
DAYS = np.arange(0.0, 91.0)
LIBRARY = load()
PLAN = parse_case(write_template("glabella-20u")).plan
DEFAULT = default_parameters(PLAN.product)
GLABELLA = REGIONS.index("glabella")


def with_values(share: float, time: float, growth: float) -> Parameters:
    """The library's parameters with other creases."""
    return equinox.tree_at(
        lambda p: (p.skin.volatile_share, p.skin.volatile_time, p.skin.crease_growth),
        DEFAULT,
        tuple(jnp.asarray(value) for value in (share, time, growth)),
    )


def falls(parameters: Parameters) -> np.ndarray:
    """Change of the depth at rest after 20 U on the days of `FALLS` [percent]."""
    course = simulate(PLAN, Patient(age=AGE), parameters=parameters, days=DAYS)
    depth = np.asarray(course.depth_rest)[:, GLABELLA, 0]
    return 100 * (depth[list(FALLS)] / depth[0] - 1)


def untreated(parameters: Parameters) -> float:
    """Depth at rest at the age at which lines become manifest [mm]."""
    course = simulate(
        Plan(PLAN.product, ()), Patient(age=LIBRARY[MANIFEST].value), parameters=parameters, days=DAYS[:1]
    )
    return float(np.asarray(course.depth_rest)[0, GLABELLA, 0])


def fit() -> np.ndarray:
    """Share, time and growth that meet the three rows."""
    wanted = np.array([LIBRARY[name].value for name in FALLS.values()])
    mild = float(depth_of_severity(jnp.asarray(1.0), DEFAULT.outcome))
    growth = LIBRARY[NAMES[2]].value
    values = np.array([LIBRARY[name].value for name in NAMES[:2]])
    # The growth hardly moves the falls, so the two fits in turn settle at once.
    for _ in range(2):

        def misfit(logs: np.ndarray, growth: float = growth) -> np.ndarray:
            return falls(with_values(*np.exp(logs), growth)) - wanted

        values = np.exp(least_squares(misfit, np.log(values), diff_step=1e-3, xtol=1e-5).x)
        low, high = LIBRARY[NAMES[2]].low, LIBRARY[NAMES[2]].high
        growth = brentq(lambda one, pair=tuple(values): untreated(with_values(*pair, one)) - mild, low, high, xtol=1e-5)
    return np.append(values, growth)


def report(title: str, values: np.ndarray) -> None:
    """Print the values and what they give."""
    used = with_values(*values)
    shown = ", ".join(f"{name} {value:.3g}" for name, value in zip(NAMES, values, strict=True))
    print(f"{title}: {shown}")
    for name, found in zip(FALLS.values(), falls(used), strict=True):
        print(f"  {name:40s} model {found:6.1f}   observed {LIBRARY[name].value:6.1f} percent")
    age = LIBRARY[MANIFEST].value
    print(f"  depth at rest at {age:g} years: {untreated(used):.3f} mm; a typical line of grade 1: ", end="")
    print(f"{float(depth_of_severity(jnp.asarray(1.0), DEFAULT.outcome)):.3f} mm")


if __name__ == "__main__":
    report("library", np.array([LIBRARY[name].value for name in NAMES]))
    report("fit", fit())
