"""`briefbot usage`: every workspace's tokens, by day, step and model, against the cap."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.app import SystemClock, budget_of
from bot.model import Budget, Channel, Purpose, Tokens
from bot.settings import Settings
from bot.store.sql import SqlStore
from bot.terminal.exits import Exit
from bot.terminal.usage import used
from tests.store.samples import ABROAD, NEWS, OTHER, empty_database, mention


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    return Settings(data_dir=empty_database(tmp_path).parent, database_url=None)


@pytest.fixture
def today() -> date:
    return SystemClock().now().date()


async def spend(home: Settings, *spent: tuple[Channel, date, Purpose, str]) -> None:
    store = await SqlStore.open(home.database)
    for channel, day, purpose, model in spent:
        row = {"day": day, "purpose": purpose, "model": model}
        used_up = Tokens(taken_in=1_500, written=20)
        async with store.begin() as tx:
            await store.settle_tokens(tx, channel, **row, reserved=0, used=used_up)
    await store.close()


async def test_each_workspace_adds_up_its_channels(
    home: Settings, today: date, capsys: pytest.CaptureFixture[str]
) -> None:
    yesterday = today - timedelta(days=1)
    await spend(
        home,
        (NEWS, today, Purpose.BRIEF, "small"),
        (OTHER, today, Purpose.BRIEF, "small"),
        (NEWS, today, Purpose.ANSWER, "large"),
        (NEWS, yesterday, Purpose.BRIEF, "small"),
        (ABROAD, today - timedelta(days=29), Purpose.ANSWER, "small"),
        (ABROAD, today - timedelta(days=30), Purpose.ANSWER, "too old"),
    )
    assert await used(home, days=30, as_json=False) is Exit.DONE
    assert capsys.readouterr().out == (
        "slack T1\n"
        f"{today}  answer  large: 1 call, 1,500 tokens in, 20 out\n"
        f"{today}  brief  small: 2 calls, 3,000 tokens in, 40 out\n"
        f"{yesterday}  brief  small: 1 call, 1,500 tokens in, 20 out\n"
        "Today: 4,560 of the workspace's 200,000 tokens.\n"
        "\n"
        "slack T2\n"
        f"{today - timedelta(days=29)}  answer  small: 1 call, 1,500 tokens in, 20 out\n"
        "Today: 0 of the workspace's 200,000 tokens.\n"
    )


async def test_fewer_days_and_as_json(
    home: Settings, today: date, capsys: pytest.CaptureFixture[str]
) -> None:
    await spend(
        home,
        (NEWS, today, Purpose.BRIEF, "small"),
        (NEWS, today - timedelta(days=1), Purpose.BRIEF, "small"),
    )
    assert await used(home, days=1, as_json=True) is Exit.DONE
    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line) == {
        "platform": "slack",
        "workspace": "T1",
        "channel": "news",
        "day": today.isoformat(),
        "purpose": "brief",
        "model": "small",
        "calls": 1,
        "taken_in": 1500,
        "written": 20,
        "reserved": 0,
    }


async def test_where_no_model_was_asked(home: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    store = await SqlStore.open(home.database)
    await mention(store)
    await store.close()
    assert await used(home, days=7, as_json=False) is Exit.DONE
    assert capsys.readouterr().out == (
        "No model was asked in the last 7 days.\nToday: 0 of the workspace's 200,000 tokens.\n"
    )
    assert await used(home, days=7, as_json=True) is Exit.DONE
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("a_day", "share", "budget"),
    [
        (200_000, 20, Budget(a_day=200_000, a_channel=40_000)),
        (1_000, 100, Budget(a_day=1_000, a_channel=1_000)),
        (0, 20, Budget(a_day=0, a_channel=0)),
    ],
)
def test_a_channel_s_part_is_a_share_of_the_day(a_day: int, share: int, budget: Budget) -> None:
    settings = Settings(model_tokens_a_day=a_day, openai_base_url="http://127.0.0.1:1/v1")
    assert budget_of(settings, share=share) == budget


def test_without_a_model_there_is_no_budget() -> None:
    assert budget_of(Settings(), share=100) == Budget(a_day=0, a_channel=0)
