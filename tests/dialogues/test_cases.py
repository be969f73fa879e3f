"""The table leaves no command out."""

from __future__ import annotations

import pytest

from bot.core.talking.command_table import COMMANDS, Command, Place
from tests.dialogues.case import Where
from tests.dialogues.cases import CASES, cases

_PLACES = {Where.TERMINAL: Place.TERMINAL, Where.SLACK: Place.CHAT, Where.MATRIX: Place.CHAT}
_PLAYED = [
    pytest.param(where, command, id=f"{where.name}-{command.name}")
    for where, place in _PLACES.items()
    for command in COMMANDS
    if Place.CHAT in command.place and place in command.place
]


@pytest.mark.parametrize(("where", "command"), _PLAYED)
def test_each_command_succeeds_and_fails_in_each_place(where: Where, command: Command) -> None:
    outcomes = {one.refused for one in cases(where) if one.command == command.name}
    assert outcomes == {True, False}


def test_each_case_says_something_and_is_played_once() -> None:
    names = [(str(one), where) for where in _PLACES for one in cases(where)]
    assert len(names) == len(set(names))
    assert [str(one) for one in CASES if not one.says and not one.holds] == []
