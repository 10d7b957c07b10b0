"""How far a course can be trusted, in plain words."""

from __future__ import annotations

from collections.abc import Sequence

from endplate.case import Case, Patient, Product, anatomy
from endplate.evidence import Library, Quantity
from endplate.report.names import LOWER_FACE
from endplate.report.parameters import used_entries
from endplate.report.summary import Summary

__all__ = ["case_limits", "limits"]

_ALWAYS = (
    "Not a person: the muscle map is that of one typical adult woman, mirrored and scaled by muscle mass. Innervation, "
    "sensitivity and asymmetry differ widely between people.",
    "Every curve comes from a single set of parameters; their ranges stand beside them in the evidence library. A "
    "band, where one is drawn, tells how patients like this one may differ, not how uncertain the parameters are.",
    "Toxin spreads in voxels of 1 mm cut from that map. How much fascia, muscle sheaths, the orbital septum and skin "
    "resist it is assumed, and so is the depth of bone; a lid at risk is not to be read from it (`endplate effects` "
    "tells how often lids droop).",
    "Absolute depths of lines are weakly anchored in measurements; how they change is better founded. Grades start "
    "from the baseline that the case gives, or else from the model's own typical grade.",
    "Grades hold the expectation of investigator and subject after a treatment, so a part of the improvement is "
    "placebo.",
    "The three durations follow different definitions and differ by months. Trials report medians over patients, often "
    "over responders only.",
)


_MAN = (
    "A man with the muscles of a woman: no measurement of men's facial muscles was found, so the model changes none by "
    "sex; `muscle_mass` in the case scales all of them. In a trial of 80 men the effect of 20 U of onabotulinumtoxinA "
    "in the glabella was clearly below that of 40, 60 and 80 U (Carruthers and Carruthers 2005, "
    "doi:10.1111/j.1524-4725.2005.31206), so the effect on a man is probably overstated here."
)
_NEWER = (
    "Lines of nose, lips, mouth corners, chin and neck: no strain across them was found, so how deep they are "
    "untreated is assumed; how much of that a treatment leaves follows the muscles."
)
_BANDS = (
    "Bands of the neck are edges of the platysma that stand out; they are told with the law of buckling skin, as a "
    "stand-in. Horizontal lines of the neck are not followed."
)


def limits(
    product: Product,
    entries: Sequence[Quantity],
    *,
    library: Library,
    patient: Patient | None = None,
    regions: Sequence[str] = (),
) -> list[str]:
    """Limits of validity of a course with this product, these parameters and this patient, that tells of regions."""
    assumed = [entry for entry in entries if entry.grade == "assumed"]
    names = ", ".join(sorted({entry.name.partition(".")[0] for entry in assumed}, key=str.casefold))
    face = [muscle for muscle in anatomy().muscles if muscle.frame == "head" and muscle.side != "right"]
    recalled = [muscle for muscle in face if muscle.confidence == "recalled" or muscle.assumed]
    return [
        *_ALWAYS,
        *([_MAN] if patient is not None and patient.sex == "male" and patient.muscle_mass == 1 else []),
        *([_NEWER] if any(name in LOWER_FACE or name.startswith("bunny") for name in regions) else []),
        *([_BANDS] if any(name.startswith("platysma") for name in regions) else []),
        _potency(library[f"potency.{product.code}"]),
        f"Muscle map: for {len(recalled)} of the {len(face)} muscles of head and neck, part of the geometry has no "
        "measured source.",
        f"Assumed, for want of a measurement: {len(assumed)} of the {len(entries)} parameters ({names}).",
    ]


def case_limits(case: Case, summary: Summary, *, library: Library) -> list[str]:
    """Limits of validity of the course of a case, of which a summary tells."""
    told = [name for region in summary.regions for name in region.names]
    entries = [entry for _, entry in used_entries(case.plan.product, library, regions=told)]
    return limits(case.plan.product, entries, library=library, patient=case.patient, regions=told)


def _potency(entry: Quantity) -> str:
    """Where the potency of the product comes from."""
    code = entry.name.rpartition(".")[2]
    said = entry.how or entry.reason or f"from {entry.where} ({entry.system})"
    return f"Potency of {code}: {entry.grade}, {said}. Units of different products are not interchangeable."
