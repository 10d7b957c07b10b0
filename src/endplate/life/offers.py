"""What other offers change through a life, in its windows."""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from endplate.course.offers import offered_changes
from endplate.life.clock import Clock
from endplate.life.plan import Life
from endplate.skin import Changes, days_per_year, spared_years

__all__ = ["Offered", "offered_of"]


class Offered(NamedTuple):
    """At the nodes of each window, every array (W, N + 1, R, 1).

    changes: parameters of the skin relative to those without any offer; spared: years of ultraviolet kept off [year].
    """

    changes: Changes
    spared: Array


def offered_of(life: Life, clock: Clock, *, kind: jnp.dtype) -> Offered | None:
    """What the treated twin's other offers change; None without any.

    Parameters
    ----------
    life
        With its offers, whose days count from its beginning.
    clock
        Of the life.
    kind
        Of the arrays.
    """
    if not life.offers:
        return None
    nodes = np.concatenate([clock.begins[:, None], clock.days], axis=1)
    days = jnp.asarray(nodes.ravel(), kind)
    changes = offered_changes(life.offers, days)
    found = Offered(changes, spared_years((days / days_per_year())[:, None, None], changes=changes))
    own = np.array(life.rows)
    return jax.tree.map(lambda part: part.reshape(*nodes.shape, *part.shape[1:])[:, :, own], found)
