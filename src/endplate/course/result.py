"""The result of a simulation."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import equinox
import numpy as np
from jax import Array

import endplate.course as room
from endplate.outcome import Milestones

if TYPE_CHECKING:
    import xarray

__all__ = ["STATUS", "Course", "Durations"]

STATUS = {
    0: "solved",
    1: "a parameter or patient value is not a finite number; look at the values that were set by hand",
    2: "the result is not finite; a rate or half-life is far outside its range, see `endplate evidence list`",
}


class Durations(equinox.Module):
    """Onset and three durations of effect per region, counted from the first session, every field (R, P) [day].

    Infinity stands for "not within the simulated days". The definitions are those of the
    functions of the same name in `endplate.outcome`.
    """

    onset: Array
    none_or_mild: Array
    to_baseline: Array
    one_grade: Array


class Course(equinox.Module):
    """What toxin, end plates, muscles, skin and grades do over time.

    T days, S sessions, J muscles, R regions, P patients. Forces, transmission and the
    like are shares of the untreated value.

    Parameters
    ----------
    days
        (T,) [day].
    captured
        Mean dose captured from each session by a muscle's end plates (S, J, P) [half-cleaving levels];
        with antitoxin, that which would be captured without it.
    light_chain, snare, transmission, trophic, force
        (T, J, P): mean light chain [half-cleaving levels], intact SNARE protein, share of fibres
        that transmit, size of the contractile mass, share of maximum force.
    newtons
        Force at maximum effort (T, J, P) [N].
    strain, depth_effort, depth_rest
        (T, R, P): compression [1] and depth of lines [mm].
    severity, grade
        Latent severity (T, R, effort, P) and grade probabilities (T, R, effort, rater, grade, P)
        on the facial wrinkle scale.
    merz
        The same probabilities on the Merz scale (T, R, effort, rater, grade, P).
    lid, ptosis, brow
        MRD1 [mm] and whether it has fallen by as much as counts as ptosis (T, side, P), and change
        of brow height (T, side, column, P) [mm].
    milestones, durations
        Onset, peak and recovery per muscle, onset and durations per region, from the first session on.
    status
        0 or a key of `STATUS`, (P,).
    antitoxin_day
        From when on antitoxin cleared free toxin, to the end; None without antitoxin [day].
    """

    days: Array
    captured: Array
    light_chain: Array
    snare: Array
    transmission: Array
    trophic: Array
    force: Array
    newtons: Array
    strain: Array
    depth_effort: Array
    depth_rest: Array
    severity: Array
    grade: Array
    merz: Array
    lid: Array
    ptosis: Array
    brow: Array
    milestones: Milestones
    durations: Durations
    status: Array
    muscles: tuple[str, ...] = equinox.field(static=True)
    regions: tuple[str, ...] = equinox.field(static=True)
    sessions: tuple[float, ...] = equinox.field(static=True)
    product: str = equinox.field(static=True)
    evidence: str = equinox.field(static=True)
    antitoxin_day: float | None = equinox.field(static=True, default=None)

    def status_text(self) -> list[str]:
        """One sentence per patient."""
        return [STATUS[int(code)] for code in np.asarray(self.status)]

    def muscle(self, name: str) -> int:
        """Index of a muscle on the muscle axis."""
        return self.muscles.index(name)

    def to_xarray(self) -> xarray.Dataset:
        """The course with named axes, units and long names."""
        return room.to_dataset(self)

    def to_netcdf(self, path: str | Path) -> None:
        """Write the course as netCDF 4; the file appears whole or not at all."""
        room.write_netcdf(self, Path(path))
