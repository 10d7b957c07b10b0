"""endplate: an open simulator of botulinum-toxin therapy, for research and education; not a medical device.

The public names are loaded when first used, so that ``import endplate`` stays fast.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from endplate.case.case import Case
    from endplate.case.file import read_case
    from endplate.case.injection import Injection
    from endplate.case.patient import Patient
    from endplate.case.plan import Plan
    from endplate.case.product import Product
    from endplate.course import ClosedForm, Course, simulate
    from endplate.errors import EndplateError
    from endplate.evidence.quantity import Quantity
    from endplate.evidence.read import load as load_evidence
    from endplate.web.widget import view

__all__ = [
    "Case",
    "ClosedForm",
    "Course",
    "EndplateError",
    "Injection",
    "Patient",
    "Plan",
    "Product",
    "Quantity",
    "__version__",
    "load_evidence",
    "read_case",
    "simulate",
    "view",
]

__version__ = "0.1.0"

_HOME = {
    "Case": ("case.case", "Case"),
    "ClosedForm": ("course", "ClosedForm"),
    "Course": ("course", "Course"),
    "EndplateError": ("errors", "EndplateError"),
    "Injection": ("case.injection", "Injection"),
    "Patient": ("case.patient", "Patient"),
    "Plan": ("case.plan", "Plan"),
    "Product": ("case.product", "Product"),
    "Quantity": ("evidence.quantity", "Quantity"),
    "load_evidence": ("evidence.read", "load"),
    "read_case": ("case.file", "read_case"),
    "simulate": ("course", "simulate"),
    "view": ("web.widget", "view"),
}


def __getattr__(name: str) -> object:
    """Load a public name from its home the first time it is asked for (PEP 562)."""
    if name not in _HOME:
        raise AttributeError(f"module 'endplate' has no attribute {name!r}")
    module, attribute = _HOME[name]
    value = getattr(import_module(f"endplate.{module}"), attribute)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
