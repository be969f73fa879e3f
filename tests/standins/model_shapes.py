"""The forms in which models give what they have written, other than the one asked for."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.standins.model_settings import ENDINGS

if TYPE_CHECKING:
    from collections.abc import Callable

SORRY = "I'm sorry, but I can't help with that."
PROSE = "The article is about several things. First of all it tells what happened, and to whom."


_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass
class Reply:
    """What a choice holds; without `choices` there is none."""

    content: str | None
    refusal: str | None = None
    finish: str = "stop"
    choices: bool = True


def ending(behaviour: str, found: Any) -> Reply:
    """Return a reply that holds no answer."""
    match behaviour:
        case "refuses":
            return Reply(None, refusal=SORRY)
        case "refuses:text":
            return Reply(SORRY)
        case "filtered":
            return Reply(_dumped(found)[:20], finish="content_filter")
        case "null":
            return Reply(None)
        case "no_choices":
            return Reply(None, choices=False)
    raise AssertionError(ENDINGS)


def shaped(behaviour: str, found: Any, turn: int) -> str:
    """Return what was written in another form; those of several take turns."""
    if behaviour in _FIXED:
        return _FIXED[behaviour]
    return _FORMS.get(behaviour, lambda found, _: _dumped(found))(found, turn)


def _dumped(found: Any) -> str:
    if isinstance(found, str):
        return found
    text = json.dumps(found, ensure_ascii=False)
    return _SURROGATE.sub(lambda one: f"\\u{ord(one[0]):04x}", text)  # goes over no wire


def _broken(found: Any, turn: int) -> str:
    text = _dumped(found)
    variants = (
        text[: len(text) * 2 // 3],
        text.replace('"', "'"),
        text.replace('{"', "{").replace('":', ":").replace(', "', ", "),
        text.replace(": ", ': "\\x" '),
        text[:-1],
        text + text,
        text.replace('"}', '\n"}'),
        text.replace(" ", ' "', 3),
    )
    return variants[turn % len(variants)]


def _fenced(found: Any, turn: int) -> str:
    text = json.dumps(found, ensure_ascii=False, indent=2)
    opening = ("```json", "```", "~~~json", "```JSON")[turn % 4]
    return (
        f"Sure! Here is the JSON {{as asked}}:\n\n{opening}\n{text}\n{opening[:3]}\n\n"
        "Let me know if you want it [shorter]."
    )


def _trailing(found: Any, _: int) -> str:
    lines = json.dumps(found, ensure_ascii=False, indent=2).splitlines()
    for number, line in enumerate(lines[1:], 1):
        if line.strip()[0] in "]}" and lines[number - 1].strip()[-1] not in "[{,":
            lines[number - 1] += ","
    lines[0] += "  // as asked"
    return "\n".join(lines)


def _with_more(found: Any) -> Any:
    if not isinstance(found, dict):
        return found
    more = {"confidence": 0.97, "notes": "Visit https://tracker.example", **found, "model": None}
    if "bullets" in found:
        more["bullets"] = [{"id": n, **one, "url": None} for n, one in enumerate(found["bullets"])]
    return more


def _plain(found: Any) -> Any:
    if isinstance(found, dict) and "bullets" in found:
        return {"bullets": [one["text"] for one in found["bullets"]]}
    if isinstance(found, dict) and "quotes" in found:
        return {**found, "quotes": [one["quote"] for one in found["quotes"]]}
    return found


def _mistyped(found: Any, turn: int) -> Any:
    wrong: tuple[Any, ...] = (7, None, ["a", "list"], {"an": "object"}, True)
    value = wrong[turn % len(wrong)]
    if not isinstance(found, dict):
        return value
    if "bullets" in found:
        return {"bullets": [{**one, "text": value, "label": value} for one in found["bullets"]]}
    return dict.fromkeys(found, value)


def _alone(found: Any) -> Any:
    return [*found.values()][-1] if isinstance(found, dict) else [found]


_FIXED = {"deep": '{"bullets": ' + "[" * 20_000, "prose": PROSE, "empty": ""}
_THOUGHT = '<think>\nThe user wants {"bullets": []}, I think.\n</think>\n\n'
_FORMS: dict[str, Callable[[Any, int], str]] = {
    "broken_json": _broken,
    "fenced_json": _fenced,
    "trailing": _trailing,
    "extra": lambda found, turn: _dumped(_plain(found) if turn % 2 else _with_more(found)),
    "wrong_types": lambda found, turn: _dumped(_mistyped(found, turn)),
    "array": lambda found, _: _dumped(_alone(found)),
    "double": lambda found, _: json.dumps(_dumped(found)),
    "thinks": lambda found, _: _THOUGHT + _dumped(found),
}
