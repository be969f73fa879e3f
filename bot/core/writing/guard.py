"""What a model wrote, before anybody sees it: cleaned of what hides, refused for what acts.

Text of strangers can make a model write anything. A sentence for a post has no address, mention,
markup or second line, and nothing that a reader cannot see.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from bot.core.reading.urls import is_public_suffix

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

LINK, MENTION, MARKUP, FORM = "link", "mention", "markup", "form"

_LONGEST = 420
LONGEST_LOOKED_AT = 4 * _LONGEST
"""What is longer is no sentence, and not worth the time that looking at it takes."""
_LONGEST_WORD = 40
_LEAST_WORDS = 3
_MOST_REPEATED = 0.3
_MARKS_ON_A_LETTER = 3
# Letters and symbols that are drawn as nothing, and selectors that only change how others are.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180e\u2800\u3164\uffa0")
_JOINERS = frozenset("\u200c\u200d")
_LINK = re.compile(
    r"[a-z][a-z0-9+.-]{1,20}\s?:\s?//|\bhxxps?\b|\bwww\s?\.|\b(?:mailto|javascript|data|tel|file)\s?:"
    r"|[^\s@]@[^\s@]+\.[^\s@]|\b\d{1,3}(?:\.\d{1,3}){3}\b|\[\s?\.\s?\]|\(dot\)|\bxn--",
    re.IGNORECASE,
)
_SPELLED = re.compile(r"\b[\w-]+(?: dot (?P<end>\w{2,24}))+\b", re.IGNORECASE)
# The full stop of Chinese and Japanese parts the names of a host, too.
_WIDE_STOP = re.compile(r"(?<=[a-z0-9])[。｡](?=[a-z])", re.IGNORECASE)
_HOST = re.compile(r"(?<![\w.@])((?:[^\W_](?:[\w-]*[^\W_])?\.)+([^\W\d_]{2,24}))(?![\w@])(/\S*)?")
_MENTION = re.compile(
    r"@\s?\w|<\s?[@!#]|[!#+$@][\w.=/-]+:[\w-]+\.\w|\b(?:at|@)(?:here|channel|everyone|room)\b",
    re.IGNORECASE,
)
_MARKUP = re.compile(
    r"`|\]\s?[(\[:]|!\[|<\s?/?\s?[a-z!?][^>]*>?|&(?:[a-z]{2,8}|#x?[0-9a-f]{2,6});|\*\*|__|~~|[|{}\\]"
    r"|(?:^|\s)[#>]{1,6}\s|^\s?(?:system|assistant|user|human|developer)\s?:",
    re.IGNORECASE,
)
_CODED = re.compile(r"[A-Za-z0-9+/=_-]{28,}|(?:\b[0-9a-f]{2}\s?){12,}|%[0-9a-f]{2}%", re.IGNORECASE)
_POINTER = re.compile(r"\(see\b", re.IGNORECASE)
# What may be dropped without a word: marks of direction, and of how a symbol is drawn.
_HARMLESS = frozenset("\u061c\u200e\u200f\ufe0e\ufe0f\ufeff")
_DECORATED = re.compile(r"SMALL CAPITAL|CIRCLED|SQUARED|PARENTHESIZED|REGIONAL INDICATOR")
_LISTED = re.compile(r"^\s*(?:[-*•·–—]|\d{1,2}[.)])\s+")
_BEGINS = re.compile(r"[\"'“”„«‘’(\[¿¡$£€¥+-]{0,3}\w")
_WORD = re.compile(r"[^\W\d_]+")
_SCRIPTS_ALIKE = frozenset(("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"))


def clean(text: str) -> str:
    """Return a sentence without what cannot be seen, its letters in their plain forms.

    The joiners stay where a script or an emoji needs them: between two of its characters. A mark
    that makes it an item of a list is taken off.
    """
    kept = "".join(_visible(unicodedata.normalize("NFC", text)))
    return " ".join(_LISTED.sub("", kept).split())


def unsafe(text: str) -> tuple[tuple[str, str], ...]:
    """Return (kind, words at fault) for what a sentence of a post must not have.

    `text` is a clean one. It is looked at in its compatibility form too, so that no full-width
    letter hides an address.
    """
    plain = _WIDE_STOP.sub(".", unicodedata.normalize("NFKC", text))
    found = [*_addresses(plain)]
    found += [(MENTION, match[0]) for match in _MENTION.finditer(plain)]
    found += [(MARKUP, match[0]) for match in _MARKUP.finditer(plain)]
    return tuple(found)


def misshapen(text: str) -> tuple[tuple[str, str], ...]:
    """Return (kind, words at fault) where a clean text is no one plain sentence."""
    found: list[tuple[str, str]] = []
    if len(text) > _LONGEST:
        found.append((FORM, "too long"))
    if len(text.split()) < _LEAST_WORDS and text.isascii():
        found.append((FORM, "too short"))
    if not _BEGINS.match(text):
        found.append((FORM, "a fragment"))
    if _CODED.search(text) or any(len(word) > _LONGEST_WORD for word in text.split()):
        found.append((FORM, "code"))
    if _POINTER.search(text):
        found.append((FORM, "a pointer"))
    found += [(FORM, word[0]) for word in _WORD.finditer(text) if _mixes_scripts(word[0])]
    if _repeats(text.casefold().split()):
        found.append((FORM, "says the same again"))
    if re.search(rf"\w[\u0300-\u036f]{{{_MARKS_ON_A_LETTER},}}", text):
        found.append((FORM, "marks"))
    return tuple(found)


def _repeats(said: list[str]) -> bool:
    runs = list(zip(said, said[1:], said[2:], strict=False))
    return len(runs) - len(set(runs)) > _MOST_REPEATED * len(runs)


def concealed(text: str) -> tuple[tuple[str, str], ...]:
    """Return (kind, words at fault) where a text, as it came, has what nobody sees.

    Articles are kept without such characters, so a model has no reason to write any.
    """
    shown = set(_visible(text)) | _HARMLESS
    if all(one in shown or not _is_hidden(one) or one.isspace() for one in set(text)):
        return ()
    return ((FORM, "characters that cannot be seen"),)


def strange(text: str, known: Collection[str]) -> tuple[tuple[str, str], ...]:
    """Return (kind, words at fault) for letters of a script, or of a make, that a text lacks.

    `known` are its characters.
    """
    new = {one for one in text if not one.isascii() and one not in known}
    scripts = {_script(one) for one in known if one.isalpha()} if new else set()
    found = [one for one in new if one.isalpha() and _script(one) not in scripts]
    found += [one for one in new if _DECORATED.search(unicodedata.name(one, ""))]
    return tuple((FORM, f"the character {one}") for one in sorted(set(found)))


def _script(letter: str) -> str:
    return unicodedata.name(unicodedata.normalize("NFKC", letter)[0], "").partition(" ")[0]


def _visible(text: str) -> Iterator[str]:
    for at, character in enumerate(text):
        if character in _JOINERS:
            if _is_joined(text[at - 1 : at], text[at + 1 : at + 2]):
                yield character
        elif character.isspace():
            yield " "
        elif not _is_hidden(character):
            yield _plain(character)


def _is_joined(before: str, after: str) -> bool:
    """Whether a joiner stands between two characters that it can change."""
    return all(
        one and not one.isascii() and unicodedata.category(one)[0] in "LMS" and not _is_latin(one)
        for one in (before, after)
    )


def _is_latin(character: str) -> bool:
    return unicodedata.name(character, "").startswith("LATIN")


def _is_hidden(character: str) -> bool:
    if character.isascii():
        return character < " " or character == "\x7f"
    if character in _BLANK or "\ufe00" <= character <= "\ufe0f" or character >= "\U000e0000":
        return True
    return unicodedata.category(character)[0] == "C"


def _plain(character: str) -> str:
    """A letter or digit in its plain form; fractions and the like stay as they are."""
    if character.isascii() or unicodedata.category(character) not in ("Ll", "Lu", "Lo", "Lm", "Nd"):
        return character
    return unicodedata.normalize("NFKC", character)


def _addresses(text: str) -> Iterator[tuple[str, str]]:
    for match in _LINK.finditer(text):
        yield LINK, match[0]
    for match in _SPELLED.finditer(text):
        if _is_domain(match["end"].lower()):
            yield LINK, match[0]
    for match in _HOST.finditer(text):
        if match[3] or _is_domain(match[2].lower()):
            yield LINK, match[0]


@cache
def _is_domain(ending: str) -> bool:
    return is_public_suffix(ending) or ending in ("example", "invalid", "test", "onion", "local")


def _mixes_scripts(word: str) -> bool:
    """Whether letters of scripts that look alike stand in one word."""
    if word.isascii():
        return False
    names = {unicodedata.name(one, "").partition(" ")[0] for one in word}
    return len(names & _SCRIPTS_ALIKE) > 1
