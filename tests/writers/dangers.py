"""What must never stand in a post, found by other means than the program's own."""

from __future__ import annotations

import re
import unicodedata

_TOPS = (
    "com|net|org|info|biz|edu|gov|int|mil|io|ai|app|dev|co|me|tv|us|uk|de|at|ch|fr|es|it|nl|eu|ru|"
    "cn|jp|in|support|security|online|site|xyz|test|example|invalid|local|onion|испытание|рф"
)
SIGNS = {
    "address": re.compile(
        r"[a-z][a-z0-9+.-]*\s*:\s*/|//\w|www\.|hxxp|\b(?:mailto|javascript|data|tel|slack|matrix):"
        rf"|\w\.(?:{_TOPS})\b(?!\.\w)|\w\s\.\s\w|\d+\.\d+\.\d+\.\d+|\[\.\]|\(dot\)|\bdot\s+example",
        re.IGNORECASE,
    ),
    "e-mail": re.compile(r"\S@\S"),
    "mention": re.compile(
        r"@\s?\w|<[@!#]|\b@?(?:everyone|channel|here)\b:|[!#+$@][\w.-]+:[\w-]+\."
    ),
    "markup": re.compile(
        r"[`|{}\\<>]|\*\*|__|~~|\]\(|!\[|&(?:#\w+|[a-z]+);|^\s*(?:#+|>|-|\*|•)\s|\n|:\w+_\w+:"
    ),
    "code": re.compile(r"[A-Za-z0-9+/=]{28,}|(?:%[0-9A-Fa-f]{2}){2,}"),
}
_BLANK = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180e\u180f\u2800\u3164\uffa0"


def dangers(text: str) -> list[str]:
    """Return what is wrong with a text that is to be posted, as kinds and words."""
    seen = "".join(unicodedata.normalize("NFKC", one) for one in text).translate(
        {0x3002: ".", 0xFF61: ".", 0x2024: "."}
    )
    found = [f"{kind}: {match[0]}" for kind, sign in SIGNS.items() if (match := sign.search(seen))]
    return found + [f"hidden: {ord(one):04x}" for one in hidden(text)]


def hidden(text: str) -> list[str]:
    """Return the characters that nobody sees, but for joiners where scripts and emoji use them."""
    return [
        one
        for at, one in enumerate(text)
        if (unicodedata.category(one)[0] == "C" and not _joins(text, at))
        or one in _BLANK
        or unicodedata.name(one, "").startswith(("VARIATION SELECTOR", "MONGOLIAN FREE"))
    ]


def _joins(text: str, at: int) -> bool:
    sides = text[at - 1 : at], text[at + 1 : at + 2]
    return text[at] in "\u200c\u200d" and all(
        one and ord(one) > 0x2FF and unicodedata.category(one)[0] in "LMS" for one in sides
    )


def words_of(text: str) -> set[str]:
    """Return the words and numbers of a text in their plain forms."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    return set(re.findall(r"[^\W_]+", plain))
