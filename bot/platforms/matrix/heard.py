"""What was said in Matrix, in plain words, and to whom it was said.

`body` is what counts: it is what the person typed, or its source in Markdown. The HTML beside it
is looked at for what `body` may lack: addresses behind words, and the pills that name people. In
both, what is only repeated of the message that is answered is passed over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core.reading.urls import canonical, links
from bot.platforms.matrix import pills
from bot.platforms.matrix.pills import hrefs, is_permalink, person_of, sound

if TYPE_CHECKING:
    from collections.abc import Mapping

    Json = Mapping[str, object]

_FALLBACK = re.compile(r"> (?:\* )?<@[^\s>]*>")
_LINKED = re.compile(
    r"!?\[([^\[\]\n]{0,500})\]"
    r"\(<?((?:https?://|matrix:)[^\s()<>]*(?:\([^\s()<>]*\)[^\s()<>]*)*)>?"
    r"(?:[ \t]+\"[^\"\n]{0,500}\")?\)",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r"<(https?://[^\s<>]+)>", re.IGNORECASE)
_BARE = re.compile(r"https?://(?:www\.)?matrix\.to/#/[^\s,;<>()]*[\w]", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://|www\.", re.IGNORECASE)
_ID = re.compile(r"@[\w.=/+-]+:[\w.-]*\w(?::\d{1,5})?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Us:
    """Who we are: our id, and what we are called in the room."""

    id: str
    name: str = ""

    @property
    def localpart(self) -> str:
        """Our id without its server."""
        return self.id.removeprefix("@").partition(":")[0]


def plain(body: str, formatted_body: str = "", *, reply: bool = False) -> str:
    """Return the text that a person meant.

    Addresses that stand only behind words come after it, each once and on a line of its own.
    """
    text = sound(_without_fallback(body) if reply else body)
    text = _BRACKETED.sub(r"\1", _LINKED.sub(_address, text))
    text = _BARE.sub(lambda match: person_of(match[0]) or match[0], text).strip()
    anchors = pills.links(formatted_body)
    for href, name in anchors:
        text = _with_id(text, name.strip(), person_of(href))
    known = {canonical(link) for link in links(text)}
    said = [text] if text else []
    for href, _ in anchors:
        if _ADDRESS.match(href) and not is_permalink(href) and canonical(href) not in known:
            known.add(canonical(href))
            said.append(href)
    return "\n".join(said)


def _with_id(text: str, name: str, who: str) -> str:
    """Return a text in which whom a pill stands for goes by his id, not by what he is called."""
    if not who or not name or who in text:
        return text
    return re.sub(rf"(?<!\w)@?{re.escape(name)}(?!\w)", lambda _: who, text, count=1)


def _without_fallback(body: str) -> str:
    """Leave out the lines that repeat the message that is answered, and the empty one after."""
    if not _FALLBACK.match(body):
        return body
    lines = body.split("\n")
    at = next((at for at, line in enumerate(lines) if not line.startswith(">")), len(lines))
    return "\n".join(lines[at:]).lstrip("\n")


def _address(match: re.Match[str]) -> str:
    """Return a link's words and its address; whoever is named becomes his id."""
    words, url = match[1].strip(), match[2]
    if is_permalink(url):
        return person_of(url) or words
    return url if not words or _ADDRESS.match(words) else f"{words} {url}"


def named(content: Json, us: Us) -> bool:
    """Tell whether a message names us.

    Where its sender's client says whom it names, that counts, and besides only that it begins with
    our name and a colon or comma: clients count names that are typed for nobody's.
    """
    stated = _stated(content)
    if us.id in (_called(content) if stated is None else stated):
        return True
    body = _body(content)
    return any(_spoken_to(name).match(body) for name in (us.name, us.localpart) if name)


def others(content: Json, us: Us) -> bool:
    """Tell whether a message names somebody else, or the whole room.

    Clients that state whom a message names count the author of the one that it answers.
    """
    mentions = content.get("m.mentions")
    if isinstance(mentions, dict) and mentions.get("room") is True:
        return True
    stated = _stated(content)
    return bool((_called(content) if stated is None else stated) - {us.id})


def without_name(text: str, us: Us) -> str:
    """Return a text without our name at its start or end: what is left is what is asked.

    A bare name, as pills leave it in `body`, is spelled as ours is.
    """
    text = text.strip()
    name, place = re.escape(us.name or us.localpart), re.escape(us.localpart)
    called = rf"(?:{re.escape(us.id)}|(?i:@{name}|@{place})|{name})"
    started = re.match(rf"{called}(?:\s?[:,]+)?(?=\s|$)|(?i:{name}|{place})\s?[:,]+", text)
    if started:
        text = text[started.end() :].lstrip()
    ended = re.search(rf"(?:^|(?<=\s)){called}$", text)
    return text[: ended.start()].rstrip(" ,\n") if ended else text


def _spoken_to(name: str) -> re.Pattern[str]:
    return re.compile(rf"\s*@?{re.escape(name)}\s?[:,]", re.IGNORECASE)


def _stated(content: Json) -> set[str] | None:
    """Return the ids that a message says it names; None where its client says nothing of it."""
    if "m.mentions" not in content:
        return None
    mentions = content["m.mentions"]
    found = mentions.get("user_ids") if isinstance(mentions, dict) else None
    return {one for one in found if isinstance(one, str)} if isinstance(found, list) else set()


def _called(content: Json) -> set[str]:
    """Return the ids that stand in a text, and behind its pills."""
    html = content.get("formatted_body")
    pills = {person_of(href) for href in hrefs(html if isinstance(html, str) else "")}
    return (pills - {""}) | set(_ID.findall(_body(content)))


def _body(content: Json) -> str:
    body = content.get("body")
    return _without_fallback(body) if isinstance(body, str) else ""
