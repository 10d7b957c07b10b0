"""
A point too close to the rim
============================

One of five glabellar points moved to 5 mm above the orbital rim, straight above the pupil, and the same with twice the
volume. What the levator of the lid loses, on both sides. Spread is that of homogeneous tissue: an illustration of the
direction, not of the risk.
"""

from dataclasses import replace
from pathlib import Path

import jax
import matplotlib.pyplot as plt
import numpy as np

from endplate import read_case, simulate

jax.config.update("jax_enable_x64", True)
folder = next(place for place in (Path("examples"), Path("../examples"), Path("../../examples")) if place.is_dir())
label, low = (read_case(folder / f"{name}.toml") for name in ("frown", "near_the_rim"))
wide = replace(low.plan, injections=tuple(replace(shot, volume=2 * shot.volume) for shot in low.plan.injections))
plans = {"by the label": label.plan, "left point too low": low.plan, "left point too low, twice the volume": wide}
_, axes = plt.subplots(figsize=(7, 4), layout="constrained")
for (name, plan), colour in zip(plans.items(), ("#0072B2", "#E69F00", "#D55E00"), strict=True):
    course = simulate(plan, label.patient)
    for side, style in (("left", "-"), ("right", "--")):
        lost = 1 - np.asarray(course.force)[:, course.muscle(f"levator_palpebrae_superioris.{side}"), 0]
        axes.plot(course.days, 100 * lost, style, color=colour, label=f"{name}, {side}")
    lid = np.asarray(course.lid)[..., 0].min(axis=0)
    print(f"{name}: lowest lid, left {lid[0]:.2f} mm, right {lid[1]:.2f} mm")
axes.set(xlabel="days after injection", ylabel="levator, force lost [%]", xlim=(0, 240), ylim=(0, None))
axes.legend(frameon=False, fontsize=8)
plt.show()
