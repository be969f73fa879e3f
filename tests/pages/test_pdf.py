"""PDF files: paragraphs with their pages, and what cannot be read."""

from __future__ import annotations

import io

import pypdf
import pytest

from bot.model import Reason, Verdict
from bot.pages.pdf import MAX_PAGES, MAX_TEXT, extract_pdf
from tests.pages.pdfs import STORY, pdf


def _read(data):
    return extract_pdf(data, "story.pdf", None)


def test_lines_become_paragraphs_and_the_largest_words_the_headline():
    reading = _read(pdf([STORY]))
    assert (reading.verdict, reading.source, reading.share) == (Verdict.ARTICLE, "story.pdf", 1.0)
    article = reading.article
    assert article.headline == "Harbour bridge reopens after repair"
    first, second = article.paragraphs
    assert first == " ".join(STORY[1:4])
    assert second.startswith("Ferries will keep running until spring, the mayor said, since the")
    assert second.endswith("widened and buses cannot turn there before the work is done.")
    assert article.pages == (1, 1)
    assert article.language == "en"
    assert article.url is None


def test_the_address_is_canonical():
    article = extract_pdf(pdf([STORY]), "x", "http://example.com/a.pdf?utm_source=x").article
    assert article.url == "https://example.com/a.pdf"


def test_running_heads_feet_and_page_numbers_go():
    pages = [
        [
            "The Harbour Gazette, Monday edition",
            f"On the {day} of the repair the engineers replaced another of the old cables, and the",
            f"people on the shore counted cranes until the {day} was over.",
            f"Page {number} of 4",
        ]
        for number, day in enumerate(["first day", "second day", "third day", "last day"], 1)
    ]
    article = _read(pdf(pages, title="Four days of repair")).article
    assert article.headline == "Four days of repair"
    assert article.pages == (1, 2, 3, 4)
    assert all(text.startswith("On the") and "Gazette" not in text and "Page" not in text
               for text in article.paragraphs)  # fmt: skip


def test_a_paragraph_that_runs_over_the_page_stays_one():
    first = ["The repair went on through the winter, and when the ice had gone the last of the",
             "cranes left the harbour on a"]  # fmt: skip
    second = ["barge that had waited since autumn.", "Nobody was hurt."]
    article = _read(pdf([first, second], title="The repair of the bridge")).article
    assert article.paragraphs[0].endswith(
        "left the harbour on a barge that had waited since autumn."
    )
    assert article.pages[0] == 1
    assert article.pages[-1] == 2


@pytest.mark.parametrize(
    ("title", "headline"),
    [
        ("Harbour bridge reopens after repair", "Harbour bridge reopens after repair"),
        ("Microsoft Word - bridge_final.docx", "A line that is not large"),
        ("Untitled", "A line that is not large"),
        ("How the bridge was mended", "How the bridge was mended"),
        ("", "A line that is not large"),
    ],
)
def test_a_title_that_names_a_file_is_no_headline(title, headline):
    lines = ["A line that is not large", "", *STORY[1:]]
    assert _read(pdf([lines], title=title)).article.headline == headline


def test_a_long_file_is_read_in_part():
    reading = _read(pdf([STORY[1:4]] * (MAX_PAGES + 20), title="The repair of the bridge"))
    assert reading.verdict is Verdict.ARTICLE
    assert reading.share == pytest.approx(MAX_PAGES / (MAX_PAGES + 20), abs=0.3)
    assert max(reading.article.pages) <= MAX_PAGES


def test_of_a_long_text_the_part_that_was_read_is_told():
    page = [f"Line {number} of a page with {'very ' * 80}many words." for number in range(600)]
    reading = _read(pdf([page, page], title="The repair of the bridge"))
    assert reading.verdict is Verdict.ARTICLE
    assert sum(map(len, reading.article.paragraphs)) <= MAX_TEXT
    assert reading.share == pytest.approx(0.39, abs=0.05)


def test_no_page_is_begun_when_the_time_is_over():
    reading = extract_pdf(pdf([STORY] * 4), "x", None, seconds=0)
    assert (reading.verdict, reading.share) == (Verdict.ARTICLE, 0.25)


def _encrypted(algorithm: str, password: str) -> bytes:
    writer = pypdf.PdfWriter(io.BytesIO(pdf([STORY], title="The repair of the bridge")))
    writer.encrypt(password, "the publisher's", algorithm=algorithm)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-128", "AES-256"])
def test_what_may_be_read_but_not_changed_is_read(algorithm):
    reading = _read(_encrypted(algorithm, ""))
    assert reading.verdict is Verdict.ARTICLE
    assert "bridge" in " ".join(reading.article.paragraphs)


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-128", "AES-256"])
def test_what_takes_a_password_is_told_as_encryption(algorithm):
    reading = _read(_encrypted(algorithm, "only for subscribers"))
    assert (reading.verdict, reading.reason) == (Verdict.UNSUPPORTED, Reason.ENCRYPTED_PDF)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (pdf([[], []]), Reason.SCANNED_PDF),
        (b"%PDF-1.4\nnothing of the kind", Reason.BROKEN_PDF),
        (b"", Reason.BROKEN_PDF),
        (pdf([]), Reason.BROKEN_PDF),
        (pdf([STORY]).replace(b"/Pages 2 0 R", b"/Pages 1 0 R"), Reason.BROKEN_PDF),
        (pdf([STORY], trailer="/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 "
             f"/O <{'41' * 32}> /U <{'42' * 32}> >> /ID [<{'43' * 16}> <{'43' * 16}>] "),
         Reason.ENCRYPTED_PDF),
    ],
    ids=["no text", "no structure", "no bytes", "no pages", "a loop", "a password"],
)  # fmt: skip
def test_what_cannot_be_read_is_told(data, reason):
    reading = _read(data)
    assert (reading.verdict, reading.reason) == (Verdict.UNSUPPORTED, reason)


@pytest.mark.parametrize("seed", range(60))
def test_damage_anywhere_never_raises(seed):
    data = bytearray(pdf([STORY, STORY]))
    for step in range(1, 6):
        at = (seed * 7_919 + step * 104_729) % len(data)
        data[at] = (seed * 31 + step * 17) % 256
    assert _read(bytes(data)).source == "story.pdf"
    assert _read(bytes(data[: len(data) * seed // 60])).source == "story.pdf"
