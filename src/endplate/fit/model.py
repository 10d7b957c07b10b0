"""Rows of a table made ready for the model, and what it predicts for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import jax.numpy as jnp
import numpy as np
from jax.scipy.special import logit, ndtri
from numpy.typing import ArrayLike, NDArray

from endplate.case import REGIONS
from endplate.course import default_parameters
from endplate.course.store import Store
from endplate.fit.answer import Arm, Asked, Group, Patients, answer
from endplate.fit.question import RESPONSE, Layout, Question
from endplate.fit.table import EffortTable, by_mass, effort_table, plan_of
from endplate.population import default_population, evenly
from endplate.trial.endpoints import ENDPOINTS, Timing

__all__ = ["Model", "build_model"]

# Visits of trials that follow patients until their lines are back, and days of diaries of onset.
_EVERY = 28.0
_VISITS = tuple(_EVERY * number for number in range(1, 13))
_DIARY = (*(float(day) for day in range(1, 8)), 10.0, 14.0, 21.0, 28.0)
# The skin remembers, so its course is followed between visits too.
_BETWEEN = (0.0, 35.0, 42.0, 49.0, 70.0, 98.0, 126.0, 154.0, 182.0, 210.0)
# The population draws grades of the glabella; other regions take the same.
_GRADED = REGIONS.index("glabella")

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Model:
    """Rows of a table made ready.

    Parameters
    ----------
    questions
        What is asked (R,).
    sources
        Trial and study of each effect (S,).
    asked, patients
        For `endplate.fit.answer`.
    """

    questions: tuple[Question, ...]
    sources: tuple[tuple[str, str], ...]
    asked: Asked
    patients: tuple[Patients, ...]

    @cached_property
    def source_of(self) -> np.ndarray:
        """Which trial each row belongs to (R,)."""
        return np.array([self.sources.index(one.row.source) for one in self.questions])

    def predict(self, values: Mapping[str, ArrayLike], effects: ArrayLike) -> Floats:
        """Rates, and median times [day], of all rows (R,).

        Parameters
        ----------
        values
            Entries of the evidence library set to other values, by name.
        effects
            Of each trial (S, E), in the order of `endplate.fit.answer.EFFECTS`.
        """
        return answer(values, effects, patients=self.patients, asked=self.asked)

    @cached_property
    def timed(self) -> np.ndarray:
        """Whether each row is a median time (R,)."""
        return np.array([one.day is None for one in self.questions])


def build_model(
    questions: Sequence[Question], *, patients: int = 256, seed: int = 0, store: Store | None = None
) -> Model:
    """Make rows ready: each layout is solved once.

    Parameters
    ----------
    questions
        From `ask`.
    patients
        Of each arm, a power of two; each stands for a moderate and a severe one.
    seed
        Of their places in the population.
    store
        Where solved layouts are kept; nowhere if None.
    """
    rows = tuple(questions)
    sources = tuple(dict.fromkeys(one.row.source for one in rows))
    layouts = tuple(dict.fromkeys(one.layout for one in rows))

    def arm(one: Question) -> Arm:
        place, trial, row = layouts.index(one.layout), sources.index(one.row.source), one.row
        return Arm(place, row.product, one.dose, trial, row.decades, row.open_label)

    arms = tuple(sorted(dict.fromkeys(map(arm, rows)), key=lambda one: one.layout))
    groups: list[Group] = []
    for key in dict.fromkeys((one.endpoint, one.day is None) for one in rows):
        own = [(row, one) for row, one in enumerate(rows) if (one.endpoint, one.day is None) == key]
        groups.append(_group(key[0], [(row, arms.index(arm(one)), one.day) for row, one in own]))
    days = tuple(sorted({*_DIARY, *_VISITS, *_BETWEEN, RESPONSE, *(one.day for one in rows if one.day is not None)}))
    asked = Asked(layouts, arms, tuple(groups), days)
    tables = (effort_table(layout, days, store=store) for layout in layouts)
    ready = (_patients(layout, table, count=patients, seed=seed) for layout, table in zip(layouts, tables, strict=True))
    return Model(rows, sources, asked, tuple(ready))


def _group(endpoint: str, rows: Sequence[tuple[int, int, float | None]]) -> Group:
    """Rows of an endpoint: place in the table, arm, day."""
    kind, some = ENDPOINTS[endpoint], tuple(sorted({day for *_, day in rows if day is not None}))
    if kind.begins:
        timing = Timing((_EVERY,), _EVERY, tuple(sorted({*_DIARY, *some})))
    elif kind.lasts:
        timing = Timing(tuple(sorted({*_VISITS, *some})), _EVERY)
    else:
        timing = Timing(some, min(RESPONSE, some[-1]))
    used, told = tuple(dict.fromkeys(arm for _, arm, _ in rows)), kind.days(timing)
    at = tuple((used.index(arm), None if day is None else told.index(day)) for _, arm, day in rows)
    return Group(endpoint, timing, used, tuple(row for row, *_ in rows), at)


def _patients(layout: Layout, table: EffortTable, *, count: int, seed: int) -> Patients:
    population = default_population()
    crowd, free = evenly(population, count, typical=default_parameters(plan_of(layout).product), seed=seed)
    rest, grade = crowd.cohort.baseline[:, _GRADED]
    return Patients(
        by_mass(table, crowd.cohort.muscle_mass),
        table.lines,
        crowd.cohort,
        jnp.log(crowd.rates.sensitivity) / population.sensitivity_spread,
        jnp.log(crowd.rates.half_life) / population.half_life_spread,
        (logit(rest / grade) - logit(population.resting_share)) / population.resting_share_spread,
        ndtri(free[0]),
        free[1],
    )
