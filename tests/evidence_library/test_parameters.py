"""Defaults of stages come from the library."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import endplate
from endplate.case import REGIONS
from endplate.errors import EvidenceError, InvalidRequest
from endplate.evidence import defaults, entry, load

SOURCE = Path(endplate.__file__).parent
VARIANTS = {"serotype": ("A", "B", "E"), "product": ("ona", "rima", "treni"), "region": REGIONS}


@dataclass
class Example:
    exponent: float = field(metadata=entry("h"))
    half_life: float = field(metadata=entry("t_LC", per="serotype"))
    potency: float = field(metadata=entry("potency", per="product"))
    concentration: list[float] = field(metadata=entry("kappa", per="region"))
    nodes: int = 9


@dataclass
class Faulty:
    one: float = field(metadata=entry("t_LCC", per="serotype"))
    two: float = field(metadata=entry("nothing"))


def test_each_field_gets_the_entry_it_names() -> None:
    library = load()
    values = defaults(Example, library, serotype="B", product="rima", regions=REGIONS)
    assert values == {
        "exponent": library["h"].value,
        "half_life": library["t_LC.B"].value,
        "potency": library["potency.rima"].value,
        "concentration": [1.5, *(len(REGIONS) - 1) * [1.0]],
    }


def test_all_missing_entries_are_named_at_once() -> None:
    with pytest.raises(EvidenceError) as caught:
        defaults(Faulty, load(), serotype="A")
    assert [fault.key for fault in caught.value.faults] == ["t_LCC.A", "nothing"]
    assert "Faulty.one" in str(caught.value)
    assert "'t_LC.A'" in str(caught.value)


def test_a_variant_that_was_not_said_is_asked_for() -> None:
    with pytest.raises(InvalidRequest, match="say which serotype"):
        defaults(Example, load(), product="ona", regions=REGIONS)


def declared() -> list[tuple[str, str, str | None]]:
    """File, symbol and `per` of every call of `entry` in the stages."""
    found: list[tuple[str, str, str | None]] = []
    for path in SOURCE.glob("*/*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "entry":
                per = next((ast.literal_eval(word.value) for word in node.keywords if word.arg == "per"), None)
                found.append((f"{path.parent.name}/{path.name}", ast.literal_eval(node.args[0]), per))
    return found


@pytest.mark.parametrize(("file", "symbol", "per"), declared())
def test_every_stage_parameter_has_an_entry(file: str, symbol: str, per: str | None) -> None:
    names = [symbol] if per is None else [f"{symbol}.{variant}" for variant in VARIANTS[per]]
    assert all(load()[name].use == "parameter" for name in names)


def test_every_parameter_entry_is_used() -> None:
    asked = {symbol for _, symbol, _ in declared()}
    parameters = [found.name for found in load().filter(use="parameter")]
    unused = [name for name in parameters if name not in asked and name.rpartition(".")[0] not in asked]
    assert unused == []
