"""What decides how a trial rates its patients, and how trials differ: each number with its evidence."""

from __future__ import annotations

from typing import NamedTuple

import equinox
import jax.numpy as jnp
from jax import Array
from jax.typing import DTypeLike

from endplate.course.parameters import from_library
from endplate.evidence import Library, entry

__all__ = ["RATERS", "Rater", "TrialParameters", "default_trial_parameters"]

RATERS = ("investigator", "subject", "panel")


class Rater(NamedTuple):
    """Who gives grades: noise, bias and expectation, each () [grade]."""

    noise: Array
    bias: Array
    expectation: Array


class TrialParameters(equinox.Module):
    """Raters and thresholds of trials, every field ().

    Examples
    --------
    >>> float(default_trial_parameters().rater("panel").noise)
    0.35
    """

    severity_width: Array = equinox.field(metadata=entry("trial.severity_width"))
    noticed_change: Array = equinox.field(metadata=entry("trial.noticed_change"))
    noticed_spread: Array = equinox.field(metadata=entry("trial.noticed_spread"))
    false_alarm_rate: Array = equinox.field(metadata=entry("trial.false_alarm_rate"))
    open_label: Array = equinox.field(metadata=entry("trial.open_label"))
    moderate_change: Array = equinox.field(metadata=entry("trial.moderate_change"))
    between_sensitivity: Array = equinox.field(metadata=entry("trial.between.sensitivity"))
    between_severe_share: Array = equinox.field(metadata=entry("trial.between.severe_share"))
    between_grade: Array = equinox.field(metadata=entry("trial.between.grade"))
    between_noticed: Array = equinox.field(metadata=entry("trial.between.noticed"))
    investigator_noise: Array = equinox.field(metadata=entry("sigma_rater.investigator"))
    subject_noise: Array = equinox.field(metadata=entry("sigma_rater.subject"))
    panel_noise: Array = equinox.field(metadata=entry("sigma_rater.panel"))
    investigator_bias: Array = equinox.field(metadata=entry("bias.investigator"))
    subject_bias: Array = equinox.field(metadata=entry("bias.subject"))
    panel_bias: Array = equinox.field(metadata=entry("bias.panel"))
    investigator_expectation: Array = equinox.field(metadata=entry("expectation.investigator"))
    subject_expectation: Array = equinox.field(metadata=entry("expectation.subject"))
    panel_expectation: Array = equinox.field(metadata=entry("expectation.panel"))
    subject_expectation_spread: Array = equinox.field(metadata=entry("expectation.subject_spread"))
    drift: Array = equinox.field(metadata=entry("trial.drift"))
    half_life: Array = equinox.field(metadata=entry("trial.half_life"))
    captured_glabella: Array = equinox.field(metadata=entry("trial.captured.glabella"))
    captured_lateral_canthus: Array = equinox.field(metadata=entry("trial.captured.lateral_canthus"))
    captured_forehead: Array = equinox.field(metadata=entry("trial.captured.forehead"))
    captured_platysma: Array = equinox.field(metadata=entry("trial.captured.platysma"))

    def rater(self, name: str) -> Rater:
        """The rater of this name, one of `RATERS`."""
        return Rater(*(getattr(self, f"{name}_{field}") for field in Rater._fields))

    def captured(self, region: str) -> Array:
        """Dose captured in a region in trials over what spread gives; 1 for regions that no trial was fitted to."""
        name = f"captured_{region.removesuffix('_left').removesuffix('_right')}"
        return getattr(self, name, jnp.ones_like(self.noticed_change))

    def of_subjects(self, normal: Array) -> TrialParameters:
        """Subjects who differ in what they expect, from a standard normal number of each (P,)."""
        own = self.subject_expectation + self.subject_expectation_spread * normal
        return equinox.tree_at(lambda p: p.subject_expectation, self, own)


def default_trial_parameters(library: Library | None = None, *, dtype: DTypeLike | None = None) -> TrialParameters:
    """The evidence library's trial parameters.

    Parameters
    ----------
    library
        The packaged one if None.
    dtype
        float64 where JAX has it enabled, else float32, if None.
    """
    return from_library(TrialParameters, library, dtype=dtype)
