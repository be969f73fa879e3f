"""Posts as the contents of events. Source: the Matrix specification, "Instant messaging"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.platforms.matrix.drawing import drawn

if TYPE_CHECKING:
    from bot.model import Post
    from bot.platforms.matrix.calls import Json
    from bot.platforms.matrix.words import Words

_CUT = 200


def message(post: Post, words: Words, *, root: str) -> Json:
    """Return a post as a message in the thread that `root` began, or in none.

    Briefs are notices, which call nobody; an answer is text, and names whoever asked.
    """
    called = post.to or post.asker
    content = _content(post, words)
    content["m.mentions"] = {"user_ids": [called]} if called else {}
    if root:
        content["m.relates_to"] = {
            "rel_type": "m.thread",
            "event_id": root,
            "is_falling_back": True,
            "m.in_reply_to": {"event_id": root},
        }
    return content


def edit(post: Post, words: Words, *, of: str) -> Json:
    """Return a post as the edit of a message of ours; it calls nobody."""
    new = {**_content(post, words), "m.mentions": {}}
    body = new["body"]
    short = body if len(body) <= _CUT else f"{body[:_CUT]}…"  # all of it stands in `new`
    return {
        "msgtype": new["msgtype"],
        "body": f"* {short}",
        "m.mentions": {},
        "m.new_content": new,
        "m.relates_to": {"rel_type": "m.replace", "event_id": of},
    }


def _content(post: Post, words: Words) -> Json:
    shown = drawn(post, words)
    calls = bool(post.to or post.asker or post.loud)
    return {
        "msgtype": "m.text" if calls else "m.notice",
        "body": shown.body,
        "format": "org.matrix.custom.html",
        "formatted_body": shown.formatted_body,
    }
