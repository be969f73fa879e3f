"""Files and long texts are read as articles."""

import pytest

from bot.pages.reader import PageReader
from tests.pages.pdfs import pdf
from tests.platforms.slack.bot import slack_bot
from tests.standins.slack import SCOPES

PARAGRAPHS = (
    "The harbour of Wexcombe will be dredged in April, the council decided on Tuesday evening.",
    "Idris Penn, its leader, said that the work costs 310,000 pounds and takes five weeks.",
    "Fishermen had asked for it since 2019, because boats ran aground at low tide every month.",
    "The ferry company wants to come back in May, with two crossings a day in each direction.",
    "Divers looked at the sea bed last summer and found an anchor that is 200 years old there.",
    "The anchor will be shown in the town hall, beside the old bell of the pier, from June on.",
    "Marion Ashdown, who sells tea at the pier head, said that the visitors cannot come too soon.",
    "The council votes again in March, when the offers of three companies have been opened.",
)
TEXT = "Harbour of Wexcombe to be dredged in April\n\n" + "\n\n".join(PARAGRAPHS)
BULLET = "310,000 pounds"
HTML = (
    "<html><head><title>Harbour to be dredged</title></head><body><article><h1>Harbour to be "
    f"dredged</h1>{''.join(f'<p>{one}</p>' for one in PARAGRAPHS)}</article></body></html>"
)
FILES = {
    "harbour.txt": (TEXT.encode(), "text/plain"),
    "harbour.md": (f"# {TEXT}".encode(), "text/markdown"),
    "harbour.html": (HTML.encode(), "text/html"),
    "harbour.pdf": (pdf([TEXT.splitlines()], size=9), "application/pdf"),
}


@pytest.fixture
async def reading(tmp_path):
    """Give the bot with the reader that it has outside of tests."""
    reader = PageReader(deadline=20)
    try:
        async with slack_bot(tmp_path, pages=reader) as bot:
            yield bot
    finally:
        await reader.close()


def upload(bot, name, **given):
    content, kind = FILES[name]
    return bot.slack.place.add_file(name, content, mimetype=kind, **given).id


async def test_files_of_every_kind(reading):
    for name in FILES:
        ts = await reading.says("ada", "@briefbot", files=[upload(reading, name)])
        assert BULLET in reading.thread(ts)[0], name
        await reading.types("ada", "forget mine")  # else it points to the first


async def test_the_same_text_in_another_file_is_pointed_to(bot):
    first = await bot.says("ada", "@briefbot", files=[upload(bot, "harbour.txt")])
    copy = bot.slack.place.add_file("copy.txt", TEXT.encode())
    second = await bot.says("bob", "@briefbot", files=[copy.id])
    pointed = "Already briefed here: Harbour of Wexcombe to be dredged in April "
    assert bot.thread(second) == [
        f"{pointed}<https://marlow.slack.com/archives/C0GENERAL/p{first.replace('.', '')}>"
    ]


async def test_a_file_by_reaction(bot):
    ts = await bot.says("ada", "minutes", files=[upload(bot, "harbour.txt")])
    assert bot.thread(ts) == []
    await bot.reacts("bob", ts)
    assert BULLET in bot.thread(ts)[0]


async def test_a_file_in_a_direct_message_and_a_question_on_it(bot):
    ts = await bot.says("ada", "", "ada", files=[upload(bot, "harbour.txt")])
    assert BULLET in bot.thread(ts, "ada")[0]
    await bot.says("ada", "What does the work cost?", "ada", thread=ts)
    assert "310,000 pounds" in bot.thread(ts, "ada")[1]


async def test_a_file_and_a_question_with_it(bot):
    text = "@briefbot What does the work cost?"
    ts = await bot.says("ada", text, files=[upload(bot, "harbour.txt")])
    (post,) = bot.thread(ts)
    assert post.count(BULLET) >= 2


async def test_a_file_that_is_too_large(tmp_path):
    async with slack_bot(tmp_path, settings={"file_max_mb": 1}) as bot:
        big = bot.slack.place.add_file("big.txt", b"word " * 250_000)
        await bot.says("ada", "@briefbot", files=[big.id])
        assert bot.posts() == []
        (told,) = bot.told("ada")
        assert told.startswith("big.txt is over the limit")


async def test_a_file_of_another_kind(bot):
    image = bot.slack.place.add_file("pier.png", b"\x89PNG\0\0", mimetype="image/png")
    await bot.says("ada", "@briefbot", files=[image.id])
    assert bot.posts() == []
    assert "I read web pages, PDF, .txt and .md" in bot.told("ada")[0]


async def test_a_file_that_we_may_not_read(tmp_path):
    async with slack_bot(tmp_path, scopes=SCOPES) as bot:
        await bot.says("ada", "@briefbot", files=[upload(bot, "harbour.txt")])
        assert bot.posts() == []
        (told,) = bot.told("ada")
        assert told.startswith("harbour.txt")


async def test_a_file_is_deleted_before_we_come(bot):
    file = upload(bot, "harbour.txt")
    ts = await bot.says("ada", "minutes", files=[file])
    bot.slack.place.files[file].deleted = True
    await bot.reacts("bob", ts)
    assert bot.posts() == []
    assert len(bot.told("bob")) == 1


async def test_files_that_nobody_asks_about_are_left_alone(bot):
    await bot.says("ada", "our minutes", files=[upload(bot, "harbour.txt")])
    image = bot.slack.place.add_file("pier.png", b"\x89PNG\0\0", mimetype="image/png")
    await bot.says("ada", "look!", files=[image.id])
    assert bot.posts() == []
    assert bot.told("ada") == []


async def test_pictures_are_no_articles_in_automatic_mode(bot):
    await bot.founds("news")
    await bot.settles("ada", "mode automatic", "news")
    image = bot.slack.place.add_file("pier.png", b"\x89PNG\0\0", mimetype="image/png")
    ts = await bot.says("ada", "look!", "news", files=[image.id])
    assert bot.thread(ts, "news") == []
    assert not bot.told("ada", "news")[1:]
    assert bot.slack.place.message("news", ts).reactions == {}


async def test_a_pasted_text_by_mention(bot):
    ts = await bot.says("ada", f"@briefbot {TEXT}")
    (brief,) = bot.thread(ts)
    first, *_ = brief.splitlines()
    assert first == "Harbour of Wexcombe to be dredged in April"
    assert BULLET in brief
    assert "Pasted text kept 30 days" in brief


async def test_a_pasted_text_is_corrected(bot):
    ts = await bot.says("ada", f"@briefbot {TEXT}")
    await bot.edits(ts, f"@briefbot {TEXT.replace('310,000', '290,000')}")
    (brief,) = bot.thread(ts)
    assert "290,000 pounds" in brief


async def test_what_stands_beside_a_file_is_changed(bot):
    ts = await bot.says("ada", "@briefbot", files=[upload(bot, "harbour.txt")])
    before = bot.posts()[0].ts
    await bot.edits(ts, "@briefbot our minutes")
    assert [one.ts for one in bot.posts()] == [before]


async def test_a_pasted_text_in_a_direct_message(bot):
    ts = await bot.says("ada", TEXT, "ada")
    assert BULLET in bot.thread(ts, "ada")[0]


async def test_a_pasted_text_is_briefed_by_reaction(bot):
    ts = await bot.says("ada", TEXT)
    assert bot.thread(ts) == []
    await bot.reacts("bob", ts)
    assert BULLET in bot.thread(ts)[0]


async def test_a_pasted_text_is_nothing_to_us_in_automatic_mode(bot):
    await bot.founds("news")
    await bot.settles("ada", "mode automatic", "news")
    ts = await bot.says("ada", TEXT, "news")
    assert bot.thread(ts, "news") == []
