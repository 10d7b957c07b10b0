"""Lines of nose, lips, mouth corners, chin and neck; those of the upper face know nothing of them."""

from __future__ import annotations

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from endplate.case import REGIONS, Baseline, Patient, product
from endplate.case.file import parse_case, write_template
from endplate.course import default_parameters, simulate, stages
from endplate.course.cohort import cohort_of
from endplate.course.scene import place, set_scene
from endplate.outcome import depth_of_severity

FIRST = 4
ALIKE = ("strain", "depth_effort", "depth_rest", "severity", "grade", "merz")

# Untreated woman of 45 years, whatever else is followed: strain, furrow at effort [mm], line at rest [mm].
BEFORE = np.array(
    [
        [0.09109264844871, 0.1399998, 0.14, 0.14],
        [1.30119337997, 1.475647408852, 0.6579888351085, 0.6579888351085],
        [0.2604955959741, 0.3104836047933, 0.0796421828712, 0.0796421828712],
    ]
)

# Pattern, its regions, the least loss of strain there, and regions that may change a little.
AIMS = {
    "nasalis-4u": (("bunny_left", "bunny_right"), 0.2, ()),
    "perioral-6u": (("perioral",), 0.3, ()),
    "dao-5u": (("marionette_left", "marionette_right"), 0.3, ()),
    "mentalis-6u": (("chin",), 0.6, ()),
    "platysma-36u": (("platysma_left", "platysma_right"), 0.25, ("marionette_left", "marionette_right")),
}


def of(pattern, **patient):
    case = parse_case(write_template(pattern))
    return simulate(case.plan, replace(case.patient, **patient), days=np.arange(0.0, 181.0, 5.0))


def test_the_first_regions_are_what_they_were():
    case = parse_case(write_template("upper-face-64u"))
    course = simulate(case.plan, Patient(age=45.0), days=[0.0])
    now = np.stack([np.asarray(getattr(course, name))[0, :FIRST, 0] for name in ALIKE[:3]])
    np.testing.assert_allclose(now, BEFORE, rtol=1e-9)


def test_the_first_regions_do_not_depend_on_the_others():
    """The skin and outcome of a scene that has only four regions are those of the whole scene."""
    case = parse_case(write_template("upper-face-64u"))
    patient = replace(case.patient, baseline=Baseline(maximum=(3.0, None, 2.0), rest=(1.0,)))
    days = np.unique(np.append(np.arange(0.0, 181.0, 7.0), [0.5, 1.0, 2.0]))
    p = default_parameters(case.plan.product)
    setting = set_scene(case.plan, days=days, antitoxin_day=None, dtype=jnp.float64)
    scene = place(setting, cohort_of([patient]))
    ends = stages.kinetics(
        stages.spread(setting.syringe, scene.body, p=p, model=stages.ClosedForm()), scene, p=p, one_pattern=True
    )
    power = stages.muscle(ends.path, scene, p=p)

    def seen(scene, p):
        lines = stages.skin(power.force, scene, p=p)
        found = stages.outcome(power, lines, scene=scene, p=p)
        return lines.treated._asdict() | found._asdict()

    whole, part = seen(scene, p), seen(*_of_four(scene, p))
    for name in ALIKE:
        np.testing.assert_allclose(whole[name][:, :FIRST], part[name], rtol=1e-12, atol=1e-15, err_msg=name)
    for more, fewer in zip(jax.tree.leaves(whole["durations"]), jax.tree.leaves(part["durations"]), strict=True):
        np.testing.assert_allclose(more[:FIRST], fewer, rtol=1e-12)


def _of_four(scene, p):
    regional = ("habit", "muscle_thickness", "resting_depth")
    person = scene.person._replace(**{name: getattr(scene.person, name)[:FIRST] for name in regional})
    body = scene.body._replace(folding=scene.body.folding[:FIRST])
    cut = jax.tree.map(lambda leaf: leaf[:FIRST] if jnp.shape(leaf) == (len(REGIONS),) else leaf, p)
    return scene._replace(person=person, body=body, baseline=scene.baseline[:, :FIRST]), cut


@pytest.mark.parametrize("pattern", AIMS)
def test_a_pattern_weakens_the_lines_it_is_meant_for_and_little_else(pattern):
    aimed, least, nearby = AIMS[pattern]
    strain = np.asarray(of(pattern).strain)[..., 0]
    loss = dict(zip(REGIONS, 1 - strain.min(axis=0) / strain[0], strict=True))
    assert min(loss[name] for name in aimed) > least
    assert all(0.01 < loss[name] < 0.5 * loss[aimed[0]] for name in nearby)
    assert max(loss[name] for name in REGIONS if name not in (*aimed, *nearby)) < 0.01


@pytest.mark.parametrize("region", REGIONS[FIRST:])
def test_grades_of_the_patient_set_the_baseline_of_a_region(region):
    r = REGIONS.index(region)
    grades = [2.0 if name == region else None for name in REGIONS]
    own = of(
        "glabella-20u", baseline=Baseline(maximum=tuple(grades), rest=tuple(0.5 * g if g else None for g in grades))
    )
    typical = of("glabella-20u")
    severity = np.asarray(own.severity)[:, r, :, 0]
    assert severity[0] == pytest.approx([1.0, 2.0])
    # The toxin is far away, so grades stay; the depth at rest is the one that goes with the grade.
    assert np.ptp(severity, axis=0).max() < 0.02
    depth = float(depth_of_severity(jnp.asarray(1.0), default_parameters(product("ona")).outcome))
    assert float(own.depth_rest[0, r, 0]) == pytest.approx(depth, rel=1e-9)
    assert float(typical.depth_rest[0, r, 0]) != pytest.approx(depth, rel=1e-2)
