"""What other offers of a case change, on the clock of a simulation."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from typing import Any

import jax.numpy as jnp
import numpy as np
from jax import Array

from endplate.case import REGIONS, Given, offers
from endplate.case.offer import PEPTIDE, Change, changes_of
from endplate.course.parameters import Parameters, from_library
from endplate.course.scene import Clock
from endplate.evidence import load
from endplate.kinetics import MimicParameters, held_snare
from endplate.skin import Changes, Effect, TopicalParameters, concentration_below, effect_strength
from endplate.skin.parameters import SkinParameters

__all__ = ["end_plate_depth", "mimic_parameters", "offered_changes", "topical_parameters", "with_offers"]


def with_offers(clock: Clock, given: Sequence[Given], *, p: Parameters) -> Clock:
    """The clock with what is offered beside toxin.

    Parameters
    ----------
    clock
        Of the setting.
    given
        Offers of the case.
    p
        Parameters of the simulation.
    """
    if not given:
        return clock
    schedule = clock.schedule
    held = _held([one for one in given if one.name == PEPTIDE], clock, p)
    changes = offered_changes(given, clock.days)
    return clock._replace(schedule=schedule._replace(held=held), changes=changes)


def offered_changes(given: Sequence[Given], days: Array) -> Changes:
    """Parameters of the skin on these days, relative to those without any offer.

    Of what is used daily the strongest counts: a second cream does not moisten twice. What is done once multiplies.

    Parameters
    ----------
    given
        Offers of the case.
    days
        Shape (T,) [day].
    """
    nothing = jnp.zeros((len(days), len(REGIONS), 1), days.dtype)
    daily = dict.fromkeys(Changes._fields, nothing)
    once = dict.fromkeys(Changes._fields, 1 + nothing)
    for one in given:
        where = jnp.asarray([one.regions is None or name in one.regions for name in REGIONS], days.dtype)
        for change in changes_of(offers()[one.name], load()):
            effect, name = _effect(one, change), change.parameter
            reached = effect.size * effect_strength(days, effect)[:, None, None] * where[:, None]
            if offers()[one.name].daily:
                daily[name] = jnp.where(jnp.abs(reached) > jnp.abs(daily[name]), reached, daily[name])
            else:
                once[name] = once[name] * (1 + reached)
    return Changes(**{name: once[name] * (1 + daily[name]) for name in Changes._fields})


def _effect(given: Given, change: Change) -> Effect:
    daily = offers()[given.name].daily
    until = inf if given.until is None else given.until
    last = until if daily else given.day
    numbers: tuple[Any, ...] = (
        change.size.value,
        given.day,
        until if daily else inf,
        last + change.lasts.value,
        change.onset.value,
        change.fade.value,
    )
    return Effect(*numbers)


def _held(given: Sequence[Given], clock: Clock, p: Parameters) -> Array | None:
    """Share of SNARE protein that the peptide leaves free at the nodes of the grid, (N, 1) or (N, P)."""
    if not given:
        return None
    times = np.append(0.0, np.cumsum(np.asarray(clock.schedule.steps, float)))
    topical, depth = topical_parameters(), end_plate_depth(p.skin)
    total = jnp.zeros((len(times), 1), clock.days.dtype)
    for one in given:
        content = topical.content if one.content is None else jnp.asarray(one.content)
        share = topical.reaches_epidermis if one.permeation is None else jnp.asarray(one.permeation)
        used = (times > one.day) & (times <= (inf if one.until is None else one.until))
        steady = concentration_below(content, share, depth=depth, parameters=topical)
        total += steady * jnp.asarray(used, total.dtype)[:, None]
    return held_snare(total, mimic=mimic_parameters(), parameters=p.kinetics)


def end_plate_depth(skin: SkinParameters) -> Array:
    """The least depth of muscle below the surface of all regions, where a cream would have the shortest way [mm]."""
    return jnp.min(skin.skin_thickness + skin.fat_thickness)


def topical_parameters() -> TopicalParameters:
    """The evidence library's values for a cream."""
    return from_library(TopicalParameters)


def mimic_parameters() -> MimicParameters:
    """The evidence library's values for the peptide."""
    return from_library(MimicParameters)
