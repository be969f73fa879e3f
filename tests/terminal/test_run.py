"""How a command ends: its code, and a sentence for whatever went wrong."""

import pytest

from bot.errors import NothingStored
from bot.settings import Settings
from bot.terminal.exits import Exit
from bot.terminal.run import run


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("BRIEFBOT_DATA_DIR", raising=False)


def raising(error: BaseException):
    async def work(_: Settings) -> Exit:
        raise error

    return work


def test_a_command_ends_with_its_own_code():
    assert run(lambda _: Exit.ABSENT, debug=False) is Exit.ABSENT


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (NothingStored(), Exit.NOTHING_STORED, "Nothing was read yet."),
        (KeyboardInterrupt(), Exit.INTERRUPTED, "Stopped."),
        (ZeroDivisionError(), Exit.BROKEN, "Something broke that should not have"),
    ],
)
@pytest.mark.parametrize("debug", [False, True])
def test_an_error_is_told_in_a_sentence(capsys, error, code, said, debug):
    assert run(raising(error), debug=debug) is code
    told = capsys.readouterr().err
    assert said in told
    assert ("Traceback" in told) is (debug and not isinstance(error, KeyboardInterrupt))
