"""Nouns of the model as JSON: what the inbox and the ledger keep.

A value is written with the name of its type, so that what another version of the program wrote
is either read as it was meant or not at all: fields that are missing take their defaults, a type
or field that this version does not know makes the value unreadable. What is as by default is left
out, so that the previous release can read what uses nothing new.
"""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from bot import model
from bot.store.column_types import to_json

_TYPE = "is"
_KNOWN: dict[str, Any] = {
    name: kind
    for name, kind in vars(model).items()
    if isinstance(kind, type) and (is_dataclass(kind) or issubclass(kind, StrEnum))
}


class UnreadableError(Exception):
    """Another version of the program wrote this, or it is damaged."""


def dump(value: object) -> str:
    """Return a value of the model as JSON."""
    return to_json(_plain(value))


def load(text: str) -> Any:
    """Return what `dump` was given. Raises UnreadableError."""
    try:
        return _value(json.loads(text))
    except (ValueError, TypeError, KeyError) as error:
        raise UnreadableError(type(error).__name__) from error


def _plain(value: object) -> object:
    if isinstance(value, StrEnum):
        return {_TYPE: type(value).__name__, "value": value.value}
    if isinstance(value, datetime):
        return {_TYPE: "datetime", "value": value.isoformat()}
    if isinstance(value, date):
        return {_TYPE: "date", "value": value.isoformat()}
    if is_dataclass(value) and not isinstance(value, type):
        given = ((one, getattr(value, one.name)) for one in fields(value))
        named = {one.name: _plain(told) for one, told in given if told != one.default}
        return {_TYPE: type(value).__name__, **named}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if value is None or isinstance(value, (str, int, float)):
        return value
    raise TypeError(type(value).__name__)


def _value(plain: Any) -> Any:
    if isinstance(plain, list):
        return tuple(_value(one) for one in plain)
    if not isinstance(plain, dict):
        return plain
    name = plain.pop(_TYPE)
    match name:
        case "datetime":
            return datetime.fromisoformat(plain["value"])
        case "date":
            return date.fromisoformat(plain["value"])
        case _:
            kind = _KNOWN[name]
    if issubclass(kind, StrEnum):
        return kind(plain["value"])
    return kind(**{field: _value(one) for field, one in plain.items()})
