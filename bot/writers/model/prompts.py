"""The prompts: files with names in double braces, checked before anything is asked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from bot.core.language.detect import language_of, name_of_language
from bot.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from importlib.resources.abc import Traversable

    from bot.model import Article

NAMES: Mapping[str, frozenset[str]] = {
    "brief": frozenset({"bullets", "language", "mark", "article", "pattern"}),
    "repair": frozenset({"instructions", "mark", "article", "bullets", "failed"}),
    "answer": frozenset({"language", "mark", "articles", "memory", "question"}),
}
"""What each prompt is given; it has to use all of it."""

_NAME = re.compile(r"\{\{\s*(\w*)\s*\}\}")
_SYSTEM, _USER = "# system", "# user"
_HASH_LENGTH = 16


_ABROAD = (
    "{}, though the article is in another language: spell names as it does, write numbers in "
    "digits, put nothing between quote marks but its own words, and take what you give under "
    "“quote” from it untranslated"
)


def language_told(article: Article, into: str | None) -> str:
    """Return what a model is told of the language to write in; `into` where it is another."""
    name = name_of_language(into or language_of(article))
    return _ABROAD.format(name) if into else name


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """One prompt: what is said in each role, and the hash of its file."""

    system: str
    user: str
    hash: str

    def filled(self, **values: str) -> tuple[str, str]:
        """Return both parts with the names filled in; braces in a value stay as they are."""
        return tuple(  # type: ignore[return-value]  # of the two parts
            _NAME.sub(lambda match: values[match[1]], part).strip()
            for part in (self.system, self.user)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompts:
    """All prompts."""

    brief: Prompt
    repair: Prompt
    answer: Prompt

    @classmethod
    def load(cls, folder: Path | None = None) -> Prompts:
        """Read the prompts that came with the program, or those of the same name in `folder`.

        Raises ConfigurationError, which names the file and the line.
        """
        return cls(**{name: _read(_place(name, folder), name) for name in NAMES})


def _place(name: str, folder: Path | None) -> Traversable:
    file = f"{name}.md"
    if folder is not None and (own := folder / file).exists():
        return own
    shipped = files("bot") / "_prompts" / file
    # In a checkout nothing is copied into the package.
    return shipped if shipped.is_file() else Path(__file__).parents[3] / "prompts" / file


def _read(place: Traversable, name: str) -> Prompt:
    try:
        text = place.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError("prompt_unreadable", [str(place)]) from error
    lines = [line.rstrip() for line in text.splitlines()]
    if (
        lines.count(_SYSTEM) != 1
        or lines.count(_USER) != 1
        or (lines.index(_SYSTEM) > lines.index(_USER))
    ):
        raise ConfigurationError("prompt_parts", [str(place)])
    _check(place, lines, NAMES[name])
    system, user = lines.index(_SYSTEM), lines.index(_USER)
    return Prompt(
        system="\n".join(lines[system + 1 : user]),
        user="\n".join(lines[user + 1 :]),
        hash=sha256(text.encode()).hexdigest()[:_HASH_LENGTH],
    )


def _check(place: Traversable, lines: list[str], names: frozenset[str]) -> None:
    used = set()
    for number, line in enumerate(lines, 1):
        for match in _NAME.finditer(line):
            if match[1] not in names:
                raise ConfigurationError("prompt_unknown", [f"{place}:{number}", match[0]])
            used.add(match[1])
    missing = sorted(names - used)
    if missing:
        asked = [f"{{{{{name}}}}}" for name in missing]
        raise ConfigurationError("prompt_missing", [f"{place}:{len(lines)}", *asked])
