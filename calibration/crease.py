"""Fit the creases at rest: the part that follows use to measured rows, the engraving to assumed depths.

Rows used (`use = "calibration"` in the evidence library, none of them read by a test of prediction): the fall
of static glabellar lines 30 and 90 days after 20 U. They fix depth and time constant of the part of a crease
that follows use. The rate at which use engraves a crease has no row that fixes it: glabellar lines are not
manifest before 40, which bounds it from above and no more. It is fitted to the untreated depths that the model
assumes; the bound is computed beside it, for a line as deep as the typical one of grade 1 (`severity.limit`,
`severity.half_depth`). Everything else keeps its library value.

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
UNTREATED = {38.0: 0.13, 50.0: 0.36, 60.0: 0.54}  # age [year]: depth at rest [mm], assumed, not measured
AGE = 48.0  # the mean age of the treated group is not printed; the middle of the ages usual in such trials
ROW_ERROR = 4.0  # percentage points, assumed: 21 patients who differ by 18 points; no SD is printed
NAMES = ("crease.volatile_share", "crease.volatile_time", "crease.growth")
LIBRARY = load()
PLAN = parse_case(write_template("glabella-20u")).plan
DEFAULT = default_parameters(PLAN.product)
MILD = float(depth_of_severity(jnp.asarray(1.0), DEFAULT.outcome))
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
    course = simulate(PLAN, Patient(age=AGE), parameters=parameters, days=np.arange(91.0))
    depth = np.asarray(course.depth_rest)[:, GLABELLA, 0]
    return 100 * (depth[list(FALLS)] / depth[0] - 1)


def untreated(parameters: Parameters, *ages: float) -> np.ndarray:
    """Depth at rest at these ages [mm]."""
    people = [Patient(age=age) for age in ages]
    course = simulate(Plan(PLAN.product, ()), people, parameters=parameters, days=np.arange(1.0))
    return np.asarray(course.depth_rest)[0, GLABELLA]


def fit_falls(growth: float) -> tuple[np.ndarray, np.ndarray]:
    """Share and time that meet the two falls, and the standard deviation of their logarithms."""
    wanted = np.array([LIBRARY[name].value for name in FALLS.values()])
    start = np.log([LIBRARY[name].value for name in NAMES[:2]])

    def misfit(logs: np.ndarray) -> np.ndarray:
        return (falls(with_values(*np.exp(logs), growth)) - wanted) / ROW_ERROR

    found = least_squares(misfit, start, diff_step=1e-3, xtol=1e-6)
    return np.exp(found.x), np.sqrt(np.diag(np.linalg.inv(found.jac.T @ found.jac)))


def fit_growth(share: float, time: float) -> float:
    """Growth whose untreated depths are nearest to those assumed."""

    def misfit(log: np.ndarray) -> np.ndarray:
        return untreated(with_values(share, time, np.exp(log[0])), *UNTREATED) - np.array([*UNTREATED.values()])

    return float(np.exp(least_squares(misfit, np.log([LIBRARY[NAMES[2]].value]), diff_step=1e-3).x[0]))


def highest_growth(share: float, time: float) -> float:
    """Growth beyond which the typical line is manifest too early."""
    age = LIBRARY[MANIFEST].value
    return brentq(lambda one: untreated(with_values(share, time, one), age)[0] - MILD, 0.01, 0.2)


def fit() -> tuple[np.ndarray, np.ndarray, float]:
    """Share, time and growth; standard deviation of ln share and ln time; the highest growth."""
    growth = LIBRARY[NAMES[2]].value
    # The growth hardly moves the falls, so the two fits in turn settle at once.
    for _ in range(2):
        pair, sd = fit_falls(growth)
        growth = fit_growth(*pair)
    return np.append(pair, growth), sd, highest_growth(*pair)


def report(title: str, values: np.ndarray) -> None:
    """Print the values and what they give."""
    used = with_values(*values)
    shown = ", ".join(f"{name} {value:.3g}" for name, value in zip(NAMES, values, strict=True))
    print(f"{title}: {shown}")
    for name, found in zip(FALLS.values(), falls(used), strict=True):
        print(f"  {name:40s} model {found:6.1f}   observed {LIBRARY[name].value:6.1f} percent")
    for age, found in zip(UNTREATED, untreated(used, *UNTREATED), strict=True):
        print(
            f"  untreated depth at rest, {age:g} years {'':9s} model {found:6.3f}   assumed  {UNTREATED[age]:6.2f} mm"
        )
    manifest = brentq(lambda age: untreated(used, age)[0] - MILD, 30.0, 60.0)
    print(f"  typical line of grade 1 ({MILD:.2f} mm) at {manifest:.1f} years; not before {LIBRARY[MANIFEST].value:g}")


if __name__ == "__main__":
    report("library", np.array([LIBRARY[name].value for name in NAMES]))
    values, sd, highest = fit()
    report("fit", values)
    for name, value, one in zip(NAMES, values, sd, strict=False):
        low, high = value * np.exp(np.array([-1.96, 1.96]) * one)
        print(f"  {name}: sd of ln {one:.2f}, 95 % range {low:.3g} to {high:.3g}")
    print(f"  {NAMES[2]}: at most {highest:.3g}")
