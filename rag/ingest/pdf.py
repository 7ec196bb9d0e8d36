"""Read a PDF: the text of its pages in paragraphs, and what it states about itself.

Runs in the helper process (`rag.ingest.child`): what is built to bloat or to hang a parser
is stopped there, if not here. Draws no page and reads no picture.
"""

from __future__ import annotations

import io
import itertools
import math
import re
import struct
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from rag.errors import BadSource
from rag.ingest.document import Document
from rag.ingest.pdf_facts import facts_of
from rag.ingest.typeset import Line, address_of_print, paragraphs, running

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

_TEXT_HINT = "Save the article's text as a .txt file and add that."
_OCR_HINT = "Give it a text layer first, for instance with ocrmypdf, then add it again."
_HEADER_WITHIN = 1024  # bytes before "%PDF-" that readers tolerate
_SCAN_LETTERS = 30  # a page of a scan has fewer, such as the stamp of the scanning program
_UNREADABLE = 0.3  # the share of letters without a meaning that makes a text gibberish

# What pypdf raises on damaged files, besides its own exceptions.
_DAMAGE = (
    ArithmeticError,
    AttributeError,
    LookupError,
    NotImplementedError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)

_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "\xa0": " "}
)
# Letters that a font draws without saying which they are: controls, the private use area.
_MEANINGLESS = re.compile("[\x00-\x08\x0e-\x1f\ufffd\ue000-\uf8ff]")

_SAME = 1.0  # points; a text printed twice so near to itself is printed bold
_LINE = 0.5  # of the size; what stands no higher or lower than this is on the same line
_COLUMN_LINES = 8  # a column has at least so many lines
_COLUMN_LETTERS = 22  # in a line of a column, on average; a table's cells have fewer


def read_pdf(data: bytes, *, name: str, max_pages: int) -> Document:
    """The text of a PDF in reading order, running heads and feet taken out of it.

    `facts` come from the file's own fields, where a person or a publisher filled them in.
    The day the file was made is never the day of publication. Raises `BadSource` when it
    is no PDF, damaged, protected, longer than `max_pages`, or has no text that can be read.
    """
    from pypdf.errors import DependencyError, LimitReachedError, PyPdfError

    if b"%PDF-" not in data[:_HEADER_WITHIN]:
        raise BadSource(f"{name} is no PDF document", hint=_TEXT_HINT)
    try:
        reader = _opened(data, name)
        count = len(reader.pages)
        if count > max_pages:
            raise BadSource(
                f"{name} has more than {max_pages:,} pages", hint="Split it into smaller files."
            )
        pages, sideways, with_pictures = [], [], False
        for page in reader.pages:
            upright, others = _lines(page)
            pages.append(upright)
            sideways += others
            with_pictures = with_pictures or _has_picture(page)
        facts = facts_of(reader)
    except LimitReachedError as error:
        raise BadSource(
            f"{name} unpacks to more than an article can hold", hint=_TEXT_HINT
        ) from error
    except DependencyError as error:
        raise BadSource(
            f"{name} is encrypted in a way that needs the package cryptography",
            hint='Run "pip install cryptography", or save the PDF without protection.',
        ) from error
    except (PyPdfError, *_DAMAGE) as error:
        raise BadSource(
            f"{name} is damaged",
            hint="Get it again, or open it in a PDF reader and print it to PDF.",
        ) from error
    if not count:
        raise BadSource(f"{name} is damaged: it has no pages", hint="Get it again.")
    marks = running(pages)
    removed = [
        line.text.strip()
        for lines, places in zip(pages, marks, strict=True)
        for n, line in enumerate(lines)
        if n in places
    ]
    bodies = [
        [line for n, line in enumerate(lines) if n not in places]
        for lines, places in zip(pages, marks, strict=True)
    ]
    text = "\n\n".join(paragraphs(bodies))
    _refuse_unreadable(text, count, with_pictures=with_pictures, name=name)
    if "url" not in facts and (url := address_of_print(pages)):
        facts["url"] = url
    return Document(text=text, facts=facts, removed=tuple(dict.fromkeys(removed + sideways)))


def _opened(data: bytes, name: str) -> PdfReader:
    from pypdf import PasswordType, PdfReader

    reader = PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED:
        raise BadSource(
            f"{name} is protected by a password",
            hint="Open it with the password and print it to a new PDF, then add that.",
        )
    return reader


def _refuse_unreadable(text: str, count: int, *, with_pictures: bool, name: str) -> None:
    letters = sum(map(str.isalpha, text))
    if with_pictures and letters < _SCAN_LETTERS * count:
        raise BadSource(f"{name} has no text layer; it is scanned pages", hint=_OCR_HINT)
    if not text:
        raise BadSource(f"{name} has no text in it", hint=_OCR_HINT)
    if len(_MEANINGLESS.findall(text)) > _UNREADABLE * len(text):
        raise BadSource(f"{name} does not say which letters its fonts draw", hint=_OCR_HINT)


# The lines of a page -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """A run of letters, with its place in a page that was turned upright."""

    text: str  # may end in a line feed: pypdf saw that the line ends
    x: float
    y: float
    size: float


def _lines(page: PageObject) -> tuple[list[Line], list[str]]:
    """The lines of a page in reading order, and the text that runs in another direction."""
    found: list[tuple[_Piece, int]] = []

    def visit(
        text: str, place: Sequence[float], matrix: Sequence[float], font: object, size: float
    ) -> None:
        if text.strip():
            found.append(_placed(text, place, matrix, size))
        elif "\n" in text and found:
            piece, angle = found[-1]
            found[-1] = replace(piece, text=piece.text.rstrip("\n") + "\n"), angle

    page.extract_text(visitor_text=visit)
    if not found:
        return [], []
    letters: Counter[int] = Counter()
    for piece, angle in found:
        letters[angle] += len(piece.text.strip())
    main = max(letters, key=lambda angle: (letters[angle], -angle))
    sideways = [piece.text.strip() for piece, angle in found if angle != main]
    lines = _joined([piece for piece, angle in found if angle == main])
    return _by_columns(lines), sideways


def _placed(
    text: str, place: Sequence[float], matrix: Sequence[float], size: float
) -> tuple[_Piece, int]:
    """A run of letters, its page turned so that it reads from left to right, and by how much."""
    a, b, c, d, e, f = matrix
    along = (a * place[0] + b * place[2], a * place[1] + b * place[3])
    up = (c * place[0] + d * place[2], c * place[1] + d * place[3])
    x, y = e * place[0] + f * place[2] + place[4], e * place[1] + f * place[3] + place[5]
    angle = round(math.degrees(math.atan2(along[1], along[0])) / 15) * 15 % 360
    turn = math.radians(-angle)
    piece = _Piece(
        text=text.translate(_LIGATURES),
        x=x * math.cos(turn) - y * math.sin(turn),
        y=x * math.sin(turn) + y * math.cos(turn),
        size=max(abs(size) * math.hypot(*up), 0.1),
    )
    return piece, angle


def _joined(pieces: Sequence[_Piece]) -> list[list[_Piece]]:
    """The pieces of each line; what was printed twice to look bold is taken once."""
    lines: list[list[_Piece]] = []
    before: _Piece | None = None
    for piece in pieces:
        same_line = before is not None and (
            abs(piece.y - before.y) <= _LINE * max(piece.size, before.size)
        )
        printed = before.text.strip() if before is not None and same_line else None
        if before is not None and piece.text.strip() == printed and abs(piece.x - before.x) < _SAME:
            continue
        if before is not None and same_line and not before.text.endswith("\n"):
            lines[-1].append(piece)
        else:
            lines.append([piece])
        before = piece
    return lines


def _by_columns(lines: Sequence[Sequence[_Piece]]) -> list[Line]:
    """The lines as they are read, where the file goes to and fro between two columns.

    Nearly every program writes a column down to its end before it begins the next one; the
    order of the file is then kept.
    """
    starts = Counter(round(piece.x) for line in lines for piece in line)
    often = sorted(x for x, n in starts.items() if n >= _COLUMN_LINES)
    whole = [_line(line) for line in lines]
    if len(often) < 2:
        return whole
    left, right = often[0], often[-1]
    parts: list[Line] = []
    for line in lines:
        cut = next((n for n, p in enumerate(line) if n and abs(p.x - right) < 2), len(line))
        parts += [_line(part) for part in (line[:cut], line[cut:]) if part]
    sides = [_side(part, left, right) for part in parts]
    inside = [(part, side) for part, side in zip(parts, sides, strict=True) if side is not None]
    turns = sum(one[1] != other[1] for one, other in itertools.pairwise(inside))
    for wanted in (0, 1):
        texts = [part.text for part, side in inside if side == wanted]
        if len(texts) < _COLUMN_LINES or sum(map(len, texts)) < _COLUMN_LETTERS * len(texts):
            return whole
    if turns * 2 < len(inside):
        return whole
    read: list[Line] = []
    columns: tuple[list[Line], list[Line]] = ([], [])
    for part, side in zip(parts, sides, strict=True):
        if side is None:  # a headline over both
            read += [*columns[0], *columns[1], part]
            columns = ([], [])
        else:
            columns[side].append(part)
    return [*read, *columns[0], *columns[1]]


def _side(line: Line, left: int, right: int) -> int | None:
    """The column that a line stands in, 0 or 1; None when it goes over both."""
    if line.x >= right - 2:
        return 1
    return None if line.x + line.width > right + 2 * line.size or line.x < left - 2 else 0


def _line(pieces: Sequence[_Piece]) -> Line:
    sizes: Counter[float] = Counter()
    for piece in pieces:
        sizes[piece.size] += len(piece.text.strip())
    return Line(
        text="".join(piece.text for piece in pieces).replace("\n", " ").strip(),
        x=pieces[0].x,
        y=pieces[0].y,
        size=max(sizes, key=lambda size: (sizes[size], size)),
    )


def _has_picture(page: PageObject) -> bool:
    resources: Any = page.get("/Resources")
    objects = resources.get_object().get("/XObject") if resources else None
    if not objects:
        return False
    return any(
        each.get_object().get("/Subtype") == "/Image" for each in objects.get_object().values()
    )
