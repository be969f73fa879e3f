"""A stand-in for Slack; see `server.py`."""

from tests.standins.slack.errors import Impossible, Refused
from tests.standins.slack.events import EVENTS, SUBSCRIBED
from tests.standins.slack.server import SlackServer
from tests.standins.slack.state import OPTIONAL_SCOPES, SCOPES, Sent, View
from tests.standins.slack.workspace import Channel, File, Message, User

__all__ = [
    "EVENTS",
    "OPTIONAL_SCOPES",
    "SCOPES",
    "SUBSCRIBED",
    "Channel",
    "File",
    "Impossible",
    "Message",
    "Refused",
    "Sent",
    "SlackServer",
    "User",
    "View",
]
