"""What a model wrote, before anybody sees it: cleaned of what hides, refused for what acts.

Text of strangers can make a model write anything. A sentence for a post has no address, mention,
markup or second line, and nothing that a reader cannot see.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from bot.core.language.scripts import script_of
from bot.core.reading.urls import is_public_suffix

if TYPE_CHECKING:
    from collections.abc import Iterator

LINK, MENTION, MARKUP, FORM = "link", "mention", "markup", "form"

_LONGEST = 420
LONGEST_LOOKED_AT = 4 * _LONGEST
"""What is longer is no sentence, and not worth the time that looking at it takes."""
_LONGEST_WORD = 40
_LEAST_WORDS = 3
_MARKS_ON_A_LETTER = 3
_ROW = 6
# Letters and symbols that are drawn as nothing, and selectors that only change how others are.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180e\u180f\u2800\u3164\uffa0")
# What may be in a text without harm: how an emoji is drawn, where a script runs to the left.
_HARMLESS = frozenset("\ufe0e\ufe0f\u200e\u200f\ufeff\t\n\r")
_DRESSED = "\U0001d400", "\U0001d7ff"  # the letters of mathematics
_JOINERS = frozenset("\u200c\u200d")
_LINK = re.compile(
    r"[a-z][a-z0-9+.-]{1,20}\s?:\s?//|\bhxxps?\b|\bwww\s?\.|\b(?:mailto|javascript|data|tel|file)\s?:"
    r"|[^\s@]@[^\s@]+\.[^\s@]|\b\d{1,3}(?:\.\d{1,3}){3}\b|\[\s?\.\s?\]|\(dot\)|\bxn--"
    r"|/\s?/|\w\s\.\s\w|\bat\s\w+\sdot\s\w|\w\sdot\s(?:com|net|org|example)\b",
    re.IGNORECASE,
)
# A stop of Chinese or Japanese that a browser takes for the point of an address.
_WIDE_STOP = re.compile(r"(?<=[A-Za-z0-9])[\u3002\uff61](?=[A-Za-z])")
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
# "5. Mai" is a date: a number with a point behind it says nothing of a list.
_LISTED = re.compile(r"^(?:\s*(?:[-*•·–—]|\d{1,2}\))\s+)+")
_ORDINARY = re.compile("[ -~“”‘’„«»–—…£€°\u00c0-\u024f]*")
# A hint of each thing that is looked for.
_SUSPICIOUS = re.compile(
    r"[@<>`|{}\\#&*_~\[\]/%:$!+]|\w\s?\.\s?\w|dot|hxxp|xn--|\bat(?:here|channel|everyone|room)\b"
    r"|[^\s]{28,}|(?:\b[0-9a-f]{2}\s?){4}",
    re.IGNORECASE,
)
_BEGINS = re.compile(r"[\"'“”„«‘’(\[¿¡$£€¥+-]{0,3}\w")
_WORD = re.compile(r"[^\W\d_]+")
_SCRIPTS_ALIKE = frozenset(("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"))


def clean(text: str) -> str:
    """Return a sentence without what cannot be seen, its letters in their plain forms.

    The joiners stay where a script or an emoji needs them: between two of its characters. A mark
    that makes it an item of a list is taken off.
    """
    kept = "".join(_visible(unicodedata.normalize("NFC", text)))
    joined = "".join(_without_stray_joiners(kept))
    return " ".join(_LISTED.sub("", unicodedata.normalize("NFC", joined)).split())


def tampered(text: str) -> bool:
    """Tell whether a text holds what nobody sees and no writing needs, or letters dressed up.

    Without it the rest would read otherwise than it looked: such a text is not mended.
    """
    return len("".join(_without_stray_joiners(text))) != len(text) or any(
        (_is_hidden(one) and not _is_harmless(one)) or _DRESSED[0] <= one <= _DRESSED[1]
        for one in text
        if one not in _JOINERS
    )


def is_plain(text: str) -> bool:
    """Tell whether a text of an article may be posted as it stands."""
    if _ORDINARY.fullmatch(text) and not _SUSPICIOUS.search(text):
        return True  # as nearly all are: the rest takes ten times as long
    return not (tampered(text) or unsafe(text) or _CODED.search(text))


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
    if _repeats(text):
        found.append((FORM, "said twice"))
    found += [(FORM, word[0]) for word in _WORD.finditer(text) if _mixes_scripts(word[0])]
    if re.search(rf"\w[\u0300-\u036f]{{{_MARKS_ON_A_LETTER},}}", text):
        found.append((FORM, "marks"))
    return tuple(found)


def _repeats(text: str) -> bool:
    """Whether six words in a row come twice: no sentence says again what it said."""
    found = text.casefold().split()
    rows = list(zip(*(found[at:] for at in range(_ROW)), strict=False))
    return len(set(rows)) < len(rows)


def _visible(text: str) -> Iterator[str]:
    for character in text:
        if character in _JOINERS:
            yield character
        elif character.isspace():
            yield " "
        elif not _is_hidden(character):
            yield _plain(character)


def _without_stray_joiners(text: str) -> Iterator[str]:
    for at, character in enumerate(text):
        if character not in _JOINERS or _is_joined(text[at - 1 : at], text[at + 1 : at + 2]):
            yield character


def _is_joined(before: str, after: str) -> bool:
    """Whether a joiner stands between two characters that it can change."""
    return all(
        one
        and not one.isascii()
        and unicodedata.category(one)[0] in "LMS"
        and script_of(one) != "LATIN"
        for one in (before, after)
    )


def _is_hidden(character: str) -> bool:
    if character.isascii():
        return character < " " or character == "\x7f"
    if character in _BLANK or "\ufe00" <= character <= "\ufe0f" or character >= "\U000e0000":
        return True
    return unicodedata.category(character)[0] == "C"


def _is_harmless(character: str) -> bool:
    """Whether it is no trick: one of the few, or half a pair of surrogates, an accident."""
    return character in _HARMLESS or "\ud800" <= character <= "\udfff"


def _plain(character: str) -> str:
    """A letter or digit in its plain form; fractions and the like stay as they are."""
    if character.isascii() or unicodedata.category(character) not in ("Ll", "Lu", "Lo", "Lm", "Nd"):
        return character
    return unicodedata.normalize("NFKC", character)


def _addresses(text: str) -> Iterator[tuple[str, str]]:
    for match in _LINK.finditer(text):
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
    return len(_SCRIPTS_ALIKE.intersection(map(script_of, word))) > 1
