"""A process that has the program imported and forks it on demand: a start costs 20 ms, not 500.

A line of JSON a request on standard input: {"arguments": [...], "environment": {...},
"clock": seconds that its clock is off, "largest": bytes that no file may outgrow, or null}.
A line of JSON an event on standard output: {"started": pid}, {"ended": pid, "code": exit code}.
"""

from __future__ import annotations

import json
import os
import resource
import select
import sys
from datetime import timedelta
from typing import Any


def main() -> None:
    _preload()
    if "--matrix" in sys.argv:  # 750 ms, for whoever needs it
        import bot.app.matrix  # noqa: F401, PLC0415 - as in `_preload`
    while True:
        ready, _, _ = select.select([sys.stdin], [], [], 0.02)
        if ready:
            line = sys.stdin.readline()
            if not line:
                return
            _tell({"started": _fork(json.loads(line))})
        _reap()


def _preload() -> None:
    import asyncio  # noqa: F401, PLC0415 - what a child would import

    import aiohttp  # noqa: F401, PLC0415 - as above
    import sqlalchemy.dialects.sqlite  # noqa: F401, PLC0415 - as above

    import bot.app  # noqa: PLC0415 - as above
    import bot.app.slack  # noqa: PLC0415 - as above
    import bot.flows.serve  # noqa: PLC0415 - as above
    import bot.platforms.loopback  # noqa: PLC0415 - as above
    import bot.store.sql  # noqa: PLC0415 - as above
    import bot.store.upgrade  # noqa: PLC0415 - as above
    import bot.telemetry  # noqa: PLC0415 - as above
    import bot.terminal.cli  # noqa: PLC0415 - as above
    import bot.terminal.serve  # noqa: PLC0415 - as above
    import bot.web  # noqa: PLC0415 - as above
    import bot.work.embedded  # noqa: PLC0415 - as above
    import bot.work.procrastinate  # noqa: F401, PLC0415 - as above
    from bot.core.writing import extract  # noqa: F401, PLC0415 - as above


def _fork(request: dict[str, Any]) -> int:
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        _become(request)
        from bot.__main__ import main as program  # noqa: PLC0415 - in the child only

        program()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    finally:
        os._exit(code)


def _become(request: dict[str, Any]) -> None:
    os.environ.clear()
    os.environ.update(request["environment"])
    sys.argv = ["briefbot", *request["arguments"]]
    devnull = os.open(os.devnull, os.O_RDWR)
    os.dup2(devnull, 0)
    os.dup2(devnull, 1)
    log = os.open(request["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(log, 2)
    if request["clock"]:
        from bot.app import SystemClock  # noqa: PLC0415 - in the child only

        right, off = SystemClock.now, timedelta(seconds=request["clock"])
        SystemClock.now = lambda self: right(self) + off  # type: ignore[method-assign] # a clock that somebody set
    if request["largest"] is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (request["largest"], request["largest"]))


def _reap() -> None:
    while True:
        try:
            child, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not child:
            return
        _tell({"ended": child, "code": os.waitstatus_to_exitcode(status)})


def _tell(what: dict[str, int]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
