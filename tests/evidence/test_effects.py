"""Effects beside the wanted one against trials: lids, eye muscles, necks. Minutes; what is drawn in `docs/figures`."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType

import numpy as np
import pytest

from endplate.evidence import load

LIBRARY = load()
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def drawn(root) -> ModuleType:
    """The script that draws the figures of effects."""
    sys.path.insert(0, str(root / "docs" / "figures"))
    try:
        return import_module("effects")
    finally:
        sys.path.pop(0)


def within(share: float, name: str) -> bool:
    """Whether a share lies in the 95 % interval of a published one."""
    one = LIBRARY[name]
    print(f"{name}: found {share:.1%}, published {one.value:.1%} ({one.low:.1%} to {one.high:.1%})")
    return float(one.low or 0.0) <= share <= float(one.high or 1.0)


def test_lids_droop_in_one_to_five_per_cent_at_label_points(drawn):
    """Mostly by the empirical remainder, which is fitted to this row: spread alone brings too little to the levator."""
    label = drawn.lid("label points")
    print(
        f"model alone {label.probability:.2%} (90 % interval up to {label.high:.2%}), with remainder {label.total:.2%}"
    )
    assert 0.01 <= label.total <= 0.05


def test_a_low_lateral_point_and_more_fluid_are_several_times_worse(drawn):
    label, low, thin = (
        drawn.lid(name).total for name in ("label points", "lateral points 5 mm lower", "five times the volume")
    )
    print(f"label {label:.1%}, 5 mm lower {low:.1%}, five times the volume {thin:.1%}")
    assert low > 3 * label
    assert thin > 2 * label


@pytest.mark.parametrize("plan", ["forehead and glabella, 40 U", "beside the eyes, 24 U"])
def test_lids_after_other_plans_are_predicted(drawn, plan):
    assert all(within(drawn.lid(plan).total, name) for name in drawn.LID_ROWS[plan])


def test_brows_drop_too_often_but_not_beyond_chance(drawn):
    """Predicted by spread and placement alone: no number was fitted to brows."""
    found = drawn.beside("forehead and glabella, 40 U")["brow_drop"]
    assert found.remainder == 0
    # Twice what was published; that the intervals of both meet is all that holds.
    row = LIBRARY["observed.brow_drop.forehead_glabella"]
    assert found.low < float(row.high or 0.0)
    assert row.value < found.probability < 3 * row.value


def test_ptosis_after_strabismus_follows_the_muscle(drawn):
    """Predicted, not fitted: most above the eye, least below it. No rates by muscle are among the evidence."""
    shares = {name: drawn.rectus(name).probability for name in drawn.RECTI}
    print({name: f"{share:.1%}" for name, share in shares.items()})
    assert shares["superior"] > 3 * max(shares["medial"], shares["lateral"])
    assert min(shares["medial"], shares["lateral"]) >= shares["inferior"]
    assert 0.05 < shares["superior"] < 0.6


def test_dysphagia_rises_with_dose_as_published(drawn):
    shares = [drawn.dysphagia(dose) for dose in drawn.FIT.THROAT]
    assert np.all(np.diff(shares) > 0)
    assert all(within(share, name) for share, (name, _) in zip(shares, drawn.FIT.THROAT.values(), strict=True))


def test_weakness_of_the_neck_rises_with_dose_as_published(drawn):
    bound = LIBRARY["effect.neck_loss"].value
    shares = [float((drawn.neck(dose)[1].largest >= bound).mean()) for dose in drawn.FIT.WEAK]
    assert np.all(np.diff(shares) > 0)
    assert all(within(share, name) for share, (name, _) in zip(shares, drawn.FIT.WEAK.values(), strict=True))
