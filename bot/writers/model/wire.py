"""The form in which a model is to answer, and reading what it answers instead."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, Field, ValidationError

if TYPE_CHECKING:
    from collections.abc import Mapping

_THOUGHTS = re.compile(r"</think(?:ing)?>", re.IGNORECASE)
# What is opened and never closed goes to the end, so that each character is looked at once.
_STRING_OR = re.compile(
    r"(\"(?:[^\"\\]|\\.)*+(?:\"|\\?\Z))|//[^\n]*|/\*(?:[^*]|\*(?!/))*+(?:\*/|\Z)|,(?=\s*+[}\]])",
    re.DOTALL,
)
_LONGEST = 200_000


def _as_text(value: object) -> object:
    return str(value) if isinstance(value, (int, float)) else "" if value is None else value


def _as_bullet(value: object) -> object:
    return {"text": value} if isinstance(value, str) else value


_Text = Annotated[str, BeforeValidator(_as_text)]


class WrittenBullet(BaseModel):
    """A bullet as it comes."""

    text: _Text
    label: _Text = ""
    quote: _Text = ""


class WrittenBrief(BaseModel):
    """A brief as it comes."""

    bullets: list[Annotated[WrittenBullet, BeforeValidator(_as_bullet)]] = Field(max_length=64)


class WrittenQuote(BaseModel):
    """A quote as it comes."""

    label: _Text = ""
    quote: _Text


class WrittenAnswer(BaseModel):
    """An answer as it comes."""

    found: bool
    answer: _Text = ""
    quotes: list[WrittenQuote] = Field(default=[], max_length=16)


_Written = TypeVar("_Written", bound=BaseModel)


def read(text: str, form: type[_Written]) -> _Written:
    """Return what a model wrote in the form asked for. Raises ValueError for anything else.

    Chatter, fences, thoughts, comments and trailing commas around or in the JSON are passed over.
    """
    try:
        return form.model_validate(_found(text, form))
    except (ValidationError, RecursionError) as error:
        raise ValueError(type(error).__name__) from error


def _found(text: str, form: type[BaseModel]) -> Any:
    plain = _THOUGHTS.split(text[:_LONGEST])[-1]
    fenced = plain.split("```", 2)[1:2]
    for candidate in (plain, *fenced):
        for start in _starts(candidate):
            value = _decoded(candidate[start:])
            if isinstance(value, list):  # the bullets without what they are to stand in
                value = {"bullets": value}
            if isinstance(value, dict) and _first_field(form) in value:
                return value
    raise ValueError("no JSON of the form")


def _first_field(form: type[BaseModel]) -> str:
    return next(iter(form.model_fields))


def _starts(text: str) -> list[int]:
    found = [match.start() for match in re.finditer(r"[{\[]", text)]
    return found[:8]


def _decoded(text: str) -> Any:
    for candidate in (text, _STRING_OR.sub(lambda match: match[1] or "", text)):
        try:
            value, _ = json.JSONDecoder(strict=False).raw_decode(candidate)
        except (ValueError, RecursionError):
            continue
        return value
    return None


@cache
def schema(name: str, form: type[BaseModel]) -> Mapping[str, Any]:
    """Return the `response_format` that asks for a form, as strict servers take it."""
    made = form.model_json_schema()
    made |= {"$defs": {key: _strict(one) for key, one in made.get("$defs", {}).items()}}
    return {
        "type": "json_schema",
        "json_schema": {"name": name, "strict": True, "schema": _strict(made)},
    }


def _strict(made: dict[str, Any]) -> dict[str, Any]:
    """Every property is required and no other allowed; bounds and defaults are left out."""
    properties = {
        name: {key: value for key, value in one.items() if key in ("type", "items", "$ref")}
        for name, one in made["properties"].items()
    }
    kept: dict[str, Any] = {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
    if made.get("$defs"):
        kept["$defs"] = made["$defs"]
    return kept
