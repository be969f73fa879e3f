"""Make the table of document frequencies that answering weighs words with.

    BRIEFBOT_BENCH=<folder> python benchmarks/make_idf.py

Counts, for each language, in how many news articles of the bench a stem stands. Only counts are
kept, no text. The articles that questions are asked of (answering.jsonl.gz) are left out, so
that the answering figures are measured with a table that never saw them.

Lines of the table: `# ...` for provenance; `<language> <documents>`; then
`<language> <count> <stem> <stem> ...` with all stems of about that count (counts are rounded to
steps of 2**(1/2), at most 19 % off, a tenth of the weight of a rare word at worst).
"""

from __future__ import annotations

import gzip
import json
import math
import os
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from bot.core.answering.terms import terms
from bot.core.language.detect import detect

if TYPE_CHECKING:
    from collections.abc import Iterator

TABLE = Path(__file__).parent.parent / "bot/core/answering/data/idf.txt"
LEAST_DOCUMENTS = 20  # with fewer the counts say nothing
LEAST_COUNT = 3


def articles(folder: Path) -> Iterator[str]:
    """Yield the text of each article once."""
    seen: set[str] = set()
    for name in ("briefing", "reading"):
        with gzip.open(folder / f"{name}.jsonl.gz", "rt", encoding="utf8") as lines:
            for line in lines:
                row = json.loads(line)
                text = (
                    "\n".join(row["paragraphs"]) if name == "briefing" else row["expected"]["body"]
                )
                if text not in seen:
                    seen.add(text)
                    yield text


def rounded(count: int) -> int:
    """Return the nearest power of the square root of 2, as a whole number."""
    return round(2 ** (round(2 * math.log2(count)) / 2))


def main() -> None:
    """Count, round and write."""
    documents: Counter[str] = Counter()
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for text in articles(Path(os.environ["BRIEFBOT_BENCH"]) / "bench"):  # noqa: TID251 - a script
        if language := detect(text):
            documents[language] += 1
            counts[language].update(set(terms(text, language)))
    lines = []
    for language, number in sorted(documents.items()):
        if number < LEAST_DOCUMENTS:
            continue
        lines.append(f"{language} {number}")
        groups: defaultdict[int, list[str]] = defaultdict(list)
        for stem, count in counts[language].items():
            # numbers with signs in them are seldom seen again
            if count >= LEAST_COUNT and stem.isalnum():
                groups[rounded(count)].append(stem)
        lines += [f"{language} {size} {' '.join(sorted(groups[size]))}" for size in sorted(groups)]
    total = sum(number for number in documents.values() if number >= LEAST_DOCUMENTS)
    head = (
        f"# document frequencies of stems in {total} news articles: CNN/DailyMail excerpts from\n"
        "# public repositories, article-extraction-benchmark and Fundus test pages; counts only.\n"
        "# made by benchmarks/make_idf.py, whose docstring has the format\n"
    )
    TABLE.parent.mkdir(exist_ok=True)
    TABLE.write_text(head + "\n".join(lines) + "\n", "utf-8")
    print(dict(documents), TABLE.stat().st_size, "bytes", file=sys.stderr)


if __name__ == "__main__":
    main()
