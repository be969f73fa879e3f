import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.answering.filters import asks_poster, filters, names_sources
from bot.model import Outlet, Sources

MAIL = Outlet(publisher="Daily Mail", host="www.dailymail.co.uk")
SUNDAY = Outlet(publisher="The Sunday Times", host="thetimes.co.uk")
CNN = Outlet(publisher=None, host="edition.cnn.com")
BBC = Outlet(publisher="BBC News", host="www.bbc.co.uk")
MONDE = Outlet(publisher="Le Monde.fr", host="lemonde.fr")
PASTED = Outlet(publisher=None, host="")
ANNA, BOB = "@anna:example.org", "U2BOB"
SOURCES = Sources(outlets=(MAIL, SUNDAY, CNN, BBC, MONDE, PASTED), posters=(ANNA, BOB, "ada"))


@pytest.mark.parametrize(
    ("text", "left", "outlet"),
    [
        ("tankers in the Daily Mail this week", "tankers this week", MAIL),
        ("tankers in DailyMail", "tankers", MAIL),
        ("tankers from bbc.co.uk", "tankers", BBC),
        ("tankers on www.bbc.co.uk", "tankers", BBC),
        ("from:bbc.co.uk tankers", "tankers", BBC),
        ('from:"Daily Mail" tankers', "tankers", MAIL),
        ("in the BBC", "", BBC),
        ("tankers by CNN?", "tankers ?", CNN),
        ("tankers from cnn.com", "tankers", CNN),
        ("in the Sunday Times yesterday", "yesterday", SUNDAY),
        ("Öltanker im Daily Mail", "Öltanker", MAIL),
        ("les pétroliers dans le Monde", "les pétroliers", MONDE),
    ],
)
def test_an_outlet_that_was_read(text, left, outlet):
    found = filters(text, SOURCES)
    assert (found.text, found.outlets, found.posters, found.unknown) == (left, (outlet,), (), ())


@pytest.mark.parametrize(
    "text",
    ["tankers in Paris", "in the Guardian", "talks on Monday", "on the BBC", "the Daily Mail", ""],
)
def test_what_is_no_outlet_here_is_left_alone(text):
    found = filters(text, SOURCES)
    assert (found.text, found.outlets, found.posters, found.unknown) == (text, (), (), ())


@pytest.mark.parametrize(
    ("text", "left", "poster"),
    [
        ("tankers by @anna:example.org", "tankers", ANNA),
        ("tankers from @U2BOB today", "tankers today", BOB),
        ("by:me", "", "asker"),
        ("tankers posted by me", "tankers", "asker"),
        ("tankers that I posted", "tankers", "asker"),
        ("what did I share yesterday?", "yesterday?", "asker"),
        ("what did Anna post about ships?", "about ships?", ANNA),
        ("what has @U2BOB posted about ships?", "about ships?", BOB),
        ("links Ada shared about ships", "about ships", "ada"),
        ("ships by ada, please", "ships , please", "ada"),
    ],
)
def test_a_person_who_posted(text, left, poster):
    found = filters(text, SOURCES, asker="asker")
    assert (found.text, found.outlets, found.posters, found.unknown) == (left, (), (poster,), ())


@pytest.mark.parametrize(
    ("text", "left", "unknown"),
    [
        ("from:reuters.com tankers", "tankers", "reuters.com"),
        ("tankers from reuters.com", "tankers", "reuters.com"),
        ("tankers by @eve", "tankers", "@eve"),
        ("by:eve tankers", "tankers", "eve"),
        ("what did @eve post about ships?", "about ships?", "@eve"),
    ],
)
def test_what_is_marked_as_a_filter_and_unknown_is_told_apart(text, left, unknown):
    found = filters(text, SOURCES)
    assert (found.text, found.outlets, found.posters) == (left, (), ())
    assert found.unknown == (unknown,)


def test_several_filters_at_once():
    found = filters("ships in the Daily Mail or from cnn.com by @anna:example.org", SOURCES)
    assert (found.text, found.outlets, found.posters) == ("ships or", (MAIL, CNN), (ANNA,))


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("What did Anna post about ships?", True),
        ("what did @U2BOB share?", True),
        ("What did the minister post?", False),
        ("What did Merkel post about it?", False),
    ],
)
def test_a_question_for_what_somebody_posted_names_one_of_the_channel(text, asks):
    assert asks_poster(text, SOURCES) is asks


@given(st.text(max_size=60))
def test_no_text_is_too_strange(text):
    found = filters(text, SOURCES, asker="asker")
    assert len(found.text) <= len(text)
    if not names_sources(text):
        assert found.text == text


@given(st.sampled_from(["in", "from", "by"]), st.sampled_from([MAIL, SUNDAY, BBC]))
def test_every_outlet_goes_by_its_own_name(preposition, outlet):
    found = filters(f"ships {preposition} {outlet.publisher}", SOURCES)
    assert (found.text, found.outlets) == ("ships", (outlet,))
