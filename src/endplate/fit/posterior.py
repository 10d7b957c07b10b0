"""The posterior that ships with the library: draws of fitted entries, scatter between trials, where they are from."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from endplate.fit.calibrate import Fit, Scatter
from endplate.fit.prior import Priors

__all__ = ["Posterior", "data_hash", "packaged_posterior", "posterior_of", "write_posterior"]

Floats = NDArray[np.float64]

_DRAWS = 256
_DIGITS = 6


@dataclass(frozen=True)
class Posterior:
    """What a fit knows.

    Parameters
    ----------
    names
        Entries of the evidence library.
    mode
        Their most probable values (K,).
    draws
        Draws of them (D, K).
    scatter
        Between trials and rows.
    facts
        Script, date, hash of the data, numbers of rows and trials, how much too narrow intervals are.
    """

    names: tuple[str, ...]
    mode: Floats
    draws: Floats
    scatter: Scatter
    facts: Mapping[str, str | int | float]

    def spread(self, count: int) -> list[dict[str, float]]:
        """The first `count` draws, in pairs around the mode."""
        return [dict(zip(self.names, map(float, row), strict=True)) for row in self.draws[:count]]

    @property
    def best(self) -> dict[str, float]:
        """The mode by name."""
        return dict(zip(self.names, map(float, self.mode), strict=True))


def posterior_of(fit: Fit, priors: Priors, *, facts: Mapping[str, str | int | float], seed: int = 0) -> Posterior:
    """Draws from the normal approximation of a fit."""
    root = np.linalg.cholesky(fit.covariance)
    normal = np.random.default_rng(seed).standard_normal((_DRAWS, len(fit.point)))
    # Antithetic pairs keep the mean of the draws at the mode.
    normal[1::2] = -normal[::2]
    points = fit.point + normal @ root.T
    rows = np.array([[float(value) for value in priors.values(point).values()] for point in points])
    mode = np.array([float(value) for value in priors.values(fit.point).values()])
    return Posterior(priors.names, mode, rows, fit.scatter, facts)


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
    told = facts.pop("scatter")
    scatter = Scatter(tuple(told["effects"]), told["rates"], told["times"])
    return Posterior(tuple(rows[0]), values[0], values[1:], scatter, facts)


def write_posterior(posterior: Posterior) -> tuple[str, str]:
    """The texts of ``facial_lines.csv``, the mode first, and ``facial_lines.toml``."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(posterior.names)
    writer.writerows([f"{value:.{_DIGITS}g}" for value in row] for row in (posterior.mode, *posterior.draws))
    lines = [f"{name} = {json.dumps(value)}" for name, value in posterior.facts.items()]
    scatter = posterior.scatter
    effects = ", ".join(f"{one:.4g}" for one in scatter.effects)
    lines += ["", "[scatter]", f"effects = [{effects}]", f"rates = {scatter.rates:.4g}", f"times = {scatter.times:.4g}"]
    return out.getvalue(), "\n".join(lines) + "\n"


def data_hash() -> str:
    """SHA-256 of the packaged table of trials."""
    data = (resources.files("endplate.evidence") / "trials" / "trials.csv").read_bytes()
    return hashlib.sha256(data).hexdigest()
