"""Free toxin → bound → endosome → light chain: a linear chain, solved exactly."""

from __future__ import annotations

import math

import jax.numpy as jnp
from jax import Array

from endplate.kinetics.parameters import KineticsParameters
from endplate.solve.chain import Chain, Level, respond

__all__ = ["light_chain", "toxin_chain"]


def toxin_chain(parameters: KineticsParameters, *, antitoxin: bool = False, depot_rate: Array | None = None) -> Chain:
    """The chain of first-order steps from free toxin to light chain.

    ``F' = −(k_clr + k_up) F``, ``B' = k_up F − k_int B``, ``E' = k_int B − k_tr E``,
    ``L' = k_tr E − (ln2/t_LC) L``; with a depot, ``D' = −k_S D`` feeds F. A light-chain
    half-life of infinity means no loss.

    Parameters
    ----------
    parameters
        Each field () or (P,).
    antitoxin
        Whether antitoxin also removes free toxin.
    depot_rate
        k_S, release from a depot in front of free toxin, () or (P,) [1/day].

    Returns
    -------
    Chain
        loss (4 or 5, P), feed (3 or 4, P) [1/day].

    Notes
    -----
    Without clearance and light-chain loss it is the three-step model of Lebeda et al. 2008
    (J Pharmacokinet Pharmacodyn 35:251), and with a depot their four-step model.
    """
    p = parameters
    removal = p.clearance_rate + p.uptake_rate + (p.antitoxin_rate if antitoxin else 0)
    loss = [removal, p.internalisation_rate, p.translocation_rate, math.log(2) / p.light_chain_half_life]
    feed = [p.uptake_rate, p.internalisation_rate, p.translocation_rate]
    if depot_rate is not None:
        loss, feed = [depot_rate, *loss], [depot_rate, *feed]
    shape = jnp.broadcast_shapes((1,), *(jnp.shape(rate) for rate in loss + feed))
    spread = [jnp.broadcast_to(rate, shape) for rate in loss + feed]
    return Chain(jnp.stack(spread[: len(loss)]), jnp.stack(spread[len(loss) :]))


def light_chain(
    captured: Array, steps: Array, *, parameters: KineticsParameters, antitoxin: Array | None = None
) -> Level:
    """Active light chain over time after captured doses.

    Parameters
    ----------
    captured
        Dose that would be captured without antitoxin, given at each node, shape (N, …, P)
        [half-cleaving levels].
    steps
        Shape (N − 1,) or (N − 1, P) [day].
    parameters
        Kinetic parameters.
    antitoxin
        Flags (N,), true from the time of antitoxin on; None for no antitoxin.

    Returns
    -------
    Level
        value (N, …, P) and area over each step (N − 1, …, P) [half-cleaving levels].
    """
    chain = toxin_chain(parameters)
    free = captured * (chain.loss[0] / chain.feed[0])
    switch = None if antitoxin is None else (antitoxin, toxin_chain(parameters, antitoxin=True))
    return respond(chain, steps, doses=free, switch=switch)
