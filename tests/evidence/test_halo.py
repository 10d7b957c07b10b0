"""Sweat halos: a sheet of endings under the skin, and fluid that stays in it or spreads as a ball."""

from __future__ import annotations

import numpy as np
import pytest

from endplate.evidence import load

LIBRARY = load()
LIMITS = ("disc", "ball")
DOSES = np.geomspace(1.0, 20.0, 9)


@pytest.mark.parametrize("limit", LIMITS)
def test_area_grows_with_the_logarithm_of_dose(curves, limit):
    areas = np.array([curves.sweat_halo("ona", 0.1, dose, limit=limit) for dose in DOSES])
    slope, explained = curves.growth_with_log_dose(areas, DOSES)
    print(f"{limit}: {slope:.0f} mm² per doubling, explained {explained:.4f}")
    assert slope > 0
    assert explained > 0.98


def test_five_times_the_volume_gives_a_larger_area(curves):
    """The forehead's 1.5 is recalled, so it is shown and not asserted."""
    ratios = {
        limit: curves.sweat_halo("ona", 0.25, 5.0, limit=limit) / curves.sweat_halo("ona", 0.05, 5.0, limit=limit)
        for limit in LIMITS
    }
    print(f"area ratio {ratios}, guide {LIBRARY['observed.spread.area_ratio_volume'].value:g}")
    assert all(ratio > 1.1 for ratio in ratios.values())
    assert ratios["disc"] > ratios["ball"]


@pytest.mark.parametrize("name", ["abo_anhidrosis", "abo_hypohidrosis", "abo_halo"])
def test_abo_needs_fewer_units_for_a_halo_than_for_a_muscle(curves, name):
    """At one concentration more units bring more fluid: 3.4 in trials becomes 1.8 in halos; published 1.3 to 1.6."""
    published = LIBRARY[f"observed.spread.area_ratio_ona.{name}"].value
    found = [curves.dose_of_equal_halo("abo", dose, 100.0) / dose for dose in (2.0, 3.0, 5.0)]
    print(f"{name}: published {published:g}, disc {np.min(found):.2f} to {np.max(found):.2f}")
    assert np.mean(found) == pytest.approx(published, rel=0.4)
    assert max(found) < LIBRARY["potency.ona"].value / LIBRARY["potency.abo"].value


def test_halo_follows_the_active_dose(curves):
    """Published: 2.5 to 4 times the units of abo give the larger halo in 93 % of comparisons, equal units less.

    With the potency that facial trials give abo, that holds from 3.4 times the units on: below, it is missed.
    """
    ona = curves.sweat_halo("ona", 0.1, 3.0)
    assert all(curves.sweat_halo("abo", 0.1, dose) >= 0.999 * ona for dose in (10.5, 12.0))
    assert curves.sweat_halo("abo", 0.1, 7.5) > 0.75 * ona
    assert curves.sweat_halo("abo", 0.02, 2.0) < curves.sweat_halo("ona", 0.02, 2.0)


def test_a_thin_sheet_spreads_farther_than_a_ball(curves):
    for volume in (0.05, 0.1):
        assert curves.sweat_halo("ona", volume, 5.0, limit="disc") > curves.sweat_halo("ona", volume, 5.0, limit="ball")
