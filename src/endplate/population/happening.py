"""What is looked at for each effect: one value a day and patient, and from where on it counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
from jax import Array
from numpy.typing import NDArray

from endplate.case import Plan, anatomy
from endplate.course import Course
from endplate.evidence import load
from endplate.outcome import RECTI, EffectParameters, smile_asymmetry, spock, unfused, weighted_loss
from endplate.population.remainder import exposure

__all__ = ["EFFECTS", "Record", "Sign", "join", "record", "signs"]

Floats = NDArray[np.float64]

# Name and words of each effect, in the order in which they are told.
EFFECTS = {
    "lid_ptosis": "drooping upper lid",
    "brow_drop": "dropped brow",
    "brow_lift": "lifted brow",
    "brow_arch": "arched (Spock) brow",
    "smile_asymmetry": "uneven smile",
    "diplopia": "double vision",
    "weak_closure": "eye that does not close in a blink (dry eye)",
    "dysphagia": "difficulty in swallowing",
    "neck_weakness": "weak neck",
}
_SIDES = ("left", "right")
_SMILE = ("zygomaticus_major", "zygomaticus_minor", "risorius")
_CLOSURE = ("orbicularis_oculi_pretarsal", "orbicularis_oculi_medial", "orbicularis_oculi_lateral")
_THROAT = ("pharyngeal_constrictor_middle", "pharyngeal_constrictor_inferior")
_BENDING = ("sternocleidomastoid", "scalenus_ant_med")
_RAISING = ("splenius_capitis", "semispinalis_capitis", "trapezius_upper")


class Sign(NamedTuple):
    """An effect as it is measured: value (T, P), the worse side where there are two; threshold; unit of both."""

    value: Floats
    threshold: float
    unit: str


class Record(NamedTuple):
    """What patients have of one effect, every array (P,).

    has: whether it counts on some day; first: the first such day after the first session; held: how many days it
    counts [day]; largest: its largest value [unit]; exposed: see `exposure`.
    """

    has: NDArray[np.bool_]
    first: Floats
    held: Floats
    largest: Floats
    exposed: Floats
    threshold: float
    unit: str

    def only(self, rows: NDArray[np.bool_]) -> Record:
        """Some of the patients."""
        first, held, largest = self.first[rows], self.held[rows], self.largest[rows]
        return Record(self.has[rows], first, held, largest, self.exposed[rows], self.threshold, self.unit)


def record(course: Course, plan: Plan, *, name: str, sign: Sign) -> Record:
    """The record of one effect over the patients of a course."""
    days = np.asarray(course.days, float)
    there = sign.value >= sign.threshold
    width = np.diff(days, append=days[-1])
    return Record(
        has=np.any(there, axis=0),
        first=days[there.argmax(axis=0)] - (course.sessions[0] if course.sessions else 0.0),
        held=(there * width[:, None]).sum(axis=0),
        largest=sign.value.max(axis=0),
        exposed=exposure(course, plan, name=name),
        threshold=sign.threshold,
        unit=sign.unit,
    )


def join(parts: Sequence[Record]) -> Record:
    """Patients of several records in a row."""
    return Record(
        has=np.concatenate([part.has for part in parts]),
        first=np.concatenate([part.first for part in parts]),
        held=np.concatenate([part.held for part in parts]),
        largest=np.concatenate([part.largest for part in parts]),
        exposed=np.concatenate([part.exposed for part in parts]),
        threshold=parts[0].threshold,
        unit=parts[0].unit,
    )


def signs(course: Course, *, parameters: EffectParameters) -> dict[str, Sign]:
    """The signs of all `EFFECTS` in a course.

    Parameters
    ----------
    course
        Of any patients.
    parameters
        Sizes and thresholds.
    """
    p, lid, brow = parameters, np.asarray(course.lid, float), np.asarray(course.brow, float)
    closure = [_lost(course, [f"{stem}.{side}" for stem in _CLOSURE]) for side in _SIDES]
    throat, bending, raising = (
        _lost(course, [f"{stem}.{side}" for stem in group for side in _SIDES])
        for group in (_THROAT, _BENDING, _RAISING)
    )
    pull = jnp.stack([1 - _lost(course, [f"{stem}.{side}" for stem in _SMILE]) for side in _SIDES], axis=1)
    recti = jnp.stack(
        [jnp.stack([_force(course, f"{stem}.{side}") for side in _SIDES], axis=1) for stem in RECTI], axis=0
    )
    ptosis = load()["ptosis_threshold"].value
    found: dict[str, tuple[object, object, str]] = {
        "lid_ptosis": ((lid[:1] - lid).max(axis=1), ptosis, "mm"),
        "brow_drop": ((-brow).max(axis=(1, 2)), p.brow_drop, "mm"),
        "brow_lift": (brow.max(axis=(1, 2)), p.brow_lift, "mm"),
        "brow_arch": (np.asarray(spock(course.brow)).max(axis=1), p.brow_arch, "mm"),
        "smile_asymmetry": (smile_asymmetry(pull, parameters=p), p.smile_asymmetry, "mm"),
        "diplopia": (unfused(recti, parameters=p), 1.0, "of what fusion makes up for"),
        "weak_closure": (np.maximum(*map(np.asarray, closure)), p.closure_loss, "of force"),
        "dysphagia": (throat, p.swallowing_loss, "of force"),
        "neck_weakness": (np.maximum(bending, raising), p.neck_loss, "of force"),
    }
    return {
        name: Sign(np.asarray(value, float), float(np.asarray(least)), unit)
        for name, (value, least, unit) in found.items()
    }


def _force(course: Course, name: str) -> Array:
    return course.force[:, course.muscle(name)]


def _lost(course: Course, names: list[str]) -> Array:
    """Share of force that muscles have lost together (T, P)."""
    area = jnp.asarray([anatomy().muscle(name).pcsa for name in names])
    return weighted_loss(jnp.stack([_force(course, name) for name in names]), area)
