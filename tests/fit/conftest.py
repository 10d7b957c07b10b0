"""One small model for all tests of the room."""

from __future__ import annotations

import pytest

from endplate.fit import ask, build_model, calibration_rows
from endplate.fit.kept import table_store

# The label trial of ona, and a dose-ranging one: rates by one rater and by both, and a median time.
CHOSEN = ("BOTOXC_USPI_GL_pooled", "Carruthers2005_women", "BELMONT")


@pytest.fixture(scope="session")
def model():
    """Rows of three trials, few patients."""
    questions = [ask(row) for row in calibration_rows() if row.trial in CHOSEN]
    return build_model(questions, patients=64, store=table_store())
