"""Draw the muscle map of the documentation, `anatomy.png` beside this file."""

from __future__ import annotations

from pathlib import Path

from endplate.report.face_map import anatomy_figure
from endplate.report.style import write_png

write_png(anatomy_figure(), Path(__file__).with_suffix(".png"), dpi=110)
