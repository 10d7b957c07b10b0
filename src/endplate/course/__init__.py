"""`simulate`: the one place that knows the order of the stages."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from endplate.course.cohort import Cohort, cohort_of
from endplate.course.parameters import Parameters, default_parameters
from endplate.course.responses import Responses, tissue_responses
from endplate.course.result import STATUS, Course, Durations
from endplate.course.simulate import follow, prepare, simulate
from endplate.course.stages import ClosedForm
from endplate.course.store import Store
from endplate.course.tissue import TissueSettings

if TYPE_CHECKING:
    from endplate.course.dataset import to_dataset, write_netcdf

__all__ = [
    "STATUS",
    "ClosedForm",
    "Cohort",
    "Course",
    "Durations",
    "Parameters",
    "Responses",
    "Store",
    "TissueSettings",
    "cohort_of",
    "default_parameters",
    "follow",
    "prepare",
    "simulate",
    "tissue_responses",
    "to_dataset",
    "write_netcdf",
]


def __getattr__(name: str) -> Any:
    # xarray costs a second of start-up and is only needed to leave the house.
    if name in ("to_dataset", "write_netcdf"):
        return getattr(import_module("endplate.course.dataset"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
