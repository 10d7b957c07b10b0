"""The documents that the server is sent, described for OpenAPI."""

from __future__ import annotations

from typing import Any, cast

from pydantic import BaseModel

from endplate.case.table import CaseTable
from endplate.life.table import YearsFile

__all__ = ["case_components"]

_REF = "#/components/schemas/{model}"


def case_components() -> dict[str, Any]:
    """The tables of case and years files as components of an OpenAPI document, and the bodies that carry them.

    Examples
    --------
    >>> sorted(case_components())[:3]
    ['AntitoxinTable', 'BaselineTable', 'CaseBody']
    """
    return _components(CaseTable, "CaseBody") | _components(YearsFile, "YearsBody")


def _components(table: type[BaseModel], title: str) -> dict[str, Any]:
    """The tables of a file, and the body that carries them."""
    schema = table.model_json_schema(ref_template=_REF)
    tables = schema.pop("$defs") | {table.__name__: schema}
    body = {
        "type": "object",
        "title": title,
        "properties": {"case": {"$ref": _REF.format(model=table.__name__)}},
        "required": ["case"],
        "additionalProperties": False,
    }
    return {name: _without_null(one) for name, one in tables.items()} | {title: body}


def _without_null(schema: Any) -> Any:
    """The schema without null, which no case file can hold."""
    if isinstance(schema, list):
        return [_without_null(one) for one in cast("list[Any]", schema)]
    if not isinstance(schema, dict):
        return schema
    table = cast("dict[str, Any]", schema)
    found = {key: _without_null(one) for key, one in table.items() if not (key == "default" and one is None)}
    kinds = [one for one in found.get("anyOf", ()) if one != {"type": "null"}]
    if len(kinds) == 1:
        return {key: one for key, one in found.items() if key != "anyOf"} | kinds[0]
    return found | ({"anyOf": kinds} if kinds else {})
