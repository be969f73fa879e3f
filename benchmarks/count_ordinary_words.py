"""List the ordinary words of English news: those that stand mostly in lower case.

    BRIEFBOT_BENCH=<folder> python benchmarks/count_ordinary_words.py

The fact lock must know whether a capital at the beginning of a sentence means a name. Only stems
are kept, no text: those found in lower case in at least LEAST_ARTICLES articles of the bench
and at least twice as often as with a capital inside a sentence. Lead bullets are not counted,
so that the lock's false alarms can be measured on them.
"""

from __future__ import annotations

import gzip
import json
import os
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from bot.core.language.words import stem, stop_words, words

if TYPE_CHECKING:
    from collections.abc import Iterator

LIST = Path(__file__).parent.parent / "bot/core/writing/ordinary_words.txt"
LEAST_ARTICLES = 5
LOWER_TO_UPPER = 2


def articles(folder: Path) -> Iterator[str]:
    """Yield the body of each article of the briefing set."""
    with gzip.open(folder / "bench/briefing.jsonl.gz", "rt", encoding="utf8") as lines:
        for line in lines:
            yield "\n".join(json.loads(line)["paragraphs"])


def main() -> None:
    """Count and write."""
    lower: Counter[str] = Counter()
    upper: Counter[str] = Counter()
    for text in articles(Path(os.environ["BRIEFBOT_BENCH"])):  # noqa: TID251 - a script, not the program
        inside = [
            word
            for word in words(text)
            if re.search(r"\w,? $", text[max(0, word.start - 3) : word.start])
        ]
        lower.update({stem(word.text, "en") for word in inside if word.text.islower()})
        upper.update({stem(word.text, "en") for word in inside if word.text[0].isupper()})
    stops = {stem(word, "en") for word in stop_words("en")}
    ordinary = sorted(
        word
        for word, count in lower.items()
        if count >= LEAST_ARTICLES
        and count >= LOWER_TO_UPPER * upper[word]
        and word.isascii()
        and word.isalpha()
        and word not in stops
        and len(word) > 1
    )
    LIST.write_text(
        "# English stems that stand mostly in lower case in news; made by"
        " benchmarks/count_ordinary_words.py\n" + "\n".join(ordinary) + "\n",
        encoding="utf8",
    )
    print(f"{len(ordinary)} stems, {LIST.stat().st_size} bytes")


if __name__ == "__main__":
    main()
