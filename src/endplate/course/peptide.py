"""What a cream with a peptide that mimics SNAP-25 can do, and what would have to permeate for more."""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp

from endplate.course.offers import end_plate_depth, mimic_parameters, topical_parameters
from endplate.course.parameters import Parameters
from endplate.kinetics import concentration_for_loss, loss_of_transmission
from endplate.skin import concentration_below, permeation_for

__all__ = ["PeptideForecast", "peptide_forecast"]


class PeptideForecast(NamedTuple):
    """A cream in steady use on skin whose muscles lie as near as anywhere in the face.

    content: share of the peptide in the cream; permeation: share of it that gets to the end plates [1].
    concentration: share by mass in the fluid there; inhibitory: the one that halves release [1].
    loss: share of fibres that fail [1].
    wanted: a loss that is asked for; needed: permeation that it would take, above 1 where all would not do [1].
    """

    content: float
    permeation: float
    concentration: float
    inhibitory: float
    loss: float
    wanted: float
    needed: float


def peptide_forecast(
    p: Parameters, *, content: float | None = None, permeation: float | None = None, wanted: float = 0.1
) -> PeptideForecast:
    """Forward and back: the loss at a permeation, and the permeation for a loss.

    Parameters
    ----------
    p
        Parameters of a simulation.
    content, permeation
        Those of the evidence library if None: the share that reaches the viable epidermis stands for an upper bound.
    wanted
        Loss that is asked for [1].

    Examples
    --------
    >>> from endplate.case import product
    >>> from endplate.course import default_parameters
    >>> found = peptide_forecast(default_parameters(product("ona")))
    >>> found.loss < 1e-4, found.needed > 100 * found.permeation
    (True, True)
    """
    topical, mimic, depth = topical_parameters(), mimic_parameters(), end_plate_depth(p.skin)
    inside = {"mimic": mimic, "parameters": p.kinetics}
    x = topical.content if content is None else jnp.asarray(content)
    share = topical.reaches_epidermis if permeation is None else jnp.asarray(permeation)
    below = concentration_below(x, share, depth=depth, parameters=topical)
    loss = loss_of_transmission(below, **inside)
    enough = concentration_for_loss(jnp.asarray(wanted), **inside)
    needed = permeation_for(enough, x, depth=depth, parameters=topical)
    numbers = (x, share, below, mimic.inhibitory_concentration, loss, wanted, needed)
    return PeptideForecast(*(float(number) for number in numbers))
