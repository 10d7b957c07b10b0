"""Patients as arrays, so that a crowd is as easy to simulate as a person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.typing import DTypeLike

from endplate.case import Patient
from endplate.case.build import Build
from endplate.case.region import regions

__all__ = ["Cohort", "cohort_of"]


# What all patients share stays 1 wide.
_OF_THE_MAP: Any = np.ones((2, 1))
_TYPICAL: Any = np.ones(1)
_UNKNOWN: Any = np.full(1, np.nan)


class Cohort(NamedTuple):
    """Patients on the last axis; see `Patient` for what each field means.

    age [year], female (1 or 0), muscle_mass, skin_thickness, sun, smoking [pack-year] and
    antibody_free_fraction: (P,).
    habit: how often the expression of each region is made, relative to a typical person (R, P).
    baseline: grades at rest and at maximum effort, NaN where not graded (2, R, P) [grade].
    size: how much wider and higher the head is than that of the map, see `Build.scales` (2, P).
    proneness, moisture: of the skin (P,); menopause: age at it, NaN for the usual one (P,) [year].
    """

    age: Array
    female: Array
    muscle_mass: Array
    skin_thickness: Array
    sun: Array
    smoking: Array
    antibody_free_fraction: Array
    habit: Array
    baseline: Array
    size: Array = _OF_THE_MAP
    proneness: Array = _TYPICAL
    moisture: Array = _TYPICAL
    menopause: Array = _UNKNOWN


def cohort_of(patients: Sequence[Patient], *, dtype: DTypeLike | None = None) -> Cohort:
    """The same patients as arrays.

    Parameters
    ----------
    patients
        At least one.
    dtype
        float64 where JAX has it enabled, else float32, if None.

    Examples
    --------
    >>> cohort_of([Patient(), Patient(sex="male")]).female.tolist()
    [1.0, 0.0]
    """
    fields = (
        [patient.age for patient in patients],
        [float(patient.sex == "female") for patient in patients],
        [patient.muscle_mass for patient in patients],
        [patient.skin.thickness for patient in patients],
        [patient.habits.sun for patient in patients],
        [patient.habits.smoking for patient in patients],
        [patient.antibody_free_fraction for patient in patients],
        [[_habit(patient, region.habit) for patient in patients] for region in regions()],
        np.moveaxis(np.asarray([_grades(patient) for patient in patients]), 0, -1),
        np.transpose([Build(one.intercanthal_width, one.forehead_height).scales for one in patients]),
        [patient.skin.proneness for patient in patients],
        [patient.skin.moisture for patient in patients],
        [float("nan") if patient.menopause is None else patient.menopause for patient in patients],
    )
    return Cohort(*(jnp.asarray(field, dtype or float) for field in fields))


def _grades(patient: Patient) -> list[list[float]]:
    grades = (patient.baseline.rest, patient.baseline.maximum)
    return [[float("nan") if value is None else float(value) for value in row] for row in grades]


def _habit(patient: Patient, name: str | None) -> float:
    """How often an expression is made; as often as typical where nobody is asked."""
    return 1.0 if name is None else float(getattr(patient.habits, name))
