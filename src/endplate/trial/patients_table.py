"""The virtual patients one by one, as a folder of Parquet files."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from endplate.case import REGIONS
from endplate.errors import EndplateError
from endplate.population import Crowd
from endplate.trial.block import Asked, Seen, Work, asked_of, raters_of
from endplate.trial.parameters import RATERS, TrialParameters
from endplate.trial.span import Rows, Span
from endplate.trial.trial import Trial
from endplate.trial.view import GRADES, view_of

try:
    import pyarrow
    from pyarrow import parquet
except ModuleNotFoundError as missing:
    raise EndplateError(
        f"a table of patients needs the package {missing.name}; install it: pip install 'endplate[parquet]'"
    ) from None

__all__ = ["columns_of", "written"]

# pyarrow leaves its interface without types.
_ARROW: Any = pyarrow
_TRAITS = {
    "age": "year",
    "female": "1 female, 0 male",
    "muscle_mass": "over the typical adult's",
    "skin_thickness": "over that of age and sex",
    "sun": "exposure over a typical one",
    "smoking": "pack-year",
}
_HIDDEN = {"sensitivity": "over the typical patient's", "half_life": "of the light chain, over the typical patient's"}


def columns_of(trial: Trial) -> dict[str, str]:
    """Name of each column, and its meaning or unit.

    Examples
    --------
    >>> from endplate.trial.file import parse_trial
    >>> from endplate.trial.template import trial_template
    >>> columns_of(parse_trial(trial_template()))["severity_day_30"]
    'latent severity at maximum effort on day 30 [grade]'
    """
    severity = {
        f"severity_day_{day:g}": f"latent severity at maximum effort on day {day:g} [grade]" for day in trial.days
    }
    grades = {
        f"grade_{rater}_day_{day:g}": f"grade that the {rater} is expected to give on day {day:g} [grade]"
        for rater in RATERS
        for day in trial.timing.visits
    }
    return {
        "patient": "counter; with the seed it names the patient",
        "arm": "name of the arm",
        **_TRAITS,
        "habit": "how often the expression of the rated region is made, over typical",
        "skin_type": "type of Fitzpatrick",
        **_HIDDEN,
        "solved": "whether all of the patient's numbers are finite; others count nowhere",
        "severity_before": "latent severity at maximum effort before treatment [grade]",
        **severity,
        **grades,
    }


def written(work: Work, rows: Sequence[Rows], *, span: Span) -> bytes:
    """A Parquet file of the patients of a span, arm by arm within each block of them.

    Parameters
    ----------
    work
        The trial.
    rows
        Blocks of patients on the host; what lies beyond the span is left out.
    span
        Which patients.
    """
    meanings = columns_of(work.trial)
    pieces = [piece for one in rows for piece in _pieces(work, one, span)]
    values = {name: np.concatenate([piece[name] for piece in pieces]) for name in meanings}
    fields = [
        _ARROW.field(name, _ARROW.array(values[name][:1]).type, nullable=False, metadata={"meaning": meaning})
        for name, meaning in meanings.items()
    ]
    schema = _ARROW.schema(fields, metadata={"title": work.trial.title, "seed": str(work.trial.seed)})
    file = io.BytesIO()
    parquet.write_table(_ARROW.table(values, schema=schema), file, compression="zstd")
    return file.getvalue()


def _pieces(work: Work, rows: Rows, span: Span) -> Iterator[dict[str, np.ndarray]]:
    """Columns of one block in each arm."""
    crowd, (trial, region) = rows.crowd, (work.trial, REGIONS.index(work.trial.region))
    index = np.asarray(crowd.index, np.int64)
    kept = np.flatnonzero((index >= span.first) & (index < span.stop))
    about = {"patient": index, "skin_type": np.asarray(crowd.skin_type, np.int8)}
    about |= {name: getattr(crowd.cohort, name) for name in _TRAITS} | {"habit": crowd.cohort.habit[region]}
    about |= {name: getattr(crowd.rates, name) for name in _HIDDEN}
    for arm, found in zip(trial.arms, rows.arms, strict=True):
        own = about | {"arm": np.full(len(index), arm.name), **_course(work, found, crowd)}
        yield {name: np.asarray(value)[kept] for name, value in own.items()}


def _course(work: Work, found: Seen, crowd: Crowd) -> dict[str, np.ndarray]:
    """Severity and expected grades of one block in one arm."""
    trial, severity, solved = work.trial, found.severity.value, found.severity.solved
    good = jnp.where(solved, severity, found.before)
    raters = raters_of(work, crowd, seed=trial.seed)
    grades = np.asarray(_expected(good, found.before, parameters=raters, asked=asked_of(trial)))
    own: dict[str, np.ndarray] = {"solved": np.asarray(solved), "severity_before": np.asarray(found.before)}
    own |= {f"severity_day_{day:g}": one for day, one in zip(trial.days, np.asarray(severity), strict=True)}
    visits = [trial.days.index(day) for day in trial.timing.visits]
    for rater, each in zip(RATERS, grades, strict=True):
        own |= {f"grade_{rater}_day_{day:g}": each[row] for day, row in zip(trial.timing.visits, visits, strict=True)}
    return own


@partial(jax.jit, static_argnames="asked")
def _expected(severity: Array, before: Array, *, parameters: TrialParameters, asked: Asked) -> Array:
    """Expected grade by each rater on each day (K, T, P)."""
    view = view_of(severity, before, days=asked.days, least=asked.least, parameters=parameters)
    return jnp.einsum("ktgp,g->ktp", view.graded, jnp.arange(GRADES, dtype=severity.dtype))
