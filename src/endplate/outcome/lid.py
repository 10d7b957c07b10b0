"""Position of the upper lid between its levator and the muscle that closes it."""

from __future__ import annotations

from typing import NamedTuple

from jax import Array

from endplate.outcome.parameters import OutcomeParameters

__all__ = ["Lid", "lid_position"]


class Lid(NamedTuple):
    """The upper lid of each side.

    margin_distance: from the corneal light reflex to the lid margin, MRD1 (T, side, P) [mm].
    ptosis: whether the lid has fallen by as much as counts as ptosis (T, side, P).
    """

    margin_distance: Array
    ptosis: Array


def lid_position(levator: Array, pretarsal: Array, *, parameters: OutcomeParameters) -> Lid:
    """Margin reflex distance and ptosis.

    ``MRD1 = 3.5 − 7.5 (1 − r_LPS) + 0.75 (1 − r_OO)``; ptosis when 2 mm or more are lost.

    Parameters
    ----------
    levator, pretarsal
        Force of the levator palpebrae and of the pretarsal orbicularis, over untreated,
        shape (T, side, P) [1].
    parameters
        Outcome parameters.
    """
    p = parameters
    fall = p.lid_levator * (1 - levator) - p.lid_orbicularis * (1 - pretarsal)
    return Lid(p.lid_distance - fall, fall >= p.ptosis_threshold)
