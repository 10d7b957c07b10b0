"""
How long does which dose last?
==============================

Frown lines treated with 5 to 40 U of onabotulinumtoxinA over the five label sites. The course of one typical patient,
not a forecast for a person.
"""

from dataclasses import replace

import jax
import matplotlib.pyplot as plt
import numpy as np

from endplate import simulate
from endplate.case.file import parse_case, write_template

jax.config.update("jax_enable_x64", True)
case = parse_case(write_template("glabella-20u"))
_, axes = plt.subplots(figsize=(7, 4), layout="constrained")
for units, colour in zip((5, 10, 20, 40), ("#56B4E9", "#009E73", "#E69F00", "#D55E00"), strict=True):
    shots = tuple(replace(shot, dose=units / len(case.plan.injections)) for shot in case.plan.injections)
    course = simulate(replace(case.plan, injections=shots), case.patient)
    force = np.asarray(course.force)[:, course.muscle("corrugator_supercilii.left"), 0]
    axes.plot(course.days, 100 * force, color=colour, label=f"{units} U")
    print(f"{units:3d} U: none or mild for {float(course.durations.none_or_mild[0, 0]):.0f} days")
axes.set(xlabel="days after injection", ylabel="force of the corrugator [% of untreated]", xlim=(0, 365), ylim=(0, 103))
axes.legend(title="total dose", frameon=False)
plt.show()
