"""The packaged library: every entry is sound, convertible and sourced."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import endplate.evidence
from endplate.evidence import Library, Quantity, load
from endplate.evidence.counts import adverse_counts
from endplate.fit import calibration_rows
from endplate.units import PRODUCTS, convert

HOME = Path(endplate.evidence.__file__).parent
LIBRARY = load()

# Another spelling of each unit in use: an entry whose unit is not here fails.
OTHER = {
    "1": "percent",
    "percent": "1",
    "day": "hour",
    "hour": "day",
    "min": "day",
    "week": "day",
    "month": "day",
    "year": "day",
    "1/day": "1/hour",
    "1/min": "1/day",
    "1/year": "1/day",
    "day/year": "1",
    "mm": "cm",
    "mm^2/day": "cm^2/s",
    "g/mm^3": "kg/m^3",
    "MPa": "kPa",
    "N/mm": "N/m",
    "mV": "V",
    "grade": "grade",
    **{f"U_{product}": f"U_{product}" for product in PRODUCTS},
    **{f"mm^3/U_{product}": f"mL/U_{product}" for product in PRODUCTS},
    **{f"U_{product}/kg": f"U_{product}/g" for product in PRODUCTS},
    **{f"U_{product}/mL": f"U_{product}/L" for product in PRODUCTS},
    **{f"ng/U_{product}": f"pg/U_{product}" for product in PRODUCTS},
}
CANONICAL = re.compile(r"1|day|mm|mL|N|MPa|year|grade|1/day|1/year|mm\^2/day|N/mm|g/mm\^3|day/year|mm\^3/U_\w+")


@pytest.mark.parametrize("entry", LIBRARY.values(), ids=LIBRARY)
def test_entry_converts_there_and_back(entry: Quantity) -> None:
    other = OTHER[entry.unit]
    assert convert(convert(entry.value, entry.unit, to=other), other, to=entry.unit) == pytest.approx(
        entry.value, rel=1e-12
    )


@pytest.mark.parametrize("entry", LIBRARY.filter(use="parameter"), ids=lambda entry: entry.name)
def test_parameter_is_stored_in_canonical_units_with_an_uncertainty(entry: Quantity) -> None:
    assert CANONICAL.fullmatch(entry.unit)
    assert entry.sd is not None or (entry.low is not None and entry.high is not None)


def test_every_source_is_known_and_every_known_source_is_cited() -> None:
    cited = {key for entry in LIBRARY.values() for key in entry.source}
    assert cited | {one.source for one in adverse_counts()} == set(LIBRARY.sources)


def test_every_source_says_what_it_is() -> None:
    assert all(fields.get("title") for fields in LIBRARY.sources.values())
    assert not [
        key for key, fields in LIBRARY.sources.items() if "doi" in fields and not fields["doi"].startswith("10.")
    ]


def test_what_was_calibrated_is_not_called_derived() -> None:
    assert not [entry.name for entry in LIBRARY.filter(grade="derived") if "calibrat" in (entry.how or "")]


def test_every_script_of_a_fit_exists_and_reads_calibration_rows_only() -> None:
    root = Path(__file__).parents[2]
    scripts = {root / str(entry.script) for entry in LIBRARY.filter(grade="fitted")}
    fits_trials = root / "calibration/facial_lines.py"
    assert fits_trials in scripts
    assert {row.use for row in calibration_rows()} == {"calib"}
    for script in scripts - {fits_trials}:
        rows = set(re.findall(r"observed\.\w+(?:\.\w+)*", script.read_text(encoding="utf-8")))
        assert rows, script
        assert {LIBRARY[row].use for row in rows} == {"calibration"}, script


def test_no_entry_that_a_test_or_fit_rests_on_is_recalled() -> None:
    rests = [*LIBRARY.filter(use="check"), *LIBRARY.filter(use="calibration")]
    assert not [entry.name for entry in rests if entry.confidence == "recalled"]


def test_observations_are_no_parameters_and_parameters_are_no_observations() -> None:
    assert all((LIBRARY.stages[name] == "observations") == name.startswith("observed.") for name in LIBRARY)
    assert not LIBRARY.filter(use="parameter", stage="observations")


def test_every_product_has_a_potency_in_its_own_unit() -> None:
    assert {name for name in LIBRARY if name.startswith("potency.")} == {f"potency.{code}" for code in PRODUCTS}
    assert all(LIBRARY[f"potency.{code}"].unit.endswith(f"/U_{code}") for code in PRODUCTS)


def test_the_library_is_read_once_and_cannot_be_changed() -> None:
    assert load() is LIBRARY
    with pytest.raises(TypeError):
        LIBRARY.entries["h"] = LIBRARY["SF"]  # type: ignore[index]
    with pytest.raises(AttributeError):
        LIBRARY["h"].value = 3.0  # type: ignore[misc]


def test_reading_needs_no_registry_of_units() -> None:
    code = "import sys; from endplate.evidence import load; load(); sys.exit('pint' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copy(HOME / "sources.bib", tmp_path)
    shutil.copytree(HOME / "library", tmp_path / "library")
    return tmp_path


def test_hash_is_that_of_the_content_not_of_the_layout(copy: Path) -> None:
    assert load(copy).hash == LIBRARY.hash
    page = copy / "library" / "spread.toml"
    tables = page.read_text(encoding="utf-8").split("\n[")[1:]
    page.write_text("# other order\n" + "".join(f"\n[{table}" for table in reversed(tables)), encoding="utf-8")
    assert load(copy).hash == LIBRARY.hash


@pytest.mark.parametrize(("old", "new"), [("2.4", "2.5"), ("lymph and blood", "lymph")])
def test_hash_changes_with_an_entry(copy: Path, old: str, new: str) -> None:
    page = copy / "library" / "spread.toml"
    page.write_text(page.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    assert load(copy).hash != LIBRARY.hash


def test_hash_changes_with_a_source(copy: Path) -> None:
    page = copy / "sources.bib"
    page.write_text(page.read_text(encoding="utf-8").replace("year = {1980}", "year = {1981}", 1), encoding="utf-8")
    assert load(copy).hash != LIBRARY.hash


def test_filters_narrow_the_list() -> None:
    assert [entry.name for entry in LIBRARY.filter("K_TR", use="parameter")] == [f"k_tr.{one}" for one in "ABE"]
    assert {entry.grade for entry in LIBRARY.filter(grade="assumed")} == {"assumed"}
    assert {LIBRARY.stages[entry.name] for entry in LIBRARY.filter(stage="muscle")} == {"muscle"}
    assert LIBRARY.filter("foran2003")
    assert LIBRARY.filter("no such words") == []


def test_entries_are_plain_data() -> None:
    assert json.loads(json.dumps(LIBRARY["t_LC.A"].to_dict()))["high"] == 117.0


def test_derived_values_agree_with_their_parents() -> None:
    def value(name: str) -> float:
        return LIBRARY[f"observed.{name}"].value

    assert LIBRARY["k_int"].value == pytest.approx(convert(value("lebeda.k_t"), "1/min", to="1/day"))
    assert LIBRARY["D"].value == pytest.approx(convert(3e-8, "cm^2/s", to="mm^2/day"))
    assert value("edb_decline.ona_10u_day21") == pytest.approx(
        100 * (1 - value("edb_cmap.ona_10u_day21") / value("edb_cmap.baseline")), abs=0.5
    )
    left = value("frown_strain.glabella_compression.day14") / value("frown_strain.glabella_compression.before")
    assert value("frown_strain.remaining_day14") == pytest.approx(left, abs=1e-3)
    for days in (30, 45, 117):
        assert value(f"accumulation.t_LC_{days}d") == pytest.approx(1 / (1 - 0.5 ** (84 / days)), abs=0.006)


def test_missing_entry_names_the_nearest() -> None:
    with pytest.raises(endplate.evidence.UnknownEntry, match=r"did you mean 't_LC\.A'"):
        LIBRARY["t_LC.a"]
    assert "t_LC.a" not in LIBRARY
    assert LIBRARY.get("t_LC.a") is None
    assert isinstance(LIBRARY, Library)
