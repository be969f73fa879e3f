"""What stands on buttons, and what is asked before one does something that can't be undone."""

from bot.core.talking.wording.places import plural
from bot.model import Control

LABELS: dict[Control, str] = {
    Control.PROOF: "Proof",
    Control.SHORTER: "Shorter",
    Control.LONGER: "Longer",
    Control.DELETE: "Delete",
    Control.WRONG: "Wrong?",
    Control.WHY: "Why this brief?",
    Control.STRIKE: "Strike",
    Control.RETRY: "Try again",
    Control.SETTINGS: "Settings",
}
CONFIRMS: dict[Control, tuple[str, str, str, str]] = {
    Control.DELETE: (
        "Delete this brief?",
        "The brief goes from this thread. The link stays; brief it again whenever you like.",
        "Delete",
        "Keep it",
    ),
}
"""Title, text, yes and no, where something is asked first."""

SEND = "Send"
CLOSE = "Close"


def left_out(count: int) -> str:
    """Say that a post had no room for its last `count` characters."""
    return f"… {plural(count, 'character')} more had no room here."


FEATURES: dict[str, str] = {
    "mention": "hear when somebody calls me by name",
    "status": "show that I am at work, with a button that stops me",
    "channels": "read links in public channels",
    "channel_names": "name the public channels on my home page",
    "post": "post",
    "command": "take the command /brief",
    "direct": "answer direct messages",
    "reaction": "brief where somebody reacts",
    "sign": "react while I work",
    "private_channels": "read links in private channels",
    "private_channel_names": "name private channels on my home page",
    "time_zone": "keep to a person's time zone",
    "group_talks": "read links in group conversations",
    "files": "read files that are uploaded",
    "digest_direct": "send a digest as a direct message",
}
"""What a scope of Slack is for, by the names that the manifest gives."""


def lacking(feature: str, scope: str) -> str:
    """Say what can't be done without a scope."""
    return f"Without the scope {scope} I can't {FEATURES.get(feature, feature)}."
