"""Writes small PDF files by hand: text on pages, nothing else."""

from __future__ import annotations

FONT = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"


def pdf(pages, *, title="", size=11, trailer=""):
    """Return a PDF; each page is a list of lines, a line a text or a pair (text, size)."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "", f"<< /Title ({_escaped(title)}) >>", FONT]
    kids = []
    for lines in pages:
        stream = _stream(lines, size)
        kids.append(f"{len(objects) + 1} 0 R")
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] "
            f"/Resources << /Font << /F1 4 0 R >> >> /Contents {len(objects) + 2} 0 R >>"
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    return _written(objects, trailer)


def _stream(lines, size):
    drawn, y = ["BT"], 740
    for line in lines:
        text, its_size = line if isinstance(line, tuple) else (line, size)
        drawn.append(f"/F1 {its_size} Tf 1 0 0 1 60 {y} Tm ({_escaped(text)}) Tj")
        y -= int(its_size * 1.3)
    return "\n".join([*drawn, "ET"])


def _written(objects, trailer):
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("cp1252")
    start = len(out)
    rows = "".join(f"{place:010} 00000 n \n" for place in places)
    out += (
        f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{rows}"
        f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R /Info 3 0 R {trailer}>>\n"
        f"startxref\n{start}\n%%EOF\n"
    ).encode("ascii")
    return bytes(out)


def _escaped(text):
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


STORY = [
    ("Harbour bridge reopens after repair", 20),
    "The harbour bridge reopened on Monday after engineers had replaced the last of its",
    "cables, a year and a half after a cargo ship had struck its northern pillar in the",
    "fog of a November night.",
    "Ferries will keep running until spring, the mayor said, since the approach roads are",
    "still being widened and buses cannot turn there be-",
    "fore the work is done.",
]
