"""What is done to whom: products, injections, plans, patients, muscles and case files."""

from __future__ import annotations

from endplate.case.anatomy import Anatomy, anatomy
from endplate.case.case import Case
from endplate.case.dose import dose_by_muscle
from endplate.case.health import Health, Treatment, Vial, vocabulary
from endplate.case.injection import Injection
from endplate.case.innervation import endplates
from endplate.case.muscle import Muscle
from endplate.case.note import Note, case_notes
from endplate.case.offer import Given, Offer, offers
from endplate.case.patient import REGIONS, Baseline, Habits, Patient, Skin
from endplate.case.plan import Plan
from endplate.case.product import Product, product, products
from endplate.case.site import Pattern, Site

__all__ = [
    "REGIONS",
    "Anatomy",
    "Baseline",
    "Case",
    "Given",
    "Habits",
    "Health",
    "Injection",
    "Muscle",
    "Note",
    "Offer",
    "Patient",
    "Pattern",
    "Plan",
    "Product",
    "Site",
    "Skin",
    "Treatment",
    "Vial",
    "anatomy",
    "case_notes",
    "dose_by_muscle",
    "endplates",
    "offers",
    "product",
    "products",
    "vocabulary",
]
