"""One session over patients: what its side effects are, from when on and for how long."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from endplate.case import Patient, Plan
from endplate.course import Store, default_parameters
from endplate.errors import InvalidRequest
from endplate.population.crowd import like
from endplate.population.design import Design, designer
from endplate.population.droop import Droop, drooping, levator_exposure
from endplate.population.effects import observe
from endplate.population.happening import Record
from endplate.population.placement import default_placement
from endplate.population.remainder import Remainder, default_remainder

__all__ = ["Followed", "Told", "background", "by_toxin", "follow_session", "session_alone"]

Floats = NDArray[np.float64]
Told = Callable[[int, int], None]

_LID = "lid_ptosis"
_MANY = 8192  # patients whose levators are asked, since few of them droop


class Followed(NamedTuple):
    """What patients like one have of each effect after one session.

    records: by name of `EFFECTS`; patients, failed: how many were followed, and could not be.
    remainder: the empirical law that is added for lid and throat.
    droop: lids that droop by that law; None where none does.
    seed: of the draw.
    """

    records: dict[str, Record]
    patients: int
    failed: int
    remainder: Remainder
    droop: Droop | None
    seed: int


def session_alone(plan: Plan, index: int | None = None) -> Plan:
    """One session of a plan, given on day 0; the one with most units if no index is given.

    Examples
    --------
    >>> from endplate.case.file import parse_case, write_template
    >>> session_alone(parse_case(write_template("glabella-20u")).plan).days
    (0.0,)
    """
    used = int(np.argmax(plan.total_dose)) if index is None else index
    return replace(plan, injections=tuple(replace(one, day=0.0) for one in plan.session_injections(used)))


def follow_session(
    plan: Plan,
    patient: Patient,
    *,
    count: int = 512,
    seed: int = 0,
    store: Store | None = None,
    told: Told | None = None,
) -> Followed:
    """Follow the session with most units over patients like this one.

    Parameters
    ----------
    plan, patient
        What is injected, and what is known of whom.
    count, seed
        How many patients are drawn, and the seed of the draw.
    store
        Where solved responses of tissue are kept; in the user's folder for caches if None.
    told
        Told how many injections are solved, of how many; may raise to end the work. What is solved is kept.

    Raises
    ------
    InvalidRequest
        If `count` cannot be used, there is no injection, or one lies in no open tissue.
    """
    if count < 1:
        raise InvalidRequest(f"count is {count}; at least one patient is needed")
    typical = default_parameters(plan.product)
    how = default_placement(dtype=typical.kinetics.potency.dtype)
    crowd = like(patient, range(count), typical=typical, seed=seed)
    solve, session = designer(plan, patient, placement=how, store=store), session_alone(plan)
    design = _solved(session, solve, told)
    seen, status = observe(session, crowd, design=design, placement=how, seed=seed)
    solved, rest = status == 0, default_remainder()
    records = {name: one.only(solved) for name, one in seen.items()}
    lid = records[_LID]
    share = float(by_toxin(rest, _LID, seen=lid).mean()) if solved.any() else 0.0
    droop = None
    if share > 0:
        many = like(patient, range(_MANY), typical=typical, seed=seed)
        exposed = levator_exposure(session, many, design=design, placement=how, seed=seed)
        droop = drooping(session, crowd, design=design, exposed=exposed, share=share, threshold=lid.threshold)
    return Followed(records, int(solved.sum()), int((~solved).sum()), rest, droop, seed)


def _solved(session: Plan, solve: Callable[[Plan], Design], told: Told | None) -> Design:
    """The design, one injection after another."""
    count = len(session.injections)
    if told is None or len({one.frame for one in session.injections}) > 1:
        return solve(session)
    parts: list[Design] = []
    for number, one in enumerate(session.injections):
        told(number, count)
        parts.append(solve(replace(session, injections=(one,))))
    told(count, count)
    rows = zip(*((part.base, part.moved, part.varied) for part in parts), strict=True)
    return Design(*(jnp.concatenate(row) for row in rows))


def background(rest: Remainder, name: str, *, exposed: Floats) -> Floats:
    """Share of patients who report an effect by the remainder without any toxin (P,)."""
    slope = {"lid_ptosis": rest.lid_slope, "dysphagia": rest.throat_slope}.get(name, 0.0)
    whole = rest.hazard(name, exposed)
    return -np.expm1(-np.where(whole > 0, whole - float(np.asarray(slope)) * exposed, 0.0))


def by_toxin(rest: Remainder, name: str, *, seen: Record) -> Floats:
    """Further share by the remainder that toxin is to be blamed for (P,); 0 where spread as modelled does it."""
    whole = -np.expm1(-rest.hazard(name, seen.exposed))
    return np.where(seen.has, 0.0, whole - background(rest, name, exposed=seen.exposed))
