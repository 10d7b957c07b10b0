"""A course with named axes, units and long names, and as a netCDF file."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import xarray

from endplate import __version__
from endplate.case import products
from endplate.case.note import antitoxin_words
from endplate.course.result import STATUS, Course
from endplate.errors import InvalidRequest
from endplate.outcome import COLUMNS, EFFORTS, FWS, MERZ, RATERS

__all__ = ["to_dataset", "write_netcdf"]

_DISCLAIMER = "research and education software, not a medical device"
_NEVER = "infinity stands for: not within the simulated days"

_CAPTURED = "mean dose that the end plates capture if no antitoxin is there, in half-cleaving levels"

# Variable: field of the course, axes before the patient's, unit, long name.
_VARIABLES = {
    "captured": ("captured", "session muscle", "1", _CAPTURED),
    "light_chain": ("light_chain", "day muscle", "1", "mean active light chain, in half-cleaving levels"),
    "snare": ("snare", "day muscle", "1", "mean share of SNARE protein that is intact"),
    "transmission": ("transmission", "day muscle", "1", "share of muscle fibres that transmit"),
    "trophic": ("trophic", "day muscle", "1", "size of the contractile mass, over untreated"),
    "force": ("force", "day muscle", "1", "share of the untreated maximum force"),
    "newtons": ("newtons", "day muscle", "N", "force at maximum effort"),
    "strain": ("strain", "day region", "1", "compression of the skin at maximum effort"),
    "depth_effort": ("depth_effort", "day region", "mm", "depth of lines at maximum effort"),
    "depth_rest": ("depth_rest", "day region", "mm", "depth of lines at rest"),
    "severity": ("severity", "day region effort", "grade", "latent severity of lines"),
    "grade": ("grade_probability", "day region effort rater grade", "1", "probability of a grade"),
    "merz": ("merz_probability", "day region effort rater merz", "1", "probability of a grade of the Merz scale"),
    "lid": ("lid", "day side", "mm", "distance of the upper lid from the corneal light reflex, MRD1"),
    "ptosis": ("ptosis", "day side", "1", "whether the lid has fallen by as much as counts as ptosis"),
    "brow": ("brow", "day side column", "mm", "change of brow height, upward positive"),
    "status": ("status", "", "1", "0 where the patient was solved, else the reason why not"),
}
_MILESTONES = {
    "onset": ("day", "days from the first session until a muscle has lost as much force as counts for onset"),
    "peak": ("day", "days from the first session to the largest loss of force"),
    "peak_loss": ("1", "largest loss of force, over untreated"),
    "half_recovery": ("day", "days from the first session until the loss of force has fallen to half of its peak"),
}
_DURATIONS = {
    "onset": ("region_onset", "days until the expected grade is half a grade below its baseline"),
    "none_or_mild": ("duration_none_or_mild", "days until the line is more than mild again"),
    "to_baseline": ("duration_to_baseline", "days until the line is within half a grade of its baseline"),
    "one_grade": ("duration_one_grade", "days until the line is no longer a grade better"),
}


def to_dataset(course: Course, *, title: str = "Course of treatment") -> xarray.Dataset:
    """The course with named axes; every variable and coordinate has `units` and a `long_name`.

    Parameters
    ----------
    course
        What `simulate` gave.
    title
        Global attribute of the same name.

    Examples
    --------
    >>> from endplate.case.file import parse_case, write_template
    >>> from endplate.course import simulate
    >>> case = parse_case(write_template("glabella-20u"))
    >>> data = to_dataset(simulate(case.plan, case.patient, days=[0.0, 14.0, 120.0]))
    >>> data["force"].dims, data["force"].units
    (('day', 'muscle', 'patient'), '1')
    """
    variables = {
        name: _variable(getattr(course, field), axes, unit, words)
        for field, (name, axes, unit, words) in _VARIABLES.items()
    }
    for field, (unit, words) in _MILESTONES.items():
        name = f"muscle_{field}"
        variables[name] = _variable(getattr(course.milestones, field), "muscle", unit, words)
    for field, (name, words) in _DURATIONS.items():
        variables[name] = _variable(getattr(course.durations, field), "region", "day", words)
    variables["status"].attrs["meanings"] = "; ".join(f"{code}: {words}" for code, words in STATUS.items())
    return xarray.Dataset(variables, _coordinates(course), _attributes(course, title))


def write_netcdf(course: Course, path: Path, *, title: str = "Course of treatment") -> None:
    """Write the course as netCDF 4; the file appears whole or not at all.

    Raises
    ------
    InvalidRequest
        If the file cannot be written.
    """
    data = to_dataset(course, title=title)
    packed = {str(name): {"zlib": True, "complevel": 4} for name, one in data.data_vars.items() if one.ndim > 1}
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".endplate-") as folder:
            draft = Path(folder) / "draft.nc"
            data.to_netcdf(draft, engine="h5netcdf", encoding=packed)
            draft.replace(path)
    except OSError as error:
        raise InvalidRequest(f"{path} cannot be written: {error.strerror or error}") from None


def _variable(value: object, axes: str, unit: str, words: str) -> xarray.Variable:
    attributes = {"units": unit, "long_name": words}
    if unit == "day":
        attributes["comment"] = _NEVER
    return xarray.Variable((*axes.split(), "patient"), np.asarray(value), attributes)


def _coordinates(course: Course) -> dict[str, xarray.Variable]:
    sessions = course.sessions or (np.nan,) * course.captured.shape[0]
    columns = {
        "day": (np.asarray(course.days), "day", "time since the start of the simulation"),
        "session": (np.asarray(sessions), "day", "day of the session"),
        "muscle": (list(course.muscles), "1", "name of the muscle"),
        "region": (list(course.regions), "1", "region of skin lines"),
        "effort": (list(EFFORTS), "1", "at rest or at maximum effort"),
        "rater": (list(RATERS), "1", "who grades"),
        "grade": (np.arange(len(FWS)), "grade", f"facial wrinkle scale: {', '.join(FWS)}"),
        "merz": (np.arange(len(MERZ)), "grade", f"Merz scale: {', '.join(MERZ)}"),
        "side": (["left", "right"], "1", "side of the subject"),
        "column": (list(COLUMNS), "1", "column of the brow"),
        "patient": (np.arange(course.status.shape[0]), "1", "index of the patient"),
    }
    return {
        name: xarray.Variable((name,), value, {"units": unit, "long_name": words})
        for name, (value, unit, words) in columns.items()
    }


def _attributes(course: Course, title: str) -> dict[str, str]:
    return {
        "title": title,
        "product": f"{course.product} ({products()[course.product].name})",
        "antitoxin": "none" if course.antitoxin_day is None else antitoxin_words(course.antitoxin_day),
        "evidence_hash": course.evidence,
        "endplate_version": __version__,
        "never": f"in days and durations {_NEVER}",
        "disclaimer": _DISCLAIMER,
    }
