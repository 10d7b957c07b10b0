"""Parameters of the outcome."""

from __future__ import annotations

import jax.numpy as jnp
import pytest

from endplate.evidence import defaults, load
from endplate.outcome import OutcomeParameters


@pytest.fixture(scope="session")
def parameters() -> OutcomeParameters:
    return OutcomeParameters(
        **{name: jnp.asarray(value) for name, value in defaults(OutcomeParameters, load()).items()}
    )
