"""How far an injection reaches: half effect, halo. No fascia, one ball: the closed form."""

from __future__ import annotations

import numpy as np
import pytest

from endplate.evidence import load

LIBRARY = load()
DOSES = np.geomspace(2.0, 20.0, 8)


def test_half_effect_lies_five_millimetres_away_at_doses_that_do_not_saturate(curves):
    """Rat: 5 mm. Its doses are unknown in these units: 30-75 % block at the needle are the ones compared."""
    published = curves.seen("observed.spread.half_effect_distance", "mm")
    assert LIBRARY["observed.spread.half_effect_distance"].use == "check"
    for volume in (0.02, 0.1):
        for dose in (0.2, 0.5, 1.0):
            curve = curves.peak_block(volume, dose)
            if 0.25 < curve[0] < 0.75:
                found = curves.half_distance(curve)
                print(f"{dose:g} U in {volume:g} mL, {curve[0]:.0%} at the needle: halved at {found:.1f} mm")
                assert found == pytest.approx(published, abs=2.0)
    assert curves.half_distance(curves.captured(0.1)) == pytest.approx(published, abs=0.5)


def test_saturating_doses_reach_farther(curves):
    distances = [curves.half_distance(curves.peak_block(0.1, dose)) for dose in (0.2, 1.0, 5.0, 20.0)]
    assert np.all(np.diff(distances) > 0)
    assert distances[-1] < 15


@pytest.mark.parametrize("volume", [0.05, 0.1])
def test_halo_grows_with_the_logarithm_of_dose(curves, volume):
    areas = np.array([curves.halo(volume, dose) for dose in DOSES])
    slope, explained = curves.growth_with_log_dose(areas, DOSES)
    print(f"{volume:g} mL: {slope:.0f} mm² per doubling, explained {explained:.4f}")
    assert explained > 0.99
    assert slope > 0
    # A power of dose would curve upwards over log dose; here equal ratios add no more than before.
    assert np.all(np.diff(areas, 2) < 1.0)


@pytest.mark.parametrize("dose", [2.5, 5.0, 10.0])
def test_halo_is_10_to_25_millimetres_across(curves, dose):
    """The usual size of sweat halos after cosmetic doses in 0.05 to 0.1 mL; 1 U reaches 9 mm only."""
    for volume in (0.05, 0.1):
        assert 10 <= 2 * np.sqrt(curves.halo(volume, dose) / np.pi) <= 25


def test_more_volume_gives_a_larger_halo_at_a_full_dose(curves):
    """A forehead study is recalled as 1.5-fold for 5 U in 0.25 over 0.05 mL: a guide; only the direction is a test."""
    guide = LIBRARY["observed.spread.area_ratio_volume"]
    assert guide.confidence == "recalled"
    ratio = curves.halo(0.25, 5.0) / curves.halo(0.05, 5.0)
    print(f"area ratio {ratio:.2f}, guide {guide.value:g}")
    assert ratio > 1
    # A thin dose spread over more tissue loses its border instead.
    assert curves.halo(0.25, 0.5) < curves.halo(0.05, 0.5)
