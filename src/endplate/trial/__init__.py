"""Clinical trials on virtual patients: what a trial would report, with intervals."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from endplate.trial.crew import Alone, Processes
from endplate.trial.endpoints import ENDPOINTS, Endpoint, Timing, endpoint
from endplate.trial.file import read_trial
from endplate.trial.parameters import RATERS, TrialParameters, default_trial_parameters
from endplate.trial.result import TrialResult
from endplate.trial.run import run_trial
from endplate.trial.sample import sample_trial
from endplate.trial.trial import Arm, Inclusion, Trial

if TYPE_CHECKING:
    from endplate.trial import patients_table, sensitivity
    from endplate.trial.cluster import Cluster

__all__ = [
    "ENDPOINTS",
    "RATERS",
    "Alone",
    "Arm",
    "Cluster",
    "Endpoint",
    "Inclusion",
    "Processes",
    "Timing",
    "Trial",
    "TrialParameters",
    "TrialResult",
    "default_trial_parameters",
    "endpoint",
    "patients_table",
    "read_trial",
    "run_trial",
    "sample_trial",
    "sensitivity",
]

# Each needs libraries of an extra, and is loaded when it is asked for.
_EXTRA = {"Cluster": "cluster", "patients_table": "patients_table", "sensitivity": "sensitivity"}


def __getattr__(name: str) -> Any:
    if name in _EXTRA:
        module = import_module(f"endplate.trial.{_EXTRA[name]}")
        return getattr(module, name, module)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
