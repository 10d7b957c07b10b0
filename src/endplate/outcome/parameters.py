"""What decides how a course is graded, and how lid and brow move."""

from __future__ import annotations

import equinox
from jax import Array

from endplate.evidence import entry

__all__ = ["OutcomeParameters"]


class OutcomeParameters(equinox.Module):
    """Constants of severity, raters, milestones, lid and brow.

    Every field is () or (P,); the symbols are those of the evidence library.
    """

    severity_limit: Array = equinox.field(metadata=entry("severity.limit"))
    severity_half_depth: Array = equinox.field(metadata=entry("severity.half_depth"))
    severity_exponent: Array = equinox.field(metadata=entry("severity.exponent"))
    investigator_noise: Array = equinox.field(metadata=entry("sigma_rater.investigator"))
    subject_noise: Array = equinox.field(metadata=entry("sigma_rater.subject"))
    investigator_bias: Array = equinox.field(metadata=entry("bias.investigator"))
    subject_bias: Array = equinox.field(metadata=entry("bias.subject"))
    investigator_expectation: Array = equinox.field(metadata=entry("expectation.investigator"))
    subject_expectation: Array = equinox.field(metadata=entry("expectation.subject"))
    onset_loss: Array = equinox.field(metadata=entry("onset_loss"))
    lid_distance: Array = equinox.field(metadata=entry("MRD1_0"))
    lid_levator: Array = equinox.field(metadata=entry("lid_levator"))
    lid_orbicularis: Array = equinox.field(metadata=entry("lid_orbicularis"))
    ptosis_threshold: Array = equinox.field(metadata=entry("ptosis_threshold"))
    brow_fall_medial: Array = equinox.field(metadata=entry("brow.fall.medial"))
    brow_fall_central: Array = equinox.field(metadata=entry("brow.fall.central"))
    brow_fall_lateral: Array = equinox.field(metadata=entry("brow.fall.lateral"))
    brow_rise_medial: Array = equinox.field(metadata=entry("brow.rise.medial"))
    brow_rise_central: Array = equinox.field(metadata=entry("brow.rise.central"))
    brow_rise_lateral: Array = equinox.field(metadata=entry("brow.rise.lateral"))
    brow_coupling: Array = equinox.field(metadata=entry("brow.coupling"))
