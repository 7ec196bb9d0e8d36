"""Turn the bytes of a file into text, and Markdown into the text a reader sees.

Removes no page furniture and tidies no spaces; that is `clean`.
"""

from __future__ import annotations

import codecs
import html
import re
from typing import TYPE_CHECKING

from rag.errors import BadSource

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"II*\x00", "a TIFF image"),
    (b"MM\x00*", "a TIFF image"),
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive (Word, Excel and EPUB files are ones)"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Word, Excel or PowerPoint document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x7fELF", "an ELF program"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"SQLite format 3\x00", "a SQLite database"),
    (b"OggS\x00", "an Ogg file"),
    (b"ID3\x03", "an MP3 file"),
    (b"ID3\x04", "an MP3 file"),
    (b"\x00asm", "a WebAssembly program"),
    (b"\xca\xfe\xba\xbe", "a Java class"),
)
# UTF-32 first: its little-endian mark begins with that of UTF-16.
_BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# No text needs these, nor many characters that could not be read. Tab, line feeds, form feed,
# carriage return and escape (a terminal's log is text) are not among them.
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffd]")
# What cp1252 is used for in Indonesian and Western European news: quotes, dashes, signs and
# accented letters. Other bytes (and many of these) speak for another code page.
_CP1252 = ("€‚„…‘’“”•–—™\xa0¡£§©«\xad®°±²³·»½¿ÀÁÂÄÅÆÇÈÉÊËÍÎÏÑÓÔÖØÚÜßàáâäåæçèéêëíîïñóôöøúûü").encode(
    "cp1252"
)
_SAMPLE = 200_000  # bytes shown to charset-normalizer, whose time grows with them
_HIGH = re.compile(rb"[\x80-\xff]")

# markdown-it takes quadratic time on nested brackets and emphasis; measured on hostile text,
# these bounds keep it below 20 microseconds a character (prose takes 4).
_MARKDOWN_CHARS = 400_000  # in a file, 60,000 words; a longer one is taken as plain text
_BLOCK_CHARS = 20_000  # in a paragraph; a longer one keeps its marks
_BLOCK_MARKS = 600  # of brackets, emphasis and code; with more a paragraph keeps its marks
_MARKS = re.compile(r"[\[\]*_`~<]")
# Lists and quotations inside one another, two levels for a list; markdown-it stops reading at
# the limit, in the middle of the file, so a file that comes so far is taken as plain text.
_MARKDOWN_LEVELS = 40

_HIDDEN = re.compile(r"<(!--|script\b|style\b)", re.IGNORECASE)
_CLOSING = {
    "!--": re.compile("-->"),
    "script": re.compile(r"</script[^<>]*>", re.IGNORECASE),
    "style": re.compile(r"</style[^<>]*>", re.IGNORECASE),
}
_TAG = re.compile(r"<[^<>]*>")  # from the last "<" before a ">", so that "<<<<" is linear

_FRONT_KEY = re.compile(r"([A-Za-z][\w .-]{0,40}?)\s*:(?:\s+(.*))?$")
_FRONT_LINES = 200
# Keys that no other text between two rules has.
_TELLING = frozenset({"title", "judul", "author", "authors", "penulis", "byline"}) | frozenset(
    {"date", "tanggal", "published", "publisher", "url", "link"}
)


def decode(data: bytes, *, name: str) -> str:
    """The text of a file, whatever its encoding; a byte order mark and stray NULs are left out.

    Tried in this order: a byte order mark, UTF-16 without one (by its NULs), UTF-8, cp1252 (for
    text that is mostly ASCII), what charset-normalizer says of a sample. Bytes that make
    no sense become U+FFFD. Raises `BadSource` when the bytes are no text; `name` is for
    the message.
    """
    for magic, what in _MAGIC:
        if data.startswith(magic):
            raise _not_text(name, what)
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            text = data[len(bom) :].decode(encoding, "replace")
            break
    else:
        text = _decode_unmarked(data)
    bad = len(text) - len(_CONTROLS.sub("", text))
    if _is_binary(len(text), bad):
        raise _not_text(name, "binary data")
    return text.removeprefix("\ufeff").replace("\x00", "")


def from_markdown(text: str) -> tuple[str, dict[str, str]]:
    """The text a reader of the Markdown sees, one blank line between blocks, and its front matter.

    A list item, a table row and a line of code are blocks of their own; a link keeps its
    text, an image its alternative text; HTML is reduced to its text. Front matter is
    `key: value` lines between two `---`, keys in lower case, list values joined by ", ";
    when it names no title and the text opens with a level-one heading, that is the title.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    body, front = _front_matter(text)
    if len(body) > _MARKDOWN_CHARS:
        return body, front
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"maxNesting": _MARKDOWN_LEVELS})
    parser.enable(["table", "strikethrough"])
    parser.core.ruler.disable("inline")  # done below, where a block can be left out
    env: dict[str, object] = {}
    tokens = parser.parse(body, env)
    if any(token.level >= _MARKDOWN_LEVELS - 1 for token in tokens):
        return body, front
    blocks: list[str] = []
    row: list[str] | None = None
    for token in tokens:
        if token.type == "inline":
            visible = token.content
            if len(visible) <= _BLOCK_CHARS and len(_MARKS.findall(visible)) <= _BLOCK_MARKS:
                children: list[Token] = []
                parser.inline.parse(visible, parser, env, children)
                visible = _visible(children)
            if row is None:
                blocks += visible.split("\n")
            else:
                row.append(visible.replace("\n", " "))
        elif token.type in ("fence", "code_block"):
            blocks += token.content.split("\n")
        elif token.type == "html_block":
            blocks += _without_tags(token.content).split("\n")
        elif token.type == "tr_open":
            row = []
        elif token.type == "tr_close" and row is not None:
            blocks.append(" ".join(row))
            row = None
    blocks = [block for block in blocks if block.strip()]
    if (
        blocks
        and "title" not in front
        and tokens[0].type == "heading_open"
        and tokens[0].tag == "h1"
    ):
        front["title"] = " ".join(blocks[0].split())
    return "\n\n".join(blocks), front


def front_matter(text: str) -> tuple[str, dict[str, str]]:
    """The plain text after its front matter, and that, as `from_markdown` gives it.

    Plain text has front matter only where that states a title, a date, who wrote or published
    it or where it stands: between two rules it may as well have an interview.
    """
    body, front = _front_matter(text.replace("\r\n", "\n").replace("\r", "\n").lstrip())
    return (body, front) if _TELLING & front.keys() else (text, {})


def _is_binary(size: int, controls: int) -> bool:
    # 1 in 50 is a fifth of what random bytes hold; a handful is an accident in any text.
    return controls > max(4, size // 50)


def _not_text(name: str, what: str) -> BadSource:
    return BadSource(
        f"{name} looks like {what}, not text", hint="Save the article's text as a .txt file."
    )


def _utf16(data: bytes) -> str | None:
    """The kind of UTF-16 that bytes without a mark are: every other byte of theirs is NUL."""
    sample = data[: _SAMPLE // 2 * 2]
    if b"\x00" not in sample or len(sample) < 2:
        return None
    even, odd = sample[::2], sample[1::2]
    low, high = even.count(0) / len(even), odd.count(0) / len(odd)
    if high > 0.5 and low < 0.05:
        return "utf-16-le"
    if low > 0.5 and high < 0.05:
        return "utf-16-be"
    return None


def _decode_unmarked(data: bytes) -> str:
    if encoding := _utf16(data):
        return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass  # the usual case of a file in a code page, told apart below
    try:  # what some programs call UTF-8 holds the halves of pairs, also lone ones
        halves = data.decode("utf-8", "surrogatepass").encode("utf-16-le", "surrogatepass")
        return halves.decode("utf-16-le", "replace")
    except UnicodeDecodeError:
        pass
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    foreign = len(text) - len(text.encode("ascii", "ignore")) - broken
    if foreign > 4 * broken:  # UTF-8 with a cut or damaged character: chance is 1 in 10^6
        return text
    first = _HIGH.search(data)
    start = first.start() if first else 0
    start = data.rfind(b"\n", max(0, start - _SAMPLE // 2), start) + 1
    sample = data[start : start + _SAMPLE]
    high = len(sample) - len(sample.translate(None, bytes(range(0x80, 0x100))))
    strange = high - (len(sample) - len(sample.translate(None, _CP1252)))
    if strange == 0 and high <= len(sample) // 8:
        return data.decode("cp1252", "replace")
    from charset_normalizer import from_bytes

    best = from_bytes(sample).best()
    return data.decode(best.encoding if best else "cp1252", "replace")


def _front_matter(text: str) -> tuple[str, dict[str, str]]:
    """The text after its front matter, and that; all of it and nothing where there is none."""
    lines = text.removeprefix("\ufeff").split("\n", _FRONT_LINES)
    if lines[0].rstrip() != "---":
        return text, {}
    front: dict[str, list[str]] = {}
    values: list[str] = []
    for number, line in enumerate(lines[1:_FRONT_LINES], start=1):
        if line.rstrip() in ("---", "..."):
            joined = {key: ", ".join(found) for key, found in front.items() if found}
            return "\n".join(lines[number + 1 :]), joined
        if match := _FRONT_KEY.match(line):
            values = front.setdefault(match[1].lower(), [])
            value = (match[2] or "").strip()
            if value.startswith("[") and value.endswith("]"):
                values += filter(None, (_unquoted(item) for item in value[1:-1].split(",")))
            elif _unquoted(value) not in ("", "|", ">", "|-", ">-"):
                values.append(_unquoted(value))
        elif front and line.lstrip().startswith("- "):
            values.append(_unquoted(line.lstrip()[2:]))
        elif front and line.startswith((" ", "\t")) and line.strip():
            values.append(f"{values.pop()} {line.strip()}" if values else line.strip())
        elif line.strip() and not line.startswith("#"):
            break  # not a key and its value: the "---" was a rule across the page
    return text, {}


def _unquoted(value: str) -> str:
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1].strip()
    return value


def _visible(tokens: Sequence[Token]) -> str:
    """The characters that the tokens of one paragraph show; a forced line break is "\\n"."""
    pieces: list[str] = []
    for token in tokens:
        if token.type == "softbreak":
            pieces.append(" ")
        elif token.type == "hardbreak":
            pieces.append("\n")
        elif token.type == "image":
            pieces.append(_visible(token.children or []))
        elif token.type == "html_inline":
            pieces.append("\n" if token.content[:3].lower() == "<br" else "")
        else:
            pieces.append(token.content)  # marks that open or close hold none
    return "".join(pieces)


def _without_tags(markup: str) -> str:
    """The text of a block of HTML, without comments, scripts and styles; in linear time."""
    kept: list[str] = []
    end = 0
    while hidden := _HIDDEN.search(markup, end):
        kept.append(markup[end : hidden.start()])
        closing = _CLOSING[hidden[1].lower()].search(markup, hidden.end())
        end = closing.end() if closing else len(markup)
    kept.append(markup[end:])
    return html.unescape(_TAG.sub("", "".join(kept)))
