"""What the flows need from the outside, as small Protocols; each says what it raises.

Real adapters and the fakes in `tests/fakes` pass the same contract suites in `tests/contract`.
"""

from bot.ports.keeping import Store
from bot.ports.noting import Notes
from bot.ports.talking import Desk, Platform
from bot.ports.transactions import Tx
from bot.ports.working import Clock, Telemetry, Work
from bot.ports.writing import Leave, Pages, Writer

__all__ = [
    "Clock",
    "Desk",
    "Leave",
    "Notes",
    "Pages",
    "Platform",
    "Store",
    "Telemetry",
    "Tx",
    "Work",
    "Writer",
]
