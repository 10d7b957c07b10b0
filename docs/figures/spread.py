"""Draw the frown case in layered tissue: `spread_surface.png` and `spread_sections.png` beside this file."""

from __future__ import annotations

from pathlib import Path

from endplate.case.file import read_case
from endplate.course.tissue_field import effect_of_dose, tissue_field
from endplate.report.section import Plane, section_figure
from endplate.report.spread_map import Effects, spread_map
from endplate.report.style import write_png

FOLDER = Path(__file__).parent
SHARES = (0.1, 0.5, 0.9)

case = read_case(FOLDER.parents[1] / "examples" / "frown.toml")
doses = effect_of_dose(case.plan).dose_of(SHARES).tolist()
field = tissue_field(case.plan)
names = {dose: f"{100 * share:g} %" for dose, share in zip(doses, SHARES, strict=True)}
planes = [
    Plane(0, 0.0, "midline, x = 0 mm"),
    Plane(0, 28.0, "lateral corrugator site, x = 28 mm"),
    Plane(1, 22.0, "y = 22 mm"),
]
sections = section_figure(
    field.tissue, planes, dose=field.captured, levels=names, dose_name="fibres blocked at the peak"
)
write_png(spread_map(field, Effects(SHARES, doses)), FOLDER / "spread_surface.png", dpi=110)
write_png(sections, FOLDER / "spread_sections.png", dpi=110)
