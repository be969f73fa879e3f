"""Who may do what: anyone makes it quieter, keepers make it louder, everyone owns what is his."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.talking.permission import is_quieter, own
from bot.core.talking.settings import KINDS, Shape, Whole
from bot.model import ChannelSettings, Mention, Mode, Notify, Origin
from tests.flows.articles import PIER
from tests.store.samples import NOON, thread

DEFAULT = ChannelSettings()


def quieter(name: str, before: object, after: object) -> bool:
    one, other = (replace(DEFAULT, **{name: value}) for value in (before, after))  # type: ignore[arg-type]
    return is_quieter(one, other, name)


@given(st.sampled_from(Mode), st.sampled_from(Mode))
def test_modes_stand_from_quiet_to_loud(before: Mode, after: Mode) -> None:
    order = [Mode.OFF, Mode.MENTION, Mode.REACTION, Mode.AUTOMATIC]
    assert quieter("mode", before, after) is (order.index(after) <= order.index(before))


@given(st.sampled_from(Notify), st.sampled_from(Notify))
def test_it_is_quieter_to_tell_people_of_less(before: Notify, after: Notify) -> None:
    order = [Notify.ANSWERS, Notify.DIGESTS, Notify.ALL]
    assert quieter("notify", before, after) is (order.index(after) <= order.index(before))


@pytest.mark.parametrize("name", ["briefs_per_hour", "links_per_message", "bullets", "digest_most"])
def test_fewer_is_quieter(name: str) -> None:
    assert [quieter(name, 4, number) for number in (3, 4, 5)] == [True, True, False]


@pytest.mark.parametrize("name", ["bots", "outsiders", "digest", "model_private"])
def test_no_is_quieter(name: str) -> None:
    assert quieter(name, True, False)
    assert not quieter(name, False, True)


@pytest.mark.parametrize(
    ("before", "after", "is_so"),
    [
        ("", "a.example", True),
        ("a.example", "b.example a.example", True),
        ("a.example b.example", "b.example", False),
        ("a.example", "", False),
        ("a.example", "b.example", False),
    ],
)
def test_more_sites_that_are_ignored_are_quieter(before: str, after: str, is_so: bool) -> None:
    assert quieter("ignore", before, after) is is_so


def test_what_is_neither_is_for_keepers_in_both_directions() -> None:
    ours = (
        "mode",
        "notify",
        "ignore",
        "briefs_per_hour",
        "links_per_message",
        "bullets",
        "digest_most",
    )
    for name, kind in KINDS.items():
        if name in ours or (kind is Shape.SWITCH and name != "own_wording"):
            continue
        values = (kind.least, kind.most) if isinstance(kind, Whole) else (False, True)
        assert not quieter(name, *values), name
        assert not quieter(name, *reversed(values)), name


posters = st.lists(st.sampled_from(["ada", "bob", "cleo"]), max_size=6)


@given(posters, st.sampled_from(["ada", "bob", "dora", ""]))
def test_everyone_owns_what_is_his_and_keepers_all(names: list[str], who: str) -> None:
    mentions = [
        Mention(
            number=number,
            message=f"m{number}",
            thread=thread(),
            poster=poster,
            at=NOON,
            origin=Origin.LINK,
            source="",
            article=PIER,
        )
        for number, poster in enumerate(names)
    ]
    assert list(own(mentions, who, keeper=True)) == mentions
    assert [one.poster for one in own(mentions, who, keeper=False)] == [who] * names.count(who)
