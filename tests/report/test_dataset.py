"""A course leaves the house with named axes, units and long names."""

from __future__ import annotations

import numpy as np
import pytest
import xarray

from endplate.course import to_dataset, write_netcdf
from endplate.errors import InvalidRequest
from endplate.units import registry

AXES = {"day", "session", "muscle", "region", "effort", "rater", "grade", "merz", "side", "column", "patient"}


def test_every_variable_and_coordinate_has_a_unit_and_a_name(course):
    data = to_dataset(course)
    assert set(data.dims) == AXES == set(data.coords)
    for name, one in data.variables.items():
        assert one.attrs["long_name"], name
        registry().Unit(one.attrs["units"])


def test_every_array_of_the_course_is_there(course):
    data = to_dataset(course)
    for field in ("captured", "force", "strain", "depth_rest", "lid", "brow", "newtons", "light_chain"):
        np.testing.assert_array_equal(data[field], getattr(course, field))
    np.testing.assert_array_equal(data["grade_probability"], course.grade)
    np.testing.assert_array_equal(data["muscle_half_recovery"], course.milestones.half_recovery)
    np.testing.assert_array_equal(data["duration_one_grade"], course.durations.one_grade)


def test_a_file_gives_back_what_was_written(course, tmp_path):
    path = tmp_path / "course.nc"
    write_netcdf(course, path, title="Frown lines")
    written = to_dataset(course, title="Frown lines")
    with xarray.open_dataset(path, engine="h5netcdf", decode_times=False, decode_timedelta=False) as read:
        xarray.testing.assert_identical(read.load(), written)
        assert read.attrs["title"] == "Frown lines"
        assert read.attrs["evidence_hash"] == course.evidence
        assert "not a medical device" in read.attrs["disclaimer"]
        assert "infinity" in read.attrs["never"]
        assert np.isinf(read["muscle_onset"]).any()
    assert [one.name for one in tmp_path.iterdir()] == ["course.nc"]


def test_the_course_writes_itself(course, tmp_path):
    course.to_netcdf(tmp_path / "course.nc")
    assert course.to_xarray()["force"].sizes["muscle"] == len(course.muscles)
    assert (tmp_path / "course.nc").stat().st_size > 10_000


def test_a_file_that_cannot_be_written_leaves_nothing(course, tmp_path):
    with pytest.raises(InvalidRequest, match="cannot be written"):
        write_netcdf(course, tmp_path / "no" / "course.nc")
    (tmp_path / "course.nc").mkdir()
    with pytest.raises(InvalidRequest, match="cannot be written"):
        write_netcdf(course, tmp_path / "course.nc")
    assert [one.name for one in tmp_path.iterdir()] == ["course.nc"]
