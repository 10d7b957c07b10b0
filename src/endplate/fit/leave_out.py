"""Every trial predicted from a fit that has not seen it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from endplate.fit.calibrate import Fit, refit
from endplate.fit.model import Model
from endplate.fit.posterior import posterior_of
from endplate.fit.prior import Priors
from endplate.fit.question import Question, ask
from endplate.fit.rows import calibration_rows
from endplate.fit.validate import Prediction, intervals

__all__ = ["calibration_questions", "leave_trials_out"]

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
    model: Model,
    priors: Priors,
    *,
    fit: Fit,
    draws: int = 64,
    tell: Callable[[str], object] = lambda _trial: None,
) -> tuple[tuple[Prediction, ...], float]:
    """Every row predicted by a posterior that has not seen its trial; the worst mixing of their chains.

    Parameters
    ----------
    model, priors, fit
        The fit with all rows, whose polynomials serve all; predictions are the model's own.
    draws
        Of each posterior.
    tell
        Told which trial is left out; may raise to stop.
    """
    trials = np.array([_POOLS.get(one.row.trial, one.row.trial) for one in model.questions])
    edges, worst = np.zeros((3, len(trials))), fit.mixing
    for trial in dict.fromkeys(trials):
        tell(str(trial))
        own = trials == trial
        found = refit(model, fit, rows=~own)
        posterior = posterior_of(found, priors, facts={})
        predicted = intervals(model, posterior, draws=draws, tell=lambda _done, _all, trial=trial: tell(str(trial)))
        edges[:, own] = np.stack(predicted)[:, own]
        worst = max(worst, found.mixing)
    told = tuple(
        Prediction(one.row, float(best), float(low), float(high), None, timed=bool(timed))
        for one, best, low, high, timed in zip(model.questions, *edges, model.timed, strict=True)
    )
    return told, worst
