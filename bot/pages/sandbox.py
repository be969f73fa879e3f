"""Runs what hostile pages may hang or burst: each job in a process of its own.

A deadline and a cap on memory hold for each job, and no job sees what another left behind. The
processes are forked from one nursery (`bot.pages.child`) that has the libraries imported, so a
job costs about 10 ms more than a call, and starting the nursery blocks for a few milliseconds.
Whatever becomes of this process, kill -9 included, its children end with it.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar, TypeVarTuple, Unpack

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Sequence

PRELOAD = ("bot.pages.html.extract", "bot.pages.reader")
# Small ones: a job that comes meanwhile waits for the one that is being done.
CHORES = (
    ("bot.pages.reader", "rehearse"),
    ("bot.pages.reader", "rehearse_addresses"),
    ("bot.pages.reader", "rehearse_others"),
)

_STARTING = 30.0  # seconds that the nursery may take to import what it is told to
_LARGEST_ANSWER = 64 << 20
_CHUNK = 1 << 20
_LIBRARIES = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")  # where some interpreters find their own
_SLACK = 0.1  # seconds between a worker's clock and ours

_Result = TypeVar("_Result")
_Arguments = TypeVarTuple("_Arguments")


class SandboxError(Exception):
    """A job that brought no result."""


class Overtime(SandboxError):
    """It was ended at its deadline."""


class Crashed(SandboxError):
    """It ran out of memory or died, or its answer was none."""


class Raised(SandboxError):
    """It raised; the message is the name of the error and what it said."""


class Sandbox:
    """At most `workers` jobs at a time, each with `deadline` seconds of work and `memory_bytes`.

    `deadline` may be set anew at any time, for the jobs that start later.
    `preload` names modules that are imported before the first job; `chores` are (module,
    function) pairs, called in the nursery when nothing waits, so that later jobs find caches
    filled. Neither must touch what a stranger wrote.
    """

    def __init__(
        self,
        *,
        workers: int = 2,
        deadline: float = 4.0,
        memory_bytes: int = 1 << 30,
        preload: Sequence[str] = PRELOAD,
        chores: Sequence[tuple[str, str]] = CHORES,
    ) -> None:
        self._workers = workers
        self.deadline = deadline
        self._memory = memory_bytes
        self._preload = tuple(preload)
        self._chores = tuple(chores)
        self._nursery: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._places: asyncio.Semaphore | None = None
        self._closed = False

    def warm(self) -> None:
        """Start the nursery and do not wait for it; needs no event loop."""
        if self._nursery is None:
            self._start()

    async def run(
        self, function: Callable[[Unpack[_Arguments]], _Result], *args: *_Arguments
    ) -> _Result:
        """Return what `function(*args)` returns in a process of its own.

        The function must be importable by its name, its arguments picklable, its result a Reading
        or what JSON holds. It sees no variable of our environment. Raises Overtime, Crashed or
        Raised.
        """
        import asyncio  # noqa: PLC0415 - `warm` comes first in a cold start

        from bot.pages import child  # noqa: PLC0415 - likewise

        if self._places is None:
            self._places = asyncio.Semaphore(self._workers)
        async with self._places:
            deadline = self.deadline
            reader, writer = await asyncio.open_connection(sock=self._new_worker(deadline))
            try:
                job = child.pack_job(function, args)
                result: _Result = await _ask(reader, writer, deadline, job)
                return result
            finally:
                writer.close()

    def close(self) -> None:
        """Kill every process, at once; jobs that run end as Crashed."""
        self._closed = True
        self._stop()

    def _new_worker(self, deadline: float) -> socket.socket:
        """Have a worker forked; return our end of its socket."""
        if self._closed:
            raise Crashed
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                self._send(theirs, deadline)
            except OSError:  # the nursery was killed, for want of memory say
                self._stop()
                self._send(theirs, deadline)
        return ours

    def _send(self, link: socket.socket, deadline: float) -> None:
        control = self._control or self._start()
        socket.send_fds(control, [f"{deadline:16.6f}".encode()], [link.fileno()])

    def _stop(self) -> None:
        if self._nursery is None or self._control is None:
            return
        self._control.close()
        with suppress(ProcessLookupError):
            os.killpg(self._nursery.pid, signal.SIGKILL)
        self._nursery.wait()
        self._nursery = self._control = None

    def _start(self) -> socket.socket:
        self._control, theirs = socket.socketpair()
        settings = (theirs.fileno(), self._preload, self._chores, self._memory)
        program = (
            f"import sys; sys.path[:] = {sys.path!r}; "
            f"from bot.pages.child import nurse; nurse{settings!r}"
        )
        with theirs:
            self._nursery = subprocess.Popen(  # noqa: S603 - our own interpreter and words
                [sys.executable, "-I", "-c", program],
                pass_fds=[theirs.fileno()],
                start_new_session=True,  # Ctrl-C is ours to handle; one group to kill
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,  # libraries log what strangers wrote
            )
        return self._control


def _environment() -> dict[str, str]:
    """Return what the interpreter needs to start; tokens and passwords are not for the jobs."""
    ours = os.environ  # noqa: TID251 - no setting: how this very interpreter was started
    return {"LANG": "C.UTF-8", **{name: ours[name] for name in _LIBRARIES if name in ours}}


async def _ask(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, deadline: float, job: bytes
) -> Any:
    """Give a worker its job; return the result, or raise what `Sandbox.run` does."""
    import asyncio  # noqa: PLC0415 - as in `Sandbox.run`

    from bot.pages import answers, child  # noqa: PLC0415 - likewise

    clock, started, answer = asyncio.get_running_loop().time, float("inf"), b""
    with suppress(ConnectionError, TimeoutError):  # told by the answer that is missing
        async with asyncio.timeout(_STARTING + child.PATIENCE * deadline):
            writer.write(job)
            writer.write_eof()
            await reader.read(1)
            started = clock()
            answer = await _read_all(reader)
    if not answer:
        raise Overtime if clock() - started >= deadline - _SLACK else Crashed
    try:
        succeeded, result = answers.unpack(answer)
    except ValueError as error:
        raise Crashed(str(error)) from error
    if not succeeded:
        raise Raised(str(result))
    return result


async def _read_all(reader: asyncio.StreamReader) -> bytes:
    """Return what comes until the end; nothing if it is more than an answer can be."""
    answer = bytearray()
    while chunk := await reader.read(_CHUNK):
        answer += chunk
        if len(answer) > _LARGEST_ANSWER:
            return b""
    return bytes(answer)
