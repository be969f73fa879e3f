"""Our table of methods, held to Slack's own descriptions where BRIEFBOT_BENCH has them."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.standins.slack.methods import METHODS, UNDOCUMENTED, UNIVERSAL

pytestmark = pytest.mark.bench

FOLDER = Path(os.environ.get("BRIEFBOT_BENCH", ""), "peers", "slack-methods")
KINDS = {"boolean": "bool", "number": "number", "integer": "number"}


def described(name):
    path = FOLDER / f"{name}.json"
    if not os.environ.get("BRIEFBOT_BENCH") or not path.is_file():
        pytest.skip("BRIEFBOT_BENCH names no folder with Slack's descriptions")
    return json.loads(path.read_text("utf-8"))


@pytest.mark.parametrize("name", METHODS)
def test_arguments_are_those_described(name):
    ours, theirs = METHODS[name].arguments, described(name)["args"]
    assert set(ours) <= set(theirs)
    needed = {one for one, about in theirs.items() if about.get("required")}
    assert needed == {one for one, about in ours.items() if about.required}


@pytest.mark.parametrize("name", METHODS)
def test_the_kinds_of_arguments_are_those_described(name):
    theirs = described(name)["args"]
    for one, about in METHODS[name].arguments.items():
        kind = theirs[one].get("type")
        if about.kind != "json":
            assert KINDS.get(kind, "string") == about.kind, one


@pytest.mark.parametrize("name", METHODS)
def test_errors_are_those_described_or_known_not_to_be(name):
    theirs = set(described(name)["errors"])
    ours = METHODS[name].errors - UNIVERSAL
    assert ours - UNDOCUMENTED.get(name, set()) <= theirs
    assert not UNDOCUMENTED.get(name, set()) & theirs
