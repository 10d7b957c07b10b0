"""Refusals: a status and the same fault objects that the command line prints."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from starlette.responses import Response

from endplate.errors import EndplateError, Fault, FaultyFile

__all__ = ["JSON", "Refused", "as_json", "refusal_of"]

JSON = "application/json"


class Refused(Exception):
    """A request that is not answered.

    Parameters
    ----------
    status
        Of HTTP.
    faults
        What is wrong, and what to do.
    headers
        Further headers, such as ``Retry-After``.
    """

    def __init__(self, status: int, *faults: Fault, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status, *faults)
        self.status, self.faults, self.headers = status, faults, dict(headers or {})

    def response(self) -> Response:
        """The answer."""
        return Response(as_json(refusal_of(self.faults)), self.status, self.headers, JSON)

    @classmethod
    def of(cls, error: EndplateError) -> Refused:
        """The refusal of what an error of the package tells."""
        faults = error.faults if isinstance(error, FaultyFile) else (Fault(str(error)),)
        return cls(422, *faults)


def refusal_of(faults: Sequence[Fault]) -> dict[str, object]:
    """The document of a refusal."""
    return {"faults": [fault.to_dict() for fault in faults]}


def as_json(content: object) -> bytes:
    """Strict JSON in ASCII."""
    return json.dumps(content, allow_nan=False, separators=(",", ":")).encode("ascii")
