"""Every error as one sentence that says what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import errors
from bot.core.talking.wording import homeserver
from bot.core.talking.wording.places import is_number, name_of, plural, size_of

if TYPE_CHECKING:
    from bot.core.talking.wording.places import Hints


_ERRORS: dict[type[errors.BriefbotError], str] = {
    errors.UnknownSetting: "There is no setting “{error.name}”. There are: {known}.",
    errors.BadSetting: "{error.name} can be {error.allowed}, not “{error.value}”.",
    errors.SettingsClash: "{error.name} can be at most {error.most} here, as {error.other} is, not "
    "{error.value}. Change {error.other} first, or both at once.",
    errors.Locked: "{error.name} is {error.value} in the whole workspace and can't be set in one "
    "channel. My admins can change that: {unlock}.",
    errors.Incomplete: "Something is missing. The whole command is: {error.usage}",
    errors.NoSuchArticle: "Nothing stored goes by “{error.reference}”. See what there is with: "
    "{hints.list_all}",
    errors.NothingStored: "Nothing was read yet. Start with: {hints.brief}",
    errors.NoSuchBullet: "There is no bullet {error.number}: the brief has {bullets}.",
    errors.NotAllowed: "Only those who look after this channel can do that: {hints.keepers}. "
    "Anyone can make me quieter, and forget what he posted.",
    errors.AdminsOnly: "Only my admins can set what holds in every channel: whoever is named in "
    "BRIEFBOT_ADMINS.",
    errors.NoSuchWorkspace: "There is no workspace “{error.name}” here. There are: {known}.",
    errors.TooManyQuestions: "That makes {error.most} questions within an hour, as many as one "
    "person can ask here. Ask again later.",
    errors.TextGone: "The text of that article is no longer kept; its brief is. Brief it again to "
    "ask about it.",
    errors.ModelUnreachable: "The model {error.model} can't be reached{because}. Check "
    "OPENAI_BASE_URL, and that its server runs.",
    errors.ModelThrottled: "The model {error.model} asked to wait ({error.detail}). Try again "
    "then.",
    errors.ModelTimedOut: "The model {error.model} took too long. Raise BRIEFBOT_MODEL_TIMEOUT, or "
    "name a faster one in OPENAI_MODEL.",
    errors.ModelDeclined: "The model {error.model} would not write about this{because}. Name "
    "another one in OPENAI_MODEL.",
    errors.ModelBroken: "The model {error.model} wrote something of another form{because}. Name "
    "another one in OPENAI_MODEL.",
    errors.ModelSilent: "The model {error.model} sent nothing{because}. See that its server "
    "gives it a context of BRIEFBOT_MODEL_CONTEXT tokens.",
    errors.ModelRejected: "The model {error.model} was refused{because}. Check OPENAI_API_KEY, "
    "OPENAI_BASE_URL and OPENAI_MODEL.",
    errors.ModelTooLong: "The model {error.model} takes less text than that. Set "
    "BRIEFBOT_MODEL_CONTEXT to the tokens it takes.",
    errors.NoLeave: "The model {error.model} may not be asked{because}. briefbot usage shows what "
    "was spent.",
    errors.NotAccepted: "An event could not be taken in; the log has what broke. Please report it.",
    errors.Throttled: "{platform} asked to wait ({error.detail}). It is tried again by itself.",
    errors.NotSent: "{platform} could not be reached{because}. Check the network; it is "
    "tried again by itself.",
    errors.Unsure: "{platform} did not say whether it was posted{because}. It is looked for "
    "before it is tried again.",
    errors.Rejected: "{platform} refused the post{because}. briefbot jobs "
    "lists what was not posted.",
    errors.NoSuchJob: "No failed job has the number {error.number}. briefbot jobs lists them.",
    errors.WorkTaken: "Another briefbot serve{holder} works on {error.path}. Stop that one first; "
    "for several processes, set DATABASE_URL to a PostgreSQL database.",
    errors.UnknownCommand: "There is no command “{error.word}”. Type {help} for the list.",
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
_MEANT = {
    errors.UnknownCommand: "There is no command “{error.word}”.",
    errors.UnknownSetting: "There is no setting “{error.name}”.",
}
_ONE_PROCESS = (
    "On SQLite one process does everything: start briefbot serve. To share the work between "
    "processes, set DATABASE_URL to a PostgreSQL database."
)
_NO_DATABASE = (
    "{names} takes another database than the present one: sqlite:///FILE or "
    "postgresql://USER:PASSWORD@HOST/NAME."
)
_NO_PLATFORM = (
    "There is nowhere to listen yet. For Slack set {names} and SLACK_APP_TOKEN, for Matrix "
    "MATRIX_HOMESERVER, MATRIX_USER and MATRIX_PASSWORD; docs/slack.md and docs/matrix.md go "
    "through it step by step."
)
_WHICH_SLACK = (
    "Slack does not know the token in {names} or SLACK_APP_TOKEN. briefbot doctor says which; "
    "docs/slack.md says where to copy it."
)
_SLACK_HALF = (
    "Slack needs one of {names} beside SLACK_BOT_TOKEN: the first for Socket Mode, the second for "
    "HTTP. docs/slack.md goes through it step by step."
)
_SLACK_LISTEN = (
    "Slack over HTTP needs an address to listen on: set {names} to one, or SLACK_APP_TOKEN for "
    "Socket Mode. docs/slack.md goes through it step by step."
)
_UNKNOWN_NAMES = "There is no setting {names}. The README lists the names; correct or unset it."


_WHICH_MODEL = (
    "The server has several models, or none ({names}). Name the one to use in OPENAI_MODEL."
)
_PROMPT_UNREADABLE = "The prompt {names} can't be read. Check the file, or unset BRIEFBOT_PROMPTS."
_PROMPT_PARTS = (
    "The prompt {names} needs one line “# system” and, after it, one line “# user”. Correct it, or "
    "unset BRIEFBOT_PROMPTS."
)
_PROMPT_UNKNOWN = "{names}: there is no such name to fill in. prompts/README.md lists them."
_PROMPT_MISSING = "{names}: these have to stand in the prompt. prompts/README.md says what for."


_PROBLEMS = {
    "which_model": _WHICH_MODEL,
    "prompt_unreadable": _PROMPT_UNREADABLE,
    "prompt_parts": _PROMPT_PARTS,
    "prompt_unknown": _PROMPT_UNKNOWN,
    "prompt_missing": _PROMPT_MISSING,
    "unknown": _UNKNOWN_NAMES,
    "one_process": _ONE_PROCESS,
    "no_platform": _NO_PLATFORM,
    "slack_half": _SLACK_HALF,
    "slack_invalid_auth": _WHICH_SLACK,
    "slack_not_authed": _WHICH_SLACK,
    "slack_not_allowed_token_type": _WHICH_SLACK,
    "slack_listen": _SLACK_LISTEN,
    "no_database": _NO_DATABASE,
    **homeserver.PROBLEMS,
}


def explain(error: errors.BriefbotError, hints: Hints) -> str:
    """Say in one sentence or two what happened and what to do."""
    template = _ERRORS.get(type(error), f"That did not work: {type(error).__name__}.")
    if isinstance(error, errors.StoreError) and error.path.startswith(_SERVER):
        template = _OF_A_SERVER.get(type(error), template)
    if isinstance(error, errors.ConfigurationError):
        template = _PROBLEMS.get(error.problem, template)
    line = str(getattr(error, "line", ""))
    if line:
        template = _MEANT.get(type(error), template) + " Did you mean “{line}”?"
    detail = str(getattr(error, "detail", ""))
    return template.format(
        error=error,
        platform=str(getattr(error, "platform", "")).capitalize(),
        detail=detail,
        hints=hints,
        help=hints.command("help"),
        line=hints.command(line),
        unlock=hints.command(f"settings all {getattr(error, 'name', '')} unlock"),
        name=name_of(str(getattr(error, "source", ""))),
        names=", ".join(getattr(error, "names", ())),
        known=", ".join(getattr(error, "known", ())),
        bullets=plural(getattr(error, "total", 0), "bullet"),
        because=f" ({detail})" if detail else "",
        holder=f" (process {holder})" if (holder := getattr(error, "holder", "")) else "",
        size=size_of(detail) if is_number(detail) else "",
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
