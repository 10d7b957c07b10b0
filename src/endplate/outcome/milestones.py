"""The course of a muscle in four numbers."""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp
from jax import Array

from endplate.outcome.crossing import first_crossing
from endplate.outcome.parameters import OutcomeParameters

__all__ = ["Milestones", "find_milestones"]


class Milestones(NamedTuple):
    """When a muscle weakens and recovers, every field (J, P); days count from the start, infinity for never.

    onset: first day with a tenth of force lost [day].
    peak: day of the largest loss [day].
    peak_loss: largest loss of force, over untreated; finite for every muscle [1].
    half_recovery: day on which the loss has fallen to half of its peak [day].
    """

    onset: Array
    peak: Array
    peak_loss: Array
    half_recovery: Array


def find_milestones(
    force: Array, days: Array, *, parameters: OutcomeParameters, start: Array | float = 0
) -> Milestones:
    """Onset, peak and half recovery of each muscle, by straight lines between days.

    A muscle that never loses as much as counts for onset has no onset, peak day or
    recovery (infinity); one that has not half recovered by the last day has no recovery.
    Over several sessions the peak is the largest of all, and recovery comes after it.

    Parameters
    ----------
    force
        Share of the untreated force, shape (T, J, P) [1].
    days
        Shape (T,) [day].
    parameters
        Outcome parameters.
    start
        Day of the first treatment [day].
    """
    loss = 1 - force
    onset = first_crossing(days, loss, level=parameters.onset_loss).day
    top = jnp.argmax(loss, axis=0)
    peak_loss = jnp.max(loss, axis=0)
    recovered = first_crossing(days, -loss, level=-0.5 * peak_loss, after=top).day
    happens = jnp.isfinite(onset)
    peak = jnp.where(happens, days[top], jnp.inf)
    recovery = jnp.where(happens, recovered, jnp.inf)
    return Milestones(onset - start, peak - start, peak_loss, recovery - start)
