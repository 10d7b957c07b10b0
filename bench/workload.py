"""The units of the bench: one patient × one muscle × 365 days, each with its own parameters and 1–4 doses."""

from __future__ import annotations

from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np

from endplate.evidence import defaults, load
from endplate.kinetics import KineticsParameters
from endplate.muscle import MuscleParameters
from endplate.solve.quadrature import lognormal_weights

LAST = 365
DOSES = 4
# ln-sd of every parameter between units; enough to make each unit another problem.
SPREAD = {"light_chain_half_life": 0.3, "snare_half_life": 0.2, "release_exponent": 0.1, "safety_factor": 0.1}
_OTHER = 0.2


@dataclass(frozen=True)
class Units:
    """Parameters name → (P,), captured doses (4, P) [levels], their days (4, P); doses not given stand at day 365."""

    values: dict[str, np.ndarray]
    doses: np.ndarray
    days: np.ndarray

    @property
    def count(self) -> int:
        """How many."""
        return self.doses.shape[1]

    @property
    def share(self) -> np.ndarray:
        """Each dose over the sum of doses, (4, P)."""
        return self.doses / self.doses.sum(axis=0)

    @property
    def weights(self) -> np.ndarray:
        """Share of end plates at each node of ln(dose), (K, P)."""
        cloud = jnp.log(jnp.asarray(self.doses.sum(axis=0)))
        return np.asarray(lognormal_weights(cloud, jnp.asarray(self.values["dose_spread"])))

    def groups(self) -> list[Units]:
        """The units with one dose, with two and so on, which need not wait for each other."""
        doses = (self.doses > 0).sum(axis=0)
        found = [(number, np.flatnonzero(doses == number)) for number in range(1, DOSES + 1)]
        return [
            Units(
                {name: value[chosen] for name, value in self.values.items()},
                self.doses[:number, chosen],
                self.days[:number, chosen],
            )
            for number, chosen in found
            if len(chosen)
        ]

    def one(self, index: int) -> dict[str, float]:
        """Parameters of one unit."""
        return {name: float(value[index]) for name, value in self.values.items()}


def make_units(count: int, *, seed: int = 1) -> Units:
    """Draw units around the library's type A values; dose times do not depend on the seed."""
    draw, times = np.random.default_rng(seed), np.random.default_rng(count)
    values = {
        name: median * np.exp(SPREAD.get(name, _OTHER) * draw.standard_normal(count))
        for name, median in _medians().items()
    }
    # As many units with one dose as with two, three and four, in this order.
    given = np.arange(DOSES)[:, None] <= DOSES * np.arange(count) // count
    first = times.uniform(0, 7, count)
    days = np.cumsum(np.vstack([first, times.uniform(75, 105, (DOSES - 1, count))]), axis=0)
    doses = 4.0 * np.exp(0.6 * draw.standard_normal(count) + 0.2 * draw.standard_normal((DOSES, count)))
    return Units(values, doses * given, np.where(given, days, float(LAST)))


def parameters(units: Units, dtype: jax.typing.DTypeLike) -> tuple[KineticsParameters, MuscleParameters]:
    """The product's parameter objects for these units; doses are in levels, so potency is 1."""

    def of(cls: type) -> dict[str, jax.Array]:
        return {name: jnp.asarray(units.values[name], dtype) for name in cls.__dataclass_fields__}

    kinetics = KineticsParameters(**of(KineticsParameters) | {"potency": jnp.ones(units.count, dtype)})
    return kinetics, MuscleParameters(**of(MuscleParameters))


def make_typical() -> Units:
    """Units with the library's values, given 1, 4 and 16 levels on day 0 and again on day 90."""
    levels = np.array([1.0, 4.0, 16.0])
    values = {name: np.full(len(levels), value) for name, value in _medians().items()}
    return Units(values, np.tile(levels, (2, 1)), np.tile([[0.0], [90.0]], len(levels)))


def _medians() -> dict[str, float]:
    library = load()
    return defaults(KineticsParameters, library, serotype="A", product="ona") | defaults(MuscleParameters, library)
