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
REACTION_LABELS: dict[Control, str] = {
    Control.PROOF: "proof",
    Control.SHORTER: "shorter",
    Control.LONGER: "longer",
    Control.DELETE: "delete",
}
REPLY_TO_ASK = "Reply to ask"
SHOW_PROOF = "proof 1"
OR_REACT = "or react:"
REACT = "React:"


def left_out(count: int) -> str:
    """Say that a post had no room for its last `count` characters."""
    return f"… {plural(count, 'character')} more had no room here."
