"""Whom and which outlet a search names: "in the Daily Mail", "from bbc.co.uk", "by @anna".

An outlet or person counts only where the channel has read it or heard of him: "in Paris" is no
outlet, unless there is one of that name. What is marked as a filter ("from:reuters.com",
"by @anna") and known to nobody is told apart, and so is not searched for as a word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from bot.core.answering.patterns import load
from bot.core.language.words import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.model import Outlet, Sources

_LONGEST_NAME = 6
"""Words of an outlet's name."""
_SECOND_LEVEL = frozenset(("ac", "co", "com", "edu", "gov", "net", "ne", "or", "org"))
"""What stands before a country's ending: bbc.co.uk."""
_ENDING = re.compile(r"\.[a-z]{2,3}$")
_NO_SIGN = re.compile(r"[^\w]|_")
_TOKEN = re.compile(r"[^\s,;?!]+")
_TRAILING = ".:,;'’\"”)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a text asks for beside its words: `text` is what is left of it without.

    `unknown` are outlets and people that it names as such and the channel does not know.
    """

    text: str
    outlets: tuple[Outlet, ...] = ()
    posters: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


class _Cut(NamedTuple):
    """A filter at text[start:end]."""

    start: int
    end: int
    outlets: tuple[Outlet, ...] = ()
    posters: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    words = load("filters")
    who = r"(?P<who>@[^\s,;?!]+|[^\W\d_][\w.-]*)"
    patterns = {
        "marked": rf"(?P<key>{words['keys']}):"
        r"(?:[\"“](?P<quoted>[^\"“”]+)[\"”]|(?P<plain>[^\s,;?!]+))",
        "posted": rf"(?:{words['asked']}) {who}(?: (?:has|have))?(?: ever| already)?"
        rf" (?:{words['posted']})(?!\w)",
        "by": rf"(?:(?:{words['posted']}) )?(?:{words['by']}) {who}",
        "in": rf"(?:(?P<from>{words['from']})|(?P<at>{words['at']})|{words['in']}) +",
        "me": words["me"],
        "article": words["article"],
        "host": r"[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}",
    }
    return {
        name: re.compile(rf"(?<!\w)(?:{pattern})", re.IGNORECASE)
        for name, pattern in patterns.items()
    }


_FILTERS = ("marked", "posted", "by", "in")


def names_sources(text: str) -> bool:
    """Tell whether a text may name an outlet or a person, so that it pays to look them up."""
    return any(_patterns()[name].search(text) for name in _FILTERS)


def names_poster(text: str) -> bool:
    """Tell whether a text may ask what somebody posted."""
    return _patterns()["posted"].search(text) is not None


def filters(text: str, sources: Sources, *, asker: str = "") -> Filters:
    """Read the outlets and people that a text names; `asker` is whom "I" and "me" stand for."""
    outlets: list[Outlet] = []
    posters: list[str] = []
    unknown: list[str] = []
    known = _Known(sources, asker)
    while cut := known.first(text):
        outlets += cut.outlets
        posters += cut.posters
        unknown += cut.unknown
        text = f"{text[: cut.start].rstrip()} {text[cut.end :].lstrip()}".strip()
    return Filters(
        text=text,
        outlets=tuple(dict.fromkeys(outlets)),
        posters=tuple(dict.fromkeys(posters)),
        unknown=tuple(dict.fromkeys(unknown)),
    )


def asks_poster(text: str, sources: Sources) -> bool:
    """Tell whether a question asks what one of the channel's people posted."""
    known = _Known(sources, "")
    return any(known.people(match["who"]) for match in _patterns()["posted"].finditer(text))


class _Known:
    """The outlets and people of a channel by the names that they go by."""

    def __init__(self, sources: Sources, asker: str) -> None:
        self._asker = asker
        self._posters = sources.posters
        self._by_name: dict[str, list[Outlet]] = {}
        for outlet in sources.outlets:
            for name in _names_of(outlet):
                self._by_name.setdefault(name, []).append(outlet)

    def first(self, text: str) -> _Cut | None:
        """Return a filter that a text holds, marked ones before others; None where none is left."""
        readers = (self._marked, self._posted, self._by, self._in)
        return next((cut for read in readers if (cut := read(text))), None)

    def outlets(self, name: str) -> tuple[Outlet, ...]:
        return tuple(self._by_name.get(_squashed(name), ()))

    def people(self, name: str) -> tuple[str, ...]:
        """Return who goes by a name: the asker, an id, or the first part of an id."""
        if _patterns()["me"].fullmatch(name):
            return (self._asker,) if self._asker else ()
        sought = fold(name.lstrip("@"))
        return tuple(
            who
            for who in self._posters
            if sought and sought in (fold(who.lstrip("@")), fold(who.lstrip("@")).partition(":")[0])
        )

    def _marked(self, text: str) -> _Cut | None:
        """Read "from:reuters.com", "by:me"."""
        match = _patterns()["marked"].search(text)
        if match is None:
            return None
        name = (match["quoted"] or match["plain"]).strip(_TRAILING)
        person = match["key"].lower() in ("by", "poster", "von")
        posters = self.people(name)
        found = self.outlets(name)
        if posters and (person or not found):
            return _Cut(match.start(), match.end(), posters=posters)
        unknown = () if found else (name,)
        return _Cut(match.start(), match.end(), outlets=found, unknown=unknown)

    def _posted(self, text: str) -> _Cut | None:
        """Read "that I posted", "what did Anna post"; of others only whom the channel knows."""
        for match in _patterns()["posted"].finditer(text):
            who = match["who"]
            posters = self.people(who)
            if posters or who.startswith("@"):
                unknown = () if posters else (who,)
                return _Cut(match.start(), match.end(), posters=posters, unknown=unknown)
        return None

    def _by(self, text: str) -> _Cut | None:
        """Read "by @anna", "from @anna:example.org", "by me", "by Anna"."""
        for match in _patterns()["by"].finditer(text):
            who = match["who"].rstrip(_TRAILING)
            posters = self.people(who)
            if posters or who.startswith("@"):
                end = match.start("who") + len(who)
                unknown = () if posters else (who,)
                return _Cut(match.start(), end, posters=posters, unknown=unknown)
        return None

    def _in(self, text: str) -> _Cut | None:
        """Read "in the Daily Mail", "from bbc.co.uk": the longest name that is known."""
        for match in _patterns()["in"].finditer(text):
            tokens = list(_TOKEN.finditer(text, match.end()))[:_LONGEST_NAME]
            for last in range(len(tokens), 0, -1):
                end = tokens[last - 1].end()
                name = text[match.end() : end].rstrip(_TRAILING)
                # "on the BBC" is a topic, "on bbc.co.uk" is not
                fits = not match["at"] or _patterns()["host"].fullmatch(name)
                if fits and (found := self.outlets(name)):
                    return _Cut(match.start(), match.end() + len(name), outlets=found)
            host = tokens[0][0].rstrip(_TRAILING) if tokens else ""
            if match["from"] and _patterns()["host"].fullmatch(host):
                end = match.end() + len(host)
                return _Cut(match.start(), end, unknown=(host,))
        return None


def _names_of(outlet: Outlet) -> Iterable[str]:
    """Return what people may call an outlet, squashed: with and without "The" and ".com"."""
    publisher = fold(outlet.publisher or "")
    names = {_squashed(publisher), _squashed(_ENDING.sub("", publisher))}
    host = outlet.host.removeprefix("www.")
    labels = host.split(".")
    names.update(_squashed(".".join(labels[at:])) for at in range(len(labels) - 1))
    own = labels[:-1]
    if len(own) > 1 and own[-1] in _SECOND_LEVEL:
        own = own[:-1]
    names.update(map(_squashed, own[-1:]))
    return names - {""}


def _squashed(name: str) -> str:
    """Return a name folded, without its article and without anything between its letters."""
    folded = fold(name).strip()
    without = _patterns()["article"].sub("", folded, count=1)
    return _NO_SIGN.sub("", without.removeprefix("www."))
