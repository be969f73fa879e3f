"""What the store in memory holds, and how it erases: pure functions over one state."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.model import (
    Answer,
    Article,
    Brief,
    Channel,
    ChannelSettings,
    Forgotten,
    Found,
    Mention,
    Origin,
    Passage,
    Question,
    SettingChange,
    Workspace,
)
from tests.fakes import inbox, spent
from tests.fakes.inbox import Inbox
from tests.fakes.spent import Spent

Scoped = tuple[Workspace, str, str]  # an article's version in its workspace: key and hash


@dataclass(kw_only=True)
class State:
    mentions: list[Mention] = field(default_factory=list)  # oldest first, briefs apart
    briefs: list[tuple[Mention, Brief, datetime]] = field(default_factory=list)
    passages: dict[Scoped, tuple[Passage, ...]] = field(default_factory=dict)
    answers: list[tuple[Question, Answer]] = field(default_factory=list)
    settings: dict[Channel, ChannelSettings] = field(default_factory=dict)
    changes: list[tuple[Channel, SettingChange]] = field(default_factory=list)
    numbers: dict[Channel, int] = field(default_factory=dict)
    inbox: Inbox = field(default_factory=Inbox)
    spent: Spent = field(default_factory=Spent)

    def copy(self) -> "State":
        return State(**{name: value.copy() for name, value in vars(self).items()})


def is_in(mention: Mention, channel: Channel) -> bool:
    return mention.thread.channel == channel


def version(mention: Mention) -> Scoped:
    return mention.thread.channel.workspace, mention.article.key, mention.article.version


def find(among: Iterable[Mention], mention: Mention) -> Mention | None:
    for one in among:
        if is_in(one, mention.thread.channel) and one.number == mention.number:
            return one
    return None


def with_brief(state: State, bare: Mention) -> Mention:
    written = [(at, place) for place, (of, _, at) in enumerate(state.briefs) if of is bare]
    return replace(bare, brief=state.briefs[max(written)[1]][1]) if written else bare


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


def settings_of(state: State, channel: Channel) -> ChannelSettings:
    return state.settings.get(channel, ChannelSettings())


def text_days(state: State, mention: Mention) -> int:
    kept = settings_of(state, mention.thread.channel)
    return kept.article_days if mention.origin is Origin.LINK else kept.private_days


def erase(state: State, chosen: Callable[[Mention], bool]) -> Forgotten:
    lost = [one for one in state.mentions if chosen(one)]
    versions = {version(one) for one in state.mentions}
    state.mentions = [one for one in state.mentions if not chosen(one)]
    inbox.withdraw(state.inbox, (one.thread for one in lost))
    inbox.withdraw_dead(state.inbox, ((one.thread.channel, one.message) for one in lost))
    threads = {one.thread for one in lost} - {one.thread for one in state.mentions}
    briefs = [one for one in state.briefs if chosen(one[0])]
    state.briefs = [one for one in state.briefs if not chosen(one[0])]
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


def _drop_texts(state: State) -> int:
    unheld = state.passages.keys() - {version(one) for one in state.mentions if has_text(one)}
    for one in unheld:
        del state.passages[one]
    return len(unheld)


def expire(state: State, now: datetime) -> Forgotten:
    inbox.expire(state.inbox, now)
    spent.expire(state.spent, now)

    def past(days: int, at: datetime) -> bool:
        return at + timedelta(days=days) <= now

    def outlived(one: Mention) -> bool:
        brief_days = settings_of(state, one.thread.channel).brief_days
        return past(max(text_days(state, one), brief_days), one.at)

    gone = erase(state, outlived)
    for place, one in enumerate(state.mentions):
        if has_text(one) and past(text_days(state, one), one.at):
            blanked = replace(one, article=blank(one.article))
            state.mentions[place] = blanked
            state.briefs = [
                (blanked if of is one else of, brief, at) for of, brief, at in state.briefs
            ]
    briefs = [
        entry
        for entry in state.briefs
        if past(settings_of(state, entry[0].thread.channel).brief_days, entry[2])
    ]
    answers = [
        pair
        for pair in state.answers
        if past(settings_of(state, pair[0].thread.channel).question_days, pair[0].asked_at)
    ]
    state.briefs = [entry for entry in state.briefs if entry not in briefs]
    state.answers = [pair for pair in state.answers if pair not in answers]
    return Forgotten(
        mentions=gone.mentions,
        articles=gone.articles + _drop_texts(state),
        briefs=gone.briefs + len(briefs),
        answers=gone.answers + len(answers),
    )
