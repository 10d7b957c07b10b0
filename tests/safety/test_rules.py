"""Each rule fires on the plan made for it and is alone; label patterns are clean."""

from __future__ import annotations

import runpy
from typing import Any

import pytest

from endplate.case import anatomy, products, vocabulary
from endplate.case.file import case_of
from endplate.case.keys import injection_keys
from endplate.errors import EvidenceError
from endplate.evidence import load
from endplate.evidence.rule import parse_rules
from endplate.safety import VERDICTS, check_plan, preparation, regions, rules, unchecked
from endplate.web.findings import Stopped, findings_of, unless_stopped

GLABELLA = (
    "glabella.procerus",
    *(f"glabella.corrugator.{side}.{part}" for side in ("left", "right") for part in ("medial", "lateral")),
)
CANTHUS = [f"lateral_canthus.{side}.{part}" for side in ("left", "right") for part in "abc"]
FOREHEAD = [
    "forehead.midline",
    *(f"forehead.{side}.{part}" for side in ("left", "right") for part in ("inner", "outer")),
]
LEG = ("gastrocnemius", "soleus", "tibialis_posterior", "adductor_group")
LIDS = [
    f"eyelid.{side}.{part}" for side in ("left", "right") for part in ("upper_medial", "upper_lateral", "lower_lateral")
]


def shot(site: str | None = None, dose: float = 4.0, volume: float = 0.1, **more: Any) -> dict[str, Any]:
    """One injection as a case file writes it."""
    place = {} if site is None else {"site": site}
    return place | {"dose": dose, "volume": volume} | more


def glabella(dose: float, volume: float = 0.1) -> list[dict[str, Any]]:
    """The same dose at the five label sites of the glabella."""
    return [shot(site, dose, volume) for site in GLABELLA]


def plan(product: str, *sessions: list[dict[str, Any]], days: tuple[float, ...] = (0.0,), age: float = 45.0) -> Any:
    """Tables of a case: one list of injections for each session."""
    written = [{"at": day, "injection": one} for day, one in zip(days, sessions, strict=True)]
    return {"title": "made", "patient": {"age": age}, "plan": {"product": product, "session": written}}


def told(tree: Any, weight: float | None = None, **health: Any) -> Any:
    """The same case with a weight and more told of the candidate."""
    person = tree["patient"] | ({} if weight is None else {"weight": weight}) | ({"health": health} if health else {})
    return tree | {"patient": person}


def frown(product: str = "ona", **health: Any) -> Any:
    """The label's glabella in a candidate of whom something is told."""
    dose, volume = {"ona": (4.0, 0.1), "abo": (10.0, 0.05), "daxi": (8.0, 0.1)}[product]
    return told(plan(product, glabella(dose, volume)), **health)


def earlier(product: str, dose: float, ago: float) -> list[dict[str, Any]]:
    """One earlier treatment."""
    return [{"product": product, "dose": dose, "ago": ago}]


def vial(tree: Any, **keys: float) -> Any:
    """The same case, drawn from a vial."""
    return tree | {"plan": tree["plan"] | {"vial": keys}}


def belly(muscle: str, dose: float, volume: float = 1.0):
    return shot(f"{muscle}.belly", dose, volume)


def at(x: float, y: float, depth: float = 2.5, dose: float = 4.0):
    return shot(None, dose, at_mm=[x, y], depth=depth)


BAD = {
    "abo units given as ona": (plan("ona", glabella(10.0, 0.25)), "confused_product"),
    "ona units given as abo": (plan("abo", glabella(4.0, 0.02)), "confused_product"),
    "daxi units given as ona": (plan("ona", glabella(8.0, 0.2)), "lookalike_dose"),
    "ona units given as daxi": (plan("daxi", glabella(4.0, 0.05)), "confused_product"),
    "abo units given as inco": (plan("inco", glabella(10.0, 0.25)), "confused_product"),
    "ona units given as rela": (plan("rela", glabella(4.0, 0.04)), "confused_product"),
    "rela units given as prabo": (plan("prabo", glabella(10.0, 0.25)), "confused_product"),
    "abo units given as leti": (plan("leti", glabella(10.0, 0.25)), "confused_product"),
    "rela units at the canthi given as ona": (
        plan("ona", [shot(site, 10.0, 0.25) for site in CANTHUS]),
        "confused_product",
    ),
    "ona units at the canthi given as rela": (
        plan("rela", [shot(site, 4.0, 0.04) for site in CANTHUS]),
        "confused_product",
    ),
    "four of five sites in abo units": (plan("ona", glabella(10.0, 0.25)[:4]), "confused_product"),
    "ten times ona": (plan("ona", glabella(40.0, 1.0)), "gross_dose"),
    "ten times abo": (plan("abo", glabella(100.0, 0.5)), "gross_dose"),
    "ten times prabo": (plan("prabo", glabella(40.0, 1.0)), "gross_dose"),
    "ten times daxi": (plan("daxi", glabella(80.0, 1.0)), "gross_dose"),
    "five times at the canthi": (plan("ona", [shot(site, 20.0, 0.5) for site in CANTHUS]), "gross_dose"),
    "5000 U abo in the leg": (plan("abo", [belly("gastrocnemius.left", 5000.0, 5.0)]), "gross_dose"),
    "30 U ona in the glabella": (plan("ona", glabella(6.0, 0.15)), "region_dose"),
    "24 U prabo in the glabella": (plan("prabo", glabella(4.8, 0.12)), "region_dose"),
    "70 U abo in the glabella": (plan("abo", glabella(14.0, 0.07)), "region_dose"),
    "36 U inco at the canthi": (plan("inco", [shot(site, 6.0, 0.15) for site in CANTHUS]), "region_dose"),
    "30 U ona at the lids": (plan("ona", [shot(site, 5.0, 0.2) for site in LIDS]), "region_dose"),
    "30 U ona on the forehead": (
        plan("ona", glabella(4.0) + [shot(site, 6.0, 0.15) for site in FOREHEAD]),
        "region_dose",
    ),
    "800 U ona in two legs": (
        plan("ona", [belly(f"{stem}.{side}", 50.0) for stem in LEG for side in ("left", "right")] * 2),
        "label_total",
    ),
    "60 U ona at one site of the calf": (plan("ona", [belly("gastrocnemius.left", 60.0)]), "site_dose"),
    "8 U ona at one site of the lid": (plan("ona", [shot(LIDS[0], 8.0, 0.2)]), "site_dose"),
    "120 U inco in one flexor": (plan("inco", [belly("flexor_carpi_radialis.left", 120.0)]), "muscle_dose"),
    "two 40 U in one flexor": (plan("ona", [belly("flexor_carpi_ulnaris.left", 40.0)] * 2), "muscle_dose"),
    "30 U in one rectus": (plan("ona", [belly("medial_rectus.left", 30.0, 0.3)]), "muscle_dose"),
    "six weeks": (plan("ona", glabella(4.0), glabella(4.0), days=(0.0, 42.0)), "interval"),
    "a touch-up after two weeks": (
        plan("abo", glabella(10.0, 0.05), [shot(GLABELLA[0], 5.0, 0.025)], days=(0.0, 14.0)),
        "interval",
    ),
    "dilution ten times too weak": (plan("ona", glabella(4.0, 1.0)), "concentration"),
    "dilution ten times too strong": (plan("ona", glabella(4.0, 0.01)), "concentration"),
    "abo in the volume of a weak solution": (plan("abo", glabella(10.0, 0.5)), "concentration"),
    "a ready liquid diluted": (plan("rela", glabella(10.0, 0.25)), "concentration"),
    "inco in twice the volume": (plan("inco", glabella(4.0, 0.2)), "concentration"),
    "a point in the orbit": (plan("ona", [at(30.0, 17.0)]), "orbit"),
    "a point in the orbit below the eye": (plan("ona", [at(30.0, -14.0)]), "orbit"),
    "a lid point at the levator": (plan("ona", [at(31.0, 9.0, depth=3.0, dose=2.5)]), "levator"),
    "a corrugator point near the rim": (plan("ona", [at(29.0, 25.0)]), "rim_height"),
    "a corrugator point near the rim, right": (plan("ona", [at(-32.0, 26.0)]), "rim_height"),
    "a forehead point too low": (plan("ona", [*glabella(2.0, 0.05), at(40.0, 27.0, depth=2.0)]), "rim_height"),
    "procerus, 6 mm deep": (plan("ona", [shot("glabella.procerus", depth=6.0)]), "needle_depth"),
    "forehead, 7 mm deep": (plan("ona", [*glabella(4.0), shot("forehead.midline", depth=7.0)]), "needle_depth"),
    "platysma, 15 mm deep": (plan("ona", [shot("platysma.left.jaw.a", 2.0, 0.05, depth=15.0)]), "needle_depth"),
    "a child's frown": (plan("ona", glabella(4.0), age=12.0), "minimum_age"),
    "a boy of 17": (plan("abo", glabella(10.0, 0.05), age=17.0), "minimum_age"),
    "a child's lids": (plan("ona", [shot(site, 1.25) for site in LIDS], age=8.0), "minimum_age"),
    "a child's neck": (plan("ona", [belly("splenius_capitis.left", 40.0)], age=10.0), "minimum_age"),
    "a child's leg, weight not known": (plan("ona", [belly("gastrocnemius.left", 40.0)], age=6.0), "child_weight"),
    "ona units at the canthi given as abo": (
        plan("abo", [shot(site, 4.0, 0.02) for site in CANTHUS]),
        "borrowed_label",
    ),
    "ona units of the forehead given as abo": (
        plan("abo", glabella(10.0, 0.05) + [shot(site, 4.0, 0.02) for site in FOREHEAD]),
        "borrowed_label",
    ),
    "a product without a label in doses of ona": (plan("nivo", glabella(4.0)), "borrowed_label"),
    "type B in doses of ona": (plan("rima", glabella(4.0)), "borrowed_label"),
    "type E in doses of abo": (plan("treni", glabella(10.0)), "borrowed_label"),
    "abo units given as hbtx": (plan("hbtx", glabella(10.0)), "confused_product"),
    "the second session in other units": (
        plan("ona", glabella(4.0), glabella(10.0, 0.25), days=(0.0, 90.0)),
        "confused_product",
    ),
    "eleven weeks": (plan("daxi", glabella(8.0), glabella(8.0), days=(0.0, 77.0)), "interval"),
    "the last of three too early": (
        plan("inco", glabella(4.0), glabella(4.0), glabella(4.0), days=(0.0, 84.0, 150.0)),
        "interval",
    ),
    "160 U in both sternocleidomastoids": (
        plan("ona", [belly(f"sternocleidomastoid.{side}", 40.0) for side in ("left", "right")] * 2),
        "muscle_dose",
    ),
    "1200 U daxi in the neck": (plan("daxi", [belly("splenius_capitis.left", 1200.0, 5.0)]), "gross_dose"),
    "7500 U rima in the neck": (plan("rima", [belly("splenius_capitis.left", 7500.0, 1.5)]), "label_total"),
    "ten times at the lip": (plan("ona", [shot("lip.left.upper", 10.0, 0.25)]), "gross_site"),
    "ten times at the chin": (plan("ona", [shot("mentalis.left", 30.0, 0.75)]), "gross_site"),
    "lids at 14": (plan("ona", [shot(site, 1.25) for site in LIDS], age=14.0), "child_weight"),
    "120 U abo in the glabella": (plan("abo", glabella(24.0, 0.12)), "region_dose"),
    "1200 U abo in one arm": (plan("abo", [belly("biceps_brachii.left", 1200.0, 5.0)]), "region_dose"),
    "10 U/kg in a child's leg": (
        told(plan("ona", [belly("gastrocnemius.left", 50.0)] * 3, age=6.0), weight=15.0),
        "child_dose",
    ),
    "350 U in a heavy child's legs": (
        told(plan("ona", [belly(f"{one}.{side}", 44.0) for one in LEG for side in ("left", "right")], age=10.0), 45.0),
        "child_dose",
    ),
    "10 U/kg inco in a child's arm": (
        told(plan("inco", [belly("biceps_brachii.left", 120.0)], age=5.0), weight=12.0),
        "child_dose",
    ),
    "20 U/kg abo in a child's leg": (
        told(plan("abo", [belly("gastrocnemius.right", 320.0)], age=4.0), weight=16.0),
        "child_dose",
    ),
    "arms and legs of a child beyond 10 U/kg together": (
        told(
            plan("ona", [belly("biceps_brachii.left", 50.0)] * 2 + [belly("soleus.left", 50.0)] * 3, age=7.0),
            weight=20.0,
        ),
        "child_dose",
    ),
    "a child's leg with a product that has no paediatric dose": (
        told(plan("inco", [belly("soleus.left", 40.0)], age=8.0), weight=25.0),
        "child_unlabelled",
    ),
    "an infection of the skin": (frown(conditions=["infection_at_site"]), "infection"),
    "hypersensitive to toxin": (frown(allergies=["botulinum_toxin"]), "allergy"),
    "allergic to albumin": (frown(allergies=["human_albumin"]), "allergy"),
    "cow's milk for abo": (frown("abo", allergies=["cows_milk_protein"]), "milk_protein"),
    "myasthenia": (frown(conditions=["myasthenia_gravis"]), "neuromuscular_disease"),
    "Lambert-Eaton": (frown(conditions=["lambert_eaton_syndrome"]), "neuromuscular_disease"),
    "motor neuropathy": (frown("daxi", conditions=["motor_neuropathy"]), "neuromuscular_disease"),
    "swallows badly, neck": (
        told(plan("ona", [belly("splenius_capitis.left", 40.0)]), conditions=["dysphagia"]),
        "swallowing_breathing",
    ),
    "short of breath": (frown(conditions=["breathing_trouble"]), "swallowing_breathing"),
    "dry eyes": (frown(conditions=["dry_eye"]), "eye_at_risk"),
    "a lid that droops": (frown(conditions=["ptosis"]), "eye_at_risk"),
    "excess skin of the lids": (frown(conditions=["dermatochalasis"]), "altered_face"),
    "lids operated on": (frown(surgery=["eyelid"]), "surgery"),
    "a heart disease": (frown("daxi", conditions=["cardiovascular_disease"]), "heart"),
    "an anticoagulant": (frown(medicines=["anticoagulant"]), "bleeding"),
    "a bleeding disorder": (frown(conditions=["bleeding_disorder"]), "bleeding"),
    "epilepsy, leg": (told(plan("ona", [belly("soleus.left", 40.0)]), conditions=["epilepsy"]), "epilepsy"),
    "pregnant, for lines": (frown(pregnant=True), "pregnancy_aesthetic"),
    "pregnant, for dystonia": (told(plan("ona", [belly("splenius_capitis.left", 40.0)]), pregnant=True), "pregnancy"),
    "breast-feeding": (frown(breastfeeding=True), "lactation"),
    "on an aminoglycoside": (frown(medicines=["aminoglycoside"]), "blocking_medicine"),
    "before an operation with a curare-type blocker": (
        frown(medicines=["neuromuscular_blocker"]),
        "blocking_medicine",
    ),
    "on a muscle relaxant": (frown(medicines=["muscle_relaxant"]), "relaxant"),
    "on an anticholinergic": (frown(medicines=["anticholinergic"]), "anticholinergic"),
    "no longer responds": (frown(conditions=["lost_response"]), "lost_response"),
    "body dysmorphic disorder": (frown(conditions=["body_dysmorphic_disorder"]), "body_image"),
    "wants it for good": (frown(expectations=["permanent"]), "expectation"),
    "wants it today": (frown(expectations=["same_day"]), "expectation"),
    "mixed products within 12 weeks": (frown(treatments=earlier("abo", 50.0, 30.0)), "recent_toxin"),
    "the same product six weeks ago": (frown(treatments=earlier("ona", 20.0, 42.0)), "recent_treatment"),
    "a vial of another product": (vial(frown(), units=500.0, volume=12.5), "vial_size"),
    "missing dilution": (vial(frown(), units=100.0), "missing_dilution"),
    "a vial too weak": (
        vial(plan("prabo", glabella(4.0, 0.2)), units=100.0, volume=5.0),
        "concentration",
    ),
    "points for another dilution": (vial(plan("ona", glabella(4.0, 0.2)), units=100.0, volume=2.5), "vial_mismatch"),
}
"""Plans in which one thing is wrong, and the rule that is meant to say so."""


@pytest.fixture(scope="session")
def found():
    """Findings of the tables of a case."""
    return lambda tree: check_plan(case_of(tree), load(), keys=injection_keys(tree))


@pytest.mark.parametrize("name", BAD)
def test_a_bad_plan_is_caught_by_its_rule_and_no_other(found, name):
    tree, rule = BAD[name]
    graver = [one for one in found(tree) if one.verdict != "note"]
    assert {one.rule for one in graver} == {rule}
    assert all(one.verdict == rules()[rule].verdict for one in graver)
    assert all("{" not in one.message and one.source and one.remedy for one in graver)


@pytest.mark.parametrize("name", BAD)
def test_an_override_of_its_rule_clears_a_bad_plan_and_of_another_does_not(found, name):
    tree, rule = BAD[name]
    reasoned = found(tree | {"override": {rule: "a plan for a lesson"}})
    assert all(one.clean for one in reasoned)
    assert {one.overridden for one in reasoned if one.rule == rule} == {"a plan for a lesson"}
    other = next(one for one in rules() if one != rule)
    assert not all(one.clean for one in found(tree | {"override": {other: "a plan for a lesson"}}))


@pytest.mark.parametrize("name", BAD)
def test_the_server_refuses_what_is_stopped_and_nothing_else(name):
    tree, rule = BAD[name]
    if rules()[rule].verdict != "stop":
        unless_stopped(findings_of(case_of(tree), tree))
        return
    with pytest.raises(Stopped) as refusal:
        unless_stopped(findings_of(case_of(tree), tree))
    assert refusal.value.status == 409
    assert {one["rule"] for one in refusal.value.findings} == {rule}
    assert all(rule in one["remedy"] for one in refusal.value.findings)
    reasoned = tree | {"override": {rule: "a plan for a lesson"}}
    unless_stopped(findings_of(case_of(reasoned), reasoned))


@pytest.mark.parametrize("name", anatomy().patterns)
def test_a_label_pattern_is_clean(found, name):
    pattern = anatomy().patterns[name]
    session = {"at": 0.0, "pattern": name}
    findings = found({"title": name, "plan": {"product": pattern.product, "session": [session]}})
    assert {one.rule for one in findings} <= {"no_label", "forehead_alone"}
    if pattern.status == "off label":
        assert [one.rule for one in findings] == ["no_label"]


WELL: dict[str, Any] = {name: [] for name in vocabulary()} | {
    "pregnant": False,
    "breastfeeding": False,
    "treatments": earlier("ona", 20.0, 120.0),
}
"""A candidate of whom everything is told, and nothing calls for a rule."""


@pytest.mark.parametrize("name", anatomy().patterns)
def test_a_label_pattern_is_clean_for_an_eligible_adult(found, name):
    pattern = anatomy().patterns[name]
    tree = {"title": name, "plan": {"product": pattern.product, "session": [{"at": 0.0, "pattern": name}]}}
    findings = found(told(tree | {"patient": {"age": 40.0}}, weight=70.0, **WELL))
    assert {one.rule for one in findings} <= {"no_label", "forehead_alone"}


def test_every_name_of_the_vocabulary_is_asked_by_a_rule():
    asked = {
        (group, name)
        for rule in rules().values()
        if rule.when
        for group in rule.when.asks
        for name in rule.when.asks[group]
    }
    assert asked - {("state", "pregnant"), ("state", "breastfeeding")} == {
        (group, name) for group, names in vocabulary().items() for name in names
    }


def test_rules_of_the_candidate_name_known_regions_and_products():
    known = {*regions(), "limb", "other", "unnamed"}
    for rule in rules().values():
        if rule.when:
            assert {*rule.when.regions, *rule.when.elsewhere} <= known
            assert set(rule.when.products) <= set(products())


def test_milk_protein_concerns_abo_alone(found):
    assert found(frown(allergies=["cows_milk_protein"])) == []


@pytest.mark.parametrize(("health", "rule"), [({"skin": ["thick_sebaceous"]}, "lower_benefit"), ({}, None)])
def test_less_benefit_is_a_note(found, health, rule):
    assert [(one.verdict, one.rule) for one in found(frown(**health))] == ([("note", rule)] if rule else [])


def test_an_older_age_is_a_note_where_the_label_names_one(found):
    assert [one.rule for one in found(plan("abo", glabella(10.0, 0.05), age=70.0))] == ["older_age"]
    assert found(plan("ona", glabella(4.0), age=70.0)) == []


def test_a_child_within_the_label_is_a_note(found):
    tree = told(plan("ona", [belly("gastrocnemius.left", 40.0)] * 2, age=6.0), weight=20.0)
    assert [(one.verdict, one.rule) for one in found(tree)] == [("note", "child_watch")]


def test_earlier_treatments_count_into_the_dose_of_twelve_weeks(found):
    legs = [belly(f"{stem}.{side}", 50.0) for stem in ("gastrocnemius", "soleus") for side in ("left", "right")]
    findings = found(told(plan("ona", legs), treatments=earlier("ona", 300.0, 50.0)))
    assert {one.rule: one.key for one in findings} == {
        "recent_treatment": "patient.health.treatments[0]",
        "cumulative_dose": "plan.session[0].at",
    }


def test_shares_of_two_labels_are_added_and_no_units(found):
    legs = [belly(f"{stem}.{side}", 50.0) for stem in ("gastrocnemius", "soleus") for side in ("left", "right")]
    findings = found(told(plan("ona", legs), treatments=earlier("abo", 1000.0, 50.0)))
    assert [one.rule for one in findings] == ["recent_toxin", "joint_dose"]
    assert "1000 of 1500 U of abo; 200 of 400 U of ona" in findings[1].message
    assert "1.17" in findings[1].message


def test_the_second_session_of_a_window_counts_earlier_treatments_too(found):
    tree = told(plan("daxi", glabella(8.0), glabella(8.0), days=(0.0, 84.0)), treatments=earlier("daxi", 40.0, 84.0))
    assert found(tree) == []


def test_an_override_keeps_the_finding_with_its_reason_and_makes_it_clean(found):
    tree = frown(pregnant=True) | {"override": {"pregnancy_aesthetic": "teaching case"}}
    (one,) = found(tree)
    assert (one.rule, one.overridden, one.clean) == ("pregnancy_aesthetic", "teaching case", True)


def test_a_vial_tells_units_in_a_tenth_and_what_is_left():
    made = preparation(case_of(vial(frown("abo"), units=300.0, volume=1.5)), load())
    assert made.to_dict() == pytest.approx({"units": 300.0, "tenth": 20.0, "vials": 1, "wasted": 250.0})


def test_a_ready_liquid_needs_no_dilution(found):
    tree = vial(plan("rela", glabella(10.0, 0.1)), units=50.0)
    assert found(tree) == []
    assert preparation(case_of(tree), load()).tenth == pytest.approx(10.0)


def test_what_is_not_told_is_not_checked():
    assert unchecked(case_of(vial(frown(**WELL), units=100.0, volume=2.5))) == []
    assert len(unchecked(case_of(frown()))) == len(WELL) + 1


def test_sessions_twelve_weeks_apart_are_clean(found):
    assert found(plan("ona", glabella(4.0), glabella(4.0), days=(0.0, 84.0))) == []


def test_the_dose_of_twelve_weeks_is_told_beside_the_interval(found):
    legs = [belly(f"{stem}.{side}", 50.0) for stem in ("gastrocnemius", "soleus") for side in ("left", "right")]
    findings = found(plan("ona", legs, [*legs, belly("tibialis_posterior.left", 50.0)], days=(0.0, 60.0)))
    assert [one.rule for one in findings if one.rule != "interval"] == ["cumulative_dose"]
    assert {one.key for one in findings} == {"plan.session[1].at"}


def test_a_forehead_without_the_glabella_is_a_note(found):
    findings = found(plan("ona", [shot(site) for site in FOREHEAD]))
    assert [(one.verdict, one.rule) for one in findings] == [("note", "forehead_alone")]


def test_a_product_without_a_label_is_a_note(found):
    assert [one.rule for one in found(plan("nivo", glabella(25.0)))] == ["no_label"]


def test_the_confusion_names_the_other_products(found):
    (finding,) = found(plan("ona", glabella(10.0, 0.25)))
    assert finding.key == "plan.session[0]"
    assert "abo, rela" in finding.message
    assert "2.5 times the label pattern of ona" in finding.message


def test_keys_lead_to_the_injection(found):
    findings = found(plan("ona", [*glabella(3.0, 0.075), at(29.0, 25.0, dose=3.0)]))
    assert [one.key for one in findings] == ["plan.session[0].injection[5].at_mm"]


def test_findings_come_gravest_first(found):
    findings = found(plan("ona", [*glabella(6.0, 0.15), at(30.0, 17.0)], age=12.0))
    assert [VERDICTS.index(one.verdict) for one in findings] == sorted(VERDICTS.index(one.verdict) for one in findings)
    assert {"orbit", "minimum_age", "region_dose"} <= {one.rule for one in findings}


def test_without_a_file_only_the_patient_has_a_key():
    findings = check_plan(case_of(plan("ona", glabella(40.0, 1.0), age=12.0)), load())
    assert {one.rule: one.key for one in findings} == {"minimum_age": "patient.age", "gross_dose": None}


def test_every_rule_has_its_plan():
    elsewhere = {"cumulative_dose", "joint_dose", "no_label", "forehead_alone"}
    elsewhere |= {"child_watch", "lower_benefit", "older_age"}
    assert {rule for _, rule in BAD.values()} | elsewhere == set(rules())


def test_the_page_of_rules_is_up_to_date(root):
    made = runpy.run_path(str(root / "docs" / "rules.py"))["page"](load())
    assert (root / "docs" / "rules.md").read_text(encoding="utf-8") == made, "run python docs/rules.py"
    assert all(f"### {one.title}\n" in made and f"`{one.key}`" in made for one in rules().values())


def test_no_muscle_is_in_two_regions():
    stems = [stem for region in regions().values() for stem in region.muscles]
    assert len(set(stems)) == len(stems)


WHOLE = 'verdict = "note"\ntitle = "a"\nmessage = "a"\nremedy = "a"\nsource = "a"\napproval = "US"'


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("rule = 1 = 2", None),
        ("rule = 1", "rule"),
        ("[rule.x]\n" + WHOLE.replace("note", "maybe"), "rule.x.verdict"),
        ("[rule.x]\n" + WHOLE.replace('source = "a"', ""), "rule.x.source"),
        (f"[rule.x]\n{WHOLE}\nmore = 1", "rule.x.more"),
        (f"[rule.x]\n{WHOLE}\nwhen = 1", "rule.x.when"),
        (f'[rule.x]\n{WHOLE}\nwhen = {{ conditons = ["a"] }}', "rule.x.when.conditons"),
        ("[other]\nx = 1", "other"),
    ],
)
def test_a_faulty_rule_file_is_refused(text, key):
    with pytest.raises(EvidenceError) as caught:
        parse_rules(text, file="rules.toml")
    assert [fault.key for fault in caught.value.faults] == [key]
