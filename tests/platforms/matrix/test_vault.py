"""Secrets in files."""

import json
import stat

import pytest

from bot.errors import ConfigurationError
from bot.platforms.matrix.vault import Vault


def vault(folder, secret=None):
    place = folder / "keys" / "matrix" / "briefbot"
    return Vault(place, secret=secret, key_file=folder / "secret.key")


@pytest.mark.parametrize("secret", [None, "a long passphrase"])
def test_what_is_kept_comes_back(tmp_path, secret):
    vault(tmp_path, secret).write("login", {"token": "syt_secret"})
    assert vault(tmp_path, secret).read("login") == {"token": "syt_secret"}


@pytest.mark.parametrize("secret", [None, "a long passphrase"])
def test_nothing_that_is_kept_can_be_read_in_the_files(tmp_path, secret):
    vault(tmp_path, secret).write("login", {"token": "syt_canary"})
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert b"canary" not in path.read_bytes()
            assert b"passphrase" not in path.read_bytes()
            assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_key_lies_outside_of_the_folder_of_the_secrets(tmp_path):
    vault(tmp_path).write("login", {"token": "x"})
    assert (tmp_path / "secret.key").exists()
    assert [path.name for path in (tmp_path / "keys").rglob("*") if path.is_file()] == ["login"]


def test_nothing_kept_is_none(tmp_path):
    assert vault(tmp_path).read("login") is None


def test_another_passphrase_is_told_and_nothing_is_lost(tmp_path):
    vault(tmp_path, "the right one").write("login", {"token": "x"})
    with pytest.raises(ConfigurationError) as caught:
        vault(tmp_path, "a wrong one").read("login")
    assert caught.value.problem == "matrix_secret"
    assert caught.value.names == ("BRIEFBOT_SECRET",)
    assert vault(tmp_path, "the right one").read("login") == {"token": "x"}


@pytest.mark.parametrize("damage", ["", "{}", "[]", '{"nonce": 1}', "\x00\x01"])
def test_a_damaged_file_is_told(tmp_path, damage):
    kept = vault(tmp_path)
    kept.write("login", {"token": "x"})
    (kept.folder / "login").write_text(damage, "utf-8")
    with pytest.raises(ConfigurationError):
        kept.read("login")


def test_one_file_does_not_pass_for_another(tmp_path):
    kept = vault(tmp_path)
    kept.write("login", {"token": "x"})
    (kept.folder / "login").rename(kept.folder / "signing")
    with pytest.raises(ConfigurationError):
        kept.read("signing")


def test_a_changed_byte_is_noticed(tmp_path):
    kept = vault(tmp_path)
    kept.write("login", {"token": "x"})
    sealed = json.loads((kept.folder / "login").read_text("utf-8"))
    sealed["sealed"] = ("A" if sealed["sealed"][0] != "A" else "B") + sealed["sealed"][1:]
    (kept.folder / "login").write_text(json.dumps(sealed), "utf-8")
    with pytest.raises(ConfigurationError):
        kept.read("login")


def test_keys_for_other_uses_stay_the_same_and_differ_by_use(tmp_path):
    first = vault(tmp_path).derived("crypto store")
    assert vault(tmp_path).derived("crypto store") == first
    assert vault(tmp_path).derived("something else") != first


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "keys").write_text("a file", "utf-8")
    with pytest.raises(ConfigurationError) as caught:
        vault(tmp_path, "secret").write("login", {})
    assert caught.value.problem == "matrix_folder"
