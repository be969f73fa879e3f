"""Articles of our own for the dialogues."""

from datetime import date

from bot.core.reading.identity import article


def _texts(block: str) -> list[str]:
    """The texts of a block, which are parted by empty lines."""
    return [" ".join(text.split()) for text in block.split("\n\n")]


PIER = article(
    url="https://sample.example/pier",
    headline="Old pier at Wexcombe to reopen after storm repairs",
    publisher="The Sample Post",
    published=date(2026, 3, 3),
    language="en",
    lead_bullets=_texts("""
The pier at Wexcombe reopens on Friday after repairs that cost 2.4 million pounds

It was closed in November when a storm broke eleven of its iron legs
"""),
    paragraphs=_texts("""
The pier at Wexcombe will reopen on Friday after four months of repairs that cost 2.4 million
pounds, the town council said.

A storm on 14 November broke eleven of the pier's iron legs and tore away the landing stage
where the ferry used to call.

“We feared that we had lost it,” said Marion Ashdown, who has sold tea at the pier head for
thirty years.

Engineers from Harrow Marine replaced the legs and lifted the deck by half a metre, so that
higher waves can pass below it.

The council's leader, Idris Penn, said that the ferry would return in May if the harbour is
dredged in time.
"""),
)

MUSEUM = article(
    url="https://sample.example/museum",
    headline="Museum returns bronze bell to island village",
    publisher="The Sample Post",
    published=date(2026, 2, 27),
    language="en",
    paragraphs=_texts("""
The National Museum has returned a bronze bell to the island village of Norsay, from which
soldiers took it in 1854.

About 200 people lined the quay as the bell was lifted from the mail boat on Thursday.

The museum's director, Helen Marsh, said that the village had asked for the bell since 1921
and had never been given an answer.

The bell weighs 340 kilograms and will hang in the rebuilt church tower from Easter.
"""),
)
