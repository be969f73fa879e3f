"""The sandbox's other end: a nursery process that forks one worker for each job.

Started by `bot.pages.sandbox`; talks over sockets only and dies with its parent.

1. The nursery imports what the jobs will need, once, and rehearses when nothing waits.
2. A socket comes over the control socket: it forks. The worker inherits all that is imported.
3. The worker reads one pickled (function, arguments) up to the end of the stream, answers
   STARTED at once and a packed result or error (`bot.pages.answers`) when done, and exits.
4. The control socket ends, because the parent closed it or was killed: everybody is killed.

A worker that overruns its deadline (seconds of its own work, and three times as many by the clock
on the wall) is ended by the kernel's timers, even in the midst of C code.
"""

from __future__ import annotations

import gc
import importlib
import os
import pickle
import resource
import select
import signal
import socket
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NoReturn

from bot.pages import answers

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

STARTED = b"\x01"
PATIENCE = 3
"""How much longer than its deadline a worker may take by the clock on the wall."""
_CHUNK = 1 << 20
_LULL = 1.0  # seconds without a job before a chore, but for the first one


def nurse(
    control_fd: int, preload: Sequence[str], chores: Sequence[tuple[str, str]], memory: int
) -> NoReturn:
    """Serve jobs until the control socket ends; then kill the whole process group.

    With each job's socket come 16 bytes: its deadline in seconds, as a decimal number. The
    modules of `preload` are imported before the first job. `chores` are (module, function) pairs,
    called when nothing waits: what they import and cache, all later workers inherit.
    """
    control = socket.socket(fileno=control_fd)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel buries the workers
    gc.disable()
    for name in preload:
        with suppress(ImportError):  # the job that needs it will say so
            importlib.import_module(name)
    gc.freeze()  # a worker's collection would copy every page of memory that it inherits
    gc.enable()
    left, patience = list(chores), 0.0
    while True:
        while left and not select.select([control], [], [], patience)[0]:
            _do(*left.pop(0))
            patience = _LULL
        patience = _LULL
        data, fds, _, _ = socket.recv_fds(control, 16, 1)
        if not data:
            os.killpg(0, signal.SIGKILL)
        for fd in fds:
            with suppress(OSError):  # no room for a process: the parent sees the socket end
                if os.fork() == 0:
                    control.close()
                    _work(fd, float(data), memory)
            os.close(fd)


def pack_job(function: Callable[..., Any], arguments: tuple[Any, ...]) -> bytes:
    """Return a job as `answer` takes it."""
    return pickle.dumps((function, arguments))


def answer(job: bytes) -> bytes:
    """Run one pickled (function, arguments); return what `answers.unpack` takes.

    What it raises is told by name; nothing is said where it ran out of memory or of stack.
    """
    try:
        function, arguments = pickle.loads(job)  # noqa: S301 - from our own parent
        return answers.pack(succeeded=True, result=function(*arguments))
    except (MemoryError, RecursionError):
        return b""
    except Exception as error:  # noqa: BLE001 - the edge of the process: there is no caller left
        return answers.pack(succeeded=False, result=f"{type(error).__name__}: {error}"[:500])


def _do(module: str, function: str) -> None:
    with suppress(Exception):  # a chore that fails costs time, nothing else
        getattr(importlib.import_module(module), function)()
    gc.freeze()


def _work(fd: int, deadline: float, memory: int) -> NoReturn:
    # Both signals end the process by default. A busy machine must not make a page look hostile,
    # so the deadline counts the worker's own work; waiting has a longer one.
    signal.setitimer(signal.ITIMER_PROF, deadline)
    signal.setitimer(signal.ITIMER_REAL, PATIENCE * deadline)
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    cap = memory if hard == resource.RLIM_INFINITY else min(memory, hard)
    resource.setrlimit(resource.RLIMIT_AS, (cap, cap))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(OSError), socket.socket(fileno=fd) as link:  # the parent may have gone
        link.sendall(STARTED)
        job = b"".join(iter(lambda: link.recv(_CHUNK), b""))
        link.sendall(answer(job))
    os._exit(0)
