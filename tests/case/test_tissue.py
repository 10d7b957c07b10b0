"""Voxels of tissue: layers, muscles with their fibres, orbit, an individual's size."""

from __future__ import annotations

import numpy as np
import pytest

from endplate.case import anatomy
from endplate.case.build import Build
from endplate.case.tissue import REGIONS_OF_TISSUE, Kind, voxelise
from endplate.errors import InvalidRequest

BROW = voxelise((-30.0, -6.0, -30.0), (61, 51, 36), spacing=1.0)
SITES = [
    site for site in anatomy().sites.values() if site.frame == "head" and site.name.startswith(("glabella", "forehead"))
]


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.name)
def test_label_sites_lie_in_open_tissue(site):
    corner = np.rint(np.asarray(site.tip)) - 2
    kind, _ = voxelise(tuple(corner), (5, 5, 5), spacing=1.0).at(site.tip)
    assert kind in (Kind.SKIN, Kind.FAT, Kind.MUSCLE)


def test_left_and_right_are_mirror_images():
    assert np.array_equal(BROW.kind, BROW.kind[::-1])
    assert np.array_equal(BROW.orbital, BROW.orbital[::-1])
    swapped = np.array([BROW.names.index(_other(name)) for name in BROW.names] + [-1])
    here, there = BROW.muscle, swapped[BROW.muscle[::-1]]
    # A voxel halfway between two muscles belongs to either.
    assert (here != there).sum() <= 0.02 * (here >= 0).sum()


def _other(name: str) -> str:
    stem, _, side = name.partition(".")
    return f"{stem}.{'right' if side == 'left' else 'left'}" if side else name


@pytest.mark.parametrize("spacing", [0.5, 1.0])
def test_muscle_has_its_volume(spacing):
    """Straight sheets as large as the map says, as far as neighbours leave room; never thinner than a voxel."""
    count = tuple(int(edge / spacing) + 1 for edge in (30, 45, 16))
    tissue = voxelise((-15.0, -16.0, -13.0), count, spacing=spacing)
    muscle = anatomy().muscle("procerus")
    volume = (tissue.muscle == tissue.names.index("procerus")).sum() * spacing**3
    length = np.linalg.norm(np.diff(muscle.points, axis=0), axis=1).sum()
    assert volume == pytest.approx(muscle.width * max(muscle.thickness, spacing) * length, rel=0.2)


@pytest.fixture(scope="module", params=REGIONS_OF_TISSUE)
def region(request):
    low, high = REGIONS_OF_TISSUE[request.param]
    spacing = 2.0 if request.param == "neck" else 1.0
    count = tuple(int((end - start) / spacing) + 1 for start, end in zip(low, high, strict=True))
    return voxelise(low, count, spacing=spacing)


def test_regions_are_symmetric_and_of_all_their_kinds(region):
    assert np.array_equal(region.kind, region.kind[::-1])
    assert np.array_equal(region.orbital, region.orbital[::-1])
    wanted = {Kind.AIR, Kind.SKIN, Kind.FAT, Kind.MUSCLE, Kind.BONE}
    assert wanted <= {Kind(int(one)) for one in np.unique(region.kind)}
    assert region.open.mean() == pytest.approx((region.kind != Kind.AIR).mean() - closed(region), abs=1e-12)


def closed(region):
    return np.isin(region.kind, (Kind.BONE, Kind.EYE)).mean()


def test_muscles_of_a_region_have_their_volumes(region):
    """Those that lie in it whole; neighbours, skin and bone take from thin sheets, the risorius the most."""
    high = region.low + region.spacing * (np.array(region.kind.shape) - 1)
    ratios = {}
    for index, name in enumerate(region.names):
        muscle = anatomy().muscle(name)
        path = np.concatenate([muscle.points, muscle.points[:1]]) if muscle.closed else muscle.points
        if np.all((path >= region.low) & (path <= high)):
            length = np.linalg.norm(np.diff(path, axis=0), axis=1).sum()
            sheet = muscle.width * max(muscle.thickness, region.spacing) * length
            ratios[name] = (region.muscle == index).sum() * region.spacing**3 / sheet
    print({name: round(float(ratio), 2) for name, ratio in ratios.items()})
    assert np.median(list(ratios.values())) == pytest.approx(0.9, abs=0.25)
    assert all(0.35 < ratio < 1.45 for ratio in ratios.values())


def test_thin_sheets_stay_whole_on_a_coarse_grid():
    tissue = voxelise((-40.0, 26.0, -30.0), (41, 21, 18), spacing=2.0)
    for stem in ("frontalis_medial", "frontalis_central"):
        here = tissue.muscle == tissue.names.index(f"{stem}.left")
        rows = np.flatnonzero(here.any(axis=(0, 2)))
        assert np.all(np.diff(rows) == 1)
        assert len(rows) > 18


def test_layers_follow_each_other_from_the_skin_inwards():
    column = [Kind(int(one)) for one in BROW.kind[30 + 10, 6 + 40, ::-1]]
    order = [one for index, one in enumerate(column) if index == 0 or column[index - 1] != one]
    assert order[:3] in ([Kind.AIR, Kind.SKIN, Kind.MUSCLE], [Kind.AIR, Kind.SKIN, Kind.FAT])
    assert order[-1] == Kind.BONE


def test_levator_lies_behind_the_septum_and_the_orbicularis_before_it():
    levator, ring = (
        BROW.muscle == BROW.names.index(name)
        for name in ("levator_palpebrae_superioris.left", "orbicularis_oculi_medial.left")
    )
    assert BROW.orbital[levator].mean() > 0.5
    assert BROW.orbital[ring].mean() < 0.05
    assert BROW.kind[30 + 28, 6, 30 - 20] == Kind.EYE


def test_fibres_have_length_one_in_muscles_and_are_none_elsewhere():
    length = np.linalg.norm(BROW.fibre, axis=0)
    assert length[BROW.muscle >= 0] == pytest.approx(1.0, abs=1e-5)
    assert not length[BROW.muscle < 0].any()


def test_size_of_an_individual():
    wide = Build(intercanthal_width=40.0, forehead_height=70.0)
    place = np.array([20.0, 30.0, -4.0])
    assert wide.from_map(place)[0] == pytest.approx(20.0 * 40.0 / 32.1)
    assert wide.from_map(place)[1] == pytest.approx(30.0 * 70.0 / 56.0)
    assert wide.to_map(wide.from_map(place)) == pytest.approx(place)
    heavy = voxelise((0.0, 4.0, -14.0), (31, 31, 24), spacing=0.5, build=Build(muscle_mass=2.0))
    usual = voxelise((0.0, 4.0, -14.0), (31, 31, 24), spacing=0.5)
    assert (heavy.muscle >= 0).sum() > 1.2 * (usual.muscle >= 0).sum()


@pytest.mark.parametrize(
    "wrong", [{"intercanthal_width": 0.0}, {"forehead_height": float("nan")}, {"muscle_mass": -1.0}]
)
def test_sizes_that_are_none_are_refused(wrong):
    with pytest.raises(InvalidRequest, match=next(iter(wrong))):
        Build(**wrong)


def test_limb_is_a_slab_under_fat_and_skin():
    slab = voxelise((-20.0, -20.0, -24.0), (41, 41, 49), spacing=1.0, frame="gastrocnemius.left")
    assert slab.names == ("gastrocnemius.left",)
    assert slab.fascia == (True,)
    assert {Kind(int(one)) for one in np.unique(slab.kind)} == {Kind.AIR, Kind.SKIN, Kind.FAT, Kind.MUSCLE}
    with pytest.raises(InvalidRequest, match="nowhere"):
        voxelise((0.0, 0.0, 0.0), (3, 3, 3), spacing=1.0, frame="nowhere")
