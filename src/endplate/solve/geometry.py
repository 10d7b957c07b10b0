"""Closed forms of shapes."""

from __future__ import annotations

import math

import jax.numpy as jnp
from jax import Array
from jax.scipy.special import erf

__all__ = ["ball_radius", "ball_surface", "blurred_ball"]


def ball_radius(volume: Array) -> Array:
    """Radius of a ball of the given volume.

    Examples
    --------
    >>> round(float(ball_radius(jnp.asarray(4.18879))), 4)
    1.0
    """
    return (3.0 * volume / (4.0 * math.pi)) ** (1.0 / 3.0)


def ball_surface(volume: Array) -> Array:
    """Surface of a ball of the given volume.

    Examples
    --------
    >>> round(float(ball_surface(jnp.asarray(4.18879))), 4)
    12.5664
    """
    return 3.0 * volume / ball_radius(volume)


def blurred_ball(distance: Array, radius: Array, *, blur: Array) -> Array:
    """A ball of height 1 convolved with an isotropic Gaussian: the heat kernel on a ball.

    Parameters
    ----------
    distance
        Distance from the centre, > 0 [mm].
    radius, blur
        Radius of the ball and standard deviation of the Gaussian along one axis [mm].

    Notes
    -----
    Carslaw & Jaeger, Conduction of Heat in Solids, 2nd ed., section 10.3, with
    ``blur² = 2 D t``.
    """
    width = math.sqrt(2.0) * blur
    inner, outer = (radius - distance) / width, (radius + distance) / width
    edge = jnp.exp(-inner * inner) - jnp.exp(-outer * outer)
    return 0.5 * (erf(inner) + erf(outer)) - blur / (math.sqrt(2.0 * math.pi) * distance) * edge
