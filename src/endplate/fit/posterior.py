"""The posterior that ships with the library: draws of fitted entries, scatter between trials, where they are from."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from endplate.fit.answer import EFFECTS
from endplate.fit.calibrate import Fit, Scatter
from endplate.fit.prior import Priors

__all__ = ["Posterior", "data_hash", "packaged_posterior", "posterior_of", "write_posterior"]

Floats = NDArray[np.float64]

_DRAWS = 256
_SPREAD = "spread."
_DIGITS = 6


@dataclass(frozen=True)
class Posterior:
    """What a fit knows.

    Parameters
    ----------
    names
        Entries of the evidence library.
    middle
        Their typical values: at the mean on the scales of the priors (K,).
    draws
        Draws of them (D, K).
    scatters
        Spreads between trials and rows of the same draws, as the fields of `Scatter` (D, E + 2).
    facts
        Script, date, hash of the data, numbers of rows and trials, how well it was drawn.
    new
        Products that the library does not hold: the one whose patterns and serotype each is taken to have.
    """

    names: tuple[str, ...]
    middle: Floats
    draws: Floats
    scatters: Floats
    facts: Mapping[str, str | int | float]
    new: Mapping[str, str] = field(default_factory=dict)

    def spread(self, count: int) -> list[dict[str, float]]:
        """`count` draws, evenly chosen."""
        return [dict(zip(self.names, map(float, self.draws[one]), strict=True)) for one in self.chosen(count)]

    def chosen(self, count: int) -> NDArray[np.int_]:
        """Which draws those are."""
        return np.linspace(0, len(self.draws) - 1, count).astype(int)

    @property
    def best(self) -> dict[str, float]:
        """The typical values by name."""
        return dict(zip(self.names, map(float, self.middle), strict=True))

    @property
    def scatter(self) -> Scatter:
        """Median spreads."""
        *effects, rates, times = map(float, np.median(self.scatters, axis=0))
        return Scatter(tuple(effects), rates, times)


def posterior_of(fit: Fit, priors: Priors, *, facts: Mapping[str, str | int | float]) -> Posterior:
    """Draws of a fit, evenly chosen from its chains."""
    chosen = np.linspace(0, len(fit.points) - 1, min(_DRAWS, len(fit.points))).astype(int)
    rows = np.array([[float(value) for value in priors.values(point).values()] for point in fit.points[chosen]])
    middle = np.array([float(value) for value in priors.values(fit.point).values()])
    return Posterior(priors.names, middle, rows, fit.scatters[chosen], facts)


@cache
def packaged_posterior() -> Posterior:
    """The posterior of facial lines.

    Examples
    --------
    >>> packaged_posterior().draws.shape[0]
    256
    """
    folder = resources.files("endplate.evidence") / "posterior"
    facts = tomllib.loads((folder / "facial_lines.toml").read_text(encoding="utf-8"))
    rows = list(csv.reader(io.StringIO((folder / "facial_lines.csv").read_text(encoding="utf-8"))))
    values = np.array([[float(cell) for cell in row] for row in rows[1:]])
    facts.pop("scatter")
    names = tuple(name for name in rows[0] if not name.startswith(_SPREAD))
    return Posterior(names, values[0, : len(names)], values[1:, : len(names)], values[1:, len(names) :], facts)


def write_posterior(posterior: Posterior) -> tuple[str, str]:
    """The texts of ``facial_lines.csv``, typical values first, and ``facial_lines.toml``."""
    out, scatter = io.StringIO(), posterior.scatter
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*posterior.names, *(_SPREAD + name for name in (*EFFECTS, "rates", "times"))])
    typical = np.concatenate([posterior.middle, scatter.effects, [scatter.rates, scatter.times]])
    drawn = np.hstack([posterior.draws, posterior.scatters])
    writer.writerows([f"{value:.{_DIGITS}g}" for value in row] for row in (typical, *drawn))
    lines = [f"{name} = {json.dumps(value)}" for name, value in posterior.facts.items()]
    effects = ", ".join(f"{one:.4g}" for one in scatter.effects)
    lines += ["", "[scatter]", f"effects = [{effects}]", f"rates = {scatter.rates:.4g}", f"times = {scatter.times:.4g}"]
    return out.getvalue(), "\n".join(lines) + "\n"


def data_hash() -> str:
    """SHA-256 of the packaged table of trials."""
    data = (resources.files("endplate.evidence") / "trials" / "trials.csv").read_bytes()
    return hashlib.sha256(data).hexdigest()
