"""Whether people's clients trust the bot, also after it lost what it kept.

Everybody here refuses devices that nobody signed, as Element does, and notices another identity.
"""

import shutil

import pytest

from bot.app.matrix import examine, reset
from bot.errors import ConfigurationError
from bot.platforms.matrix.identity import Trust
from bot.settings import Settings
from bot.terminal import keeping
from tests.platforms.matrix.bot import PIER_URL, matrix_bot
from tests.platforms.matrix.talk import Talk

pytestmark = pytest.mark.synapse


@pytest.fixture
async def talk(bot, people):
    async with Talk.begun(bot, people, encrypted=True) as begun:
        yield begun


def kept(bot, pattern):
    found = [path for path in (bot.folder / "keys").rglob(pattern) if path.is_file()]
    assert found
    return found


async def briefed(talk):
    link = await talk.ann_says(f"!brief {PIER_URL}")
    post = await talk.post_in(link)
    assert post.encrypted
    return post


async def test_doctor_says_that_clients_will_trust_it(bot):
    found = await examine(bot.settings)
    assert found.trust is Trust.SIGNED
    assert found.user == bot.user_id


async def test_nothing_is_logged_in_by_looking(homeserver, tmp_path):
    async with matrix_bot(homeserver, tmp_path, started=False) as bot:
        found = await examine(bot.settings)
        assert found.trust is None
        assert found.device == ""


async def test_a_restart_keeps_the_device(bot, talk):
    await briefed(talk)
    before = (await examine(bot.settings)).device
    await bot.stop()
    await bot.start()
    await briefed(talk)
    assert (await examine(bot.settings)).device == before


async def test_a_lost_crypto_store_is_another_device_of_the_same_identity(bot, talk):
    await briefed(talk)
    before = (await examine(bot.settings)).device
    await bot.stop()
    for path in kept(bot, "*.db*"):
        path.unlink()
    await bot.start()
    after = await examine(bot.settings)
    assert after.device != before
    assert after.trust is Trust.SIGNED
    await briefed(talk)
    assert talk.ann.identity_changes == []


async def test_a_lost_login_is_another_device_of_the_same_identity(bot, talk):
    await bot.stop()
    for path in kept(bot, "login"):
        path.unlink()
    await bot.start()
    assert (await examine(bot.settings)).trust is Trust.SIGNED
    await briefed(talk)
    assert talk.ann.identity_changes == []


async def test_a_backup_that_is_brought_back_can_be_read(bot, talk, tmp_path):
    file = str(tmp_path / "backup.tar")
    await briefed(talk)
    await bot.stop()
    await keeping.backup(bot.settings, target=file)
    for path in kept(bot, "*.db*"):  # what was said since is lost, with the machine
        path.unlink()
    await keeping.restore(bot.settings, source=file, force=True)
    await bot.start()
    await briefed(talk)
    assert talk.ann.identity_changes == []


async def test_another_spelling_of_the_account_finds_its_keys(bot, talk):
    device = (await examine(bot.settings)).device
    await bot.stop()
    short = bot.user_id.lstrip("@").partition(":")[0]
    bot.settings = Settings(**{**bot.given, "MATRIX_USER": short})
    await bot.start()
    assert (await examine(bot.settings)).device == device
    await briefed(talk)


async def test_the_doctor_tries_the_password_and_leaves_no_device(homeserver, tmp_path):
    async with matrix_bot(homeserver, tmp_path, started=False) as bot:
        path = f"/_synapse/admin/v2/users/{bot.user_id}/devices"
        before = await homeserver.administer("GET", path)
        await examine(bot.settings)
        assert await homeserver.administer("GET", path) == before
        wrong = Settings(**{**bot.given, "MATRIX_PASSWORD": "another"})
        with pytest.raises(ConfigurationError) as caught:
            await examine(wrong)
        assert caught.value.problem == "matrix_password"


async def test_with_the_keys_it_signs_with_lost_it_refuses_and_says_so(bot, talk):
    await bot.stop()
    for path in kept(bot, "signing"):
        path.unlink()
    await bot.start_in_vain()
    error = await bot.ended()
    assert isinstance(error, ConfigurationError)
    assert error.problem == "matrix_other_identity"
    assert (await examine(bot.settings)).trust is Trust.OTHER_IDENTITY
    await bot.stop()

    assert (await reset(bot.settings)).trust is Trust.SIGNED
    await bot.start()
    await briefed(talk)
    assert [one.user_id for one in talk.ann.identity_changes] == [bot.user_id]


async def test_logged_out_by_somebody_else_it_logs_in_again(bot, talk):
    device = (await examine(bot.settings)).device
    await bot.homeserver.administer(
        "DELETE", f"/_synapse/admin/v2/users/{bot.user_id}/devices/{device}"
    )
    error = await bot.ended()
    assert isinstance(error, ConfigurationError)
    assert error.problem == "matrix_signed_out"
    await bot.stop()
    await bot.start()
    after = await examine(bot.settings)
    assert after.device != device
    assert after.trust is Trust.SIGNED
    await briefed(talk)
    assert talk.ann.identity_changes == []


async def test_an_access_token_is_enough_and_is_not_taken_with_its_keys_lost(
    homeserver, tmp_path, people
):
    account = await homeserver.register("tokenbot")
    login = await homeserver.login(account)
    settings = {
        "MATRIX_USER": "",
        "MATRIX_PASSWORD": None,
        "MATRIX_ACCESS_TOKEN": login["access_token"],
    }
    async with matrix_bot(homeserver, tmp_path, account=account, settings=settings) as bot:
        async with Talk.begun(bot, people, encrypted=True) as talk:
            await briefed(talk)
        assert (await examine(bot.settings)).device == login["device_id"]
        await bot.stop()
        shutil.rmtree(tmp_path / "keys")
        await bot.start_in_vain()
        error = await bot.ended()
        assert isinstance(error, ConfigurationError)
        assert error.problem == "matrix_lost_store"


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"MATRIX_PASSWORD": "not this one"}, "matrix_password"),
        ({"MATRIX_PASSWORD": None, "MATRIX_ACCESS_TOKEN": "syt_unknown"}, "matrix_token"),
    ],
)
async def test_what_the_server_does_not_know_ends_it_with_the_name_of_the_setting(
    homeserver, tmp_path, wrong, problem
):
    async with matrix_bot(homeserver, tmp_path, started=False, settings=wrong) as bot:
        await bot.start_in_vain()
        error = await bot.ended()
        assert isinstance(error, ConfigurationError)
        assert error.problem == problem


async def test_no_secret_lies_in_the_data_folder_in_the_open(bot, talk):
    await briefed(talk)
    secrets = [bot.account.password.encode(), b"syt_"]
    for path in bot.folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert not any(secret in data for secret in secrets), path


async def test_another_passphrase_ends_it(homeserver, tmp_path):
    async with matrix_bot(homeserver, tmp_path, settings={"secret": "one"}) as bot:
        await bot.stop()
        bot.settings = Settings(**{**bot.given, "secret": "another"})
        await bot.start_in_vain()
        error = await bot.ended()
        assert isinstance(error, ConfigurationError)
        assert error.problem == "matrix_secret"
