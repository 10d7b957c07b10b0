"""Every parameter of a stage has its evidence, every parameter of the library its stage, every field its name."""

from __future__ import annotations

import csv
import dataclasses

import equinox
import pytest

from endplate.case import REGIONS, products
from endplate.evidence import load
from endplate.life.parameters import LifeParameters
from endplate.population import Population
from endplate.population.placement import Placement
from endplate.population.remainder import Remainder
from endplate.trial import TrialParameters

# A parameter of a serotype that no product has would be read by nobody.
VARIANTS = {
    "serotype": {one.serotype for one in products().values()},
    "product": set(products()),
    "region": set(REGIONS),
}


@pytest.fixture(scope="module")
def asked(stage_classes) -> list[tuple[str, str, str | None]]:
    """Where, symbol and variant of every field that names its evidence."""
    return [
        (f"{cls.__module__}.{cls.__qualname__}.{field.name}", field.metadata["evidence"], field.metadata.get("per"))
        for cls in (*stage_classes, Population, Placement, Remainder, TrialParameters, LifeParameters)
        if dataclasses.is_dataclass(cls)
        for field in dataclasses.fields(cls)
        if "evidence" in field.metadata
    ]


def answers(name: str, symbol: str, per: str | None) -> bool:
    """Whether the entry `name` is a default of a field that asks for `symbol`."""
    stem, _, variant = name.rpartition(".")
    return name == symbol if per is None else stem == symbol and variant in VARIANTS[per]


def test_every_parameter_of_a_stage_has_an_entry(asked):
    library = load()
    breaches = [where for where, symbol, per in asked if not any(answers(name, symbol, per) for name in library)]
    assert asked
    assert not breaches, "\n" + "\n".join(breaches)


def test_every_parameter_of_the_library_is_used_by_a_stage(asked):
    parameters = [name for name, entry in load().items() if entry.use == "parameter"]
    unused = [name for name in parameters if not any(answers(name, symbol, per) for _, symbol, per in asked)]
    assert not unused, "\n" + "\n".join(unused)


def test_every_field_of_a_parameter_class_names_its_evidence(stage_classes):
    breaches = [
        f"{cls.__module__}.{cls.__qualname__}.{field.name}"
        for cls in stage_classes
        if cls.__name__.endswith("Parameters")
        for field in dataclasses.fields(cls)
        if "evidence" not in field.metadata
    ]
    assert not breaches, "\n" + "\n".join(breaches)


def test_every_public_field_of_a_stage_is_in_the_vocabulary(root, stage_classes):
    with (root / "docs" / "names.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = [row["name"] for row in rows]
    fields = {
        field: f"{cls.__module__}.{cls.__qualname__}"
        for cls in stage_classes
        if not cls.__name__.startswith("_")
        for field in public_fields(cls)
    }
    assert list(rows[0]) == ["name", "symbol", "unit", "meaning"]
    assert len(set(names)) == len(names), sorted(name for name in set(names) if names.count(name) > 1)
    assert all(row["unit"] and row["meaning"] for row in rows)
    missing = [f"{where}.{field}" for field, where in sorted(fields.items()) if field not in names]
    assert not missing, "\n" + "\n".join(missing)


def public_fields(cls: type) -> list[str]:
    if issubclass(cls, equinox.Module):
        names = [field.name for field in dataclasses.fields(cls)]
    else:
        names = list(getattr(cls, "_fields", ()))
    return [name for name in names if not name.startswith("_")]
