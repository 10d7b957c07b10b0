"""Sensitivity: indices against closed forms, and what a variant of a trial is."""

from __future__ import annotations

import csv
import json
from dataclasses import replace

import numpy as np
import pytest
from typer.testing import CliRunner

from endplate.cli.main import app
from endplate.errors import InvalidRequest
from endplate.evidence import load
from endplate.trial import read_trial, run_trial
from endplate.trial.vary import OUTCOMES, Factor, Variants

methods = pytest.importorskip("endplate.trial.sensitivity")


@pytest.fixture(scope="module")
def trial(example):
    return read_trial(example)


@pytest.fixture(scope="module")
def variants(trial):
    return Variants(trial, 0)


def silent(_done, _whole):
    pass


class Ishigami:
    """The usual test function: sin a + 7 sin² b + 0.1 c⁴ sin a over −π … π, for all outcomes."""

    def __init__(self, trial):
        self.trial, self.patients = trial, 0

    def values(self, given):
        a, b, c = (given.get(name, 0.0) for name in "abc")
        return np.full(len(OUTCOMES), np.sin(a) + 7 * np.sin(b) ** 2 + 0.1 * c**4 * np.sin(a))


FACTORS = [Factor(name, "", "1", -np.pi, np.pi, ratio=False) for name in "abc"]


def test_sobol_finds_the_known_indices(trial):
    found = methods.sobol(Ishigami(trial), FACTORS, base=4096, progress=silent)
    rows = {one.entry: one for one in found.of("peak")}
    for name, alone, whole in (("a", 0.3139, 0.5576), ("b", 0.4424, 0.4424), ("c", 0.0, 0.2437)):
        assert abs(rows[name].alone - alone) < 0.03, name
        assert abs(rows[name].whole - whole) < 0.03, name
        assert rows[name].whole_error < 0.1
    assert [one.entry for one in found.of("peak")] == ["a", "b", "c"]
    assert found.runs == 4096 * 5


def test_morris_ranks_and_leaves_out_what_has_no_effect(trial):
    factors = [*FACTORS[:2], Factor("idle", "", "1", 0.0, 1.0, ratio=False)]
    found = methods.morris(Ishigami(trial), factors, progress=silent)
    assert found.of("duration")[-1].entry == "idle"
    assert found.of("duration")[-1].alone == 0
    assert found.of("duration")[0].alone > 1


def test_nothing_varied_is_the_trial_itself(trial, variants):
    row = run_trial(replace(trial, patients=256)).arm("20 U").curves[trial.endpoints[0]].at(30.0)
    assert np.isclose(variants.values({})[0], 100 * row.rate, atol=0.02)  # other days, other steps


@pytest.mark.parametrize(
    ("name", "low", "high", "outcome", "sign"),
    [
        ("potency.ona", 2930.0, 6250.0, 0, 1),
        ("t_LC.A", 26.0, 117.0, 2, 1),
        ("severity.exponent", 0.4, 1.6, 1, 1),
        ("SF", 2.0, 12.0, 1, -1),
        ("expectation.subject", -0.5, 0.0, 0, -1),
        ("population.severe_share", 0.3, 0.6, 0, 1),
        ("eta.glabella", 0.08, 0.27, 0, 0),
    ],
)
def test_every_part_of_the_model_is_reached(variants, name, low, high, outcome, sign):
    less, more = (variants.values({name: value})[outcome] for value in (low, high))
    assert less != more
    if sign:
        assert np.sign(more - less) == sign


def test_factors_are_the_ranges_of_the_library(variants):
    by_name = {one.name: one for one in variants.factors()}
    entry = load()["t_LC.A"]
    half_life = by_name["t_LC.A"]
    assert (half_life.low, half_life.high) == (entry.low, entry.high)
    assert half_life.ratio
    assert half_life.at(0) == entry.low
    assert np.isclose(half_life.at(1), entry.high)
    assert np.isclose(half_life.at(0.5), np.sqrt(entry.low * entry.high))
    assert np.isclose(by_name["population.age_mean"].at(0.5), 45.5)
    for name in ("MRD1_0", "brow.coupling", "k_antitoxin", "t_LC.B", "potency.abo", "eta.forehead"):
        assert name not in by_name


def test_what_the_file_says_is_not_varied_unless_asked(trial):
    own = Variants(replace(trial, population=(("severe_share", 0.5),)), 0)
    assert "population.severe_share" not in {one.name for one in own.factors()}
    assert own.factors(("population.severe_share",))[0].name == "population.severe_share"


def test_faults_are_told_at_once(trial, variants):
    with pytest.raises(InvalidRequest) as told:
        variants.factors(("t_LC.X", "t_LC.B", "trial.drift", "phi", "SF", "SF"))
    words = ("t_LC.X", "t_LC.B does not act", "trial.drift does not act", "phi is of spread", "SF stands twice")
    assert all(word in str(told.value) for word in words)
    with pytest.raises(InvalidRequest, match="gives nothing"):
        Variants(trial, 1)
    with pytest.raises(InvalidRequest, match="not told at every visit"):
        Variants(replace(trial, endpoints=("onset_cum_subject",)), 0)
    with pytest.raises(InvalidRequest, match="at least two"):
        methods.morris(variants, variants.factors(("SF",)), progress=silent)
    with pytest.raises(InvalidRequest, match="power of two"):
        methods.sobol(variants, variants.factors(("SF", "h")), base=6, progress=silent)


def test_no_draw_of_a_few_gives_a_number_that_cannot_be(variants):
    assert sum(variants.unsound(variants.factors(), block=block, seed=1) for block in range(2)) == 0


@pytest.mark.slow
def test_no_draw_within_the_ranges_gives_a_number_that_cannot_be(variants):
    factors = variants.factors()
    assert sum(variants.unsound(factors, block=block, seed=0) for block in range(400)) == 0


def test_an_unsound_number_would_be_seen(variants):
    beyond = Factor("SF", "", "1", -7.0, -6.0, ratio=False)
    assert variants.unsound([beyond], block=0, seed=0) > 0


def test_the_command_tells_draws_and_writes(tmp_path, example):
    words = ["trial", "sensitivity", example, "-e", "t_LC.A", "-e", "potency.ona", "--base", 4, "-o", tmp_path / "out"]
    done = CliRunner().invoke(app, [*map(str, words)])
    assert done.exit_code == 0, done.output
    assert "2 entries, 16 runs of 256 virtual patients" in done.stdout
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"sensitivity.json", "sensitivity.csv", "sobol.png"}
    told = json.loads((tmp_path / "out" / "sensitivity.json").read_text(encoding="utf-8"))["analyses"][0]
    assert {one["name"] for one in told["factors"]} == {"t_LC.A", "potency.ona"}
    with (tmp_path / "out" / "sensitivity.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 2 * len(OUTCOMES)
    assert {row["method"] for row in rows} == {"Sobol"}


def test_the_command_refuses_arms_that_are_not_there(example):
    done = CliRunner().invoke(app, ["trial", "sensitivity", str(example), "--arm", "30 U"])
    assert done.exit_code == 2
    assert "arms: 20 U, placebo" in done.output
