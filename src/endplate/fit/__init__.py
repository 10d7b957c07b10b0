"""Fits to published trials, the posterior that ships, and predictions for tables of trials."""

from __future__ import annotations

from endplate.fit.calibrate import Fit, Scatter, calibrate
from endplate.fit.inform import NewProduct, inform, with_products
from endplate.fit.model import Model, build_model
from endplate.fit.posterior import Posterior, packaged_posterior
from endplate.fit.prior import Prior, Priors, packaged_priors
from endplate.fit.question import Question, ask
from endplate.fit.rows import TrialRow, calibration_rows, parse_rows, read_rows
from endplate.fit.validate import Prediction, Validation, summarise, validate

__all__ = [
    "Fit",
    "Model",
    "NewProduct",
    "Posterior",
    "Prediction",
    "Prior",
    "Priors",
    "Question",
    "Scatter",
    "TrialRow",
    "Validation",
    "ask",
    "build_model",
    "calibrate",
    "calibration_rows",
    "inform",
    "packaged_posterior",
    "packaged_priors",
    "parse_rows",
    "read_rows",
    "summarise",
    "validate",
    "with_products",
]
