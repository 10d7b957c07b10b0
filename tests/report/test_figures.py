"""Figures show something, in the house style, and leave matplotlib's settings alone."""

from __future__ import annotations

import re

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.image import imread

from endplate.case import REGIONS, anatomy
from endplate.report.face_map import anatomy_figure
from endplate.report.figures import brow_curves, depth_curves, force_curves, grade_areas, lid_curves
from endplate.report.html import _depths
from endplate.report.names import region_name
from endplate.report.style import label_lines, svg, write_png
from endplate.report.summary import paired, summarise
from endplate.report.treatment_map import treatment_map

HEAD = [muscle for muscle in anatomy().muscles if muscle.frame == "head"]
FOOT = [muscle for muscle in anatomy().muscles if muscle.frame == "extensor_digitorum_brevis.left"]
GLABELLA = [("glabella",)]


def treatment(course, field):
    least = dict(zip(course.muscles, np.asarray(course.force)[..., 0].min(axis=0), strict=True))
    return treatment_map(field, least, muscles=HEAD)


DRAWN = {
    "map": treatment,
    "own frame": lambda course, field: treatment_map(field, {}, muscles=FOOT),
    "force": lambda course, field: force_curves(course, paired(summarise(course).muscles)),
    "effort": lambda course, field: depth_curves(course, GLABELLA, effort="maximum"),
    "rest": lambda course, field: depth_curves(course, GLABELLA, effort="rest"),
    "grades": lambda course, field: grade_areas(course, "glabella"),
    "lid": lambda course, field: lid_curves(course, 2.0),
    "brow": lambda course, field: brow_curves(course),
    "anatomy": lambda course, field: anatomy_figure(),
}


@pytest.mark.parametrize("name", DRAWN)
def test_a_figure_is_not_blank(name, course, field, tmp_path):
    path = tmp_path / "figure.png"
    write_png(DRAWN[name](course, field), path, dpi=40)
    pixels = imread(path)[..., :3]
    ink = (pixels.min(axis=-1) < 0.9).mean()
    assert pixels.var() > 0.003
    assert 0.01 < ink < 0.9


@pytest.mark.parametrize("name", ["map", "grades"])
def test_a_drawing_has_axes_with_units(name, course, field):
    texts = " ".join(one.get_text() for one in DRAWN[name](course, field).findobj(mpl.text.Text))
    assert "[mm]" in texts if name == "map" else "[%]" in texts and "day" in texts


def test_identifiers_of_drawings_do_not_meet(course):
    one, other = (svg(lid_curves(course, 2.0), name) for name in ("one", "other"))
    assert not set(re.findall(r'id="([^"]*)"', one)) & set(re.findall(r'id="([^"]*)"', other))
    assert one == svg(lid_curves(course, 2.0), "one")


def test_the_users_own_style_is_left_alone(course):
    before = dict(mpl.rcParams)
    svg(brow_curves(course), "brow")
    assert dict(mpl.rcParams) == before


def test_labels_are_kept_apart_and_inside():
    axes = mpl.figure.Figure().add_subplot()
    axes.set_ylim(0, 1)
    label_lines(axes, [(0, 0.99, "a", "k"), (0, 0.98, "b", "k"), (0, 0.2, "c", "k"), (0, 0.21, "d", "k")], gap=0.1)
    places = sorted(text.xy[1] for text in axes.texts)
    assert np.diff(places).min() == pytest.approx(0.1)
    assert places[-1] <= 0.95


def test_a_label_that_left_its_line_is_tied_to_it():
    axes = mpl.figure.Figure().add_subplot()
    axes.set_ylim(0, 1)
    label_lines(axes, [(0, 0.5, "a", "k"), (0, 0.9, "b", "k")], gap=0.1)
    assert not axes.lines
    label_lines(axes, [(0, 0.5, "a", "k"), (0, 0.51, "b", "k")], gap=0.1)
    dots = [line.get_ydata() for line in axes.lines if line.get_marker() == "o"]
    assert sorted(float(y[0]) for y in dots) == [0.5, 0.51]


def test_many_regions_are_drawn_in_two_pairs_of_figures_and_none_is_lost(course):
    told = [(name,) for name in REGIONS]
    found = _depths(course, told)
    assert len(found) == 4
    assert all("Upper face" in caption or "neck" in caption for caption, _ in found)
    assert len(_depths(course, told[:3])) == len(_depths(course, told[-3:])) == 2
    for part in (told[:6], told[6:]):
        names = {text.get_text() for text in depth_curves(course, part, effort="maximum").axes[0].texts}
        stems = {region_name(one).partition(",")[0] for one in part}
        assert stems == {name.partition(",")[0] for name in names}
