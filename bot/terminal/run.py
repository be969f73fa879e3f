"""Runs one command: settings in, an exit code out, every error told in a sentence."""

from __future__ import annotations

import asyncio
import os
import sys
import traceback
from typing import TYPE_CHECKING, Any

from bot.core.talking import wording
from bot.errors import BriefbotError
from bot.settings import Settings, load
from bot.terminal.exits import Exit, code

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine


def run(work: Callable[[Settings], Exit | Coroutine[Any, Any, Exit]], *, debug: bool) -> Exit:
    """Do the work with the settings of the environment. With `debug`, tracebacks are shown."""
    try:
        done = work(load())
        done = done if isinstance(done, Exit) else asyncio.run(done)
        sys.stdout.flush()
    except BrokenPipeError:
        # whoever read our output has seen enough; Python would complain once more at its end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.DONE
    except OSError as error:
        if debug:
            traceback.print_exc()
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        problem = error.strerror or type(error).__name__
        sys.stderr.write(wording.NO_OUTPUT.format(problem=problem) + "\n")
        return Exit.BROKEN
    except BriefbotError as error:
        if debug:
            traceback.print_exc()
        sys.stderr.write(wording.explain(error, wording.TERMINAL) + "\n")
        return code(error)
    except KeyboardInterrupt:
        sys.stderr.write("\n" + wording.INTERRUPTED + "\n")
        return Exit.INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the outermost: no traceback reaches a person
        if debug:
            traceback.print_exc()
        sys.stderr.write(wording.UNEXPECTED.format(name=type(error).__name__) + "\n")
        return Exit.BROKEN
    else:
        return done
