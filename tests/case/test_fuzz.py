"""Whatever stands in a case file, a `Case` or a `CaseError` comes out, and the command never shows a traceback."""

from __future__ import annotations

import copy
import datetime
import itertools
import json
import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from endplate.case import REGIONS, Case, anatomy
from endplate.case.file import parse_case, read_case, write_template
from endplate.cli.main import app
from endplate.errors import CaseError
from endplate.units import PRODUCTS

FEW, MANY, LEAST = 500, 5500, 20_000
EXAMPLES = [path.read_bytes() for path in sorted((Path(__file__).parents[2] / "examples").glob("*.toml"))]
EXAMPLES = [raw for raw in EXAMPLES if b"[[plan.session]]" in raw and b"[years]" not in raw]
FILES = [*EXAMPLES, *(write_template(name).encode() for name in ("glabella-20u", "dao-5u", "glabella-daxi-40u"))]
TOKENS = re.compile(r'"[^"\n]*"|[A-Za-z_][\w.]*|[-+]?\d[\w.:+-]*|\[+|\]+|[^\s\w]|\n')

quiet = settings(deadline=None, suppress_health_check=list(HealthCheck), database=None)
few, many = settings(quiet, max_examples=FEW), settings(quiet, max_examples=MANY)

ODD_TEXTS = [
    *("", " ", "U", "4", "4 U", "4U", "4 U_ona", "4 U_abo", "4 U_", "-4 U", "1e400 U", "1e-400 mL", "0.1 mL"),
    *("4 degC", "4 None", "4 lambda", "4 import", "4 class", "4 U U", "4 days_days", "nan days", "inf days", "٣ days"),
    *("4 µL", "4 percent", "4 e", "4 pi", "4 j", "4 __class__", "4 dimensionless", "4 grade", "4 delta_degC", "4 dB"),
    *("\u001b[2J", "\ufeff", "\ud7ff", "\U0001f600", "a" * 3000, "1" * 5000, "../../etc/passwd", "{}", "%s", "[bold]"),
]


class Written(str):
    """A piece of TOML as it stands."""

    __slots__ = ()


ODD_VALUES = [
    *(Written(text) for text in ("0x" + 9000 * "f", "-" + 5000 * "7", 3000 * "[", "1e999", "07", "1__0", "''", "nope")),
    *(True, False, 0, -1, 1, 10**400, 2**63, 0.0, -0.0, 1e308, -1e308, 5e-324, float("inf"), float("nan")),
    *([], [[]], {}, [{}], [None], datetime.date(1979, 5, 27), datetime.datetime(1979, 5, 27, 7), datetime.time(7, 32)),
]

numbers = st.integers() | st.floats() | st.integers(-400, 400) | st.floats(0, 400)
names = st.sampled_from([*anatomy().sites, *anatomy().patterns, *PRODUCTS, *anatomy().frames()])
units = st.sampled_from(
    ["U", "U_ona", "U_abo", "mL", "mm", "cm", "day", "days", "weeks", "hours", "year", "kg", "furlong"]
)
quantities = st.builds("{} {}".format, numbers, units)
texts = st.text(max_size=30) | st.sampled_from(ODD_TEXTS) | quantities | names
odd = st.sampled_from(ODD_VALUES) | texts | numbers
values = st.recursive(
    odd, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4), max_leaves=8
)


def table(needed=(), **fields):
    """Tables that have what they need, and some of the other fields."""
    kinds = {name: fields.pop(name) for name in needed}
    return st.fixed_dictionaries(kinds, optional=fields)


times = st.integers(0, 360) | st.builds("{} {}".format, st.integers(0, 51), st.sampled_from(["days", "weeks", "hours"]))
doses = st.floats(0.1, 100) | st.builds("{} U".format, st.integers(1, 60))
volumes = st.floats(0.01, 1) | st.sampled_from(["0.1 mL", "50 µL"])
sites = st.sampled_from(list(anatomy().sites))
skin_sites = st.sampled_from([name for name, site in anatomy().sites.items() if site.depth])
points = st.lists(st.floats(-130, 130) | st.just("1 cm"), min_size=2, max_size=3)
given_dose = {"dose": doses, "volume": volumes}
injections = st.one_of(
    st.fixed_dictionaries({"site": sites} | given_dose),
    st.fixed_dictionaries({"site": skin_sites, "depth": st.floats(0, 20)} | given_dose),
    st.fixed_dictionaries(
        {"at_mm": st.tuples(st.floats(-60, 60), st.floats(-100, 80)).map(list), "depth": st.just("4 mm")} | given_dose
    ),
    st.fixed_dictionaries({"at_mm": points} | given_dose, optional={"depth": st.floats(0, 9), "frame": names}),
)
patterns = st.sampled_from(list(anatomy().patterns))
several = st.lists(injections, min_size=1, max_size=3)
sessions = table(["at", "injection"], at=times, injection=several) | table(
    ["at", "pattern"], at=times, pattern=patterns
)
plans = table(
    ["product", "session"], product=st.sampled_from(PRODUCTS), session=st.lists(sessions, min_size=1, max_size=3)
)
grades = table(maximum=st.integers(2, 3), rest=st.integers(0, 2))
relative = st.floats(0, 5)
patients = table(
    age=st.integers(18, 80),
    sex=st.sampled_from(["female", "male"]),
    muscle_mass=st.floats(0.5, 2),
    antibody_free_fraction=st.floats(0, 1),
    skin=table(fitzpatrick=st.integers(1, 6), thickness=st.floats(0.5, 2)),
    habits=table(frowning=relative, brow_raising=relative, squinting=relative, sun=relative, smoking=relative),
    baseline=table(**dict.fromkeys(REGIONS, grades)),
)
sound = table(
    ["title", "plan"],
    title=st.just("a case"),
    patient=patients,
    plan=plans,
    simulation=table(["days"], days=st.sampled_from([400, "60 weeks", "2 years"]), seed=st.integers(0, 9)),
    antitoxin=table(["at"], at=times),
)


def places(node):
    """Every (table or list, key or index) in a tree."""
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, inner in items:
        yield node, key
        yield from places(inner)


@st.composite
def cases(draw):
    """A sound case with some of its values replaced, taken away or misnamed."""
    # Drawn values may be shared between examples, and this one is about to be changed.
    case = copy.deepcopy(draw(sound))
    for _ in range(draw(st.integers(0, 4))):
        node, key = draw(st.sampled_from(list(places(case)) or [(case, "title")]))
        act = draw(st.sampled_from(["replace", "remove", "rename"]))
        if act == "replace" or key not in (node if isinstance(node, dict) else range(len(node))):
            node[key] = copy.deepcopy(draw(values))
        elif act == "remove":
            del node[key]
        elif isinstance(node, dict):
            node[draw(texts)] = node.pop(key)
    return case


def toml(value):
    """A value as TOML, tables in line; what TOML does not know becomes text."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Written | int | float):
        return str(value)
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, list):
        return "[" + ", ".join(toml(one) for one in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{toml(str(key))} = {toml(one)}" for key, one in value.items()) + "}"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def document(case):
    return "\n".join(f"{toml(str(key))} = {toml(value)}" for key, value in case.items())


@st.composite
def bytes_mutated(draw):
    raw = bytearray(draw(st.sampled_from(FILES)))
    for _ in range(draw(st.integers(1, 8))):
        at = draw(st.integers(0, len(raw)))
        gone = draw(st.integers(0, 6))
        raw[at : at + gone] = draw(st.binary(max_size=6))
    return bytes(raw)


@st.composite
def lines_mutated(draw):
    pool = [line for raw in FILES for line in raw.decode().split("\n")]
    lines = draw(st.sampled_from(FILES)).decode().split("\n")
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(lines)))
        lines[at : at + draw(st.integers(0, 3))] = draw(st.lists(st.sampled_from(pool), max_size=3))
    return "\n".join(lines).encode()


@st.composite
def tokens_mutated(draw):
    text = draw(st.sampled_from(FILES)).decode()
    text = re.sub(r"#.*", "", text)
    found = list(TOKENS.finditer(text))
    pool = sorted({match[0] for match in found})
    for match in sorted(draw(st.lists(st.sampled_from(found), min_size=1, max_size=4)), key=lambda one: -one.start()):
        other = draw(st.sampled_from(pool) | st.builds(toml, odd))
        text = text[: match.start()] + other + text[match.end() :]
    return text.encode("utf-8", "surrogatepass")


def outcome(read):
    """What came out; anything but a case or faults that can be told fails the test."""
    try:
        case = read()
    except CaseError as error:
        faults = error.faults
    else:
        assert isinstance(case, Case)
        assert case.days > max(case.plan.days) >= 0
        assert all(0 < one.dose < 1e5 and 0 < one.volume <= 5 for one in case.plan.injections)
        assert isinstance(hash(case), int)
        return case
    assert faults
    assert all(fault.message and fault.remedy and (fault.line or 1) >= 1 for fault in faults)
    assert json.dumps([fault.to_dict() for fault in faults])
    return None


def from_bytes(raw):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "case.toml"
        path.write_bytes(raw)
        return outcome(lambda: read_case(path))


def from_dictionary(case):
    text = document(case)
    return outcome(lambda: parse_case(text, file="case.toml"))


def check_command(raw):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "case.toml"
        path.write_bytes(raw)
        for options in ([], ["--json"]):
            result = CliRunner().invoke(app, ["case", "check", str(path), *options])
            assert result.exit_code in (0, 2)
            assert result.exception is None or isinstance(result.exception, SystemExit)
            assert "Traceback" not in result.output
            assert "\x1b" not in result.stderr
            assert (result.exit_code == 2) == (outcome(lambda: read_case(path)) is None)


FUZZ = [
    (cases(), from_dictionary),
    (bytes_mutated(), from_bytes),
    (lines_mutated(), from_bytes),
    (tokens_mutated(), from_bytes),
]
NAMES = ["dictionaries", "bytes", "lines", "tokens"]


@pytest.mark.parametrize(("strategy", "check"), FUZZ, ids=NAMES)
def test_fuzz(strategy, check):
    few(given(strategy)(lambda given_one: check(given_one) and None))()


@pytest.mark.slow
@pytest.mark.parametrize(("strategy", "check"), FUZZ, ids=NAMES)
def test_fuzz_at_length(strategy, check):
    count = itertools.count()

    def counted(given_one):
        next(count)
        check(given_one)

    many(given(strategy)(counted))()
    assert next(count) >= LEAST // len(FUZZ)


def test_the_slow_run_reads_enough_random_files(root):
    """`make test-slow` asks for the profile that draws new files on every run."""
    recipe = (root / "Makefile").read_text(encoding="utf-8").partition("\ntest-slow:")[2].partition("\n\n")[0]
    assert "HYPOTHESIS_PROFILE=slow $(BIN)/python -m pytest" in recipe
    assert "not slow" not in recipe
    assert not settings.get_profile("slow").derandomize
    assert len(FUZZ) * many.max_examples >= LEAST


@settings(quiet, max_examples=60)
@given(
    bytes_mutated()
    | lines_mutated()
    | tokens_mutated()
    | cases().map(document).map(lambda text: text.encode("utf-8", "replace"))
)
def test_the_command_shows_no_traceback(raw):
    check_command(raw)


def test_the_strategies_reach_both_ends():
    seen = {from_bytes(raw) is None for raw in FILES}
    assert seen == {False}
    assert outcome(lambda: parse_case("a = 1")) is None
