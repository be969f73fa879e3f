"""The operator's settings are read as written, or refused with what is wrong."""

from __future__ import annotations

import pytest

from bot.errors import ConfigurationError
from bot.settings import Settings, load


@pytest.mark.parametrize(
    ("listen", "place"),
    [
        ("127.0.0.1:0", ("127.0.0.1", 0)),
        (" Localhost:8377 ", ("localhost", 8377)),
        ("[::1]:80", ("::1", 80)),
        ("0.0.0.0:8377", ("0.0.0.0", 8377)),  # noqa: S104 - the operator's choice
        ("off", None),
        ("OFF", None),
        ("", ("127.0.0.1", 8377)),
    ],
)
def test_where_to_listen(monkeypatch, listen, place):
    monkeypatch.setenv("BRIEFBOT_LISTEN", listen)

    assert load().listen_at == place


@pytest.mark.parametrize(
    "listen",
    [
        "8377",
        ":8377",
        "127.0.0.1",
        "a:b",
        "a:70000",
        "a:-1",
        "u@a:1",
        "http://a:1",
        "a:1/x",
        "[::1",
    ],
)
def test_an_address_that_is_none_is_refused(monkeypatch, listen):
    monkeypatch.setenv("BRIEFBOT_LISTEN", listen)

    with pytest.raises(ConfigurationError) as caught:
        load()
    assert caught.value.names == ("BRIEFBOT_LISTEN",)
    assert caught.value.problem == "it must be host:port (a port from 0 to 65535), or off"


def test_a_log_format_that_is_none_is_refused(monkeypatch):
    monkeypatch.setenv("BRIEFBOT_LOG_FORMAT", "xml")

    with pytest.raises(ConfigurationError) as caught:
        load()
    assert caught.value.names == ("BRIEFBOT_LOG_FORMAT",)


@pytest.mark.parametrize(
    "given", ["https://m.example.org/", "http://127.0.0.1:8008", "example.org"]
)
def test_a_homeserver_is_an_address_or_a_name(given):
    assert Settings(MATRIX_HOMESERVER=given).matrix_homeserver == given.rstrip("/")


@pytest.mark.parametrize(
    "given", ["ht!tp://x y", "ftp://example.org", "https://", "a b", "http://[x"]
)
def test_what_can_be_no_homeserver_is_told_with_the_variable(monkeypatch, given):
    monkeypatch.setenv("MATRIX_HOMESERVER", given)
    with pytest.raises(ConfigurationError) as caught:
        load()
    assert caught.value.names == ("MATRIX_HOMESERVER",)
