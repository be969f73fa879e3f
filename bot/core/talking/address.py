"""Whether an Incoming is for us, and what is kept of it until it is answered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.core.reading.urls import Address, host_of, parse
from bot.core.talking.commands import Typed
from bot.core.talking.listen import Asked, Links, Nothing, Pasted, understand
from bot.errors import UsageError
from bot.model import (
    Commanded,
    Control,
    Decision,
    Deleted,
    Due,
    Edited,
    Joined,
    Mode,
    Posted,
    Pressed,
    Queue,
    Reacted,
    Thread,
    Unreadable,
)

if TYPE_CHECKING:
    from bot.core.talking.listen import Said
    from bot.model import ChannelSettings, Incoming, Message, Standing

_NEWSPAPER = frozenset({"newspaper", "📰", "rolled_up_newspaper", "🗞️", "🗞"})
_PLAIN = frozenset({"brief", "ask"})
_QUICK = frozenset({Control.DELETE, Control.STRIKE, Control.RETRY, Control.PROOF, Control.WHY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """What is to be answered: the Incoming with no more of its text than that takes.

    `decision` is what was decided about its links, None where it has none; `unasked` that it is
    briefed though nobody asked.
    """

    incoming: Incoming
    thread: Thread
    message: str
    queue: Queue
    decision: Decision | None = None
    unasked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """A message with links that nobody has asked about: why not, and what is remembered of it."""

    decision: Decision
    remembered: Message


def thread_of(incoming: Incoming) -> Thread | None:
    """Return the thread that an Incoming would be answered in; None where there is none.

    What begins a thread of its own has one that is called after the event, until it is posted.
    """
    match incoming:
        case Posted(message=message) | Edited(message=message) | Reacted(message=message):
            return message.thread
        case Commanded(thread=thread) | Pressed(thread=thread) | Deleted(thread=thread):
            return thread
        case Unreadable(thread=thread):
            return thread
        case Joined(channel=channel, key=key) | Due(channel=channel, key=key):
            return Thread(channel=channel, id=key)
        case _:
            return None


def queue_of(incoming: Incoming | None) -> Queue:
    """Return the queue that an accepted Incoming waits in."""
    match incoming:
        case Posted(message=message):
            return _queue(understood(message.text))
        case Commanded(text=text):
            return _queue(understood(text))
        case Pressed(action=action) if action in _QUICK:
            return Queue.QUESTIONS
        case Deleted() | Joined() | Unreadable():
            return Queue.QUESTIONS
        case _:
            return Queue.BRIEFS


def needs_platform(incoming: Incoming | None) -> bool:
    """Tell whether working out an answer takes more of its platform than a place to post it.

    A brief of links or of a pasted text does not, nor does a question. (The post itself always
    takes the platform: it is a job of its own.)
    """
    match incoming:
        case Posted(message=message) | Reacted(message=message) if not message.uploads:
            said = understood(message.text)
        case Commanded(text=text):
            said = understood(text)
        case Due() | None:  # what nobody can read is nothing to do about
            return False
        case _:
            return True
    if isinstance(said, Typed):
        return said.command.name not in _PLAIN
    return not isinstance(said, Links | Pasted | Asked)


def is_stop(incoming: Incoming) -> bool:
    """Tell whether somebody wants what is being answered in this thread stopped."""
    match incoming:
        case Posted(message=message):
            said = understood(message.text)
        case Commanded(text=text):
            said = understood(text)
        case _:
            return False
    return isinstance(said, Typed) and said.command.name == "stop"


def asks_us(said: Asked, *, calls: bool) -> bool:
    """Tell whether what is said in a thread of ours is a question, and to nobody else."""
    return not calls and said.text.rstrip().endswith("?")


def is_unasked(incoming: Incoming | None) -> bool:
    """Tell whether an accepted Incoming is briefed or answered though nobody named us."""
    match incoming:
        case Posted() | Edited():
            return not (incoming.mentions_us or incoming.direct)
        case _:
            return False


def concern(  # noqa: PLR0911 - one for each kind
    incoming: Incoming, standing: Standing
) -> Concern | Passed | None:
    """Return what of an Incoming concerns us, or why its links do not; None for the rest.

    Of the rest nothing is kept. A channel that is off is answered only where we are commanded,
    or spoken to in private.
    """
    match incoming:
        case Posted():
            return _posted(incoming, standing)
        case Reacted():
            return _reacted(incoming, standing.settings)
        case Commanded(key=key):
            return _plain(incoming, key)
        case Pressed() | Joined() | Due():
            return _plain(incoming)
        case Unreadable():
            # Not about its message: that may yet become readable, and is answered then.
            return _plain(incoming) if _may_be_ours(incoming, standing) else None
        case Deleted(message_id=message):
            return _plain(incoming, message)
        case Edited(message=message):
            said = understood(message.text)
            text = _kept(said, message.text, standing.settings)
            return _plain(replace(incoming, message=replace(message, text=text)), message.id)
        case _:
            return None


def _plain(incoming: Incoming, message: str = "") -> Concern | None:
    thread = thread_of(incoming)
    if thread is None:
        return None
    return Concern(incoming=incoming, thread=thread, message=message, queue=queue_of(incoming))


def _may_be_ours(incoming: Unreadable, standing: Standing) -> bool:
    mode = standing.settings.mode
    return incoming.direct or mode is Mode.AUTOMATIC or (standing.ours and mode is not Mode.OFF)


def _posted(incoming: Posted, standing: Standing) -> Concern | Passed | None:
    message, settings = incoming.message, standing.settings
    said = understood(message.text)
    if isinstance(said, Nothing) and not message.uploads and not incoming.mentions_us:
        return None
    articles = isinstance(said, Links) or bool(message.uploads)
    kept = replace(message, text=_kept(said, message.text, settings))
    decision = _decided(incoming, said, standing)
    if decision is not None and decision not in (Decision.ASKED, Decision.UNASKED):
        return Passed(decision=decision, remembered=kept) if articles else None
    if decision is None:
        return None
    return Concern(
        incoming=replace(incoming, message=kept),
        thread=message.thread,
        message=message.id,
        queue=Queue.BRIEFS if message.uploads else _queue(said),
        decision=decision if articles else None,
        unasked=articles and decision is Decision.UNASKED,
    )


def _decided(incoming: Posted, said: Said | UsageError, standing: Standing) -> Decision | None:
    """Return what is decided about a message; None where it is talk of others."""
    settings, message = standing.settings, incoming.message
    if incoming.direct:
        return Decision.ASKED
    barred = _barred(incoming, settings)
    if barred is not None:
        return barred
    if incoming.mentions_us and not incoming.bot:
        return Decision.ASKED
    if isinstance(said, Links) or (message.uploads and not isinstance(said, Asked | Typed)):
        return _automatic(said, standing)
    if isinstance(said, Asked) and standing.ours and not incoming.bot:
        return Decision.UNASKED if asks_us(said, calls=incoming.calls) else None
    return None


def _barred(incoming: Posted, settings: ChannelSettings) -> Decision | None:
    """Return why nothing that is said so is heard here; None where it may be."""
    if incoming.outside and not settings.outsiders:
        return Decision.OUTSIDERS
    if settings.mode is Mode.OFF:
        return Decision.CHANNEL_OFF
    if incoming.bot and not (settings.bots and settings.mode is Mode.AUTOMATIC):
        return Decision.BY_A_BOT
    return None


def _automatic(said: Said | UsageError, standing: Standing) -> Decision:
    """Return what is decided about links and files that nobody asked about."""
    settings = standing.settings
    if settings.mode is Mode.REACTION:
        return Decision.WAITS_FOR_REACTION
    if settings.mode is Mode.MENTION:
        return Decision.WAITS_FOR_MENTION
    if isinstance(said, Links) and not not_ignored(said.urls, settings):
        return Decision.IGNORED_SITE
    if standing.unasked >= settings.briefs_per_hour:
        return Decision.TOO_MANY
    return Decision.UNASKED


def not_ignored(urls: tuple[str, ...], settings: ChannelSettings) -> tuple[str, ...]:
    """Return those of the addresses that are on no site which the channel ignores."""
    ignored = settings.ignore.split()
    return tuple(url for url in urls if not _is_under(url, ignored))


def _is_under(url: str, domains: list[str]) -> bool:
    address = parse(url) if domains else None
    if not isinstance(address, Address):
        return False
    return any(f".{address.host}".endswith(f".{host_of(domain)}") for domain in domains)


def _reacted(incoming: Reacted, settings: ChannelSettings) -> Concern | None:
    """A message whose text is not known yet is for us as far as can be told."""
    message = incoming.message
    said = understood(message.text)
    heard = settings.mode in (Mode.REACTION, Mode.AUTOMATIC)
    wanted = incoming.asked or (heard and incoming.reaction in _NEWSPAPER)
    if not wanted or (incoming.outside and not settings.outsiders):
        return None
    if not incoming.asked and not has_text(message):
        return None
    kept = replace(message, text=_kept(said, message.text, settings))
    return Concern(
        incoming=replace(incoming, message=kept),
        thread=message.thread,
        message=message.id,
        queue=Queue.BRIEFS,
        decision=Decision.ASKED if has_text(message) else None,
    )


def is_newspaper(reaction: str) -> bool:
    """Tell whether a reaction is one that asks for a brief."""
    return reaction in _NEWSPAPER


def has_text(message: Message) -> bool:
    """Tell whether there is anything to brief in a message, or its text is not known yet."""
    said = understood(message.text)
    return bool(message.uploads) or not message.text or isinstance(said, Links | Pasted)


def understood(text: str) -> Said | UsageError:
    """Return what a text says, or what is wrong with it."""
    try:
        return understand(text)
    except UsageError as error:
        return error


def _kept(said: Said | UsageError, text: str, settings: ChannelSettings) -> str:
    """Of chatter around links only the links stay, and what was asked beside them.

    On one line: many lines would be taken for a pasted text.
    """
    if isinstance(said, Links):
        urls = not_ignored(said.urls, settings) or said.urls
        return " ".join((*urls[: settings.links_per_message], said.question)).strip()
    return text


def _queue(said: Said | UsageError) -> Queue:
    match said:
        case Links() | Pasted():
            return Queue.BRIEFS
        case Typed(command=command) if command.name == "brief":
            return Queue.BRIEFS
        case _:
            return Queue.QUESTIONS
