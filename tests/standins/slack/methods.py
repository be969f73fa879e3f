"""The methods of Slack's Web API that the stand-in serves: arguments, scopes, errors.

An argument is `name`, `name!` where it is required, and `:kind` where it is no string. What the
bot has no business to send (`as_user`, `attachments`, `parse`...) is left out: it is refused.
"""

from __future__ import annotations

from dataclasses import dataclass

_REFUSED = "not_authed invalid_auth token_revoked not_allowed_token_type missing_scope"
# Any call may end so, and Slack does not list all of them with each method.
UNIVERSAL = frozenset(
    f"{_REFUSED} unknown_method invalid_arguments ratelimited internal_error fatal_error"
    " service_unavailable request_timeout invalid_form_data invalid_post_type".split()
)
# Slack raises these although its descriptions of the method do not list them.
UNDOCUMENTED = {
    "chat.postMessage": {"msg_too_long"},
    "conversations.replies": {"not_in_channel"},
    "reactions.add": {"not_in_channel"},
    "reactions.remove": {"not_in_channel"},
    "reactions.get": {"not_in_channel"},
    "chat.getPermalink": {"not_in_channel"},
    "conversations.info": {"not_in_channel"},
    "chat.update": {"not_in_channel", "is_archived"},
    "chat.delete": {"not_in_channel"},
    "assistant.threads.setStatus": {"not_in_channel"},
    "agents.sessions.setStatus": {"not_in_channel"},
}


@dataclass(frozen=True, kw_only=True)
class Argument:
    kind: str  # string, bool, number, json
    required: bool


@dataclass(frozen=True, kw_only=True)
class Method:
    """`scope` may have a `*`: channels, groups, im or mpim, whichever the channel is."""

    name: str
    arguments: dict[str, Argument]
    scope: str
    errors: frozenset[str]
    app_level: bool = False

    @property
    def scopes(self) -> list[str]:
        """Every scope that it may need."""
        if "*" not in self.scope:
            return [self.scope] if self.scope else []
        return [self.scope.replace("*", kind) for kind in ("channels", "groups", "im", "mpim")]


def _argument(written: str) -> tuple[str, Argument]:
    name, _, kind = written.partition(":")
    return name.rstrip("!"), Argument(kind=kind or "string", required=name.endswith("!"))


def _method(
    name: str, arguments: str = "", *, scope: str = "", errors: str = "", app_level: bool = False
) -> Method:
    return Method(
        name=name,
        arguments=dict(map(_argument, arguments.split())),
        scope=scope,
        errors=frozenset(errors.split()) | UNDOCUMENTED.get(name, set()) | UNIVERSAL,
        app_level=app_level,
    )


_SHOWN = "icon_emoji icon_url username"
_PAGES = "cursor limit:number"
_HISTORY = f"channel! {_PAGES} latest oldest inclusive:bool include_all_metadata:bool"
_LIST = f"{_PAGES} exclude_archived:bool types"
_SAID = "no_text invalid_blocks invalid_blocks_format markdown_text_conflict missing_scope"
_POSTED = f"text blocks:json markdown_text thread_ts {_SHOWN}"
_META = "invalid_metadata_format metadata_too_large"

_ALL = (
    _method("auth.test"),
    _method("apps.connections.open", scope="connections:write", app_level=True),
    _method(
        "chat.postMessage",
        f"channel! {_POSTED} metadata:json mrkdwn:bool reply_broadcast:bool"
        " unfurl_links:bool unfurl_media:bool",
        scope="chat:write",
        errors=f"{_SAID} {_META} channel_not_found not_in_channel is_archived"
        " cannot_reply_to_message",
    ),
    _method(
        "chat.update",
        "channel! ts! text blocks:json markdown_text metadata:json",
        scope="chat:write",
        errors=f"{_SAID} {_META} channel_not_found message_not_found cant_update_message"
        " msg_too_long",
    ),
    _method(
        "chat.delete",
        "channel! ts!",
        scope="chat:write",
        errors="channel_not_found message_not_found cant_delete_message",
    ),
    _method(
        "chat.postEphemeral",
        f"channel! user! {_POSTED}",
        scope="chat:write",
        errors=f"{_SAID} channel_not_found not_in_channel is_archived user_not_in_channel"
        " msg_too_long",
    ),
    _method(
        "chat.getPermalink",
        "channel! message_ts!",
        errors="channel_not_found message_not_found",
    ),
    _method(
        "conversations.replies",
        f"{_HISTORY} ts!",
        scope="*:history",
        errors="channel_not_found thread_not_found invalid_cursor invalid_ts_latest"
        " invalid_ts_oldest",
    ),
    _method(
        "conversations.history",
        _HISTORY,
        scope="*:history",
        errors="channel_not_found not_in_channel invalid_cursor invalid_ts_latest"
        " invalid_ts_oldest",
    ),
    _method(
        "conversations.info",
        "channel! include_locale:bool include_num_members:bool",
        scope="*:read",
        errors="channel_not_found",
    ),
    _method(
        "conversations.members",
        f"channel! {_PAGES}",
        scope="*:read",
        errors="channel_not_found invalid_cursor invalid_limit",
    ),
    _method("conversations.list", _LIST, scope="*:read", errors="invalid_cursor invalid_types"),
    _method(
        "users.conversations",
        f"{_LIST} user",
        scope="*:read",
        errors="invalid_cursor invalid_types",
    ),
    _method(
        "conversations.open",
        "channel users return_im:bool prevent_creation:bool",
        scope="im:write",
        errors="channel_not_found user_not_found users_list_not_supplied too_many_users"
        " invalid_user_combination",
    ),
    _method(
        "reactions.add",
        "channel! name! timestamp!",
        scope="reactions:write",
        errors="channel_not_found message_not_found already_reacted invalid_name is_archived"
        " bad_timestamp too_many_emoji",
    ),
    _method(
        "reactions.remove",
        "channel name! timestamp",
        scope="reactions:write",
        errors="channel_not_found message_not_found no_reaction invalid_name no_item_specified"
        " bad_timestamp",
    ),
    _method(
        "reactions.get",
        "channel timestamp full:bool",
        scope="reactions:read",
        errors="channel_not_found message_not_found no_item_specified bad_timestamp",
    ),
    _method("users.info", "user! include_locale:bool", scope="users:read", errors="user_not_found"),
    _method(
        "views.open",
        "trigger_id interactivity_pointer view!:json",
        errors="expired_trigger_id exchanged_trigger_id invalid_trigger_id view_too_large"
        " duplicate_external_id",
    ),
    _method(
        "views.update",
        "view_id external_id view!:json hash",
        errors="not_found hash_conflict view_too_large duplicate_external_id",
    ),
    _method(
        "views.publish",
        "user_id! view!:json hash",
        errors="hash_conflict view_too_large not_enabled",
    ),
    _method(
        "assistant.threads.setStatus",
        f"channel_id! thread_ts! status! loading_messages:json {_SHOWN}",
        scope="assistant:write",
        errors="channel_not_found invalid_thread_ts no_permission",
    ),
    _method(
        "agents.sessions.setStatus",
        f"channel_id! status! thread_ts title initiator_user_id {_SHOWN}",
        scope="assistant:write",
        errors="channel_not_found feature_disabled invalid_status thread_ts_required"
        " user_not_found",
    ),
    _method(
        "files.info",
        f"file! {_PAGES}",
        scope="files:read",
        errors="file_not_found file_deleted not_visible",
    ),
)
METHODS = {one.name: one for one in _ALL}
