"""Names of authors: split, freed of what surrounds them, told from houses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_MAX_NAME = 80
_MAX_TEXT = 1_000
_BETWEEN = re.compile(
    r"\s*[;|•]\s*|\s*,\s+|\s+(?:and|und|og|och|en|et|&)\s+(?=[^\W\d_])", re.IGNORECASE
)
_BEFORE = re.compile(
    r"^(?:(?:written |story |words )?by|von|par|por|af|av|door|di|text|texte|autore?s?|autora|"
    r"author|verfasst von|redaktion)\s*:?\s+(?=[^\W\d_])",
    re.IGNORECASE,
)
_AFTER = re.compile(r"\s*\([^()]{1,12}\)$|\s+기자$")
_NO_NAME = re.compile(r"@|https?:|^[\W\d_]*$")
_HOST = re.compile(
    r"\b[\w-]+\.(?:com|de|net|org|at|ch|co|tv|fr|it|es|nl|no|se|dk|uk)\b", re.IGNORECASE
)
_NOT_WORD = re.compile(r"[\W_]+")


def split(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the names in declared texts ("By A, B and C"), in order, each once."""
    names = (
        name for text in texts for name in _BETWEEN.split(_BEFORE.sub("", text[:_MAX_TEXT].strip()))
    )
    cleaned = (_AFTER.sub("", _BEFORE.sub("", name.strip())).strip() for name in names)
    return tuple(dict.fromkeys(name for name in cleaned if 1 < len(name) <= _MAX_NAME))


def presentable(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names that can be shown: no mail addresses, links or numbers."""
    return tuple(name for name in names if not _NO_NAME.search(name))


def only_persons(names: Iterable[str], publisher: str) -> tuple[str, ...]:
    """Return the names that are not the publisher's own, nor an address of any kind."""
    house = _NOT_WORD.sub("", publisher).casefold()
    return tuple(
        name
        for name in presentable(names)
        if not _HOST.search(name) and not _is_house(_NOT_WORD.sub("", name).casefold(), house)
    )


def _is_house(name: str, house: str) -> bool:
    return bool(house) and (name in house or house in name)
