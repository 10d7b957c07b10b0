"""The parameters of all stages together."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, TypeVar

import equinox
import jax
import jax.numpy as jnp
from jax.typing import DTypeLike

from endplate.case import REGIONS, Plan, Product
from endplate.evidence import Library, defaults, load
from endplate.kinetics import KineticsParameters
from endplate.muscle import MuscleParameters
from endplate.outcome import OutcomeParameters
from endplate.skin import SkinParameters
from endplate.spread import SpreadParameters

__all__ = ["Parameters", "default_parameters", "from_library", "parameters_for"]

Known = TypeVar("Known")


class Parameters(equinox.Module):
    """One set of parameters per stage; every leaf is (), (P,), or per region (R,) or (R, P)."""

    spread: SpreadParameters
    kinetics: KineticsParameters
    muscle: MuscleParameters
    skin: SkinParameters
    outcome: OutcomeParameters


def parameters_for(plan: Plan, parameters: Parameters) -> Parameters:
    """The parameters with which a plan is followed: where sites are massaged, the front of the fluid is blurred more.

    Examples
    --------
    >>> from endplate.case import product
    >>> known = default_parameters(product("ona"))
    >>> rubbed = parameters_for(Plan(product("ona"), (), massage=True), known)
    >>> float(rubbed.spread.front_dispersion) > float(known.spread.front_dispersion)
    True
    """
    if not plan.massage:
        return parameters
    wider = parameters.spread.front_dispersion * parameters.spread.massage_dispersion
    return equinox.tree_at(lambda p: p.spread.front_dispersion, parameters, wider)


def from_library(
    cls: type[Known], library: Library | None = None, *, dtype: DTypeLike | None = None, **variant: str | Sequence[str]
) -> Known:
    """Parameters with the values of the entries that their fields name; `variant` as for `defaults`.

    Of the packaged library if none is given; float64 where JAX has it enabled, else float32, if no `dtype` is.

    Examples
    --------
    >>> float(from_library(KineticsParameters, product="rima", serotype="B").light_chain_half_life)
    10.0
    """
    kind = jnp.dtype(dtype or jax.dtypes.canonicalize_dtype(float))
    values = defaults(cls, load() if library is None else library, **variant)
    # They may be kept, so they must not belong to a program that is being traced.
    with jax.ensure_compile_time_eval():
        return cls(**{name: jnp.asarray(value, kind) for name, value in values.items()})


def default_parameters(
    product: Product, library: Library | None = None, *, dtype: DTypeLike | None = None
) -> Parameters:
    """The evidence library's values for one product.

    Parameters
    ----------
    product
        Decides potency and serotype.
    library
        The packaged one if None.
    dtype
        float64 where JAX has it enabled, else float32, if None.

    Examples
    --------
    >>> from endplate.case import product
    >>> float(default_parameters(product("rima")).kinetics.light_chain_half_life)
    10.0
    """
    kind = jnp.dtype(dtype or jax.dtypes.canonicalize_dtype(float))
    return _packaged(product, kind) if library is None else _of(product, library, kind)


@cache
def _packaged(product: Product, kind: jnp.dtype) -> Parameters:
    return _of(product, load(), kind)


def _of(product: Product, library: Library, kind: jnp.dtype) -> Parameters:
    own: Any = {"library": library, "dtype": kind}
    own |= {"serotype": product.serotype, "product": product.code, "regions": REGIONS}
    return Parameters(
        from_library(SpreadParameters, **own),
        from_library(KineticsParameters, **own),
        from_library(MuscleParameters, **own),
        from_library(SkinParameters, **own),
        from_library(OutcomeParameters, **own),
    )
