"""Where things are: muscles, end plates, named sites, skin and rim."""

from __future__ import annotations

import numpy as np
import pytest

from endplate.case import anatomy, endplates
from endplate.case.innervation import distance, fibres, place
from endplate.errors import InvalidRequest

MUSCLES = anatomy().muscles
HEAD = [muscle for muscle in MUSCLES if muscle.frame == "head"]
LEFT = [muscle for muscle in MUSCLES if muscle.side == "left"]
LABELLED = [site for site in anatomy().sites.values() if not site.name.endswith(".belly")]

# Sites that come no nearer than this to their muscle [mm]; both positions are recalled, and neither was moved.
NOT_QUITE = {"masseter.{}.b": 2.7, "nose.{}.nasalis": 5.2}
NEAR = 2.0

# Superficial sheets whose end plates come above the skin, by up to so many mm: flat sheets under a round face.
ABOVE_SKIN = {
    "depressor_supercilii": 0.3,
    "procerus": 0.2,
    "frontalis_medial": 0.7,
    "frontalis_central": 0.1,
    "frontalis_lateral": 0.4,
    "orbicularis_oculi_lateral": 2.0,
    "risorius": 1.7,
    "buccinator": 1.0,
    "depressor_anguli_oris": 3.6,
    "platysma": 6.0,
}

# The muscles that label patterns are aimed at; a site's own must be the nearest among them.
TARGETS = [
    muscle
    for muscle in HEAD
    if muscle.stem
    in {
        "procerus",
        "corrugator_supercilii",
        "frontalis_medial",
        "frontalis_central",
        "frontalis_lateral",
        "orbicularis_oculi_lateral",
        "orbicularis_oculi_pretarsal",
        "platysma",
        "masseter",
        "depressor_anguli_oris",
        "mentalis",
    }
]


def test_all_rows_of_the_map_are_there():
    assert len({muscle.stem for muscle in MUSCLES}) == 53
    assert len({muscle.name for muscle in MUSCLES}) == len(MUSCLES) == 104
    assert [muscle.name for muscle in MUSCLES if muscle.side == "midline"] == ["procerus", "orbicularis_oris"]


@pytest.mark.parametrize("muscle", MUSCLES, ids=lambda muscle: muscle.name)
def test_a_muscle_is_complete(muscle):
    assert muscle.function
    assert muscle.hazards
    assert muscle.source
    assert muscle.confidence in {"verified", "secondary", "derived", "recalled"}
    assert muscle.antagonists or muscle.other_antagonists
    assert {anatomy().muscle(name).name for name in muscle.antagonists} == set(muscle.antagonists)
    assert min(muscle.width, muscle.thickness, muscle.length, muscle.mass, muscle.volume, muscle.pcsa) > 0
    assert sum(band.weight for band in muscle.bands) == pytest.approx(1.0)
    assert np.linalg.norm(muscle.fibre_direction) == pytest.approx(1.0)


@pytest.mark.parametrize("muscle", MUSCLES, ids=lambda muscle: muscle.name)
def test_end_plates_lie_in_their_muscle(muscle):
    points, weights = endplates(muscle)
    assert points.shape == (99, 3)
    assert points.dtype == np.float64
    assert weights.sum() == pytest.approx(1.0, abs=1e-14)
    assert weights.min() > 0
    assert max(distance(muscle, point) for point in points[::7]) < 0.3
    assert np.linalg.norm(fibres(muscle), axis=-1) == pytest.approx(1.0)
    with pytest.raises(ValueError, match="read-only"):
        points[0] = 0.0


@pytest.mark.parametrize("muscle", LEFT, ids=lambda muscle: muscle.stem)
def test_the_right_side_mirrors_the_left(muscle):
    points, weights = endplates(muscle)
    other, same = endplates(anatomy().muscle(f"{muscle.stem}.right"))
    sign = (-1.0, 1.0, 1.0) if muscle.frame == "head" else (1.0, 1.0, 1.0)
    if muscle.frame == "head":
        assert other == pytest.approx(points * sign, abs=1e-9)
    assert same == pytest.approx(weights)
    assert place(muscle)[0] > 0 or muscle.frame != "head"


def test_midline_muscles_are_symmetrical():
    for name in ("procerus", "orbicularis_oris"):
        points, weights = endplates(anatomy().muscle(name))
        assert weights @ points[:, 0] == pytest.approx(0.0, abs=1e-6)


def test_the_band_of_the_corrugator_is_centred_at_40_per_cent():
    muscle = anatomy().muscle("corrugator_supercilii.left")
    points, weights = endplates(muscle)
    along = (points - muscle.points[0]) @ muscle.fibre_direction / muscle.length
    assert weights @ along == pytest.approx(0.42, abs=0.04)


def test_the_levator_arches_over_the_globe():
    muscle = anatomy().muscle("levator_palpebrae_superioris.left")
    points, weights = endplates(muscle)
    far_from_globe = np.linalg.norm(points - (31.0, 0.0, -20.0), axis=-1)
    assert far_from_globe.min() > 12.0
    assert weights[points[:, 2] < -38].sum() == pytest.approx(0.65, abs=0.02)


@pytest.mark.parametrize("site", LABELLED, ids=lambda site: site.name)
def test_a_site_lands_in_the_muscle_it_is_meant_for(site):
    side = "left" if ".left" in site.name else "right"
    near = NOT_QUITE.get(site.name.replace(side, "{}"), NEAR)
    meant = anatomy().muscle(site.muscle)
    assert distance(meant, site.tip) <= near
    if meant in TARGETS:
        nearest = min(distance(muscle, site.tip) for muscle in TARGETS)
        assert distance(meant, site.tip) == pytest.approx(nearest, abs=1e-9)


@pytest.mark.parametrize("name", anatomy().patterns)
def test_a_pattern_is_symmetrical_and_lands_in_its_muscles(name):
    pattern = anatomy().patterns[name]
    shots = {shot.site: (shot.dose, shot.volume) for shot in pattern.shots}
    assert len(shots) == len(pattern.shots)
    for site, given in shots.items():
        side = anatomy().muscle(anatomy().sites[site].muscle).side
        assert site.startswith("platysma.left.medial") or shots[site.replace(".left", ".right")] == given, side
    stated = float(name.rsplit("-", 1)[1].replace("7u5", "7.5u").removesuffix("u"))
    assert pattern.total_dose == pytest.approx(stated)


@pytest.mark.parametrize("site", LABELLED, ids=lambda site: site.name)
def test_sites_mirror(site):
    other = anatomy().sites[site.name.replace("left", "L").replace("right", "left").replace("L", "right")]
    assert (-other.tip[0], *other.tip[1:]) == pytest.approx(site.tip)
    assert site.why
    assert np.linalg.norm(np.subtract(site.tip, site.skin)) == pytest.approx(site.depth)


def test_muscles_lie_under_the_skin():
    above = {}
    for muscle in HEAD:
        points, _ = endplates(muscle)
        out = float((points[:, 2] - anatomy().surface.height(points[:, 0], points[:, 1])).max())
        if out > 0:
            above[muscle.stem] = max(out, above.get(muscle.stem, 0.0))
    assert {stem: value for stem, value in above.items() if value > ABOVE_SKIN.get(stem, 0.0)} == {}


def test_the_skin_goes_through_the_label_sites():
    surface = anatomy().surface
    for x, y, z in [(0, 10, -0.2), (14, 22, 0.3), (29, 30, -3.8), (64, 2, -26.3), (0, 62, -8.4), (31, -91, -7.2)]:
        assert surface.height(x, y) == pytest.approx(z, abs=1e-6)
        assert surface.height(-x, y) == surface.height(x, y)


def test_a_needle_points_to_the_axis_of_the_head():
    inward = anatomy().surface.inward((48.0, 5.0, -16.0))
    assert inward == pytest.approx((-0.6, 0.0, -0.8))


def test_distances_to_the_rim():
    surface = anatomy().surface
    assert surface.rim_distance(29.0, 30.0) == pytest.approx(10.0)
    assert surface.rim_distance(-29.0, 30.0) == pytest.approx(10.0)
    assert surface.rim_distance([31.0, 31.0], [25.0, 0.0])[0] == pytest.approx(5.0)
    assert surface.rim_distance(31.0, 0.0) < -15.0


def test_points_outside_the_tissue():
    surface = anatomy().surface
    assert surface.outside((0.0, 10.0, -3.0)) == 0.0
    assert surface.outside((0.0, 10.0, 9.8)) == pytest.approx(10.0)
    assert surface.outside((0.0, 110.0, -20.0)) == pytest.approx(10.0)


def test_an_unknown_muscle_names_the_nearest():
    with pytest.raises(InvalidRequest, match=r"did you mean 'corrugator_supercilii.left'"):
        anatomy().muscle("corugator_supercilii.left")
