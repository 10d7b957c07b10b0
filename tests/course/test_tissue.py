"""Unit responses in tissue: superposition, mirror images, what is kept, bad input."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from endplate.case import Injection, Patient, Plan, product
from endplate.course import Store, TissueSettings, simulate, tissue_responses
from endplate.course import responses as room
from endplate.errors import InvalidRequest

COARSE = TissueSettings(spacing=2.0, reach=16.0)
LEFT = Injection((20.0, 22.0, -4.0), 4.0, 0.1, 0.0)
RIGHT = replace(LEFT, site=(-20.0, 22.0, -4.0))
MIDDLE = Injection((0.0, 10.0, -3.4), 4.0, 0.1, 0.0)


def plan(*injections: Injection) -> Plan:
    return Plan(product("ona"), injections)


@pytest.fixture(scope="module")
def course():
    given = plan(LEFT, RIGHT, MIDDLE)
    return simulate(given, Patient(45.0), days=[0.0, 30.0], spread=tissue_responses(given, settings=COARSE))


def test_sides_are_treated_alike(course):
    left, right = (course.force[1, course.muscle(f"corrugator_supercilii.{side}"), 0] for side in ("left", "right"))
    assert float(left) == pytest.approx(float(right), abs=0.01)
    assert float(left) < 0.6


def test_responses_are_per_unit_and_superpose(course):
    one, two = plan(LEFT), plan(replace(LEFT, dose=8.0), MIDDLE)
    single, both = (tissue_responses(given, settings=COARSE) for given in (one, two))
    assert np.array_equal(both.per_unit[:, 0], single.per_unit[:, 0])
    patient = Patient(45.0)
    parts = [
        np.asarray(
            simulate(plan(shot), patient, days=[0.0], spread=tissue_responses(plan(shot), settings=COARSE)).captured
        )
        for shot in (LEFT, MIDDLE)
    ]
    whole = np.asarray(simulate(two, patient, days=[0.0], spread=both).captured)
    assert np.abs(whole - 2 * parts[0] - parts[1]).max() < 1e-5 * whole.max()


def test_kept_responses_are_used_and_broken_ones_made_again(tmp_path, monkeypatch):
    calls: list[str] = []
    room.forget_responses()
    true = room.solve_injection
    monkeypatch.setattr(room, "solve_injection", lambda *a, **k: (calls.append("solved"), true(*a, **k))[1])
    store = Store(tmp_path / "kept")
    first = np.asarray(tissue_responses(plan(MIDDLE), settings=COARSE, store=store).per_unit)
    again = np.asarray(tissue_responses(plan(replace(MIDDLE, dose=1.0)), settings=COARSE, store=store).per_unit)
    assert np.array_equal(first, again)
    assert len(calls) == 1
    (file,) = (tmp_path / "kept").iterdir()
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    for broken in (bytes(content), b"", content[: len(content) // 2]):
        file.write_bytes(broken)
        room.forget_responses()
        made = tissue_responses(plan(MIDDLE), settings=COARSE, store=store).per_unit
        assert np.array_equal(np.asarray(made), first)
    assert len(calls) == 4
    assert [one.suffix for one in (tmp_path / "kept").iterdir()] == [".npz"]


def test_what_decides_a_response_decides_its_key(tmp_path):
    store = Store(tmp_path)
    room.forget_responses()
    for given in (MIDDLE, replace(MIDDLE, volume=0.2), replace(MIDDLE, site=(0.5, 10.0, -3.4))):
        tissue_responses(plan(given), settings=COARSE, store=store)
    assert len(list(tmp_path.iterdir())) == 3


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (replace(MIDDLE, site=(0.0, 10.0, 8.0), name="glabella.procerus"), "glabella.procerus.*outside the skin"),
        (replace(MIDDLE, site=(0.0, 45.0, -20.0)), "in bone"),
        (replace(MIDDLE, site=(31.0, 0.0, -18.0)), "in the eye"),
        (replace(MIDDLE, site=(25.0, -150.0, -88.0)), "in the common carotid artery"),
        (replace(MIDDLE, volume=0.0), "volume is 0 mL"),
    ],
)
def test_injections_that_make_no_sense_are_named(wrong, words):
    with pytest.raises(InvalidRequest, match=words):
        tissue_responses(plan(wrong), settings=COARSE)


def test_a_plan_without_injections_needs_no_tissue():
    nothing = plan()
    found = simulate(nothing, Patient(45.0), days=[0.0, 10.0], spread=tissue_responses(nothing))
    assert float(found.force.min()) == pytest.approx(1.0)


def test_limb_muscle_is_reached_in_its_own_frame():
    shot = Injection((0.0, 0.0, 0.0), 50.0, 0.5, 0.0, frame="gastrocnemius.left")
    responses = tissue_responses(plan(shot), settings=COARSE)
    found = simulate(plan(shot), Patient(45.0), days=[0.0, 30.0], spread=responses)
    left = float(found.force[1, found.muscle("gastrocnemius.left"), 0])
    assert left < 0.95
    assert float(found.force[1].min()) == left
