"""Clinical trials on virtual patients: what a trial would report, with intervals."""

from __future__ import annotations

from endplate.trial.endpoints import ENDPOINTS, Endpoint, Timing, endpoint
from endplate.trial.file import read_trial
from endplate.trial.parameters import RATERS, TrialParameters, default_trial_parameters
from endplate.trial.result import TrialResult
from endplate.trial.run import run_trial
from endplate.trial.sample import sample_trial
from endplate.trial.trial import Arm, Inclusion, Trial

__all__ = [
    "ENDPOINTS",
    "RATERS",
    "Arm",
    "Endpoint",
    "Inclusion",
    "Timing",
    "Trial",
    "TrialParameters",
    "TrialResult",
    "default_trial_parameters",
    "endpoint",
    "read_trial",
    "run_trial",
    "sample_trial",
]
