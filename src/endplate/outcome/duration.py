"""Three durations of effect, which differ by months, and the day of onset.

All rest on the investigator's grade at maximum effort, and all are counted from `start`, the
day of treatment, as trials do. Each is 0 where the effect is never reached, and infinity
where it still holds on the last day. Trials report medians over patients and often over
responders only; these are the values of one patient.
"""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array

from endplate.outcome.crossing import first_crossing
from endplate.outcome.rating import RATERS, expected_grade
from endplate.outcome.severity import EFFORTS

__all__ = ["duration_none_or_mild", "duration_one_grade", "duration_to_baseline", "onset_of_effect"]

_RATER, _EFFORT = RATERS.index("investigator"), EFFORTS.index("maximum")


def duration_none_or_mild(days: Array, probability: Array, *, start: Array | float = 0) -> Array:
    """Days until the line is more than mild again.

    From `start` to the first day, after "none or mild" has once been the likelier verdict
    (P(grade ≤ 1) ≥ ½), on which it no longer is. 0 for a patient who is none or mild at
    baseline already. Compare with `median_loss_none_mild` of trials, which needs both
    raters above mild.

    Parameters
    ----------
    days
        Shape (T,) [day]; the first day is the baseline.
    probability
        Grade probabilities, shape (T, R, effort, rater, grade, P) [1].
    start
        Day of treatment [day].

    Returns
    -------
    Array
        Shape (R, P) [day].
    """
    return _held(days, jnp.sum(_seen(probability)[:, :, :2], axis=2), level=0.5, start=start)


def duration_to_baseline(days: Array, probability: Array, *, start: Array | float = 0) -> Array:
    """Days until the line is back at baseline.

    From `start` to the first day, after the expected grade has once been half a grade or
    more below its baseline, on which it is within half a grade of it again. Compare with
    `median_return_baseline` of trials; the longest of the three.

    Parameters
    ----------
    days, probability, start
        As for `duration_none_or_mild`.

    Returns
    -------
    Array
        Shape (R, P) [day].
    """
    return _held(days, _improvement(probability), level=0.5, start=start)


def duration_one_grade(days: Array, probability: Array, *, start: Array | float = 0) -> Array:
    """Days until the line is no longer a grade better.

    From `start` to the first day, after the expected grade has once been a whole grade or
    more below its baseline, on which the gain is less than a grade. Compare with
    `inv_ge1` over time.

    Parameters
    ----------
    days, probability, start
        As for `duration_none_or_mild`.

    Returns
    -------
    Array
        Shape (R, P) [day].
    """
    return _held(days, _improvement(probability), level=1, start=start)


def onset_of_effect(days: Array, probability: Array, *, start: Array | float = 0) -> Array:
    """Days until the expected grade is first half a grade below its baseline; infinity for never.

    Parameters
    ----------
    days, probability, start
        As for `duration_none_or_mild`.

    Returns
    -------
    Array
        Shape (R, P) [day].
    """
    return first_crossing(days, _improvement(probability), level=0.5).day - start


def _seen(probability: Array) -> Array:
    """What the investigator sees at maximum effort, shape (T, R, grade, P)."""
    return probability[:, :, _EFFORT, _RATER]


def _improvement(probability: Array) -> Array:
    grade = expected_grade(_seen(probability))
    return grade[0] - grade


def _held(days: Array, value: Array, *, level: float, start: Array | float) -> Array:
    """Days from `start` until a value that has risen to a level falls below it; 0 if it never rose."""
    gained = first_crossing(days, value, level=level)
    lost = first_crossing(days, -value, level=-level, after=gained.node).day
    return jnp.where(jnp.isfinite(gained.day) & (gained.node > 0), lost - start, 0)
