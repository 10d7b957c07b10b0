"""The table of patients: what it holds, and how its parts come about."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from scipy.special import ndtr

from endplate.errors import InvalidRequest
from endplate.trial import Alone, default_trial_parameters, patients_table, read_trial, run_trial
from endplate.trial.span import Span

dataset = pytest.importorskip("pyarrow.dataset")


@pytest.fixture(scope="module")
def trial(example):
    return replace(read_trial(example), patients=900, endpoints=("inv_none_mild", "composite_ge2"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory, trial):
    made = tmp_path_factory.mktemp("patients") / "table"
    run_trial(trial, chunk=512, table=(made, patients_table.written))
    return made


@pytest.fixture(scope="module")
def table(folder):
    return dataset.dataset(folder, format="parquet").to_table().to_pydict()


def test_every_patient_stands_once_in_each_arm(folder, table, trial):
    assert sorted(path.name for path in folder.iterdir()) == [
        "_run.json",
        "patients-000000000-000000512.parquet",
        "patients-000000512-000000900.parquet",
    ]
    assert list(table) == list(patients_table.columns_of(trial))
    rows = sorted(zip(table["arm"], table["patient"], strict=True))
    assert rows == [(arm.name, patient) for arm in trial.arms for patient in range(900)]
    assert len(set(zip(table["age"], table["sensitivity"], strict=True))) == 900


def test_grades_and_severity_belong_together(table, trial):
    """A grade is the whole number nearest to severity with a rater's bias, expectation and noise."""
    rater = default_trial_parameters().rater("investigator")
    severity = np.array(table["severity_day_30"])
    edges = np.array([0.5, 1.5, 2.5])
    expected = ndtr((severity[:, None] + float(rater.bias + rater.expectation) - edges) / float(rater.noise)).sum(
        axis=1
    )
    assert np.allclose(table["grade_investigator_day_30"], expected, atol=1e-4)
    placebo = np.array(table["arm"]) == "placebo"
    before = np.array(table["severity_before"])
    assert np.array_equal(severity[placebo], before[placebo])
    assert severity[~placebo].mean() < before[~placebo].mean() - 0.5
    assert np.array_equal(before[placebo], before[~placebo])  # all arms have the same patients
    assert all(table["solved"])


def test_columns_say_what_they_mean(folder, trial):
    schema = dataset.dataset(folder, format="parquet").schema
    for name, meaning in patients_table.columns_of(trial).items():
        assert schema.field(name).metadata == {b"meaning": meaning.encode()}
    assert schema.metadata[b"title"] == trial.title.encode()


class Counting:
    """This process, which remembers the spans that it was asked for."""

    def __init__(self):
        self.asked = []

    def follow(self, order, spans):
        self.asked += (asked := list(spans))
        yield from Alone().follow(order, asked)


def test_a_part_that_is_lost_or_damaged_is_made_again(tmp_path, trial):
    table = (tmp_path / "table", patients_table.written)

    def stop(done, whole):
        if done == whole:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_trial(trial, chunk=256, keep=tmp_path / "kept", table=table, progress=stop)
    first, second, *_ = sorted((tmp_path / "table").glob("*.parquet"))
    content = first.read_bytes()
    first.write_bytes(content[:-5])
    second.unlink()
    crew = Counting()
    run_trial(trial, chunk=256, crew=crew, keep=tmp_path / "kept", table=table)
    assert crew.asked == [Span(0, 256), Span(256, 512)]
    assert first.read_bytes() == content


def test_another_run_does_not_write_among_these_patients(folder, trial):
    before = json.loads((folder / "_run.json").read_text(encoding="utf-8"))
    for other, chunk in ((replace(trial, seed=5), 512), (trial, 256), (replace(trial, patients=1000), 512)):
        with pytest.raises(InvalidRequest, match="another run"):
            run_trial(other, chunk=chunk, table=(folder, patients_table.written))
    assert json.loads((folder / "_run.json").read_text(encoding="utf-8")) == before
