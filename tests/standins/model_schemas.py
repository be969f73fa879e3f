"""The response formats that the model server takes, and what fits them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tests.standins.model_refusals import Refused, bad_schema, bad_type, bad_value, missing

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_KEYS = {"text": {"type"}, "json_object": {"type"}, "json_schema": {"type", "json_schema"}}
_SCHEMA_KEYS = {"name", "schema", "strict", "description"}
_NOT_STRICT = frozenset(
    "allOf not oneOf dependentRequired dependentSchemas if then else "  # noqa: SIM905 - 21 lines
    "patternProperties default propertyNames minProperties maxProperties unevaluatedProperties "
    "unevaluatedItems contains minContains maxContains uniqueItems minLength maxLength".split()
)
_MOST_LEVELS = 10


def check_format(shape: dict[str, Any], prompt: str) -> None:
    """Raise Refused where a `response_format` is none."""
    if "type" not in shape:
        raise missing("response_format.type")
    kind = shape["type"]
    if kind not in _KEYS:
        known = ", ".join(f"'{one}'" for one in _KEYS)
        raise bad_value("response_format.type", f"Supported values are {known}.")
    if unknown := sorted(set(shape) - _KEYS[kind]):
        raise bad_value(f"response_format.{unknown[0]}", "Unknown parameter.", "unknown_parameter")
    if kind == "json_object" and "json" not in prompt.lower():
        message = "'messages' must contain the word 'json' to use 'response_format' json_object."
        raise Refused(400, message, param="messages")
    if kind == "json_schema":
        _check_schema(shape.get("json_schema"))


def _check_schema(given: Any) -> None:
    at = "response_format.json_schema"
    if given is None:
        raise missing(at)
    if not isinstance(given, dict):
        raise bad_type(at, "an object", given)
    for name in ("name", "schema"):
        if name not in given:
            raise missing(f"{at}.{name}")
    if unknown := sorted(set(given) - _SCHEMA_KEYS):
        raise bad_value(f"{at}.{unknown[0]}", "Unknown parameter.", "unknown_parameter")
    if not isinstance(given["name"], str) or not _NAME.fullmatch(given["name"]):
        raise bad_value(f"{at}.name", "Expected letters, digits, _ and -, at most 64.")
    if not isinstance(given["schema"], dict):
        raise bad_type(f"{at}.schema", "an object", given["schema"])
    strict = given.get("strict")
    if strict is not None and not isinstance(strict, bool):
        raise bad_type(f"{at}.strict", "a boolean", strict)
    if strict:
        _check_strict(given["name"], given["schema"])


def _check_strict(name: str, schema: dict[str, Any]) -> None:
    if schema.get("type") != "object":
        raise bad_schema(name, (), "schema must be a JSON Schema of 'type: \"object\"'.")
    for path, level, one in _walk(schema, (), 1):
        if level > _MOST_LEVELS:
            raise bad_schema(name, path, f"more than {_MOST_LEVELS} levels of nesting.")
        if not isinstance(one, dict):
            raise bad_schema(name, path, "a schema is an object.")
        if forbidden := sorted(_NOT_STRICT & set(one)):
            raise bad_schema(name, path, f"'{forbidden[0]}' is not permitted.")
        if not {"type", "anyOf", "$ref", "enum", "const"} & set(one):
            raise bad_schema(name, path, "schema must have a 'type' key.")
        if "$ref" in one:
            _check_ref(name, path, one, schema)
        _check_kind(name, path, one)


def _check_kind(name: str, path: tuple[str, ...], one: dict[str, Any]) -> None:
    kinds = one.get("type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    if "object" in kinds:
        if one.get("additionalProperties") is not False:
            why = "'additionalProperties' is required to be supplied and to be false."
            raise bad_schema(name, path, why)
        properties, required = one.get("properties", {}), one.get("required", [])
        if sorted(properties) != sorted(required):
            why = "'required' is required to be an array including every key in properties."
            raise bad_schema(name, path, why)
    if "array" in kinds and "items" not in one:
        raise bad_schema(name, path, "array schema missing items.")


def _check_ref(
    name: str, path: tuple[str, ...], one: dict[str, Any], schema: dict[str, Any]
) -> None:
    if len(one) > 1:
        raise bad_schema(name, path, "$ref cannot have keywords beside it.")
    if resolved(one, schema) is None:
        raise bad_schema(name, path, f"reference to undefined component {one['$ref']!r}.")


def _walk(
    schema: Any, path: tuple[str, ...], level: int
) -> Iterator[tuple[tuple[str, ...], int, Any]]:
    yield path, level, schema
    if not isinstance(schema, dict):
        return
    for group in ("properties", "$defs"):
        for key, below in schema.get(group, {}).items():
            yield from _walk(below, (*path, group, key), level + 1)
    for number, below in enumerate(schema.get("anyOf", ())):
        yield from _walk(below, (*path, "anyOf", str(number)), level + 1)
    if "items" in schema:
        yield from _walk(schema["items"], (*path, "items"), level + 1)


def resolved(schema: dict[str, Any], root: dict[str, Any]) -> dict[str, Any] | None:
    """Return what a local reference means, or the schema itself."""
    reference = schema.get("$ref")
    if reference is None:
        return schema
    found: Any = root
    for key in str(reference).removeprefix("#").strip("/").split("/"):
        if key:
            found = found.get(key) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else None


_BLANK: dict[Any, Any] = {"string": "", "integer": 0, "number": 0, "boolean": False}


def fitted(value: Any, schema: dict[str, Any], root: dict[str, Any]) -> Any:
    """Return a value with the keys and the order of a schema, blanks where it has nothing."""
    schema = resolved(schema, root) or {}
    kind = schema.get("type")
    if isinstance(kind, list):
        kind = kind[0]
    if kind == "object":
        given = value if isinstance(value, dict) else {}
        properties = schema.get("properties", {})
        return {key: fitted(given.get(key), below, root) for key, below in properties.items()}
    if kind == "array":
        given = value if isinstance(value, list) else []
        return [fitted(one, schema.get("items", {}), root) for one in given]
    if value is None and "enum" in schema:
        return schema["enum"][0]
    return _BLANK.get(kind) if value is None else value
