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


# Trials that share patients: left out together.
_POOLS = {"Carruthers2003_GL2": "BOTOXC_USPI_GL_pooled", "Abo_onset_pooled": "Dysport_GL1_2_3"}
# Rows whose patients are in other rows of the same endpoint.
_TWICE = (
    ("Carruthers2003_GL2", "inv_none_mild"),
    ("Carruthers2003_GL2", "subj_mod_improve"),
    ("Joseph2021_doseesc", "median_onset"),
)


def calibration_questions() -> tuple[Question, ...]:
    """The packaged rows of facial lines that can be expressed, that report a number, and that count nobody twice."""
    rows = (row for row in calibration_rows() if row.value is not None and (row.trial, row.endpoint) not in _TWICE)
    return tuple(one for one in map(ask, rows) if isinstance(one, Question))


def leave_trials_out(
    model: Model, priors: Priors, *, fit: Fit, tell: Callable[[str], object] = lambda _trial: None
) -> tuple[tuple[Prediction, ...], dict[str, float]]:
    """Every row predicted by a fit without its trial, and by how much such intervals are too narrow, see `widening`.

    Parameters
    ----------
    model, priors, fit
        The fit with all rows.
    tell
        Told which trial is left out; may raise to stop.
    """
    trials = np.array([_POOLS.get(one.row.trial, one.row.trial) for one in model.questions])
    middle, sd = np.zeros(len(trials)), np.zeros(len(trials))
    for trial in dict.fromkeys(trials):
        tell(str(trial))
        own = trials == trial
        found = held_out(model, priors, fit=fit, rows=own)
        middle[own], sd[own] = found[0][own], found[1][own]
    seen, placebo = observed(model)[0], np.array([one.row.placebo for one in model.questions])
    wider = {
        name: widening(middle[some], sd[some], seen=seen[some], trials=trials[some])
        for name, some in (("widening", ~placebo), ("widening_placebo", placebo))
    }
    reach = float(ndtri(0.5 + LEVEL / 2)) * sd
    scale = np.where(model.timed, 1.0, 100.0)
    edges = [scale * unlink(place, model) for place in (middle, middle - reach, middle + reach)]
    told = tuple(
        Prediction(one.row, float(best), float(low), float(high), None, timed=bool(timed))
        for one, best, low, high, timed in zip(model.questions, *edges, model.timed, strict=True)
    )
    return told, wider


def widening(middle: Floats, sd: Floats, *, seen: Floats, trials: NDArray[np.str_]) -> float:
    """Factor on standard deviations with which 90 % intervals hold nine rows of ten, each trial one vote; at least 1.

    Parameters
    ----------
    middle, sd
        Predicted without the row's trial, on the link scale (R,).
    seen
        What was reported, on the link scale (R,).
    trials
        Of each row (R,).

    Examples
    --------
    >>> some = np.linspace(-4, 4, 100)
    >>> round(widening(np.zeros(100), np.ones(100), seen=some, trials=np.array(["A"] * 100)), 1)
    2.2
    """
    far = np.abs(seen - middle) / sd
    vote = 1 / np.array([np.sum(trials == one) for one in trials])
    order = np.argsort(far)
    reached = np.cumsum(vote[order]) / vote.sum()
    place = min(int(np.searchsorted(reached, LEVEL)), len(far) - 1)
    return max(1.0, float(far[order][place] / ndtri(0.5 + LEVEL / 2)))
