"""Draws from a density by Hamiltonian Monte Carlo, many chains at once, and whether they can be trusted."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from numpy.typing import NDArray

__all__ = ["Drawn", "draw", "effective_draws", "mixing"]

Floats = NDArray[np.float64]
Density = Callable[[Array, Any], Array]

# JAX leaves parts of its interface without types.
_JAX: Any = jax
_CHAINS, _WINDOW, _WINDOWS, _MOST_TURNS = 8, 150, 5, 4
_LOST = 6.0  # spreads of the density below the middle chain: one so far off is elsewhere
_ACCEPTED = 0.8  # share of moves that is aimed at: Neal 2011, Handbook of Markov Chain Monte Carlo, chapter 5
_FIRST, _LONGEST = 0.05, 32
_LEARNING = 0.05


class Drawn(NamedTuple):
    """Draws (chain, draw, D), largest ratio of spreads between and within chains, least number of effective draws."""

    points: Floats
    mixing: float
    effective: float


class _State(NamedTuple):
    place: Array
    step: Array


def draw(
    density: Density, start: Floats, *, count: int, data: Any = None, seed: int = 0, mixed: float = np.inf
) -> Drawn:
    """Draws of chains that begin around a point.

    Parameters
    ----------
    density
        Logarithm of the density at a point (D,), up to a constant; compiled once for all `data` of one shape.
    start
        Where chains begin, more or less (D,).
    count
        Draws of each chain after it has settled; so many more at a time while chains do not agree.
    data
        Second argument of the density.
    seed
        Of the draws.
    mixed
        Ratio of spreads below which chains agree; see `Drawn`.

    Examples
    --------
    >>> found = draw(lambda x, _: -0.5 * jnp.sum(x**2), np.zeros(2), count=200)
    >>> bool(abs(found.points.std() - 1) < 0.1)
    True
    """
    key, shake = jax.random.split(jax.random.key(seed))
    place = jnp.asarray(start) + 0.1 * jax.random.normal(shake, (_CHAINS, len(start)))
    scale = jnp.ones(len(start))
    state = _State(place, jnp.asarray(_FIRST))
    for window in range(_WINDOWS):
        state, seen = _run(
            jax.random.fold_in(key, window), state, (scale, data), density=density, count=_WINDOW, learn=True
        )
        # The first windows walk in from the start: their spread says little, and some may not arrive.
        state = _gathered(state, density=density, data=data)
        if window > 1:
            half = seen[_WINDOW // 2 :].reshape(-1, len(start))
            scale = jnp.sqrt(jnp.var(half, axis=0) + 1e-6)
            state = state._replace(step=jnp.asarray(2 * _FIRST))
    state, _ = _run(jax.random.fold_in(key, _WINDOWS), state, (scale, data), density=density, count=_WINDOW, learn=True)
    points = np.empty((_CHAINS, 0, len(start)))
    for turn in range(_WINDOWS + 1, _WINDOWS + 1 + _MOST_TURNS):
        own, known = jax.random.fold_in(key, turn), (scale, data)
        state, seen = _run(own, state, known, density=density, count=count, learn=False)
        points = np.concatenate([points, np.swapaxes(np.asarray(seen), 0, 1)], axis=1)
        if mixing(points) < mixed:
            break
    return Drawn(points, mixing(points), effective_draws(points))


@partial(jax.jit, static_argnames=("density", "count", "learn"))
def _run(
    key: Array, state: _State, known: tuple[Array, Any], *, density: Density, count: int, learn: bool
) -> tuple[_State, Array]:
    """Chains go on; while they learn, the step grows where most moves are accepted."""
    scale, data = known
    slope = jax.vmap(jax.value_and_grad(lambda place: density(place, data)))

    def move(now: _State, key: Array) -> tuple[_State, Array]:
        keys = jax.random.split(key, 4)
        push = jax.random.normal(keys[0], now.place.shape)
        step = now.step * jnp.exp(0.2 * jax.random.normal(keys[1]))
        here, down = slope(now.place)

        def leap(_: Any, where: tuple[Array, ...]) -> tuple[Array, ...]:
            place, push, _, down = where
            half = push + 0.5 * step * scale * down
            place = place + step * scale * half
            value, down = slope(place)
            return place, half + 0.5 * step * scale * down, value, down

        length: Any = jax.random.randint(keys[2], (), 1, _LONGEST + 1)
        place, pushed, there, _ = _JAX.lax.fori_loop(0, length, leap, (now.place, push, here, down))
        gain = there - here - 0.5 * jnp.sum(pushed**2 - push**2, axis=1)
        chance = jnp.where(jnp.isfinite(gain), jnp.exp(jnp.minimum(gain, 0)), 0)
        taken = jax.random.uniform(keys[3], chance.shape) < chance
        place = jnp.where(taken[:, None], place, now.place)
        step = now.step * jnp.exp(_LEARNING * (jnp.mean(chance) - _ACCEPTED)) if learn else now.step
        return _State(place, step), place

    return jax.lax.scan(move, state, jax.random.split(key, count))


def _gathered(state: _State, *, density: Density, data: Any) -> _State:
    """Chains that have not arrived where most are go on from the best one."""
    value = np.asarray(jax.vmap(lambda place: density(place, data))(state.place))
    far = value < np.median(value) - _LOST * np.sqrt(state.place.shape[1] / 2)
    best = state.place[int(np.argmax(value))]
    return state._replace(place=jnp.where(jnp.asarray(far)[:, None], best, state.place))


def mixing(points: Floats) -> float:
    """Largest ratio over dimensions of the spread of all half chains to that within them; 1 for chains that agree."""
    half = points.shape[1] // 2
    parts = np.concatenate([points[:, :half], points[:, half : 2 * half]])
    within = parts.var(axis=1, ddof=1).mean(axis=0)
    between = parts.mean(axis=1).var(axis=0, ddof=1)
    return float(np.sqrt((half - 1) / half + between / np.maximum(within, 1e-30)).max())


def effective_draws(points: Floats) -> float:
    """Least number over dimensions of independent draws with the same error of the mean (Geyer 1992)."""
    chains, count, _ = points.shape
    centred = points - points.mean(axis=(0, 1))
    spread = np.fft.rfft(centred, 2 * count, axis=1)
    along = np.fft.irfft(np.abs(spread) ** 2, axis=1)[:, :count].mean(axis=0)
    share = along / np.maximum(along[0], 1e-30)
    pairs = share[: 2 * (count // 2)].reshape(-1, 2, share.shape[1]).sum(axis=1)
    positive = np.minimum.accumulate(np.cumprod(pairs > 0, axis=0) * pairs, axis=0)
    return float((chains * count / np.maximum(2 * positive.sum(axis=0) - 1, 1e-3)).min().clip(0, chains * count))
