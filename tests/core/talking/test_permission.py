"""Who may do what: anyone makes it quieter, keepers make it louder, everyone owns what is his."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.talking.permission import QUIETER, Quieter, is_quieter, own
from bot.core.talking.settings import KINDS
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


# A value of each setting, and one that makes us quieter; the way back is louder.
WAYS = {
    "mode": (Mode.REACTION, Mode.MENTION),
    "ignore": ("a.example", "a.example b.example"),
    "bots": (True, False),
    "outsiders": (True, False),
    "briefs_per_hour": (4, 3),
    "links_per_message": (4, 3),
    "bullets": (4, 3),
    "digest": (True, False),
    "digest_from": ("", "2026-12-24"),
    "digest_least": (2, 3),
    "digest_most": (4, 3),
    "model_private": (True, False),
    "notify": (Notify.ALL, Notify.ANSWERS),
}
# The rest: anything that a keeper alone may change, whichever way.
KEEPERS = {
    "own_wording": (False, True),
    "language": ("article", "fr"),
    "digest_time": ("09:00", "10:00"),
    "digest_days": ("mon tue", "mon"),
    "zone": ("UTC", "Europe/Paris"),
    "article_days": (90, 30),
    "private_days": (30, 10),
    "brief_days": (90, 30),
    "question_days": (90, 30),
    "questions_per_hour": (30, 10),
    "robots": ("never", "always"),
}


def test_every_setting_has_its_place_in_the_table() -> None:
    assert {*WAYS, *KEEPERS} == set(KINDS) == set(QUIETER)
    assert {name for name, way in QUIETER.items() if way is Quieter.NEITHER} == set(KEEPERS)


@pytest.mark.parametrize(("name", "values"), WAYS.items())
def test_anyone_makes_it_quieter_and_keepers_louder(name: str, values: tuple[object, ...]) -> None:
    assert [quieter(name, *values), quieter(name, *reversed(values))] == [True, False]


@pytest.mark.parametrize(("name", "values"), KEEPERS.items())
def test_the_rest_is_for_keepers_both_ways(name: str, values: tuple[object, ...]) -> None:
    assert [quieter(name, *values), quieter(name, *reversed(values))] == [False, False]


@pytest.mark.parametrize(
    ("before", "after", "is_so"),
    [
        ("", "a.example", True),
        ("a.example b.example", "b.example", False),
        ("a.example", "", False),
        ("a.example", "b.example", False),
    ],
)
def test_more_sites_that_are_ignored_are_quieter(before: str, after: str, is_so: bool) -> None:
    assert quieter("ignore", before, after) is is_so


@pytest.mark.parametrize(
    ("before", "after", "is_so"),
    [
        ("", "2026-01-01", True),
        ("2026-01-01", "2026-02-01", True),
        ("2026-02-01", "2026-01-01", False),
        ("2026-02-01", "", False),
    ],
)
def test_a_later_digest_is_quieter(before: str, after: str, is_so: bool) -> None:
    assert quieter("digest_from", before, after) is is_so


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
