"""The documents that the server gives, described for OpenAPI."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict

__all__ = [
    "Anatomy",
    "CaseAnswer",
    "Checked",
    "Course",
    "Entry",
    "Faults",
    "Health",
    "Risks",
    "Row",
    "YearsAnswer",
]

Curve = list[float]
Point2 = tuple[float, float]
Point3 = tuple[float, float, float]


class _Document(BaseModel):
    model_config = ConfigDict(extra="allow")


class OneFault(_Document):
    """One thing that is wrong; the same object that the command line prints."""

    message: str
    file: str | None
    line: int | None
    key: str | None
    remedy: str | None


class Faults(_Document):
    """What is wrong; what every refusal carries."""

    faults: list[OneFault]


class OneFinding(_Document):
    """A finding of the safety check in the shape of a fault; only a stop without a reason keeps a case back."""

    severity: str
    verdict: str
    rule: str
    title: str
    message: str
    file: str | None
    line: int | None
    key: str | None
    remedy: str | None
    source: str
    approval: str
    overridden: str | None


class Checked(_Document):
    """Faults of a case; without any, the findings of the safety check."""

    faults: list[OneFault | OneFinding]


class Health(_Document):
    """What answers."""

    version: str
    evidence_hash: str
    disclaimer: str
    page: bool
    ready: bool


class Muscle(_Document):
    """Shape of a muscle [mm]."""

    name: str
    stem: str
    side: str
    frame: str
    function: str
    action_units: list[str]
    lines_caused: list[str]
    antagonists: list[str]
    path: list[Point3]
    closed: bool
    width: float
    thickness: float
    outline: list[Point2]


class Site(_Document):
    """A named site [mm]."""

    name: str
    frame: str
    tip: Point3
    skin: Point2
    depth: float
    muscle: str


class Shot(_Document):
    """What a pattern gives at one site [U of the product], [mL]."""

    site: str
    dose: float
    volume: float


class Pattern(_Document):
    """A usual set of injections."""

    name: str
    title: str
    product: str
    source: str
    injections: list[Shot]
    total: float


class Product(_Document):
    """A product; its unit is its own."""

    code: str
    name: str
    serotype: str
    unit: str


class Anatomy(_Document):
    """Where things are [mm]."""

    disclaimer: str
    muscles: list[Muscle]
    sites: list[Site]
    patterns: list[Pattern]
    products: list[Product]
    regions: list[str]
    rim: list[Point2]
    skin: list[Point3]
    axis: Point2
    health: dict[str, dict[str, str]]


class Entry(_Document):
    """An entry of the evidence library."""

    key: str
    meaning: str
    value: float
    unit: str
    low: float | None
    high: float | None
    source: list[str]
    citations: list[str]
    grade: str
    stage: str


class Force(_Document):
    """Curves of a muscle, one number a day."""

    force: Curve
    transmission: Curve


class Lines(_Document):
    """Curves of a region, one number a day, and grade probabilities, one row a day."""

    strain: Curve
    depth_effort: Curve
    depth_rest: Curve
    grade_probability: dict[str, dict[str, list[Curve]]]


class Place(_Document):
    """Where an injection went [mm]."""

    session: int
    injection: int
    site: str | None
    tip: Point3
    skin: Point2
    frame: str
    dose: float
    volume: float
    day: float
    rim_distance: float | None
    levator_distance: float | None
    key: str


class Label(_Document):
    """Doses of the nearest label pattern."""

    pattern: str
    total: float
    by_muscle: dict[str, float]


class Doses(_Document):
    """Units of the session with most units, and of every session."""

    unit: str
    total: float
    by_muscle: dict[str, float]
    label: Label | None
    sessions: list[dict[str, Any]]


class Map(_Document):
    """Captured toxin on a grid; rows from low to high y, base64 of little-endian float32."""

    session: int
    frame: str
    x0: float
    y0: float
    step: float
    width: int
    height: int
    unit: str
    captured: str


class Band(_Document):
    """Middle and a band over virtual patients, one number a day."""

    low: Curve
    middle: Curve
    high: Curve


class Bands(_Document):
    """How far patients like this one differ."""

    patients: int
    level: float
    muscles: dict[str, Band]
    regions: dict[str, dict[str, Band]]


class Share(_Document):
    """A share of patients with its 90 % interval, or a number expected in a patient."""

    low: float
    middle: float
    high: float


class AdverseEvent(_Document):
    """An adverse event of a plan: shares of patients, days of begin and length, and its course on `days`."""

    event: str
    name: str
    words: str
    origin: str
    placebo: Share
    added: Share
    total: Share
    blamed: bool
    own: bool
    onset: Share | None
    lasting: Share | None
    timing: str | None
    days: float
    prevalence: Curve
    check: Share | None
    agrees: bool | None


class Unknown(_Document):
    """An event that is asked about and of which no row tells."""

    event: str
    name: str
    words: str


class Risks(_Document):
    """What a plan may do beyond its aim: what `endplate risks --json` prints."""

    title: str
    product: str
    disclaimer: str
    days: Curve
    events: list[AdverseEvent]
    total: dict[str, Any]
    unknown: list[Unknown]
    traits: list[dict[str, Any]]
    unfollowed: str
    model: dict[str, Any] | None
    antibodies: dict[str, Any]
    overdose: dict[str, Any]
    findings: list[dict[str, Any]]


class Course(_Document):
    """A course of treatment: what `endplate simulate --json` prints, with places, doses and maps."""

    title: str
    disclaimer: str
    product: str
    sessions: list[float]
    evidence_hash: str
    findings: list[dict[str, Any]]
    overrides: dict[str, str]
    limits: list[str]
    status: str
    summary: dict[str, Any]
    days: Curve
    muscles: dict[str, Force]
    regions: dict[str, Lines]
    lid: dict[str, Curve]
    brow: dict[str, dict[str, Curve]]
    places: list[Place]
    doses: Doses
    fields: list[Map]
    bands: Bands | None = None


class CaseAnswer(_Document):
    """A case: the tables of its file."""

    case: dict[str, Any]


class Row(_Document):
    """A case in the library."""

    name: str
    title: str
    modified: str


class Twins(_Document):
    """Rows are times, columns regions."""

    untreated: list[Curve]
    treated: list[Curve]


class YearsAnswer(_Document):
    """A life and its untreated twin: what `endplate years --json` prints."""

    title: str
    disclaimer: str
    regions: list[str]
    words: list[str]
    findings: list[dict[str, Any]]
    age: Curve
    effort: list[Curve]
    mass: list[Curve]
    depth_rest: Twins
    depth_effort: Twins
    severity_rest: Twins
    severity_effort: Twins
    sessions: list[float]
    dose: list[float]
    antibodies: list[float]
    lost: float | None
    evidence_hash: str
