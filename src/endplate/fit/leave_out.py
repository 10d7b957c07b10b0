"""Every trial predicted from a fit that has not seen it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from endplate.fit.calibrate import Fit, held_out, observed, unlink
from endplate.fit.model import Model
from endplate.fit.prior import Priors
from endplate.fit.question import Question, ask
from endplate.fit.rows import calibration_rows
from endplate.fit.validate import LEVEL, Prediction

__all__ = ["calibration_questions", "leave_trials_out", "widening"]

Floats = NDArray[np.float64]


def calibration_questions() -> tuple[Question, ...]:
    """The packaged rows of facial lines that the model can express and that report a number."""
    asked = (ask(row) for row in calibration_rows() if row.value is not None)
    return tuple(one for one in asked if isinstance(one, Question))


def leave_trials_out(
    model: Model, priors: Priors, *, fit: Fit, tell: Callable[[str], object] = lambda _trial: None
) -> tuple[tuple[Prediction, ...], float]:
    """Every row predicted by a fit without its trial, and by how much such intervals are too narrow, see `widening`.

    Parameters
    ----------
    model, priors, fit
        The fit with all rows.
    tell
        Told which trial is left out; may raise to stop.
    """
    trials = np.array([one.row.trial for one in model.questions])
    middle, sd = np.zeros(len(trials)), np.zeros(len(trials))
    for trial in dict.fromkeys(trials):
        tell(str(trial))
        own = trials == trial
        found = held_out(model, priors, fit=fit, rows=own)
        middle[own], sd[own] = found[0][own], found[1][own]
    wider = widening(middle, sd, seen=observed(model)[0])
    reach = float(ndtri(0.5 + LEVEL / 2)) * sd
    scale = np.where(model.timed, 1.0, 100.0)
    edges = [scale * unlink(place, model.timed) for place in (middle, middle - reach, middle + reach)]
    told = tuple(
        Prediction(one.row, float(best), float(low), float(high), None, timed=bool(timed))
        for one, best, low, high, timed in zip(model.questions, *edges, model.timed, strict=True)
    )
    return told, wider


def widening(middle: Floats, sd: Floats, *, seen: Floats) -> float:
    """Factor on standard deviations with which 90 % intervals hold nine rows of ten; never below 1.

    Parameters
    ----------
    middle, sd
        Predicted without the row's trial, on the link scale (R,).
    seen
        What was reported, on the link scale (R,).

    Examples
    --------
    >>> round(widening(np.zeros(100), np.ones(100), seen=np.linspace(-4, 4, 100)), 2)
    2.2
    """
    far = np.abs(seen - middle) / sd
    return max(1.0, float(np.quantile(far, LEVEL) / ndtri(0.5 + LEVEL / 2)))
