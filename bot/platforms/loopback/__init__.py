"""A small chat server on this machine as a place where people talk; see docs/loopback.md."""

from bot.platforms.loopback.loopback import Loopback

__all__ = ["Loopback"]
