"""The figures of the documentation draw the courses that the tests of this folder assert."""

from __future__ import annotations

import pytest

PIXELS = 1200  # wide enough for a slide
NAMES = ["edb", "serotypes", "lebeda", "spread_distance", "halo"]


def test_every_drawing_is_tested(drawings):
    assert list(drawings.DRAWINGS) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_figure_can_be_drawn_and_stands_in_the_documentation(drawings, root, tmp_path, name):
    header = drawings.draw(name, tmp_path).read_bytes()[:24]
    assert header.startswith(b"\x89PNG")
    assert int.from_bytes(header[16:20], "big") > PIXELS
    assert (root / "docs" / "figures" / f"{name}.png").exists()
