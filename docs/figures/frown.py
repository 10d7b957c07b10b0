"""Draw the picture of the README, `frown.png` beside this file: map and grades of the demo case."""

from __future__ import annotations

import tempfile
from pathlib import Path

import jax
import numpy as np
from matplotlib.figure import Figure
from matplotlib.image import imread

from endplate.case import anatomy
from endplate.case.file import read_case
from endplate.course import simulate
from endplate.course.field import captured_field
from endplate.report.figures import grade_areas
from endplate.report.style import write_png
from endplate.report.treatment_map import treatment_map

jax.config.update("jax_enable_x64", True)
HERE = Path(__file__).parent
case = read_case(HERE.parents[1] / "examples" / "frown.toml")
course = simulate(case.plan, case.patient)
least = dict(zip(course.muscles, np.asarray(course.force)[..., 0].min(axis=0).tolist(), strict=True))
head = [muscle for muscle in anatomy().muscles if muscle.frame == "head"]
parts = [treatment_map(captured_field(case.plan), least, muscles=head), grade_areas(course, "glabella")]
with tempfile.TemporaryDirectory() as folder:
    for index, part in enumerate(parts):
        write_png(part, Path(folder) / f"{index}.png", dpi=220)
    images = [imread(Path(folder) / f"{index}.png") for index in range(len(parts))]
widths = [image.shape[1] / image.shape[0] for image in images]
page = Figure(figsize=(4.4 * sum(widths), 4.4), layout="constrained")
for axes, image in zip(page.subplots(1, len(images), width_ratios=widths), images, strict=True):
    axes.imshow(image, interpolation="lanczos")
    axes.axis("off")
write_png(page, HERE / "frown.png", dpi=150)
