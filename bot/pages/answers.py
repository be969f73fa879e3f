"""What a worker of the sandbox may say to the program: plain values, or a Reading.

A worker that a page has taken over can send any bytes at all. They are JSON, and a Reading is
built anew from its own fields, each checked against its type: nothing in them is called, looked
up or changed by what they say.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from enum import Enum
from functools import cache
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

from bot.model import Article, Reading


def pack(*, succeeded: bool, result: object) -> bytes:
    """Return a result, or the words of an error, as `unpack` takes it.

    Raises TypeError for a result that is neither a Reading nor what JSON can hold.
    """
    told = {"Reading": asdict(result)} if isinstance(result, Reading) else result
    return json.dumps([succeeded, told], default=_day).encode()


def unpack(data: bytes) -> tuple[bool, Any]:
    """Return what `pack` was given, with lists for tuples. Raises ValueError for all else."""
    try:
        succeeded, told = json.loads(data)
        if isinstance(told, dict) and told.keys() == {"Reading"}:
            told = _read(Reading, told["Reading"])
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise ValueError(f"{type(error).__name__}: {error}"[:500]) from error
    return bool(succeeded), told


def _day(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"a result holds a {type(value).__name__}")


def _read(kind: Any, told: Any) -> Any:
    """Return a value of a type, as `bot.model` annotates its fields."""
    if get_origin(kind) is tuple:
        return tuple(_read(get_args(kind)[0], one) for one in _exactly(list, told))
    if NoneType in get_args(kind):
        return None if told is None else _read(get_args(kind)[0], told)
    if kind in {Reading, Article}:
        kinds = _kinds(kind)
        fields = _exactly(dict, told).items()
        return kind(**{name: _read(kinds[name], one) for name, one in fields})
    if kind is date:
        return date.fromisoformat(_exactly(str, told))
    if issubclass(kind, Enum):
        return kind(told)
    return _exactly(kind, float(told) if kind is float else told)


@cache
def _kinds(kind: type) -> dict[str, Any]:
    return get_type_hints(kind, localns={"date": date})


def _exactly(kind: type, told: Any) -> Any:
    if type(told) is not kind:
        raise ValueError(f"no {kind.__name__}")
    return told
