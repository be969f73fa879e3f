"""Points are bullets that stand, those of several outlets first, none of them twice."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.stories_days import days
from bot.core.digesting.compare import points
from bot.core.writing import extract
from bot.core.writing.evidence import holds
from bot.model import Strike
from tests.core.digesting.samples import NOON, mention

STORIES = [
    [replace(one, brief=extract.write(one.article, bullets=4)) for one in mentions]
    for day in days("tune")[:2]
    for _, mentions in day.by_event()
    if len(mentions) > 1
]
WIRE = mention(
    1,
    "The new tunnel in Port Clare will cost 612 million crowns, the minister Hugo Brandt said.",
    "Lorries will drive for free during the first two weeks.",
    "A bakery at the northern end has named a loaf after the tunnel.",
    outlet="Wire",
)
ECHO = mention(
    2,
    "Hugo Brandt, the minister, said that the tunnel in Port Clare would cost 612 million crowns.",
    "It opens in June, with a race for children.",
    outlet="Echo",
)


def test_what_two_outlets_say_comes_first_with_the_words_of_the_other():
    first, *rest = points([WIRE, ECHO], 3)

    assert first.outlets == ("Wire", "Echo")
    assert first.others[0].quote == ECHO.article.paragraphs[0]
    assert all(len(point.outlets) == 1 for point in rest)


def test_nothing_is_said_twice():
    told = [point.bullet.text for point in points([WIRE, ECHO], 9)]

    assert sum("612" in text for text in told) == 1


def test_a_bullet_with_another_number_is_not_said_by_the_other():
    other = mention(
        3,
        "Hugo Brandt, the minister, said that the tunnel in Port Clare would cost 640 million.",
        outlet="Lantern",
    )
    first = next(point for point in points([WIRE, other], 9) if "612" in point.bullet.text)

    assert first.outlets == ("Wire",)


def test_a_denial_is_not_the_same():
    other = mention(
        3,
        "Hugo Brandt, the minister, denied that the tunnel in Port Clare will not cost 612 million "
        "crowns.",
        outlet="Lantern",
    )
    first = next(point for point in points([WIRE, other], 9) if point.mention is WIRE)

    assert first.outlets == ("Wire",)


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_struck_bullets_never_appear_and_proofs_are_exact(data):
    story = data.draw(st.sampled_from(STORIES))
    struck = [
        replace(
            one,
            strikes=tuple(
                Strike(bullet=number, who="ann", why="wrong", at=NOON)
                for number in data.draw(st.sets(st.integers(1, len(one.brief.bullets))))
            ),
        )
        for one in story
    ]
    articles = {one.article.version: one.article for one in story}
    found = points(struck, 4)

    assert len(found) <= 4
    for point in found:
        assert point.number not in {strike.bullet for strike in point.mention.strikes}
        assert len(point.outlets) == len(set(point.outlets)) == len(point.others) + 1
        assert all(holds(proof, articles[proof.version]) for proof in point.others)
