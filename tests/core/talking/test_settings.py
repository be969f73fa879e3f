"""What a channel may set, and what is refused with its bounds."""

from dataclasses import fields
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.talking.settings import (
    CHAT,
    KINDS,
    NOTICES,
    TERMINAL,
    allowed,
    change,
    change_all,
    named,
    parted,
    shown,
)
from bot.errors import BadSetting, SettingsClash, UnknownSetting
from bot.model import ChannelSettings, Mode, Notify

NOW = datetime(2026, 3, 4, tzinfo=UTC)


def changed(name: str, typed: str) -> ChannelSettings:
    return change(ChannelSettings(), name, typed, who="ada", at=NOW)[0]


def test_every_setting_has_bounds_and_its_default_lies_within():
    assert {field.name for field in fields(ChannelSettings)} == set(KINDS)
    for name in KINDS:
        assert allowed(name)
        before = ChannelSettings()
        assert change(before, name, shown(before, name), who="ada", at=NOW) == (before, None)


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("bullets", "long", 8),
        ("Bullets", " 4 ", 4),
        ("own wording", "yes", True),
        ("own-wording", "off", False),
        ("mode", "Mention", Mode.MENTION),
        ("digest_time", "23:59", "23:59"),
        ("digest_days", "fri, mon", "mon fri"),
        ("article_days", "0", 0),
        ("ignore", "none", ""),
        ("ignore", "Example.com", "example.com"),
        ("ignore", "https://www.example.com/a/b news.example", "example.com news.example"),
        ("ignore", "example.com  example.com", "example.com"),
        ("zone", "europe/paris", "Europe/Paris"),
        ("zone", "utc", "UTC"),
        ("bots", "on", True),
        ("outsiders", "1", True),
        ("robots", "Never", "never"),
        ("notify", "ALL", Notify.ALL),
        ("language", "FR", "fr"),
        ("language", "article", "article"),
        ("language", "French", "fr"),
        ("lang", "español", "es"),
        ("language", "Português.", "pt"),
        ("Time zone", "new york", "America/New_York"),
        ("zone", "paris", "Europe/Paris"),
        ("length", "short", 3),
        ("digest_time", "9", "09:00"),
        ("digest_time", "9:00", "09:00"),
        ("digest_time", "18.30", "18:30"),
        ("digest_time", "9am", "09:00"),
        ("digest_time", "12 am", "00:00"),
        ("digest_time", "noon", "12:00"),
        ("digest_time", "18h30", "18:30"),
        ("digest_days", "weekdays", "mon tue wed thu fri"),
        ("digest_days", "every day", "mon tue wed thu fri sat sun"),
        ("digest_days", "Mon – Wed", "mon tue wed"),
        ("digest_days", "fri-mon", "mon fri sat sun"),
        ("digest_days", "Tuesdays, thurs", "tue thu"),
        ("digest_from", "2026-12-24", "2026-12-24"),
        ("digest_from", "none", ""),
        ("bullets", "“8”.", 8),
    ],
)
def test_values_are_understood_as_people_type_them(name, typed, value):
    field = name.strip().lower().replace(" ", "_").replace("-", "_")
    field = {"lang": "language", "time_zone": "zone", "length": "bullets"}.get(field, field)
    assert getattr(changed(name, typed), field) == value


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("bullets", "2"),
        ("bullets", "nine"),
        ("own_wording", "maybe"),
        ("language", "de"),
        ("language", "klingon"),
        ("mode", "loud"),
        ("notify", "everybody"),
        ("digest_time", "24:00"),
        ("digest_time", "13pm"),
        ("digest_time", "0am"),
        ("digest_time", "9:60"),
        ("digest_time", "٩"),
        ("digest_days", "mon-someday"),
        ("digest_days", "mo"),
        ("digest_from", "2026-02-30"),
        ("digest_from", "christmas"),
        ("zone", "pacific"),
        ("language", "German"),
        ("digest_days", "someday"),
        ("digest_days", ""),
        ("article_days", "-1"),
        ("ignore", ""),
        ("ignore", "a b .. c"),
        ("zone", "Mars/Base"),
        ("zone", ""),
        ("zone", "../../etc/passwd"),
        ("bots", "perhaps"),
        ("questions_per_hour", "0"),
        ("briefs_per_hour", "61"),
        ("bullets", "²"),
        ("article_days", "9" * 30),
    ],
)
def test_what_does_not_fit_is_refused_with_its_bounds(name, typed):
    with pytest.raises(BadSetting) as refused:
        changed(name, typed)
    assert refused.value.allowed == allowed(name)


def test_an_unknown_name_is_refused_with_those_that_are():
    with pytest.raises(UnknownSetting) as refused:
        named("colour")
    assert "bullets" in refused.value.known
    assert named("") == refused.value.known


def test_a_change_is_told_from_what_to_what():
    _, entry = change(ChannelSettings(), "bullets", "3", who="ada", at=NOW)
    assert entry is not None
    assert (entry.who, entry.name, entry.before, entry.after) == ("ada", "bullets", "5", "3")


texts = st.text(max_size=40) | st.sampled_from(["yes", "0", "5", "09:00", "mon", "none", "off"])


@given(st.sampled_from([*KINDS, "colour"]), texts)
def test_whatever_is_typed_is_taken_or_refused_and_what_is_taken_can_be_typed(name, typed):
    try:
        after, entry = change(ChannelSettings(), name, typed, who="ada", at=NOW)
    except (BadSetting, SettingsClash, UnknownSetting):
        return
    assert (entry is None) is (after == ChannelSettings())
    assert change(after, name, shown(after, name), who="ada", at=NOW) == (after, None)


def test_a_chat_has_settings_that_a_terminal_has_not():
    assert set(named("")) < set(named("", here=CHAT)) < set(KINDS)
    assert named("Briefs per-hour", here=CHAT) == ("briefs_per_hour",)


def test_what_people_are_notified_of_is_set_only_where_they_are_told_of_nothing():
    assert set(NOTICES) - set(CHAT) == {"notify"}
    assert "notify" not in TERMINAL
    assert named("notify", here=CHAT) == ("notify",)  # it is there, though it means nothing


@pytest.mark.parametrize(
    ("name", "typed", "line"),
    [
        ("mode", "autmatic", "settings mode automatic"),
        ("language", "frensh", "settings language fr"),
        ("zone", "Europe/Pariss", "settings zone Europe/Paris"),
        ("digest_days", "mon tusday", "settings digest_days mon tuesday"),
        ("bullets", "shrot", "settings bullets short"),
        ("bullets", "12", ""),
        ("digest_time", "soon", ""),
    ],
)
def test_what_was_perhaps_meant_is_said_as_a_whole_line(name, typed, line):
    with pytest.raises(BadSetting) as refused:
        changed(name, typed)
    assert refused.value.line == line


def test_the_name_that_was_meant_is_said_with_what_followed_it():
    with pytest.raises(UnknownSetting) as refused:
        named("bulets", rest="8")
    assert refused.value.line == "settings bullets 8"
    with pytest.raises(UnknownSetting) as refused:
        named("xyzzy", rest="8")
    assert refused.value.line == ""


def test_fewest_stories_are_no_more_than_most():
    with pytest.raises(SettingsClash) as refused:
        changed("digest_least", "6")
    error = refused.value
    assert (error.name, error.value, error.other, error.most) == (
        *("digest_least", "6"),
        *("digest_most", "5"),
    )
    after, entries = change_all(
        ChannelSettings(), {"digest_least": 6, "digest_most": 8}, who="ada", at=NOW
    )
    assert (after.digest_least, after.digest_most, len(entries)) == (6, 8, 2)


@pytest.mark.parametrize(
    ("typed", "name", "rest"),
    [
        ("bullets 8", "bullets", "8"),
        ("bullets = 8", "bullets", "8"),
        ("bullets: 8", "bullets", "8"),
        ("bullets:8", "bullets", "8"),
        ("bullets to 8.", "bullets", "8"),
        ("Own Wording yes", "own_wording", "yes"),
        ("own-wording = yes", "own_wording", "yes"),
        ("digest time 09:00", "digest_time", "09:00"),
        ("digest yes", "digest", "yes"),
        ("time zone new york", "zone", "new york"),
        ("ignore https://a.example/b", "ignore", "https://a.example/b"),
        ("“mode” “off”", "mode", "off"),
        ("colour blue", "colour", "blue"),
        ("", "", ""),
    ],
)
def test_a_name_is_told_from_its_value(typed, name, rest):
    assert parted(typed) == (name, rest)
