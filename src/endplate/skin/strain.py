"""From muscle force to the compression of the skin above it."""

from __future__ import annotations

from jax import Array

from endplate.skin.parameters import Person, SkinParameters, by_region

__all__ = ["skin_strain"]


def skin_strain(effort: Array, person: Person, *, parameters: SkinParameters) -> Array:
    """Compressive strain across the lines of each region at maximum effort.

    ``ε = η f σ₀ t_m / (E h)``. The share η of the load that reaches the skin is derived per
    region from the untreated strain (glabella 9.11 %, Wilson 2015), so strain follows force
    in proportion. ``E h`` stands for skin with the layer that moves with it and does not age.

    Parameters
    ----------
    effort
        Remaining force of the muscles that fold the region, over untreated, shape (…, R, P) [1].
    person
        Who; `muscle_thickness` is used.
    parameters
        Skin parameters.

    Returns
    -------
    Array
        Shape (…, R, P) [1].
    """
    load = parameters.specific_tension * by_region(person.muscle_thickness)
    return effort * by_region(parameters.load_share) * load / parameters.sheet_stiffness
