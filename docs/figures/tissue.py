"""Draw sections through the voxel model of the upper face, `tissue.png` beside this file."""

from __future__ import annotations

from pathlib import Path

from endplate.case.tissue import voxelise
from endplate.report.section import Plane, section_figure
from endplate.report.style import write_png

LOW, SIZE = (-44.0, -20.0, -46.0), (88, 70, 51)
SPACING = 0.5

tissue = voxelise(LOW, tuple(int(edge / SPACING) + 1 for edge in SIZE), spacing=SPACING)
planes = [
    Plane(0, 2.0, "beside the midline, x = 2 mm"),
    Plane(0, 30.0, "through the pupil, x = 30 mm"),
    Plane(1, 22.0, "through the corrugators, y = 22 mm"),
]
write_png(section_figure(tissue, planes), Path(__file__).with_suffix(".png"), dpi=130)
