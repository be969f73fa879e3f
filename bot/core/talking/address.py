"""Whether an Incoming is for us, and what is kept of it until it is answered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.core.talking.commands import Typed
from bot.core.talking.listen import Asked, Links, Nothing, Pasted, understand
from bot.errors import UsageError
from bot.model import Commanded, Mode, Posted, Queue, Reacted

if TYPE_CHECKING:
    from bot.core.talking.listen import Said
    from bot.model import Incoming, Standing, Thread

_NEWSPAPER = frozenset({"newspaper", "📰", "rolled_up_newspaper", "🗞️", "🗞"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """What is to be answered: the Incoming with no more of its text than that takes."""

    incoming: Incoming
    thread: Thread
    message: str
    queue: Queue


def thread_of(incoming: Incoming) -> Thread | None:
    """Return the thread that an Incoming would be answered in; None where there is none."""
    match incoming:
        case Posted(message=message) | Reacted(message=message):
            return message.thread
        case Commanded(thread=thread):
            return thread
        case _:
            return None


def queue_of(incoming: Incoming | None) -> Queue:
    """Return the queue that an accepted Incoming waits in."""
    match incoming:
        case Posted(message=message):
            return _queue(_understood(message.text))
        case Commanded(text=text):
            return _queue(_understood(text))
        case _:
            return Queue.BRIEFS


def is_stop(incoming: Incoming) -> bool:
    """Tell whether somebody wants what is being answered in this thread stopped."""
    match incoming:
        case Posted(message=message):
            said = _understood(message.text)
        case Commanded(text=text):
            said = _understood(text)
        case _:
            return False
    return isinstance(said, Typed) and said.command.name == "stop"


def concern(incoming: Incoming, standing: Standing) -> Concern | None:
    """Return what of an Incoming concerns us, or None: then nothing of it is kept.

    A channel that is off is answered only where we are commanded, or spoken to in private.
    """
    match incoming:
        case Posted():
            return _posted(incoming, standing)
        case Reacted():
            return _reacted(incoming, standing)
        case Commanded(thread=thread):
            return Concern(incoming=incoming, thread=thread, message="", queue=queue_of(incoming))
        case _:
            return None


def _posted(incoming: Posted, standing: Standing) -> Concern | None:
    message, mode = incoming.message, standing.settings.mode
    said = _understood(message.text)
    spoken_to = incoming.direct or (incoming.mentions_us and mode is not Mode.OFF)
    if isinstance(said, Nothing) and not message.uploads:
        return None
    if not spoken_to and not _unasked(said, mode, ours=standing.ours):
        return None
    kept = replace(message, text=_kept(said, message.text, standing.settings.links_per_message))
    return Concern(
        incoming=replace(incoming, message=kept),
        thread=message.thread,
        message=message.id,
        queue=_queue(said),
    )


def _unasked(said: Said | UsageError, mode: Mode, *, ours: bool) -> bool:
    """Whether we speak though nobody named us: to links in automatic mode, in our own threads."""
    match said:
        case Links():
            return mode is Mode.AUTOMATIC
        case Asked(text=text):
            return ours and mode is not Mode.OFF and text.rstrip().endswith("?")
        case _:
            return False


def _reacted(incoming: Reacted, standing: Standing) -> Concern | None:
    message, settings = incoming.message, standing.settings
    said = _understood(message.text)
    heard = settings.mode in (Mode.REACTION, Mode.AUTOMATIC)
    if not heard or incoming.reaction not in _NEWSPAPER or not isinstance(said, Links):
        return None
    kept = replace(message, text=_kept(said, message.text, settings.links_per_message))
    return Concern(
        incoming=replace(incoming, message=kept),
        thread=message.thread,
        message=message.id,
        queue=Queue.BRIEFS,
    )


def _understood(text: str) -> Said | UsageError:
    try:
        return understand(text)
    except UsageError as error:
        return error


def _kept(said: Said | UsageError, text: str, most: int) -> str:
    """Of chatter around links only the links stay, and what was asked beside them.

    On one line: many lines would be taken for a pasted text.
    """
    if isinstance(said, Links):
        return " ".join((*said.urls[:most], said.question)).strip()
    return text


def _queue(said: Said | UsageError) -> Queue:
    match said:
        case Links() | Pasted():
            return Queue.BRIEFS
        case Typed(command=command) if command.name == "brief":
            return Queue.BRIEFS
        case _:
            return Queue.QUESTIONS
