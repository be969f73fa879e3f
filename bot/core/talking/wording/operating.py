"""What commands say: settings, jobs, keeping, doctor, demo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import errors
from bot.core.talking.wording.briefs import warning
from bot.core.talking.wording.mishaps import explain
from bot.core.talking.wording.places import TERMINAL, plural
from bot.model import DeliveryState, Queue

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from bot.model import Backlog, Forgotten, Letter, Verdict

_WAITS = {Queue.SESSION: "for a session"}


def changed(name: str, before: str, after: str) -> str:
    """Say what a setting was and is."""
    return f"{name}: {before} -> {after}"


_FEW = 5
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
    """Say what waits or is being done; of a session only where there is any, as few have one."""
    told = [one for one in backlog if one.jobs or one.queue is not Queue.SESSION]
    counts = [f"{one.jobs:,} {_WAITS.get(one.queue, one.queue)}" for one in told]
    return f"Waiting: {', '.join(counts)}."


def tried_again(count: int) -> str:
    """Say that jobs were put back."""
    return f"{plural(count, 'job')} put back; briefbot serve does them next."


_APART = (
    " What opens the keys is not in it: keep secret.key of the data folder, or BRIEFBOT_SECRET, "
    "somewhere else."
)


def backed_up(target: str, *, whole: bool) -> str:
    """Say what a backup holds."""
    if whole:
        return (
            f"Wrote {target}: the database, keys, and what was forgotten. Keep it as safe as those."
            f"{_APART}"
        )
    return (
        f"Wrote {target}: keys, and what was forgotten. The database itself is on PostgreSQL: dump "
        f"it with pg_dump.{_APART}"
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


PART_PROGRAM = "Program"
PART_FOLDER = "Data folder"
PART_STORE = "Store"
PART_READER = "Reading and briefing"
PART_GUARD = "Guard"
PART_PAGE = "Page"
PART_SLACK = "Slack"
PART_MODEL_SERVER = "Model server"
PART_MODEL = "Model"
PART_MODEL_BRIEF = "Brief by the model"
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


_NO_KEY = "its server did not accept the key ({error.detail}). Correct OPENAI_API_KEY."
_MODEL_FAILS: dict[type[errors.BriefbotError], str] = {
    errors.ModelUnreachable: "its server can't be reached, or broke ({error.detail}). See that it "
    "runs, and that OPENAI_BASE_URL is its address, mostly ending in /v1.",
    errors.ModelTimedOut: "no whole answer within {error.detail}. See that its server isn't busy, "
    "or still loading it; raise BRIEFBOT_MODEL_TIMEOUT, or name a smaller one.",
    errors.ModelBroken: "what it wrote can't be used ({error.detail}). See that OPENAI_BASE_URL is "
    "the address of an OpenAI-compatible server; name another model.",
}
_REFUSED = {
    "HTTP 401": _NO_KEY,
    "HTTP 403": _NO_KEY,
    "HTTP 404": "there is no such model, or nothing at this address ({error.detail}). Check "
    "OPENAI_MODEL, and that OPENAI_BASE_URL ends as its server wants it, mostly in /v1.",
}
_SAMPLE_FAILS = {
    "model_broken": "nothing that it wrote of a sample article could be proven, so your briefs "
    "would be the article's own sentences. Name a larger model, and see that its server gives it "
    "a context of BRIEFBOT_MODEL_CONTEXT tokens.",
    "model_timed_out": "a sample article took it too long. Raise BRIEFBOT_MODEL_TIMEOUT, or name a "
    "faster one.",
    "model_too_long": "a sample article was longer than it takes. Set BRIEFBOT_MODEL_CONTEXT to "
    "the tokens that its server gives it.",
}


def model_server(where: str, listed: Sequence[str] | None) -> str:
    """Say that a model's server answers."""
    if listed is None:
        return f"{where} answers; it doesn't list its models"
    return f"{where} answers and lists {plural(len(listed), 'model')}"


def model_answers(
    name: str,
    seconds: float,
    *,
    lacks: Collection[str],
    in_form: bool,
    counted: bool,
    unlisted: Sequence[str],
) -> str:
    """Say how a model answers; `unlisted` is what its server lists in its place."""
    if "json_schema" not in lacks:
        form = "takes a JSON schema"
    elif "json_object" not in lacks:
        form = "takes JSON, but no schema of it"
    else:
        form = "takes no form of JSON and is asked for it in words"
    told = [f"{name} answers as a stream, after {seconds:.1f} s", form]
    if not in_form:
        told.append("did not keep to it this time")
    if not counted:
        told.append("does not count its tokens, so they are estimated")
    if unlisted:
        told.append(f"is not listed (there: {_few(unlisted)}), so another one may be answering")
    return "; ".join(told)


def no_such_model(name: str, listed: Sequence[str], detail: str) -> str:
    """Say that a server does not know a model."""
    there = f"There: {_few(listed)}. " if listed else ""
    return f"its server doesn't know {name} ({detail}). {there}Correct OPENAI_MODEL."


def model_fails(error: errors.ModelError | errors.ConfigurationError) -> str:
    """Say what is wrong with a model, and how to mend it."""
    template = _MODEL_FAILS.get(type(error))
    if isinstance(error, errors.ModelRejected):
        template = _REFUSED.get(error.detail)
    return template.format(error=error) if template else explain(error, TERMINAL)


def sample_briefed(bullets: int, own: int, seconds: float) -> str:
    """Say that a model briefed a sample; `own` bullets are sentences of the article."""
    told = f"a sample article was briefed in {seconds:.1f} s, every proof exact"
    if own:
        told += f"; {own} of {plural(bullets, 'bullet')} had to be the article's own words"
    return told


def sample_fails(code: str) -> str:
    """Say why the sample's brief is not the model's."""
    return _SAMPLE_FAILS.get(code) or warning(code) or "a sample article's proofs do not hold."


def _few(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_FEW])
    return f"{shown} and {len(names) - _FEW} more" if len(names) > _FEW else shown


def demo_step(typed: str) -> str:
    """Show what would be typed."""
    return f"$ briefbot {typed}\n"


def demo_end(sample: str) -> str:
    """Say what to try next."""
    return f"""That was a throwaway store. Three commands to try (briefbot is in .venv/bin here):

  briefbot brief {sample}
  briefbot ask "your own question"
  briefbot console"""


_SLACK_SAYS = {
    "invalid_auth": "Slack does not know this token. Copy it anew from your app's page (OAuth & "
    "Permissions for SLACK_BOT_TOKEN, Basic Information for SLACK_APP_TOKEN).",
    "not_authed": "Slack got no token. Set SLACK_BOT_TOKEN.",
    "token_revoked": "the token was revoked. Install the app again and copy the new one.",
    "token_expired": "the token has expired. Turn token rotation off in the app and install again.",
    "account_inactive": "the app was removed from the workspace. Install it again.",
    "not_allowed_token_type": "SLACK_APP_TOKEN must be the app-level token (xapp-…) and "
    "SLACK_BOT_TOKEN the bot's (xoxb-…): they may be swapped.",
    "missing_scope": "the app-level token lacks connections:write. Make a new one with it.",
}


def slack_refuses(error: errors.PlatformError) -> str:
    """Say what is wrong with a token."""
    if isinstance(error, errors.NotSent):
        return (
            f"can't be reached ({error.detail}). Check the network, and SLACK_API_URL if it is set."
        )
    return _SLACK_SAYS.get(error.detail, f"refused the token ({error.detail}).")


_FEATURES = {
    "mention": "to hear mentions",
    "status": "to show a status in threads",
    "channels": "to hear links in channels",
    "channel_names": "to list channels on the home page",
    "post": "to post",
    "command": "for /brief",
    "direct": "to talk in direct messages",
    "reaction": "to hear 📰",
    "sign": "to show that it reads",
    "private_channels": "to hear links in private channels",
    "private_channel_names": "to list private channels on the home page",
    "time_zone": "to know people's time zones",
    "group_talks": "to hear links in group messages",
    "files": "to read files",
    "digest_direct": "to send digests to people alone",
}


def slack_lacks(lacking: Sequence[tuple[str, str]], *, needed: bool) -> str:
    """Say which features lack which scope, and what to do where they are needed."""
    named = ", ".join(f"{scope} ({_FEATURES.get(feature, feature)})" for feature, scope in lacking)
    if not needed:
        return f"Left out: {named}."
    return (
        f"these scopes are missing: {named}. Add them under OAuth & Permissions and install again."
    )


def slack_works(team: str, bot: str) -> str:
    """Say where the bot is installed, and as whom."""
    return f"installed in {team} as @{bot}, tokens and scopes fit."
