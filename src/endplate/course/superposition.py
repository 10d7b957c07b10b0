"""Unit responses of injections, superposed with their doses."""

from __future__ import annotations

import equinox
import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from numpy.typing import NDArray

from endplate.course.parameters import Parameters
from endplate.course.scene import Body, Syringe

__all__ = ["Responses"]


class Responses(equinox.Module):
    """What one unit of each injection leaves at every end plate; linear in dose.

    Parameters
    ----------
    per_unit
        Dose captured per unit (B × M, N, J, I) [1/mm³], for heads of each size with muscles of each mass.
    masses
        Those masses, doubling; patients beyond them count as the nearest.
    sizes
        Those sizes, across and up, relative to the map; patients count as the nearest.
    """

    per_unit: Array
    masses: tuple[float, ...] = equinox.field(static=True, default=(1.0,))
    sizes: tuple[tuple[float, float], ...] = equinox.field(static=True, default=((1.0, 1.0),))

    def __call__(self, syringe: Syringe, body: Body, *, p: Parameters) -> Array:  # noqa: ARG002 - solved before
        """Dose captured from each injection at every end plate (N, J, I, P) [U/mm³]."""
        mass = jnp.asarray(body.mass)
        each = syringe.doses[:, None, None] * self.per_unit.astype(mass.dtype)
        place = jnp.clip(jnp.log2(mass / self.masses[0]), 0, len(self.masses) - 1)
        nodes = jnp.arange(len(self.masses), dtype=mass.dtype)[:, None]
        weight = jnp.maximum(1 - jnp.abs(nodes - place), 0)
        far = jnp.sum((jnp.asarray(self.sizes, mass.dtype)[..., None] - body.size) ** 2, axis=1)
        own = jax.nn.one_hot(jnp.argmin(far, axis=0), len(self.sizes), axis=0, dtype=mass.dtype)
        both = (own[:, None] * weight).reshape(-1, weight.shape[-1])
        return jnp.einsum("mnji,mp->njip", each, both)

    def take(self, muscles: NDArray[np.intp]) -> Responses:
        """The responses of some of the muscles."""
        return Responses(self.per_unit[:, :, muscles], self.masses, self.sizes)
