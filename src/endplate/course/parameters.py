"""The parameters of all stages together."""

from __future__ import annotations

from functools import cache
from typing import TypeVar

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

__all__ = ["Parameters", "default_parameters", "parameters_for"]

Stage = TypeVar("Stage")


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
    variant = {"serotype": product.serotype, "product": product.code, "regions": REGIONS}

    def stage(cls: type[Stage]) -> Stage:
        values = defaults(cls, library, **variant)
        # They are kept, so they must not belong to a program that is being traced.
        with jax.ensure_compile_time_eval():
            return cls(**{name: jnp.asarray(value, kind) for name, value in values.items()})

    return Parameters(
        stage(SpreadParameters),
        stage(KineticsParameters),
        stage(MuscleParameters),
        stage(SkinParameters),
        stage(OutcomeParameters),
    )
