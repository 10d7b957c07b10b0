"""A course of force and skin becomes grades, days and positions. Arrays in, arrays out."""

from endplate.outcome.brow import COLUMNS, brow_change, spock
from endplate.outcome.duration import (
    duration_none_or_mild,
    duration_one_grade,
    duration_to_baseline,
    onset_of_effect,
)
from endplate.outcome.gaze import RECTI, unfused
from endplate.outcome.group import weighted_loss
from endplate.outcome.lid import Lid, lid_position
from endplate.outcome.milestones import Milestones, find_milestones
from endplate.outcome.parameters import OutcomeParameters
from endplate.outcome.rating import FWS, MERZ, RATERS, expected_grade, grade_probability
from endplate.outcome.severity import EFFORTS, depth_of_severity, latent_severity, severity_of_depth
from endplate.outcome.smile import smile_asymmetry
from endplate.outcome.thresholds import EffectParameters

__all__ = [
    "COLUMNS",
    "EFFORTS",
    "FWS",
    "MERZ",
    "RATERS",
    "RECTI",
    "EffectParameters",
    "Lid",
    "Milestones",
    "OutcomeParameters",
    "brow_change",
    "depth_of_severity",
    "duration_none_or_mild",
    "duration_one_grade",
    "duration_to_baseline",
    "expected_grade",
    "find_milestones",
    "grade_probability",
    "latent_severity",
    "lid_position",
    "onset_of_effect",
    "severity_of_depth",
    "smile_asymmetry",
    "spock",
    "unfused",
    "weighted_loss",
]
