"""Every word of ours that a person reads.

Short, concrete, like a helpful colleague: what happened, then what to do. No apology.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot import errors
from bot.model import DeliveryState, Method, Origin, Outcome, Part, Reason, Verdict, Voice

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from bot.model import Backlog, Brief, Check, Evidence, Forgotten, Letter, Reading

OLD_AFTER_DAYS = 30
_WIDEST_NAME = 80
_WIDEST_NUMBER = 16
_TOO_MANY_REQUESTS = "429"
_USER_INFO = re.compile(r"//[^/@]*@")
UNDATED = "undated"
CHECKED = "Checked: names, numbers, quotes. Not checked: whether it is true."
WORD_FOR_WORD = "The publisher's own bullet, word for word."
NOT_IN_BODY = "I found no sentence below the bullets that says the same."
EMPTY_LIST = "Nothing was briefed yet."
NOTHING_FOUND = "Nothing stored matches that."
ALREADY_SO = "That is how it is set already."
GREETING = "Paste a link or an article's text, then ask. Type help for the commands, quit to leave."
GOODBYE = "Bye."
WORKING = "Reading …"
PASTE_HERE = "Paste the text, then press Ctrl-D on an empty line."


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """How the next step is taken in the place where we speak."""

    paste: str
    ask: str
    proof: str
    list_all: str
    brief: str
    settings: str


TERMINAL = Hints(
    paste="Copy the article's text from your browser and paste it into: briefbot brief -",
    ask='briefbot ask "…"',
    proof="briefbot proof 1",
    list_all="briefbot list",
    brief="briefbot brief URL|FILE|-",
    settings="briefbot settings NAME VALUE",
)
CONSOLE = Hints(
    paste="Copy the article's text from your browser and paste it here.",
    ask="type a question",
    proof="proof 1",
    list_all="list",
    brief="a link or a text",
    settings="settings NAME VALUE",
)


CHAT = Hints(
    paste="Paste the text in this thread and I will brief that.",
    ask="reply here",
    proof="proof 1",
    list_all="list",
    brief="a link",
    settings="settings NAME VALUE",
)


def plural(count: int, one: str, many: str = "") -> str:
    """Return "1 link", "2 links"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


# --- pages -----------------------------------------------------------------------------------


_NOT_BRIEFED: dict[Verdict | tuple[Verdict, Reason], str] = {
    Verdict.ARTICLE: "{name} was read.",
    Verdict.TEASER: "{name} shows only its beginning; the rest is behind a paywall. {paste}",
    Verdict.CONSENT_WALL: "{name} shows a cookie notice in place of the article. {paste}",
    Verdict.BOT_WALL: "{name} lets no program in{status}. {paste}",
    Verdict.NEEDS_JAVASCRIPT: "{name} builds its text with JavaScript, which I don't run. {paste}",
    Verdict.NOT_AN_ARTICLE: "{name} is not an article (a home page, a list or a video). "
    "Give me one article's link.",
    (Verdict.NOT_AN_ARTICLE, Reason.EMPTY): "{name} is empty. Give me a link, a file or a text "
    "with something in it.",
    (Verdict.NOT_AN_ARTICLE, Reason.NO_TEXT): "{name} holds too little text to brief. {paste}",
    Verdict.GONE: "{name} is gone{status}. Check the link, or look for it on the site.",
    Verdict.TOO_LARGE: "{name} is over the limit{limit}. {paste}",
    Verdict.UNSUPPORTED: "{name} is of a type I don't read{kind}. I read web pages, PDF, .txt "
    "and .md.",
    (Verdict.UNSUPPORTED, Reason.BINARY): "{name} is not text{kind}. I read web pages, PDF, .txt "
    "and .md.",
    (Verdict.UNSUPPORTED, Reason.SCANNED_PDF): "{name} is a scanned PDF: pictures of pages, no "
    "text. {paste}",
    (Verdict.UNSUPPORTED, Reason.ENCRYPTED_PDF): "{name} is a PDF with a password. Save it "
    "without one and try again.",
    (Verdict.UNSUPPORTED, Reason.BROKEN_PDF): "{name} is a damaged PDF. Save or download it again.",
    (Verdict.UNSUPPORTED, Reason.HOSTILE): "{name} could not be taken apart safely. {paste}",
    (Verdict.UNSUPPORTED, Reason.ENCODING): "{name} came packed in a way I don't unpack. {paste}",
    Verdict.REFUSED: "{name} is not a working web address. Check it for typing errors.",
    (Verdict.REFUSED, Reason.PRIVATE_ADDRESS): "{name} is on a private network, where I don't go. "
    "If it is your own site, add its host to BRIEFBOT_FETCH_ALLOW_HOSTS.",
    (Verdict.REFUSED, Reason.DENIED_HOST): "{name} is on this installation's list of sites not "
    "to fetch.",
    (Verdict.REFUSED, Reason.SCHEME): "{name} is no web address. I read http and https links.",
    (Verdict.REFUSED, Reason.PORT): "{name} uses an unusual port. If it is your own site, add "
    "host:port to BRIEFBOT_FETCH_ALLOW_HOSTS.",
    (Verdict.REFUSED, Reason.USER_INFO): "That link carries a user name or password. Give me the "
    "link without it.",
    Verdict.UNREACHABLE: "{name} could not be reached. Check the address and your network.",
    (Verdict.UNREACHABLE, Reason.NO_SUCH_HOST): "{name} was not found. Check the address and your "
    "network.",
    (Verdict.UNREACHABLE, Reason.TIMEOUT): "{name} took too long to answer. Try again in a minute.",
    (Verdict.UNREACHABLE, Reason.TLS): "{name} has no valid certificate, so I can't be sure who "
    "answers there. Tell its owner, or try the link in a browser.",
    (Verdict.UNREACHABLE, Reason.TOO_MANY_REDIRECTS): "{name} sends me in circles. Open it in a "
    "browser and give me the final link.",
    (Verdict.UNREACHABLE, Reason.SERVER_ERROR): "{name} has a problem of its own{status}. Try "
    "again in a minute.",
    (Verdict.UNREACHABLE, Reason.HTTP_STATUS): "{name} answered with an error{status}. Open it in "
    "a browser first.",
}


def verdict(reading: Reading, hints: Hints) -> str:
    """Say why a page was not briefed, and what to do."""
    template = _NOT_BRIEFED.get((reading.verdict, reading.reason), _NOT_BRIEFED[reading.verdict])
    number = _is_number(reading.detail)
    if reading.verdict is Verdict.BOT_WALL and reading.detail == _TOO_MANY_REQUESTS:
        template = "{name} has had too many requests from here. Try again in an hour."
    return template.format(
        name=_name(reading.source),
        paste=hints.paste,
        status=f" (HTTP {reading.detail})" if number else "",
        limit=f" of {_size(reading.detail)}" if number else "",
        kind=f" ({_name(reading.detail)})" if reading.detail else "",
    )


def _name(source: str) -> str:
    """How we call what was given: a short address, a file's name."""
    if not source or source == "-":
        return "The text"
    shown = _USER_INFO.sub("//", source)
    shown = shown if len(shown) <= _WIDEST_NAME else shown[: _WIDEST_NAME - 1] + "…"
    return "".join(c for c in shown if c.isprintable())


def _is_number(detail: str) -> bool:
    return detail.isascii() and detail.isdecimal() and len(detail) < _WIDEST_NUMBER


def _size(count: str) -> str:
    megabytes = int(count) / 1_000_000
    return f"{megabytes:.0f} MB" if megabytes >= 1 else f"{int(count):,} bytes"


def reading_sign(count: int) -> str:
    """Say what takes a while."""
    return WORKING if count == 1 else f"Reading {plural(count, 'article')} …"


# --- briefs ----------------------------------------------------------------------------------


def published_on(published: date | None, today: date) -> str:
    """Say when an article was published, with its age once that matters."""
    if published is None:
        return UNDATED
    shown = f"{published.day} {published:%B %Y}"
    age = (today - published).days
    if age <= OLD_AFTER_DAYS:
        return shown
    if age < 2 * 365:
        return f"{shown}, {plural(age // 30, 'month')} old"
    return f"{shown}, {plural(age // 365, 'year')} old"


def share_read(share: float | None) -> str:
    """Say how much of the article was read."""
    if share is None:
        return ""
    return "read whole" if share >= 0.995 else f"read {round(share * 100)} %"  # noqa: PLR2004 - rounds to 100


def host(url: str | None) -> str:
    """Return the site's name in an address."""
    return (urlsplit(url).hostname or "").removeprefix("www.") if url else ""


BARE_TEXT = "The page could not be taken apart; this is from its bare text."


def method(brief: Brief) -> str:
    """Say whose words a brief is."""
    match brief.method:
        case Method.PUBLISHER:
            return "Its own bullets."
        case Method.EXTRACTIVE:
            return "Sentences of the article."
        case Method.ABSTRACTIVE:
            return "Written from the article."


def lead_only(count: int) -> str:
    """Say that some bullets state what the body lacks."""
    states = "states a detail" if count == 1 else "state details"
    return f"{count} {states} that the text below lacks (*)." if count else ""


def lead_only_words(said: tuple[str, ...]) -> str:
    """Name what only the lead bullet states."""
    return "only in the bullet: " + ", ".join(f"“{words}”" for words in said)


def warning(code: str) -> str:
    """Spell out a warning of a writer."""
    return {
        "opening_sentences": "I don't know this language well: these are its opening sentences.",
    }.get(code, code)


def kept(days: int, where: str, origin: Origin) -> str:
    """Say how long a text is kept, and where, if that is said."""
    kind = {Origin.LINK: "Text", Origin.UPLOAD: "File's text", Origin.PASTE: "Pasted text"}[origin]
    place = f" in {where}" if where else ""
    if days == 0:
        return f"{kind} not kept, only the brief{place and ',' + place}."
    return f"{kind} kept {plural(days, 'day')}{place}."


def next_steps(hints: Hints) -> str:
    """Say what can be done with a brief."""
    return f"Ask: {hints.ask}   Proof: {hints.proof}"


def known_since(when: date) -> str:
    """Say that an article was briefed before."""
    return f"First read on {when.day} {when:%B %Y}."


# --- proofs and answers ----------------------------------------------------------------------


def place(evidence: Evidence) -> str:
    """Return the short name of where a span stands."""
    number = evidence.paragraph + 1
    page = f", p. {evidence.page}" if evidence.page is not None else ""
    match evidence.part:
        case Part.BODY:
            return f"¶{number}{page}"
        case Part.HEADLINE:
            return "headline"
        case Part.STANDFIRST:
            return "standfirst"
        case Part.LEAD_BULLET:
            return f"bullet {number}"
        case Part.CAPTION:
            return f"caption {number}"


def caption(number: int) -> str:
    """Name a caption by its number, from 1."""
    return f"caption {number}"


def proof_heading(number: int, total: int) -> str:
    """Head the proof of one bullet."""
    return f"Proof of bullet {number} of {total}"


def voice(said: Voice, headline: str = "") -> str:
    """Open an answer in its voice; `headline` names the article where there may be several."""
    article = f"“{headline}”" if headline else "The article"
    match said:
        case Voice.SAYS:
            return f"{article} says:"
        case Voice.CLOSEST:
            of = f" of {article}" if headline else ""
            return f"The closest passage{of}, which may not answer it:"
        case Voice.ABSENT:
            return f"{article} doesn't say."


CLOSEST_IS = "Closest:"
ALSO = "Also:"
NOT_IN_MEMORY = "Nothing that was read here says."


UNCAUGHT = "Not caught: a “not”, two names swapped."


def check(found: Check) -> str:
    """Say what the fact lock found."""
    match found.outcome:
        case Outcome.PASS:
            return f"Pass: no name, number or quote is invented, and the words are near. {UNCAUGHT}"
        case Outcome.WARN:
            return (
                "Warn: no name, number or quote is invented, but the article's words are far off."
            )
        case Outcome.BLOCK:
            kinds = {"number": "the number", "name": "the name", "quote": "the quote"}
            what = ", ".join(f"{kinds.get(k, 'the ' + k)} “{v}”" for k, v in found.reasons)
            return f"Block: the article does not have {what}."


# --- commands --------------------------------------------------------------------------------


def forgotten(receipt: Forgotten) -> str:
    """Give the receipt of a forget."""
    if not receipt.mentions:
        return "There was nothing to erase."
    return (
        f"Erased: {plural(receipt.articles, 'article text')}, {plural(receipt.briefs, 'brief')}, "
        f"{plural(receipt.answers, 'answer')}. Nothing of it is left in the store."
    )


def changed(name: str, before: str, after: str) -> str:
    """Say what a setting was and is."""
    return f"{name}: {before} -> {after}"


def exported(count: int, path: str) -> str:
    """Say where an export went."""
    return f"Wrote {plural(count, 'brief')} to {path}."


# --- jobs ------------------------------------------------------------------------------------

NO_LETTERS = "Nothing failed."
_WHY = {
    "NotSent": "the platform could not be reached",
    "Throttled": "the platform asked to wait for too long",
    "Unsure": "the platform did not say whether it was posted",
    "unreadable": "stored by another version of Briefbot",
}


def letter(one: Letter) -> str:
    """Say of one job what failed, and what to do."""
    channel = one.thread.channel
    where = f"{channel.workspace.platform} {channel.workspace.id} {channel.id}"
    why = _WHY.get(one.reason, one.reason)
    state = "may have been posted" if one.state is DeliveryState.UNCERTAIN else "not posted"
    return (
        f"{one.number}  {one.since:%Y-%m-%d %H:%M}  {where}  {state}: {why}, "
        f"{plural(one.failures, 'failed try', 'failed tries')}. "
        f"Try again: briefbot jobs retry {one.number}"
    )


def waiting(backlog: Sequence[Backlog]) -> str:
    """Say what waits or is being done."""
    return "Waiting: " + ", ".join(f"{one.jobs:,} {one.queue}" for one in backlog) + "."


def tried_again(count: int) -> str:
    """Say that jobs were put back."""
    return f"{plural(count, 'job')} put back; briefbot serve does them next."


# --- keeping -----------------------------------------------------------------------------------


def backed_up(target: str, *, whole: bool) -> str:
    """Say what a backup holds."""
    if whole:
        return (
            f"Wrote {target}: the database, keys, and what was forgotten. Keep it as safe as those."
        )
    return (
        f"Wrote {target}: keys, and what was forgotten. The database itself is on PostgreSQL: dump "
        "it with pg_dump."
    )


def restored(source: str, gone: Forgotten) -> str:
    """Say that a backup is back."""
    again = f" {plural(gone.mentions, 'article')} forgotten since then is gone again."
    if gone.mentions != 1:
        again = again.replace(" is gone", " are gone")
    return (
        f"{source} is back.{again if gone.mentions else ''} What it had not posted yet is looked "
        "for before it is posted."
    )


def moved(counts: Mapping[str, int], where: str) -> str:
    """Say that everything was copied."""
    total = sum(counts.values())
    return (
        f"Copied {plural(total, 'row')} of {plural(len(counts), 'table')} to {where} and compared "
        "them: the same. Set DATABASE_URL to it; the old database is left as it is."
    )


# --- doctor and demo -------------------------------------------------------------------------

PART_PROGRAM = "Program"
PART_FOLDER = "Data folder"
PART_STORE = "Store"
PART_READER = "Reading and briefing"
PART_GUARD = "Guard"
PART_PAGE = "Page"
READER_WORKS = "a sample page was read in its sandbox and briefed, every proof exact"
GUARD_WORKS = "private addresses are refused"
GUARD_OPEN = "this machine itself may be fetched: is 127.0.0.1 in BRIEFBOT_FETCH_ALLOW_HOSTS?"


def finding(part: str, detail: str, *, well: bool) -> str:
    """Report one check."""
    return f"{'ok  ' if well else 'FAIL'}  {part}: {detail}"


def room(folder: str, free: int) -> str:
    """Say how much room there is for what is kept."""
    return f"{folder}, {free // 1_000_000:,} MB free"


def reader_fails(found: Verdict) -> str:
    """Say that the sample page was not read."""
    return f"a sample page came out as “{found}”. Install Briefbot again, or report this."


def demo_step(typed: str) -> str:
    """Show what would be typed."""
    return f"$ briefbot {typed}\n"


def demo_end(sample: str) -> str:
    """Say what to try next."""
    return f"""That was a throwaway store. Three commands to try (briefbot is in .venv/bin here):

  briefbot brief {sample}
  briefbot ask "your own question"
  briefbot console"""


# --- errors ----------------------------------------------------------------------------------


_ERRORS: dict[type[errors.BriefbotError], str] = {
    errors.UnknownSetting: "There is no setting “{error.name}”. There are: {known}.",
    errors.BadSetting: "{error.name} can be {error.allowed}, not “{error.value}”.",
    errors.Incomplete: "Something is missing. The whole command is: {error.usage}",
    errors.NoSuchArticle: "Nothing stored goes by “{error.reference}”. See what there is with: "
    "{hints.list_all}",
    errors.NothingStored: "Nothing was read yet. Start with: {hints.brief}",
    errors.NoSuchBullet: "There is no bullet {error.number}: the brief has {bullets}.",
    errors.TextGone: "The text of that article is no longer kept; its brief is. Brief it again to "
    "ask about it.",
    errors.NotAccepted: "An event could not be taken in; the log has what broke. Please report it.",
    errors.Throttled: "{error.platform} asked to wait ({error.detail}). It is tried again by "
    "itself.",
    errors.NotSent: "{error.platform} could not be reached{because}. Check the network; it is "
    "tried again by itself.",
    errors.Unsure: "{error.platform} did not say whether it was posted{because}. It is looked for "
    "before it is tried again.",
    errors.Rejected: "{error.platform} refused the post{because}. briefbot jobs "
    "lists what was not posted.",
    errors.NoSuchJob: "No failed job has the number {error.number}. briefbot jobs lists them.",
    errors.WorkTaken: "Another briefbot serve{holder} works on {error.path}. Stop that one first; "
    "for several processes, set DATABASE_URL to a PostgreSQL database.",
    errors.UnknownCommand: "There is no command “{error.word}”. Type help for the list.",
    errors.SourceMissing: "{name} can't be opened{because}. Check the path.",
    errors.SourceEmpty: "{name} is empty. Give me a link, a file or a text with something in it.",
    errors.SourceDamaged: "{name} is no Briefbot backup, or not as it was made ({detail}). Take "
    "another one; nothing was changed.",
    errors.SourceTooLarge: "{name} is over the limit of {size}. Give me a smaller file.",
    errors.StoreUnreachable: "{error.path} can't be opened by user {error.user}{because}. Check "
    "the path and its rights, or set BRIEFBOT_DATA_DIR to another folder.",
    errors.StoreReadOnly: "{error.path} can't be written to by user {error.user}. Give that user "
    "the right, or set BRIEFBOT_DATA_DIR to a folder of its own.",
    errors.StoreCorrupt: "{error.path} is damaged or not a Briefbot database. Move it away, or "
    "put a .backup file beside it, if there is one, in its place.",
    errors.StoreTooNew: "{error.path} was written by a newer Briefbot (schema {error.detail}). "
    "Upgrade this one, or set BRIEFBOT_DATA_DIR to another folder.",
    errors.StoreError: "{error.path} can't be used{because}. Run briefbot doctor.",
    errors.StoreBusy: "{error.path} is in use by another program. Try again when that one is done.",
    errors.StoreNotEmpty: "{error.path} holds something already. Give an empty database, so that "
    "nothing is mixed.",
    errors.DiskFull: "The disk that holds {error.path} is full. Nothing was stored; make room and "
    "try again.",
    errors.ConfigurationError: "{names} does not fit: {error.problem}. Correct or unset it.",
}
# Where the database is a server's, which has no folder and no file beside it.
_OF_A_SERVER: dict[type[errors.BriefbotError], str] = {
    errors.StoreUnreachable: "{error.path} can't be reached by user {error.user}{because}. Check "
    "DATABASE_URL, and that the server runs.",
    errors.StoreReadOnly: "{error.path} can't be written to by user {error.user}. Give that user "
    "the right, or name the primary server in DATABASE_URL.",
    errors.StoreCorrupt: "{error.path} is damaged. Restore it from your backup.",
    errors.StoreTooNew: "{error.path} was written by a newer Briefbot (schema {error.detail}). "
    "Upgrade this one, or name another database in DATABASE_URL.",
}
_SERVER = "postgresql:"
_MEANT = "There is no command “{error.word}”. Did you mean “{error.meant}”?"
_ONE_PROCESS = (
    "On SQLite one process does everything: start briefbot serve. To share the work between "
    "processes, set DATABASE_URL to a PostgreSQL database."
)
_NO_DATABASE = (
    "{names} takes another database than the present one: sqlite:///FILE or "
    "postgresql://USER:PASSWORD@HOST/NAME."
)
_NO_PLATFORM = (
    "There is nowhere to listen yet: Slack and Matrix are being built. {names} names a chat "
    "server for tests."
)
_UNKNOWN_NAMES = "There is no setting {names}. The README lists the names; correct or unset it."


_PROBLEMS = {
    "unknown": _UNKNOWN_NAMES,
    "one_process": _ONE_PROCESS,
    "no_platform": _NO_PLATFORM,
    "no_database": _NO_DATABASE,
}


def explain(error: errors.BriefbotError, hints: Hints) -> str:
    """Say in one sentence or two what happened and what to do."""
    template = _ERRORS.get(type(error), f"That did not work: {type(error).__name__}.")
    if isinstance(error, errors.StoreError) and error.path.startswith(_SERVER):
        template = _OF_A_SERVER.get(type(error), template)
    if isinstance(error, errors.ConfigurationError):
        template = _PROBLEMS.get(error.problem, template)
    if isinstance(error, errors.UnknownCommand) and error.meant:
        template = _MEANT
    detail = str(getattr(error, "detail", ""))
    return template.format(
        error=error,
        detail=detail,
        hints=hints,
        name=_name(str(getattr(error, "source", ""))),
        names=", ".join(getattr(error, "names", ())),
        known=", ".join(getattr(error, "known", ())),
        bullets=plural(getattr(error, "total", 0), "bullet"),
        because=f" ({detail})" if detail else "",
        holder=f" (process {holder})" if (holder := getattr(error, "holder", "")) else "",
        size=_size(detail) if _is_number(detail) else "",
    )


NOT_AN_OBJECT = "a line must hold one JSON object"


def not_json(problem: str, position: int) -> str:
    """Say that a line is not JSON."""
    return f"not JSON: {problem} at character {position + 1}"


def not_text(name: str) -> str:
    """Say that a line lacks a text."""
    return f'"{name}" must be a text'


def not_texts(name: str) -> str:
    """Say that a line lacks a list of texts."""
    return f'"{name}" must be a list of texts'


def not_whole(name: str) -> str:
    """Say that a number of a line is out of bounds."""
    return f'"{name}" must be a whole number, 1 or more'


NO_OUTPUT = "The output could not be written: {problem}."
UNEXPECTED = (
    "Something broke that should not have ({name}). Run it again with --debug and report what "
    "it prints."
)
INTERRUPTED = "Stopped. Nothing half-done was stored."
