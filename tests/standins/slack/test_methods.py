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


def test_arguments_are_those_described():
    for name, method in METHODS.items():
        theirs = described(name)["args"]
        assert set(method.arguments) <= set(theirs), name
        needed = {one for one, about in theirs.items() if about.get("required")}
        assert needed == {one for one, about in method.arguments.items() if about.required}, name
        for one, about in method.arguments.items():
            if about.kind != "json":
                assert KINDS.get(theirs[one].get("type"), "string") == about.kind, (name, one)


def test_errors_are_those_described_or_known_not_to_be():
    for name, method in METHODS.items():
        theirs, known = set(described(name)["errors"]), UNDOCUMENTED.get(name, set())
        assert method.errors - UNIVERSAL - known <= theirs, name
        assert not known & theirs, name
