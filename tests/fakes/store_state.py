"""What the store in memory holds, and how it erases: pure functions over one state."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from bot.model import (
    Answer,
    Article,
    Brief,
    Channel,
    ChannelSettings,
    Chosen,
    Forgotten,
    Found,
    Kept,
    Mention,
    Origin,
    Outlet,
    Passage,
    Question,
    SettingChange,
    Strike,
    Thread,
    Workspace,
    WorkspaceSettings,
)
from tests.fakes import inbox, ledger, places, spent, told
from tests.fakes.inbox import Inbox
from tests.fakes.places import Places
from tests.fakes.spent import Spent
from tests.fakes.told import Digests

Scoped = tuple[Workspace, str, str]  # an article's version in its workspace: key and hash


class Written(NamedTuple):
    of: Mention
    brief: Brief
    at: datetime
    strikes: tuple[Strike, ...] = ()


@dataclass(kw_only=True)
class State:
    mentions: list[Mention] = field(default_factory=list)  # oldest first, briefs apart
    briefs: list[Written] = field(default_factory=list)
    passages: dict[Scoped, tuple[Passage, ...]] = field(default_factory=dict)
    answers: list[tuple[Question, Answer]] = field(default_factory=list)
    settings: dict[Channel, dict[str, Any]] = field(default_factory=dict)  # their own, by name
    workspaces: dict[Workspace, WorkspaceSettings] = field(default_factory=dict)
    workspace_changes: list[tuple[Workspace, SettingChange]] = field(default_factory=list)
    changes: list[tuple[Channel, SettingChange]] = field(default_factory=list)
    numbers: dict[Channel, int] = field(default_factory=dict)
    inbox: Inbox = field(default_factory=Inbox)
    spent: Spent = field(default_factory=Spent)
    places: Places = field(default_factory=Places)
    digests: Digests = field(default_factory=Digests)
    notes: dict[tuple[str, str], str] = field(default_factory=dict)  # by account and name

    def copy(self) -> "State":
        return State(**{name: value.copy() for name, value in vars(self).items()})


def is_in(mention: Mention, channel: Channel) -> bool:
    return mention.thread.channel == channel


def version(mention: Mention) -> Scoped:
    return mention.thread.channel.workspace, mention.article.key, mention.article.version


def outlet(mention: Mention) -> Outlet:
    host = urlsplit(mention.article.url or "").netloc
    return Outlet(publisher=mention.article.publisher, host=host)


def find(among: Iterable[Mention], mention: Mention) -> Mention | None:
    for one in among:
        if is_in(one, mention.thread.channel) and one.number == mention.number:
            return one
    return None


def newest(state: State, bare: Mention) -> int | None:
    """Return where the newest brief of a mention is."""
    written = [(one.at, place) for place, one in enumerate(state.briefs) if one.of is bare]
    return max(written)[1] if written else None


def with_brief(state: State, bare: Mention) -> Mention:
    place = newest(state, bare)
    if place is None:
        return bare
    one = state.briefs[place]
    strikes = tuple(sorted(one.strikes, key=lambda strike: strike.bullet))
    return replace(bare, brief=one.brief, strikes=strikes)


def strike(state: State, mention: Mention, given: Strike) -> None:
    bare = find(state.mentions, mention)
    place = None if bare is None else newest(state, bare)
    if place is None or state.briefs[place].brief != mention.brief:
        return
    there = state.briefs[place].strikes
    if given.bullet not in {one.bullet for one in there}:
        state.briefs[place] = state.briefs[place]._replace(strikes=(*there, given))


def change(state: State, place: int, changed: Mention) -> None:
    """Put another mention in the place of one, with its briefs."""
    before, state.mentions[place] = state.mentions[place], changed
    state.briefs = [one._replace(of=changed) if one.of is before else one for one in state.briefs]


def rename(state: State, old: Thread, new: Thread) -> None:
    for place, one in enumerate(state.mentions):
        if one.thread == old:
            change(state, place, replace(one, thread=new))
    state.answers = [
        (replace(question, thread=new) if question.thread == old else question, answer)
        for question, answer in state.answers
    ]
    ledger.rename(state.inbox, old, new)
    places.rename(state.places, old, new)
    told.rename(state.digests, old, new)


def kept(state: State, channel: Channel) -> Kept:
    here = [one for one in state.mentions if is_in(one, channel)]
    asked = [one for one, _ in state.answers if one.thread.channel == channel]
    since = [one.at for one in here] + [one.asked_at for one in asked]
    return Kept(
        mentions=len(here),
        articles=len({one.article.key for one in here}),
        questions=len(asked),
        since=min(since, default=None),
    )


def blank(article: Article) -> Article:
    return replace(article, standfirst=None, lead_bullets=(), paragraphs=(), captions=(), pages=())


def has_text(mention: Mention) -> bool:
    return mention.article != blank(mention.article)


def quoted(answer: Answer) -> set[str]:
    return {one.version for one in answer.quotes}


def held(state: State, channel: Channel) -> set[str]:
    return {one.article.version for one in state.mentions if is_in(one, channel)}


def score(found: Found, terms: Sequence[str]) -> float:
    words = found.passage.terms.split()
    return sum(words.count(term) for term in set(terms)) / (len(words) + 1)


def covered(hits: Iterable[Found], terms: Sequence[str]) -> dict[Scoped, int]:
    """Return how many of the terms each article holds."""
    held: dict[Scoped, set[str]] = {}
    for hit in hits:
        held.setdefault(version(hit.mention), set()).update(hit.passage.terms.split())
    return {key: len(words.intersection(terms)) for key, words in held.items()}


def settings_of(state: State, channel: Channel) -> ChannelSettings:
    of_all = state.workspaces.get(channel.workspace, WorkspaceSettings())
    return of_all.with_own(state.settings.get(channel, {}))


def chosen(state: State, channel: Channel) -> Chosen:
    own = dict(state.settings.get(channel, {}))
    return Chosen(channel=channel, settings=settings_of(state, channel), own=own)


def in_use(state: State, channel: Channel) -> bool:
    return (
        bool(state.places.inviters.get(channel))
        or channel in state.settings
        or any(is_in(one, channel) for one in state.mentions)
        or any(one.event.thread.channel == channel for one in state.inbox.events.values())
    )


def erase_unused(state: State) -> None:
    for workspace in {one.workspace for one in state.places.known}:
        here = [one for one in state.places.known if one.workspace == workspace]
        if not any(in_use(state, one) for one in here):
            state.workspaces.pop(workspace, None)
            state.workspace_changes = [
                entry for entry in state.workspace_changes if entry[0] != workspace
            ]


def set_own(
    state: State,
    channel: Channel,
    settings: ChannelSettings,
    names: Collection[str] | None,
    usual: Collection[str],
) -> None:
    before = settings_of(state, channel)
    if names is None:
        every = [one.name for one in fields(ChannelSettings)]
        names = [name for name in every if getattr(before, name) != getattr(settings, name)]
    kept = {key: one for key, one in state.settings.get(channel, {}).items() if key not in usual}
    state.settings[channel] = {**kept, **{name: getattr(settings, name) for name in names}}


def text_days(state: State, mention: Mention) -> int:
    kept = settings_of(state, mention.thread.channel)
    return kept.article_days if mention.origin is Origin.LINK else kept.private_days


def erase(state: State, chosen: Callable[[Mention], bool]) -> Forgotten:
    lost = [one for one in state.mentions if chosen(one)]
    versions = {version(one) for one in state.mentions}
    state.mentions = [one for one in state.mentions if not chosen(one)]
    inbox.withdraw(state.inbox, (one.thread for one in lost))
    inbox.withdraw_dead(state.inbox, ((one.thread.channel, one.message) for one in lost))
    for one in lost:
        places.drop(state.places, one.thread.channel, message=one.message)
    threads = {one.thread for one in lost} - {one.thread for one in state.mentions}
    briefs = [one for one in state.briefs if chosen(one.of)]
    state.briefs = [one for one in state.briefs if not chosen(one.of)]
    answers = [
        (question, answer)
        for question, answer in state.answers
        if not quoted(answer) <= held(state, question.thread.channel)
        or (question.thread in threads and not answer.quotes)
    ]
    state.answers = [pair for pair in state.answers if pair not in answers]
    gone = versions - {version(one) for one in state.mentions}
    _drop_texts(state)
    return Forgotten(
        mentions=len(lost), articles=len(gone), briefs=len(briefs), answers=len(answers)
    )


def forget(state: State, channel: Channel, numbers: set[int]) -> Forgotten:
    if numbers:
        _drop_unsent_digests(state, channel)
    return erase(state, lambda one: is_in(one, channel) and one.number in numbers)


def erase_asked(state: State, channel: Channel, *, asker: str, thread: str) -> Forgotten:
    if not asker and not thread:
        raise ValueError
    gone = [
        pair
        for pair in state.answers
        if pair[0].thread.channel == channel
        and (not asker or pair[0].asker == asker)
        and (not thread or pair[0].thread.id == thread)
    ]
    state.answers = [pair for pair in state.answers if pair not in gone]
    threads = {question.thread for question, _ in gone}
    if thread and not asker:
        threads.add(Thread(channel=channel, id=thread))
    waiting = inbox.withdraw(state.inbox, threads)
    waiting += inbox.withdraw_dead_of(state.inbox, channel, who=asker, thread=thread)
    waiting += places.drop_of(state.places, channel, author=asker, thread=thread)
    told.drop_of(state.digests, channel, poster=asker, thread=thread)
    return Forgotten(mentions=0, articles=0, briefs=0, answers=len(gone), waiting=waiting)


def erase_channel(state: State, channel: Channel, *, but: int | None) -> Forgotten:
    digests = _drop_unsent_digests(state, channel)
    waiting = inbox.withdraw_all(state.inbox, channel, but=but)
    waiting += places.drop_of(state.places, channel)
    told.drop_of(state.digests, channel)
    state.places.decisions.pop(channel, None)
    answers = [pair for pair in state.answers if pair[0].thread.channel == channel]
    state.answers = [pair for pair in state.answers if pair not in answers]
    gone = erase(state, lambda one: is_in(one, channel))
    return replace(gone, answers=len(answers), waiting=waiting, digests=digests)


def _drop_unsent_digests(state: State, channel: Channel) -> int:
    """Take back digests that are not posted; what nobody tried to post is to be told anew."""
    lines = [
        number
        for number, (where, _) in state.digests.lines.items()
        if where == channel and state.inbox.lines[number].delivery.post is not None
    ]
    for number in lines:
        if inbox.take_line_back(state.inbox, number):
            told.untell(state.digests, number)
    return len(lines)


def _drop_texts(state: State) -> int:
    unheld = state.passages.keys() - {version(one) for one in state.mentions if has_text(one)}
    for one in unheld:
        del state.passages[one]
    return len(unheld)


def expire(state: State, now: datetime) -> Forgotten:
    inbox.expire(state.inbox, now)
    spent.expire(state.spent, now)
    places.expire(state.places, now)
    told.expire(state.digests, now)
    left = _erase_channels(state, now)

    def past(days: int, at: datetime) -> bool:
        return at + timedelta(days=days) <= now

    def outlived(one: Mention) -> bool:
        brief_days = settings_of(state, one.thread.channel).brief_days
        return past(max(text_days(state, one), brief_days), one.at)

    gone = erase(state, outlived)
    for place, one in enumerate(state.mentions):
        if has_text(one) and past(text_days(state, one), one.at):
            change(state, place, replace(one, article=blank(one.article)))
    briefs = [
        entry
        for entry in state.briefs
        if past(settings_of(state, entry.of.thread.channel).brief_days, entry.at)
    ]
    answers = [
        pair
        for pair in state.answers
        if past(settings_of(state, pair[0].thread.channel).question_days, pair[0].asked_at)
    ]
    state.briefs = [entry for entry in state.briefs if entry not in briefs]
    state.answers = [pair for pair in state.answers if pair not in answers]
    return left.plus(
        Forgotten(
            mentions=gone.mentions,
            articles=gone.articles + _drop_texts(state),
            briefs=gone.briefs + len(briefs),
            answers=gone.answers + len(answers),
        )
    )


def _erase_channels(state: State, now: datetime) -> Forgotten:
    due = {channel for channel, at in state.places.erase_at.items() if at <= now}
    gone = erase(state, lambda one: one.thread.channel in due)
    answers = [pair for pair in state.answers if pair[0].thread.channel in due]
    state.answers = [pair for pair in state.answers if pair not in answers]
    state.settings = {key: one for key, one in state.settings.items() if key not in due}
    state.changes = [entry for entry in state.changes if entry[0] not in due]
    inbox.erase(state.inbox, due)
    spent.erase(state.spent, due)
    places.erase(state.places, due)
    told.erase(state.digests, due)
    if due:
        erase_unused(state)
    return replace(gone, answers=gone.answers + len(answers))
