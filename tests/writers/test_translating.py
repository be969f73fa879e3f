"""A model that is asked for another language than the article's."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bot.core.reading.identity import article
from bot.errors import ModelThrottled, ModelTimedOut, NoLeave
from bot.model import Method, Tokens, Voice
from bot.writers.embedded import EmbeddedWriter
from bot.writers.model.client import Said
from tests.writers.asking import BRIDGE, PLAIN, PRINTED, RecordingLeave, holds_true, question

PARAGRAPHS = BRIDGE.paragraphs
FRENCH = (
    ("Environ 300 personnes par heure traversent le pont à pied", PARAGRAPHS[0]),
    ("La rouille a pris 12 tonnes d'acier depuis 2019, selon le conseil de Marlow", PARAGRAPHS[1]),
    ("La maire Ada Byron dit avoir examiné quatre offres et retenu la moins chère", PARAGRAPHS[2]),
)
WRONG = ("La rouille a pris 13 tonnes d'acier depuis 2019, selon le conseil", PARAGRAPHS[1])


class Saying:
    """A client whose model says what it is told to, the last of it again and again."""

    model = "parrot"

    def __init__(self, *answers: object) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, str]] = []

    async def ask(self, model: str, system: str, user: str, *_: object, **__: object) -> Said:  # noqa: ARG002 - the client's
        self.asked.append((system, user))
        said = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(said, Exception):
            raise said
        return Said(text=json.dumps(said), tokens=Tokens(), counted=True)


def drafts(*pairs):
    return {"bullets": [{"text": text, "label": "P1", "quote": quote} for text, quote in pairs]}


def saying(writing, *answers):
    client = Saying(*answers)
    return replace(writing(), client=client), client


async def test_a_brief_is_in_the_language_wished_for_and_says_so(writing):
    writer, client = saying(writing, drafts(*FRENCH))
    brief = await writer.brief(BRIDGE, bullets=3, language="fr", leave=RecordingLeave())

    assert [one.text for one in brief.bullets] == [text for text, _ in FRENCH]
    assert [one.evidence[0].quote for one in brief.bullets] == [quote for _, quote in FRENCH]
    assert (brief.method, brief.warnings) == (Method.ABSTRACTIVE, ("translated:French",))
    assert holds_true(brief, [BRIDGE])
    system, _ = client.asked[0]
    assert "Write in French, though the article is in another language: spell names" in system


async def test_what_is_wrong_is_asked_for_again_and_then_in_the_articles_words(writing):
    writer, client = saying(writing, drafts(*FRENCH[:1], *FRENCH[2:], WRONG), drafts(WRONG))
    brief = await writer.brief(BRIDGE, bullets=3, language="fr", leave=RecordingLeave())

    assert "Why: the article does not have the number “13 tonnes”." in client.asked[1][1]
    assert "in French, though" in client.asked[1][0]
    assert [one.quoted for one in brief.bullets].count(True) == 1
    own = next(one for one in brief.bullets if one.quoted)
    assert not {span.quote for span in own.evidence} & {quote for _, quote in FRENCH[::2]}


@pytest.mark.parametrize("error", [ModelTimedOut("m"), ModelThrottled("m", 1.0), NoLeave("m")])
async def test_what_was_accepted_stays_where_asking_again_fails(writing, error):
    writer, client = saying(writing, drafts(*FRENCH[:2], WRONG), error)
    brief = await writer.brief(BRIDGE, bullets=3, language="fr", leave=RecordingLeave())

    assert brief.method is Method.ABSTRACTIVE
    assert [one.quoted for one in brief.bullets].count(False) == 2
    assert len(client.asked) == 2
    assert [one.happened for one in writer.telemetry.troubles] == ["model_repair_failed"]


async def test_what_stays_in_the_articles_language_is_no_translation(writing):
    writer, client = saying(writing, drafts(*((text, text) for text in PARAGRAPHS[:3])))
    brief = await writer.brief(BRIDGE, bullets=3, language="fr", leave=RecordingLeave())

    assert "it must be in French" in client.asked[1][1]
    assert brief.method is Method.EXTRACTIVE
    assert brief.warnings == ("untranslated:French", "model_broken")


async def test_the_publishers_bullets_in_another_language_are_a_pattern(writing):
    writer, client = saying(writing, drafts(*FRENCH))
    brief = await writer.brief(PRINTED, bullets=3, language="fr", leave=RecordingLeave())

    assert brief.method is Method.ABSTRACTIVE
    assert "- Bridge closes for 7 weeks\n" in client.asked[0][1]


async def test_an_article_in_that_language_is_not_translated(writing):
    writer, client = saying(writing, drafts(*((text, text) for text in PARAGRAPHS[:3])))
    brief = await writer.brief(BRIDGE, bullets=3, language="en", leave=RecordingLeave())
    printed = await writer.brief(PRINTED, bullets=3, language="en", leave=RecordingLeave())

    assert (brief.method, brief.warnings) == (Method.ABSTRACTIVE, ())
    assert (printed.method, printed.warnings) == (Method.PUBLISHER, ())
    assert "Write in English.\n" in client.asked[0][0]


@pytest.mark.parametrize("of", [BRIDGE, PRINTED])
async def test_without_a_model_a_line_says_that_it_stays_as_it_is(of):
    writer = EmbeddedWriter()
    brief = await writer.brief(of, bullets=3, language="fr")
    answer = await writer.answer([of], question("How many tonnes of steel?"), language="fr")

    assert brief.warnings == answer.warnings == ("untranslated:French",)
    assert (await writer.brief(of, bullets=3, language="en")).warnings == ()
    assert (await writer.brief(of, bullets=3)).warnings == ()


async def test_an_answer_is_in_the_language_wished_for_over_the_original_words(writing):
    text, quote = FRENCH[1]
    said = {"found": True, "answer": text, "quotes": [{"label": "P2", "quote": quote}]}
    writer, client = saying(writing, said)
    asked = question("Combien de tonnes d'acier ?")
    answer = await writer.answer([BRIDGE], asked, language="fr", leave=RecordingLeave())

    assert (answer.voice, answer.text) == (Voice.SAYS, text)
    assert answer.warnings == ("translated:French",)
    assert [one.quote for one in answer.quotes] == [quote]
    assert "sentences in French, though" in client.asked[0][0]


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        WRONG,
        ("Les lecteurs doivent changer leur mot de passe avant la fin du mois", PARAGRAPHS[1]),
        ("La maire Ada Byron dit avoir examiné quatre offres", PARAGRAPHS[1]),
    ],
)
async def test_an_answer_that_its_quotes_do_not_bear_out_is_not_given(writing, text, quote):
    said = {"found": True, "answer": text, "quotes": [{"label": "P2", "quote": quote}]}
    writer, _ = saying(writing, said)
    asked = question("How many tonnes of steel had rust taken?")
    answer = await writer.answer([BRIDGE], asked, language="fr", leave=RecordingLeave())

    assert answer.method is Method.EXTRACTIVE
    assert answer.warnings == ("untranslated:French", "model_broken")


async def test_an_article_whose_language_nobody_knows_is_translated(writing):
    unknown = article(**PLAIN | {"language": None})
    writer, _ = saying(writing, drafts(*FRENCH))
    brief = await writer.brief(unknown, bullets=3, language="fr", leave=RecordingLeave())
    assert brief.warnings == ("translated:French",)
