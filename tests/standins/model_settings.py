"""What the model server can be told, while it runs."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, get_args

if TYPE_CHECKING:
    from collections.abc import Sequence

WRITINGS = ("obeys", "lies", "misquotes", "injected")
SHAPES = (
    "broken_json",  # cut off, unquoted keys, single quotes, a stray escape, twice over
    "fenced_json",  # valid, in a fence, with chatter around it
    "trailing",  # commas too many and comments
    "extra",  # keys nobody asked for, bullets that are plain strings
    "wrong_types",  # numbers, nulls and lists where text belongs
    "array",  # the list without the object around it
    "double",  # JSON in a JSON string
    "thinks",  # aloud, before the JSON
    "deep",  # brackets, 20,000 deep
    "prose",  # no JSON
    "empty",
)
ENDINGS = ("refuses", "refuses:text", "filtered", "null", "no_choices")
FAULTS = (
    "stalls",  # never answers
    "stalls:half",  # sends one half and then nothing
    "cut",  # sends one half and closes the connection
    "cut:start",  # closes the connection without an answer
    "cut:end",  # a stream that ends properly, but without its last chunks
    "error:half",  # an error inside the stream; without a stream status 500
    "not_http",
    "html",  # 200 with the page of a proxy
    "slow",  # obeys after `delay` seconds
)
LIES = ("number", "name", "quote", "swap")
MISQUOTES = ("word", "not", "ellipsis", "short", "label", "no_label")
FIELDS = ("text", "quote", "label")


class BadSetting(Exception):
    """The server cannot be told that."""


@dataclass(kw_only=True)
class Settings:
    """How the server behaves; `behaviour` may be several, which take turns.

    A behaviour is one of WRITINGS, SHAPES, ENDINGS, FAULTS, or "status:N" for an HTTP status.
    """

    behaviour: str | Sequence[str] = "obeys"
    key: str | None = None  # None: none is needed
    models: Sequence[str] = ("stand-in",)
    context: int = 128_000  # tokens of a prompt; four characters are one

    no_json_schema: bool = False
    no_response_format: bool = False
    no_stream_options: bool = False
    only_max_tokens: bool = False  # knows no max_completion_tokens
    only_max_completion_tokens: bool = False  # knows no max_tokens
    no_temperature: bool = False  # takes none but 1

    lie: str = "mixed"  # of LIES; "invented" is all but "swap", in turns
    lie_each: int = 1  # in every line, in every second one, ...
    lies_again: bool = True  # when asked to repair bullets
    misquote: str = "mixed"  # of MISQUOTES
    worst: int | None = None  # which of WORST_CASES; None: one after the other
    worst_in: str = "text"  # of FIELDS

    delay: float = 0.1
    drip: float = 0.0  # seconds between two chunks of a stream
    rough: bool = False  # a stream with comments and CRLF, torn inside characters
    no_usage: bool = False
    retry_after: float | str | None = 1.0  # seconds; text goes out as it is
    retry_as_date: bool = False

    def change(self, **wanted: Any) -> None:
        """Set some; nothing is set where one is unknown or not possible. Raises BadSetting."""
        known = {one.name: str(one.type) for one in fields(self)}
        for name, value in wanted.items():
            if name not in known:
                raise BadSetting(f"unknown: {name}")
            if not _fits(name, known[name], value):
                raise BadSetting(f"not possible: {name}={value!r}")
        vars(self).update(wanted)


_CHOICES = {
    "lie": (*LIES, "mixed", "invented"),
    "misquote": (*MISQUOTES, "mixed"),
    "worst_in": FIELDS,
}


def behaviours(wanted: str | Sequence[str]) -> tuple[str, ...]:
    return (wanted,) if isinstance(wanted, str) else tuple(wanted)


def _fits(name: str, declared: str, value: Any) -> bool:
    if name in _CHOICES:
        return value in _CHOICES[name]
    if name == "behaviour":
        return bool(behaviours(value)) and all(map(_behaves, behaviours(value)))
    if name == "models":
        return not isinstance(value, str) and all(isinstance(one, str) for one in value)
    accepted = _TYPES[declared]
    if isinstance(value, bool):
        return bool in accepted
    if isinstance(value, (int, float)) and value < 0:
        return False
    return isinstance(value, accepted)


_TYPES: dict[str, tuple[type, ...]] = {
    "bool": (bool,),
    "int": (int,),
    "float": (int, float),
    "str | None": get_args(str | None),
    "int | None": get_args(int | None),
    "float | str | None": (int, *get_args(float | str | None)),
}


def _behaves(name: Any) -> bool:
    if not isinstance(name, str):
        return False
    kind, _, number = name.partition(":")
    if kind == "status":
        return number.isdecimal() and 200 <= int(number) <= 599
    return name in (*WRITINGS, *SHAPES, *ENDINGS, *FAULTS)
