"""What we say in channels beside briefs and answers: welcome, why, wrong, who may do what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.talking.wording.places import CHECKED, plural
from bot.model import Decision, DeliveryState, Ending, Method, Origin, Verdict

if TYPE_CHECKING:
    from bot.core.talking.wording.places import Hints
    from bot.model import (
        Brief,
        ChannelSettings,
        Decided,
        Kept,
        Letter,
        Mention,
        SettingChange,
        Strike,
    )

NO_DECISION = "Nobody has posted a link here since I came, or none that I remember."
NO_LONGER_KEPT = "That brief is no longer kept, so there is nothing to show. Brief the link again."
NOT_YOURS_TO_DELETE = (
    "Only whoever posted the link, or somebody who looks after this channel, can delete its brief."
)
NOTHING_TO_BRIEF = (
    "There is no link, file or article's text in that message, so there is nothing to brief."
)
NO_MODEL = "No model is set up: the embedded writer writes, and nothing is spent."
STATUS = "is reading …"
RECEIPT = "I am at it; the answer comes here in a moment."
UNREADABLE = (
    "I can't read that message: its key has not reached me. Send it again; if it goes on, type "
    "/discardsession in Element first, which makes a new key, or write to me in a new chat."
)
# Where there are slash commands to be typed where we are not, and a home page: in Slack.
UNINVITED = (
    "I am not in this conversation, so I can't post here. Invite me (/invite @Briefbot), or write "
    "to me alone."
)
GONE_ALREADY = "That is gone already."
ALREADY_BRIEFED = "Already briefed here: "
HOME_TITLE = "Briefbot"
HOME_EMPTY = (
    "Invite me into a channel (/invite @Briefbot), post a link there and put 📰 on it. I read the "
    "article and post its brief in the thread."
)
HOME_ABOUT = (
    "I brief articles, each bullet with its proof, and answer questions from their text. Post a "
    "link in one of these channels, or write to me here."
)
PROOF_TITLE = "Proof"
WHY_TITLE = "Why this brief"
WRONG_TITLE = "What is wrong?"
WRONG_BULLET = "Which bullet?"
WRONG_WHY = "What is wrong with it?"
WRONG_HINT = "The bullet is struck in the thread, with your name and what you say."
SAY_WHAT = "Say in a few words what is wrong with it."
SEND_WRONG = "Strike it"
SEND_SETTINGS = "Save"
ALL_STRUCK = "Every bullet of this brief is struck already."
KEEPERS_ONLY = "Only those who look after this channel can make me louder here."

_MODES = {
    "off": "I say nothing here, unless somebody writes to me alone.",
    "mention": "I brief a link when somebody mentions me with it.",
    "reaction": "I brief a link when somebody puts 📰 on it, or mentions me.",
    "automatic": "I brief every link that is posted, up to {briefs_per_hour} messages an hour.",
}


def mode(settings: ChannelSettings) -> str:
    """Say when we speak in a channel."""
    return _MODES[settings.mode].format(briefs_per_hour=settings.briefs_per_hour)


_ALONE = "Send me a link, a file or an article's text here, and I brief it."
_HELLO = (
    "invited me. I read the articles that are linked here and post their briefs in the thread, "
    "each bullet with its proof."
)
_ASKING = "Ask about an article by replying in its thread."
_ENCRYPTED = (
    "This room is encrypted, but what is linked, pasted or asked here is stored as decrypted text "
    "by whoever hosts me."
)


def welcome(
    settings: ChannelSettings,
    hints: Hints,
    *,
    leaves: str,
    encrypted: bool = False,
    direct: bool = False,
) -> tuple[str, ...]:
    """Introduce ourselves, or `direct`ly to one person; `leaves` names the host of a model."""
    private = plural(settings.private_days, "day")
    days = private if encrypted else plural(settings.article_days, "day")
    pasted = "" if encrypted else f", pasted ones {private}"
    kept = f"Texts are kept {days}{pasted}, briefs {plural(settings.brief_days, 'day')}."
    gone = _gone(settings, hints, leaves=leaves, encrypted=encrypted)
    look = f"and {hints.moderators} look" if hints.moderators else "looks"
    keepers = (
        f"Whoever invited me {look} after my settings here: {hints.command('settings')}. "
        f"{hints.command('help')} lists the rest."
    )
    stored = (_ENCRYPTED,) if encrypted else ()
    when = _ALONE if direct else mode(settings)
    return _HELLO, when, _ASKING, *stored, f"{kept} {gone}", keepers


def _gone(settings: ChannelSettings, hints: Hints, *, leaves: str, encrypted: bool) -> str:
    """Say which text goes to a model."""
    if not leaves:
        return "No text leaves this installation."
    if settings.model_private:
        return f"Texts go to the model at {leaves}, pasted and uploaded ones too."
    if encrypted:
        allow = hints.command("settings model_private yes")
        return f"None of them goes to the model at {leaves}, unless you allow it: {allow}."
    return f"Articles' text goes to the model at {leaves}; pasted and uploaded text does not."


def old_control(hints: Hints) -> str:
    """Say that a button is of another version."""
    return (
        "That button is of another version of mine and does nothing any more. Type "
        f"{hints.command('help')} for what there is, or brief the link again for new buttons."
    )


_DECISIONS = {
    Decision.ASKED: "somebody asked for it",
    Decision.UNASKED: "every link is briefed here",
    Decision.WAITS_FOR_REACTION: "not briefed: I wait for 📰 on it, or for somebody to mention me",
    Decision.WAITS_FOR_MENTION: "not briefed: here I wait for somebody to mention me with the link",
    Decision.CHANNEL_OFF: "not briefed: I am off in this channel ({settings} mode reaction)",
    Decision.TOO_MANY: "not briefed: as many messages as this channel allows an hour were briefed "
    "already ({settings} briefs_per_hour); 📰 on it briefs it all the same",
    Decision.IGNORED_SITE: "not briefed: this channel ignores that site ({settings} ignore); "
    "📰 on it briefs it all the same",
    Decision.BY_A_BOT: "not briefed: another bot posted it ({settings} bots); 📰 on it briefs "
    "it all the same",
    Decision.OUTSIDERS: "not briefed: people of other organisations read this channel "
    "({settings} outsiders)",
}
_READ = {
    Verdict.TEASER: "only the beginning could be read",
    Verdict.CONSENT_WALL: "the page shows a cookie notice in place of the article",
    Verdict.BOT_WALL: "the page lets no program in",
    Verdict.NEEDS_JAVASCRIPT: "the page builds its text with JavaScript",
    Verdict.NOT_AN_ARTICLE: "the page is not an article",
    Verdict.GONE: "the page is gone",
    Verdict.TOO_LARGE: "the page is over the size limit",
    Verdict.UNSUPPORTED: "it is of a type that I don't read",
    Verdict.REFUSED: "the address is one that I don't fetch",
    Verdict.UNREACHABLE: "the page could not be reached",
}
_READ_WORDS = {verdict.value: words for verdict, words in _READ.items()}
_ENDINGS = {
    Ending.POSTED: "What came of it was posted.",
    Ending.CHANGED: "What was posted has been changed since.",
    Ending.REFUSED: "The chat refused the post ({reason}).",
    Ending.WITHDRAWN: "It was taken back before it was answered.",
    Ending.DEAD: "It failed ({reason}); briefbot jobs lists it.",
}


def why(decided: Decided, hints: Hints) -> str:
    """Say what was decided about the last link, and what became of it."""
    when = f"{decided.at:%Y-%m-%d %H:%M} UTC"
    what = _DECISIONS[decided.decision].format(settings=hints.command("settings"))
    said = f"The last link here, {when}: {what}."
    if decided.ending is None:
        open_still = decided.decision in (Decision.ASKED, Decision.UNASKED)
        return f"{said} I am at it." if open_still else said
    if decided.ending is Ending.SILENT:
        reason = _READ_WORDS.get(decided.reason, "there was nothing to say")
        return f"{said} Nothing was posted: {reason}."
    return f"{said} {_ENDINGS[decided.ending].format(reason=decided.reason)}"


def struck(strike: Strike) -> str:
    """Say, after the name of who said it, which bullet is wrong and why."""
    return f"says that bullet {strike.bullet} is wrong: {strike.why}"


def changed_by(change: SettingChange) -> str:
    """Say, after the name of who did it, what was changed."""
    return f"{change.at:%d %b %H:%M}: {change.name} {change.before or '–'} → {change.after or '–'}"


def stored(kept: Kept) -> str:
    """Say how much is kept of a channel."""
    if not kept.mentions and not kept.questions:
        return "Nothing is kept of it yet."
    since = f" since {kept.since:%d %B %Y}" if kept.since else ""
    return (
        f"Kept{since}: {plural(kept.mentions, 'brief')} of {plural(kept.articles, 'article')}, "
        f"{plural(kept.questions, 'question')}."
    )


def posted_it(mention: Mention) -> str:
    """Say, after the name of who did it, when a link was posted."""
    how = {
        Origin.LINK: "posted the link",
        Origin.PRIVATE_LINK: "posted the link",
        Origin.UPLOAD: "sent the file",
        Origin.PASTE: "pasted it",
    }
    return f"{how[mention.origin]} on {mention.at:%d %B %Y at %H:%M} UTC."


def came_about(mention: Mention, brief: Brief) -> tuple[str, ...]:
    """Say how a brief was made, in lines."""
    made = {
        Method.PUBLISHER: "These are the publisher's own bullets, word for word.",
        Method.EXTRACTIVE: "These are sentences of the article, chosen by the embedded writer.",
        Method.ABSTRACTIVE: f"Written by {brief.model} from the article. Each bullet was held "
        "against the text: names, numbers, dates and quotes.",
    }[brief.method]
    version = f"Text as it was read then (version {mention.article.version[:12]})."
    prompt = f"Prompt {brief.prompt_hash[:12]}." if brief.prompt_hash else ""
    return tuple(filter(None, (made, CHECKED, version, prompt)))


def room_facts(settings: ChannelSettings) -> tuple[str, ...]:
    """Say in a few words how a channel is set."""
    digest = f"digest {settings.digest_time} {settings.zone}" if settings.digest else "no digest"
    return (
        settings.mode,
        plural(settings.bullets, "bullet"),
        "the article's language" if settings.wish is None else settings.language,
        digest,
        f"text kept {plural(settings.article_days, 'day')}",
    )


def stuck(letter: Letter) -> str:
    """Say that a post needs a person."""
    state = "may not have arrived" if letter.state is DeliveryState.UNCERTAIN else "was not posted"
    return f"A post of {letter.since:%d %B, %H:%M} UTC {state} ({letter.reason})."


def more_rooms(count: int) -> str:
    """Say that channels are left out."""
    return f"And {plural(count, 'more channel')}: type /brief settings there."


def field_fits(allowed: str) -> str:
    """Say what a field may hold."""
    return f"This can be {allowed}."
