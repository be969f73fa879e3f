"""What can be a bullet as it stands, and what is edited on the way."""

import pytest

from bot.core.writing.form import bullet_text, is_boilerplate, stands_alone
from bot.core.writing.sentences import passage


@pytest.mark.parametrize(
    ("sentence", "bullet"),
    [
        ("The bridge reopened on Monday.", "The bridge reopened on Monday"),
        ("But the bridge reopened on Monday.", "The bridge reopened on Monday"),
        ("However, the bridge reopened.", "The bridge reopened"),
        ("The mayor (pictured) opened the bridge.", "The mayor opened the bridge"),
        ("Mayor Ida Holm (pictured left) opened it.", "Mayor Ida Holm opened it"),
        ("BERGEN, Norway (Reuters) - The bridge reopened.", "The bridge reopened"),
        ("(CNN)The bridge reopened.", "The bridge reopened"),
        ('Holm said: "We are proud."', 'Holm said: "We are proud"'),
        ("Holm called it ‘a good day.’", "Holm called it ‘a good day’"),
        ("What a day for Bergen!", "What a day for Bergen!"),
        ("The company moved to the U.S.", "The company moved to the U.S."),
        ("It costs  five\nmillion.", "It costs five million"),
    ],
)
def test_only_safe_edits_are_made(sentence, bullet):
    assert bullet_text(sentence, "en") == bullet


@pytest.mark.parametrize(
    "sentence",
    [
        "Prosecutors said the driver fled the scene.",
        "While the bridge was shut, ferries carried 2,000 people (1,500 of them by night).",
        "But for the rain, the bridge would have opened.",
    ],
)
def test_clauses_attributions_and_brackets_stay(sentence):
    kept = bullet_text(sentence, "en")

    assert kept.casefold().endswith(sentence.removesuffix(".").casefold()[4:])


@pytest.mark.parametrize(
    "sentence",
    [
        "The council approved the new bridge on Monday.",
        '"We are proud of this bridge," Mayor Ida Holm said.',
        "But the council approved the new bridge.",
        "This week the council approved the new bridge.",
        "When the bridge closed, 2,000 people took the ferry.",
        "The council's engineers said ‘the bridge won't fall’.",
    ],
)
def test_sentences_that_stand_alone(sentence):
    assert stands_alone(passage(sentence, "en"), "en")


@pytest.mark.parametrize(
    "sentence",
    [
        "He approved the new bridge on Monday.",
        "It approved the new bridge on Monday.",
        "But they approved the new bridge on Monday.",
        "On Saturday, he approved the new bridge.",
        "The move angered many drivers in the city.",
        "While, on the other bank, work began.",
        "As ministers arrive in the city to discuss the bridge.",
        "A year later, the council approved the bridge.",
        "Speaking at the site, she approved the new bridge.",
        "Then the council approved the new bridge.",
        "Who approved the new bridge on Monday?",
        "I approved the new bridge on Monday.",
        '"I approved the new bridge on Monday."',
        '"The bridge is safe and sound, the mayor said.',
        "and the council approved the new bridge.",
        "Holm: The bridge is going to be fine.",
        "The council approved the new bridge in",
        "Bridge approved.",
    ],
)
def test_sentences_that_do_not_stand_alone(sentence):
    assert not stands_alone(passage(sentence, "en"), "en")


@pytest.mark.parametrize(
    ("sentence", "language", "alone"),
    [
        ("Die Stadt hat die neue Brücke am Montag eröffnet.", "de", True),
        ("Sie hat die neue Brücke am Montag eröffnet.", "de", False),
        ("La ville a ouvert le nouveau pont lundi.", "fr", True),
        ("Elle a ouvert le nouveau pont lundi matin.", "fr", False),
        ("La ciudad abrió el nuevo puente el lunes.", "es", True),
        ("Además, ella abrió el nuevo puente el lunes.", "es", False),
    ],
)
def test_other_languages_have_their_own_pointers(sentence, language, alone):
    assert stands_alone(passage(sentence, language), language) is alone


@pytest.mark.parametrize(
    "sentence",
    [
        "CNN's Ada Berg contributed to this report.",
        "Scroll down for video",
        "Click here for more photos.",
        "Sign up for our newsletter.",
        "Last updated at 6:33 PM on 7th September 2011.",
        "https://example.org/ferry",
    ],
)
def test_lines_of_the_page_are_told_from_the_story(sentence):
    assert is_boilerplate(sentence)
    assert not is_boilerplate("The council approved the new bridge on Monday.")


@pytest.mark.parametrize("mark", ["'aaaaaaaaa", "“", "‘", "„a ", " ", "a.", "(pictured", "s' "])
def test_time_grows_with_the_text_and_not_faster(mark):
    hostile = f"The dogs' 'b{mark * (20_000 // len(mark))} ran over the wide green hill on Monday."

    assert not stands_alone(passage(hostile, "en"), "en")
    assert bullet_text(hostile, "en").endswith("on Monday")


def test_quotes_with_apostrophes_inside_are_no_first_person():
    quoted = "The dogs' owner said 'we can't find them, it's dark' of the walk on Monday."
    hostile = "The dogs' 'b" + "'aaaaaaaaa" * 8 + " ran over the wide green hill on Monday."

    assert stands_alone(passage(quoted.replace("dogs'", "dog's"), "en"), "en")
    assert not stands_alone(passage(hostile.replace("dogs", "our dogs"), "en"), "en")
