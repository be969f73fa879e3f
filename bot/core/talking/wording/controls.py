"""What stands on buttons, and what is said where a post has no room."""

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
SEND = "Send"
CLOSE = "Close"


def left_out(count: int) -> str:
    """Say that a post had no room for its last `count` characters."""
    return f"… {plural(count, 'character')} more had no room here."
