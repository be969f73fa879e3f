"""What one person sees, as it is laid out."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.talking import sheets, wording
from bot.core.talking.settings import CHAT, KINDS, Choice, Whole, change, shown
from bot.core.talking.sheets import RoomState
from bot.core.writing.evidence import evidence
from bot.model import (
    Brief,
    Bullet,
    Channel,
    ChannelSettings,
    Control,
    Controls,
    DeliveryState,
    Field,
    FieldKind,
    Heading,
    Kept,
    Letter,
    Line,
    Mention,
    Method,
    Origin,
    Part,
    Post,
    Room,
    SettingChange,
    Sheet,
    Strike,
    Workspace,
)
from tests.flows.articles import PIER
from tests.store.samples import NOON, thread

NEWS = Channel(workspace=Workspace(platform="slack", id="T1"), id="C1")
LONG = "word " * 60


def bullet(text: str) -> Bullet:
    return Bullet(text=text, evidence=(evidence(PIER, Part.BODY, 0, 0, 10),))


BRIEF = Brief(
    version=PIER.version,
    method=Method.ABSTRACTIVE,
    bullets=(bullet("The pier reopens."), bullet(LONG), bullet("Ada sells tea.")),
    model="gpt",
    prompt_hash="0123456789abcdef",
)
MENTION = Mention(
    number=4,
    message="m1",
    thread=thread(),
    poster="U1",
    at=NOON,
    origin=Origin.UPLOAD,
    source="a.pdf",
    article=PIER,
    brief=BRIEF,
)


def fields(sheet: Sheet) -> dict[str, Field]:
    return {one.name: one for one in sheet.blocks if isinstance(one, Field)}


def lines(sheet: Sheet) -> list[str]:
    return [one.text for one in sheet.blocks if isinstance(one, Line)]


@pytest.mark.parametrize("mention", [None, replace(MENTION, brief=None)])
def test_of_what_is_gone_there_is_nothing_to_show_or_send(mention: Mention | None) -> None:
    for sheet in (sheets.proof(mention), sheets.why(mention), sheets.wrong(mention, "x")):
        assert lines(sheet) == [wording.NO_LONGER_KEPT]
        assert (sheet.form, sheet.context) == (None, "")


def test_why_tells_who_how_and_from_which_text() -> None:
    sheet = sheets.why(MENTION)
    who = [one for one in sheet.blocks if isinstance(one, Line) and one.who]
    assert [(one.who, one.text) for one in who] == [("U1", wording.posted_it(MENTION))]
    assert "sent the file" in who[0].text
    text = " ".join(lines(sheet))
    assert "Written by gpt" in text
    assert PIER.version[:12] in text
    assert "Prompt 0123456789ab." in text


def test_bullets_that_are_struck_already_cannot_be_struck_again() -> None:
    struck = replace(MENTION, strikes=(Strike(bullet=1, who="U2", why="no", at=NOON),))
    sheet = sheets.wrong(struck, "where")
    choices = fields(sheet)["bullet"].choices
    assert [one.value for one in choices] == ["2", "3"]
    assert choices[1].label == "3  Ada sells tea."
    assert (sheet.context, fields(sheet)["why"].optional) == ("where", False)


def test_every_setting_is_a_field_that_takes_its_own_value_back() -> None:
    kept = ChannelSettings(ignore="example.com", zone="Europe/Paris", own_wording=True)
    found = fields(sheets.settings_form("news", kept, "where"))
    assert list(found) == list(CHAT)
    assert "notify" not in found  # Slack, which has the forms, tells of what bots say
    for name, field in found.items():
        assert field.value == shown(kept, name)
        assert change(kept, name, field.value, who="a", at=NOON) == (kept, None)
        assert field.label != name, "no words for it"
        kind = KINDS[name]
        if isinstance(kind, Whole):
            assert (field.kind, field.least, field.most) == (
                FieldKind.NUMBER,
                kind.least,
                kind.most,
            )
        assert bool(field.choices) is (field.kind is FieldKind.CHOICE)
        if isinstance(kind, Choice):
            assert [one.value for one in field.choices] == list(kind.kind)


def test_a_title_is_no_longer_than_dialogs_allow() -> None:
    assert sheets.settings_form("a" * 24, ChannelSettings(), "").title == "#" + "a" * 22 + "…"


def room(**given: object) -> RoomState:
    state = RoomState(
        room=Room(channel=NEWS, name="news"),
        settings=ChannelSettings(),
        kept=Kept(mentions=0, articles=0, questions=0, since=None),
        changes=(),
        stuck=(),
        spent=Post(blocks=(Line(text="spent"), Line(text="more"))),
    )
    return replace(state, **given)  # type: ignore[arg-type]


def test_a_room_shows_its_settings_its_changes_and_what_needs_a_person() -> None:
    change_ = SettingChange(who="U2", at=NOON, name="ignore", before="", after="a.example")
    letters = [
        Letter(number=number, thread=thread(), since=NOON, state=state, reason="Unsure", failures=3)
        for number, state in ((7, DeliveryState.UNCERTAIN), (8, DeliveryState.FAILED))
    ]
    kept = Kept(mentions=3, articles=2, questions=1, since=NOON - timedelta(days=1))
    sheet = sheets.home([room(changes=(change_,), stuck=tuple(letters), kept=kept)], more=0)
    assert [one.text for one in sheet.blocks if isinstance(one, Heading)] == ["#news"]
    text = "\n".join(lines(sheet))
    assert "3 briefs of 2 articles, 1 question" in text
    assert "ignore – → a.example" in text
    assert "may not have arrived (Unsure)" in text
    assert "was not posted (Unsure)" in text
    assert ("spent" in text, "more" in text) == (True, False)
    assert [(one.about, one.shown) for one in sheet.blocks if isinstance(one, Controls)] == [
        ("C1\n7", (Control.RETRY,)),
        ("C1\n8", (Control.RETRY,)),
        ("C1\nnews", (Control.SETTINGS,)),
    ]


def test_what_is_left_out_is_counted() -> None:
    assert "1 more channel:" in lines(sheets.home([room()], more=1))[-1]
    assert lines(sheets.home([], more=0)) == [wording.HOME_EMPTY]
