"""Height of the brow between the frontalis and the muscles that pull it down."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array

from endplate.outcome.parameters import OutcomeParameters

__all__ = ["COLUMNS", "brow_change", "spock"]

# The order of the column axis.
COLUMNS = ("medial", "central", "lateral")


def brow_change(frontalis: Array, depressor: Array, *, parameters: OutcomeParameters) -> Array:
    """Change of brow height at repose.

    Each column hangs between its frontalis column and its depressor:
    ``own = rise (1 − d) − fall (1 − f)``; the brow is one sheet, so a column is carried along
    by its neighbours: ``change = own + c Σ own of neighbours``.

    Parameters
    ----------
    frontalis
        Force of the frontalis columns at repose, over untreated, shape (T, side, column, P)
        [1]; above 1 where compensation recruits a column.
    depressor
        Force of the muscles against each column, at repose, over untreated, same shape [1].
    parameters
        Outcome parameters.

    Returns
    -------
    Array
        Shape (T, side, column, P), upward positive [mm].
    """
    p = parameters
    rise = _columns(p.brow_rise_medial, p.brow_rise_central, p.brow_rise_lateral)
    fall = _columns(p.brow_fall_medial, p.brow_fall_central, p.brow_fall_lateral)
    own = rise * (1 - depressor) - fall * (1 - frontalis)
    padded = jnp.pad(own, [(0, 0), (0, 0), (1, 1), (0, 0)])
    return own + p.brow_coupling * (padded[:, :, :-2] + padded[:, :, 2:])


def spock(change: Array) -> Array:
    """How far the lateral brow has risen above the medial one, (T, side, column, P) to (T, side, P) [mm]."""
    return change[:, :, COLUMNS.index("lateral")] - change[:, :, COLUMNS.index("medial")]


def _columns(*values: Array) -> Array:
    """One value per column, each () or (P,), as (column, 1) or (column, P)."""
    return jnp.stack([jnp.atleast_1d(value) for value in jnp.broadcast_arrays(*values)])
