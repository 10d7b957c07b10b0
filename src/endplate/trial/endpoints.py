"""Endpoints of facial lines, each with its exact definition.

An endpoint gives, for every patient, the probability of a hit and of being counted at all, given
the patient's latent course. Raters are independent given that course, so the probabilities are
sums and products of normal distribution functions, smooth in every parameter, and no rater is drawn.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from endplate.case.nearest import nearest
from endplate.errors import InvalidRequest
from endplate.trial.parameters import RATERS, TrialParameters
from endplate.trial.view import GRADES, Sample, View, normal_below

__all__ = ["ENDPOINTS", "Endpoint", "Share", "Timing", "endpoint"]

_BOTH = ("investigator", "subject")


class Share(NamedTuple):
    """Probability of a hit among those who count, and of counting, (T, P) each."""

    hits: Array
    among: Array


@dataclass(frozen=True, slots=True)
class Timing:
    """When a trial looks: its visits, the visit that tells responders, and the days of the diary [day]."""

    visits: tuple[float, ...]
    response: float
    diary: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Endpoint(ABC):
    """An endpoint.

    Parameters
    ----------
    name
        Code in the evidence tables.
    meaning
        The exact definition.
    """

    name: str
    meaning: str

    @abstractmethod
    def share(self, view: View, timing: Timing) -> Share:
        """Hits on the days of `days`."""

    @abstractmethod
    def seen(self, sample: Sample, timing: Timing) -> Share:
        """Hits and those who count where raters have been drawn, 0 or 1, on the days of `days`."""

    def days(self, timing: Timing) -> tuple[float, ...]:
        """The days on which the endpoint is told."""
        return timing.visits

    @property
    def lasts(self) -> bool:
        """Whether it is a curve of those who still have the effect, with a median time."""
        return False

    @property
    def begins(self) -> bool:
        """Whether it is a curve of those who have noticed an effect, with a median time."""
        return False


@dataclass(frozen=True, slots=True)
class ByGrade(Endpoint):
    """Named raters each give a grade that is accepted, given their own grade at baseline."""

    raters: tuple[str, ...]
    accepts: Callable[[int, int], bool]

    def share(self, view: View, timing: Timing) -> Share:
        """Hits at each visit."""
        each = jnp.ones(())
        rule, at = _table(self.accepts), view.place(timing.visits)
        for row, rater in enumerate(RATERS):
            own = _accepted(view, row, rule)[at] if rater in self.raters else _let_in(view, row)
            each = each * own
        return Share(each, jnp.broadcast_to(_enrolled(view), each.shape))

    def seen(self, sample: Sample, timing: Timing) -> Share:
        """Whether all raters accept their grade at each visit."""
        at = sample.place(timing.visits)
        return _counted(jnp.stack([_passes(sample, rater, self.accepts) for rater in self.raters]).all(axis=0)[at])


@dataclass(frozen=True, slots=True)
class Maintained(Endpoint):
    """A rater accepts the grade at the visit that tells responders, and still does."""

    rater: str
    accepts: Callable[[int, int], bool]

    def days(self, timing: Timing) -> tuple[float, ...]:
        """Visits from the one that tells responders on."""
        return tuple(day for day in timing.visits if day > timing.response)

    def share(self, view: View, timing: Timing) -> Share:
        """Hits at each later visit, among all who are enrolled."""
        row, rule = RATERS.index(self.rater), jnp.asarray(_table(self.accepts), view.before.dtype)
        seen = jnp.einsum("tgp,bg->tbp", view.graded[row], rule)
        then, now = (seen[view.place(days)] for days in ((timing.response,), self.days(timing)))
        own = jnp.sum(view.enrolled[row] * then * now, axis=1)
        others = _enrolled(view) / jnp.maximum(_let_in(view, row), jnp.finfo(own.dtype).tiny)
        return Share(own * others, jnp.broadcast_to(_enrolled(view), own.shape))

    def seen(self, sample: Sample, timing: Timing) -> Share:
        """Whether the rater accepts the grade both times."""
        good = _passes(sample, self.rater, self.accepts)
        return _counted(good[sample.place(self.days(timing))] & good[sample.place((timing.response,))])


@dataclass(frozen=True, slots=True)
class ByChange(Endpoint):
    """A rater perceives a fall of severity of at least some size, without grading."""

    rater: str
    size: str

    def share(self, view: View, timing: Timing) -> Share:
        """Hits at each visit."""
        fall = view.before - view.severity[view.place(timing.visits)]
        return _perceived(view, fall, rater=self.rater, size=self.size)

    def seen(self, sample: Sample, timing: Timing) -> Share:
        """Whether the rater perceives it at each visit, with noise of that visit."""
        at = sample.place(timing.visits)
        noise = sample.noise[RATERS.index(self.rater)][at]
        return _counted(_reaches(sample, sample.before - sample.severity[at], noise, who=(self.rater, self.size)))


@dataclass(frozen=True, slots=True)
class Noticed(Endpoint):
    """A rater has noticed an effect by that day of the diary.

    The fall of severity from which somebody notices is log-normal between people; besides, people notice at a
    constant rate what is no effect.
    """

    rater: str

    def days(self, timing: Timing) -> tuple[float, ...]:
        """The days of the diary."""
        return timing.diary

    def share(self, view: View, timing: Timing) -> Share:
        """Hits by each day: one threshold per patient, so that nobody notices and forgets."""
        fall = view.before - view.severity[view.place(timing.diary)]
        missed = 1 - normal_below(_noticing(jax.lax.cummax(fall, axis=0), view.parameters))
        hits = (1 - missed * _unfooled(view.parameters, timing)) * _enrolled(view)
        return Share(hits, jnp.broadcast_to(_enrolled(view), hits.shape))

    def seen(self, sample: Sample, timing: Timing) -> Share:
        """Whether the rater has noticed by each day, with one threshold and one false alarm for all days."""
        row = RATERS.index(self.rater)
        fall = sample.before - sample.severity[sample.place(timing.diary)]
        real = _noticing(jax.lax.cummax(fall, axis=0), sample.parameters) + sample.own_noise[row] >= 0
        fooled = normal_below(sample.noise[row, 0]) >= _unfooled(sample.parameters, timing)
        return _counted(real | fooled)

    @property
    def begins(self) -> bool:
        """It is a curve of those who have noticed."""
        return True


@dataclass(frozen=True, slots=True)
class Lasting(Endpoint):
    """Kaplan-Meier share of responders whose effect has not ended at any visit so far.

    Responders have a grade that all raters accept at the visit that tells responders; `ended` says, for
    the grade at baseline and that at a visit, whether a rater sees the effect gone. It ends when all do.
    """

    raters: tuple[str, ...]
    responds: Callable[[int, int], bool]
    ended: Callable[[int, int], bool]

    def share(self, view: View, timing: Timing) -> Share:
        """Those who still have the effect, among responders, for all grades at baseline of all raters."""
        at, response = view.place(timing.visits), view.place((timing.response,))
        late = jnp.asarray([day > timing.response for day in timing.visits])
        gone, responds = jnp.ones(()), jnp.ones(())
        for place, row in enumerate(map(RATERS.index, self.raters)):
            axes = tuple(1 + other for other in range(len(self.raters)) if other != place)
            ends = jnp.einsum("tgp,bg->tbp", view.graded[row][at], _rule(self.ended, view))
            good = jnp.einsum("tgp,bg->tbp", view.graded[row][response], _rule(self.responds, view))
            gone = gone * jnp.expand_dims(ends, axes)
            responds = responds * jnp.expand_dims(view.enrolled[row] * good, axes)
        stays = jnp.cumprod(1 - late.reshape(-1, *(1,) * (gone.ndim - 1)) * gone, axis=0)
        others = [_let_in(view, row) for row, rater in enumerate(RATERS) if rater not in self.raters]
        let_in = jnp.prod(jnp.stack(others), axis=0)
        grades = tuple(range(1, gone.ndim - 1))
        hits, among = (jnp.sum(part, axis=grades) * let_in for part in (stays * responds, responds))
        return Share(hits, jnp.broadcast_to(among, hits.shape))

    def seen(self, sample: Sample, timing: Timing) -> Share:
        """Responders, and those of them whose effect no visit has found gone."""
        at, response = sample.place(timing.visits), sample.place((timing.response,))
        responds = jnp.stack([_passes(sample, rater, self.responds)[response] for rater in self.raters]).all(axis=0)
        gone = jnp.stack([_passes(sample, rater, self.ended)[at] for rater in self.raters]).all(axis=0)
        late = jnp.asarray([day > timing.response for day in timing.visits])[:, None]
        stays = jnp.cumprod(~(gone & late), axis=0) > 0
        return Share(stays & responds, jnp.broadcast_to(responds, stays.shape))

    @property
    def lasts(self) -> bool:
        """It is a curve of those who still have the effect."""
        return True


def _table(accepts: Callable[[int, int], bool]) -> np.ndarray:
    """Whether each grade (last axis) is accepted for each grade at baseline."""
    return np.array([[accepts(before, now) for now in range(GRADES)] for before in range(GRADES)])


def _rule(accepts: Callable[[int, int], bool], view: View) -> Array:
    """The table as numbers of the view's kind."""
    return jnp.asarray(_table(accepts), view.before.dtype)


def _accepted(view: View, row: int, rule: np.ndarray) -> Array:
    """Probability that a rater lets the patient in and accepts the grade on each day (T, P)."""
    seen = jnp.einsum("tgp,bg->tbp", view.graded[row], jnp.asarray(rule, view.before.dtype))
    return jnp.sum(view.enrolled[row] * seen, axis=1)


def _let_in(view: View, row: int) -> Array:
    return jnp.sum(view.enrolled[row], axis=0)


def _enrolled(view: View) -> Array:
    """Probability that all raters let the patient in (P,)."""
    return jnp.prod(jnp.sum(view.enrolled, axis=1), axis=0)


def _perceived(view: View, fall: Array, *, rater: str, size: str) -> Share:
    who, least = view.parameters.rater(rater), getattr(view.parameters, size)
    hits = normal_below((fall - who.expectation - least) / who.noise) * _enrolled(view)
    return Share(hits, jnp.broadcast_to(_enrolled(view), hits.shape))


def _noticing(fall: Array, parameters: TrialParameters) -> Array:
    """By how many standard deviations a fall of severity lies above the median threshold."""
    tiny = jnp.finfo(fall.dtype).tiny
    return jnp.log(jnp.maximum(fall, tiny) / parameters.noticed_change) / parameters.noticed_spread


def _unfooled(parameters: TrialParameters, timing: Timing) -> Array:
    """Share who have noticed nothing by each day where there is nothing to notice (T, 1)."""
    days = jnp.asarray(timing.diary, parameters.false_alarm_rate.dtype)
    return jnp.exp(-parameters.false_alarm_rate * days)[:, None]


def _counted(hits: Array) -> Share:
    """Everybody who is enrolled counts."""
    return Share(hits, jnp.ones_like(hits))


def _passes(sample: Sample, rater: str, accepts: Callable[[int, int], bool]) -> Array:
    """Whether a rater's grade is accepted on each day (T, P)."""
    row = RATERS.index(rater)
    return jnp.asarray(_table(accepts))[sample.first[row], sample.grades[row]]


def _reaches(sample: Sample, fall: Array, noise: Array, *, who: tuple[str, str]) -> Array:
    """Whether a perceived fall of severity is large enough."""
    rater, least = sample.parameters.rater(who[0]), getattr(sample.parameters, who[1])
    return fall - rater.expectation + rater.noise * noise >= least


def _mild(_before: int, now: int) -> bool:
    return now <= 1


def _not_mild(_before: int, now: int) -> bool:
    return now > 1


def _back(before: int, now: int) -> bool:
    return now >= before


def _better(grades: int) -> Callable[[int, int], bool]:
    return lambda before, now: before - now >= grades


def _much_better_and_mild(before: int, now: int) -> bool:
    return before - now >= 2 and now <= 1


_ALL = (
    ByGrade("inv_none_mild", "grade 0 or 1 by the investigator", ("investigator",), _mild),
    ByGrade("subj_none_mild", "grade 0 or 1 by the subject", ("subject",), _mild),
    ByGrade("panel_none_mild", "grade 0 or 1 by the photograph panel", ("panel",), _mild),
    ByGrade("inv_and_subj_none_mild", "grade 0 or 1 by investigator and subject", _BOTH, _mild),
    ByGrade("inv_ge1", "at least 1 grade better by the investigator", ("investigator",), _better(1)),
    ByGrade("subj_ge1", "at least 1 grade better by the subject", ("subject",), _better(1)),
    ByGrade("panel_ge1", "at least 1 grade better by the photograph panel", ("panel",), _better(1)),
    ByGrade("composite_ge1", "at least 1 grade better by investigator and subject", _BOTH, _better(1)),
    ByGrade("composite_ge2", "at least 2 grades better by investigator and subject", _BOTH, _better(2)),
    ByGrade(
        "composite_ge2_and_0_1",
        "at least 2 grades better and grade 0 or 1, by investigator and subject",
        _BOTH,
        _much_better_and_mild,
    ),
    ByChange(
        "subj_mod_improve",
        "subject's global assessment at +2 or better of −4 to +4: at least moderate improvement",
        "subject",
        "moderate_change",
    ),
    Maintained(
        "inv_none_mild_maintained",
        "grade 0 or 1 by the investigator at the response visit and still at this one, of all enrolled",
        "investigator",
        _mild,
    ),
    ByGrade(
        "relapse_rate",
        "grade at baseline or above by the investigator",
        ("investigator",),
        _back,
    ),
    Lasting(
        "median_loss_none_mild",
        "Kaplan-Meier, among responders: no visit yet with grade above 1 by both investigator and subject",
        _BOTH,
        _mild,
        _not_mild,
    ),
    Lasting(
        "median_return_baseline",
        "Kaplan-Meier, among responders: no visit yet with the grade at baseline or above by both "
        "investigator and subject",
        _BOTH,
        _mild,
        _back,
    ),
    Lasting(
        "median_loss_ge1",
        "Kaplan-Meier, among those at least 1 grade better by the investigator: no visit yet without that",
        ("investigator",),
        _better(1),
        _back,
    ),
    Noticed("onset_cum_subject", "share of subjects whose diary notes an effect by that day", "subject"),
    Noticed("onset_cum_physician", "share judged to show an effect by that day", "investigator"),
)
# Scales of other conditions join here.
ENDPOINTS: Mapping[str, Endpoint] = MappingProxyType({one.name: one for one in _ALL})


def endpoint(name: str) -> Endpoint:
    """The endpoint of this name.

    Raises
    ------
    InvalidRequest
        If there is none; the message names the nearest one.

    Examples
    --------
    >>> endpoint("composite_ge2").meaning
    'at least 2 grades better by investigator and subject'
    """
    found = ENDPOINTS.get(name)
    if found is None:
        raise InvalidRequest(f"no endpoint {name!r}; {nearest(name, ENDPOINTS)}")
    return found
