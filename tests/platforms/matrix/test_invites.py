"""Whose invitations are taken."""

import pytest

from bot.platforms.matrix.invites import Invitation, noted, read, welcome

US = "@briefbot:example.org"


@pytest.mark.parametrize(
    ("who", "patterns", "taken"),
    [
        ("@ann:example.org", (), True),
        ("@ann:elsewhere.org", (), False),
        ("@ann:evil-example.org", (), False),
        ("@ann:example.org:8448", (), False),
        ("@ann:elsewhere.org", ("*",), True),
        ("@ann:elsewhere.org", ("elsewhere.org",), True),
        ("@ann:elsewhere.org", ("@*:elsewhere.org",), True),
        ("@bob:elsewhere.org", ("@ann:elsewhere.org",), False),
        ("@ann:example.org", ("@bob:example.org",), False),
        ("@ann:sub.example.org", ("@*:*.example.org",), True),
    ],
)
def test_who_is_let(who, patterns, taken):
    assert welcome(who, patterns, "example.org") is taken


def invited(*events):
    return {"invite_state": {"events": list(events)}}


MEMBER = {
    "type": "m.room.member",
    "state_key": US,
    "sender": "@ann:example.org",
    "content": {"membership": "invite"},
}


def test_an_invitation_says_who_and_into_what():
    space = {"type": "m.room.create", "state_key": "", "content": {"type": "m.space"}}
    found = read("!r:example.org", invited(space, MEMBER), US)
    assert found is not None
    asked, kind = found
    assert asked == Invitation(room="!r:example.org", inviter="@ann:example.org", via="example.org")
    assert kind == "m.space"


def test_what_invites_somebody_else_says_nothing():
    other = {**MEMBER, "state_key": "@eve:example.org"}
    assert read("!r:example.org", invited(other), US) is None


def test_an_invitation_survives_being_noted():
    asked = Invitation(room="!r:example.org", inviter="@ann:example.org", via="example.org")
    assert noted(asked.note, asked.text()) == asked
