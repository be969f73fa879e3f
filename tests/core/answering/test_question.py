import pytest

from bot.core.answering.question import Kind, asked, resolve


@pytest.mark.parametrize(
    ("text", "language", "kind"),
    [
        ("Who leads the force?", "en", Kind.WHO),
        ("In what year did it begin?", "en", Kind.WHEN),
        ("Where was the ship?", "en", Kind.WHERE),
        ("How many militias came?", "en", Kind.COUNT),
        ("How much did it cost?", "en", Kind.AMOUNT),
        ("How long did it last?", "en", Kind.DURATION),
        ("How old is she?", "en", Kind.AGE),
        ("Why did they leave?", "en", Kind.WHY),
        ("Did they leave when it rained?", "en", Kind.YES_NO),
        ("What did he say when he left?", "en", Kind.WHAT),
        ("Wie viele kamen?", "de", Kind.COUNT),
        ("Wann begann es?", "de", Kind.WHEN),
        ("Wer war da?", "de", Kind.WHO),
        ("Combien sont venus ?", "fr", Kind.COUNT),
        ("Où était-il ?", "fr", Kind.WHERE),
        ("¿Cuándo empezó?", "es", Kind.WHEN),
        ("¿Quién lo dijo?", "es", Kind.WHO),
        ("How many came?", "de", Kind.COUNT),
        ("Tankers", "en", Kind.WHAT),
        ("", None, Kind.WHAT),
        ("Hoeveel mensen?", "nl", Kind.WHAT),
    ],
)
def test_what_a_question_asks_for(text, language, kind):
    assert asked(text, language).kind is kind


@pytest.mark.parametrize(
    "text",
    [
        "Who leads the Quds force?",
        "How many passengers were brought ashore?",
        "What did Mara Olsen say about the fog?",
        "Is there a pilot on board?",
        "Who said that the fog was thick?",
        "Wer hat das Rennen gewonnen?",
        "",
    ],
)
def test_a_question_that_stands_alone_is_unchanged(text):
    assert resolve(text, "When did the ferry run aground?") == text


def test_without_a_question_before_nothing_changes():
    assert resolve("why?", None) == "why?"
    assert resolve("why?", "  ") == "why?"


@pytest.mark.parametrize(
    "text", ["why?", "and when did he say that?", "who else?", "and where?", "what happened there?"]
)
def test_a_follow_up_gets_the_words_of_the_question_before(text):
    resolved = resolve(text, "What did Pompeo say about sanctions?")
    assert resolved.startswith(text)
    assert "Pompeo" in resolved
    assert "sanctions" in resolved


def test_another_name_takes_the_place_of_the_last_one():
    resolved = resolve("And what about Erbil?", "How far is the embassy in Baghdad?")
    assert resolved == "How far is the embassy in Erbil?"


def test_another_thing_joins_the_question_before():
    resolved = resolve("what about the crew?", "Who saved the passengers?")
    assert resolved == "Who saved the passengers the crew?"


def test_a_follow_up_in_german():
    resolved = resolve("Und warum?", "Wann wurde der Hafen gesperrt?")
    assert "Hafen" in resolved
    assert resolved.startswith("Und warum?")
