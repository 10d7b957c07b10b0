"""How trials differ: what the effects that a fit finds would do to each rate of this one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.scipy.special import logit
from scipy.special import ndtri

from endplate.trial.block import BLOCK, Work, patients_of, prepared, seen
from endplate.trial.result import Shifts
from endplate.trial.tally import Tally, added, empty, of_block
from endplate.trial.trial import Trial

__all__ = ["shifts_of"]

# JAX leaves parts of its interface without types.
_JAX: Any = jax
# Blocks of patients that are asked: shifts need no small error.
_BLOCKS = 4
_RARE = 1e-6


def shifts_of(trial: Trial) -> tuple[Shifts, ...]:
    """Of each arm, by how much one spread of each effect of a trial moves the probit of its rates.

    The effects are those of the fit to published trials: on sensitivity, on the share of severe patients, on the grades
    that investigator and subject give after any treatment, and on the change from which an effect is noticed. All arms
    of a trial share them.

    Parameters
    ----------
    trial
        What is asked.
    """
    with _JAX.enable_x64(True):
        work = prepared(trial)
        here, *moved = (_rates(one) for one in (work, *_moved(work)))
    return tuple(
        {name: np.stack([each[arm][name] - probit for each in moved]) for name, probit in own.items()}
        for arm, own in enumerate(here)
    )


def _moved(work: Work) -> tuple[Work, ...]:
    """The same trial with each effect at one spread."""
    raters, population = work.parameters, work.population
    shift = raters.between_grade
    severe = jax.nn.sigmoid(logit(population.severe_share) + raters.between_severe_share)
    noticed = raters.noticed_change * jnp.exp(raters.between_noticed)
    graded = replace(
        raters,
        investigator_expectation=raters.investigator_expectation + shift,
        subject_expectation=raters.subject_expectation + shift,
    )
    return (
        replace(work, effect=jnp.exp(raters.between_sensitivity)),
        replace(work, population=replace(population, severe_share=severe)),
        replace(work, parameters=graded),
        replace(work, parameters=replace(raters, noticed_change=noticed)),
    )


def _rates(work: Work) -> list[dict[str, np.ndarray]]:
    """Probits of the rates of each arm by endpoint."""
    trial, total = work.trial, empty(work.trial)
    for first in range(0, min(trial.patients, _BLOCKS * BLOCK), BLOCK):
        total = added(total, _block(work, np.arange(first, first + BLOCK)))
    sums = [total.by_endpoint(arm) for arm in range(len(trial.arms))]
    return [{name: ndtri(np.clip(one.rate, _RARE, 1 - _RARE)) for name, one in arm.items() if name} for arm in sums]


def _block(work: Work, indices: np.ndarray) -> Tally:
    crowd, counted = patients_of(work, indices, seed=work.trial.seed), jnp.asarray(indices < work.trial.patients)
    return of_block([seen(work, crowd, arm=arm, counted=counted).counts for arm in range(len(work.trial.arms))])
