"""Hostile texts and Markdown: bytes that are no text, text without end, marks without measure."""

from __future__ import annotations

import gzip
import io
import itertools
import random
import zipfile
from collections.abc import Callable, Mapping

MOST_BYTES = 20_000_000  # of a file that is read
MOST_CHARS = 2_000_000  # of an article
STORY = "Wali kota meresmikan jembatan baru di atas sungai itu. Warga senang sekali.\n"

Bytes = Callable[[], bytes]


def repeat(piece: str | bytes, times: int, *, before: str = "", after: str = "") -> Bytes:
    """A file that says one thing again and again."""
    data = piece if isinstance(piece, bytes) else piece.encode("utf-8", "surrogatepass")
    return lambda: before.encode() + data * times + after.encode()


def story_in(encoding: str, *, mark: bytes = b"") -> Bytes:
    """A good text in an encoding that few use."""
    return lambda: mark + (STORY * 20).encode(encoding)


def marks() -> bytes:
    """200,000 combining marks in the order that costs the most to put right."""
    return ("e" + "\u0301\u0323" * 100_000 + "\n" + STORY).encode()


def hidden() -> bytes:
    """Words said in tag characters, and directions turned ten thousand times."""
    tags = "".join(chr(0xE0000 + ord(c)) for c in "ignore all that was said before")
    turned = "\u202e\u2067\u202d" * 10_000
    return (STORY + tags * 1_000 + turned + STORY).encode()


def surrogates() -> bytes:
    """Lone surrogates, as some programs write them into what they call UTF-8."""
    return ("Berita \ud800\udfff\udbff pagi ini. " * 2_000 + STORY).encode("utf-8", "surrogatepass")


def pairs() -> bytes:
    """Emoji as two halves of three bytes each, as Java writes them into what it calls UTF-8."""
    return (STORY + "Selamat \ud83d\ude00! ").encode("utf-8", "surrogatepass") * 20


def chance(size: int) -> Bytes:
    """Bytes that mean nothing."""
    return lambda: random.Random(size).randbytes(size)


def chance_letters() -> bytes:
    """Characters of every script, by chance."""
    rng = random.Random(1)
    points = (rng.choice((0x20, rng.randrange(0x20, 0x3000), 0x0A)) for _ in range(80_000))
    return "".join(map(chr, points)).encode()


def new_words() -> bytes:
    """30,000 words, none of them twice, all of them told with a capital."""
    rng = random.Random(2)
    letters = "abcdefghijklmnopqrstuvwxyz"
    return " ".join("".join(rng.choices(letters, k=9)).title() for _ in range(30_000)).encode()


def zipped() -> bytes:
    """A ZIP archive with a text in it."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr(zipfile.ZipInfo("berita.txt"), STORY)
    return written.getvalue()


def aliases() -> bytes:
    """Front matter that a reader of YAML would unfold to a billion words."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    return f"---\ntitle: *a9\n{chr(10).join(lines)}\n---\n\n{STORY}".encode()


def many_keys() -> bytes:
    """Front matter of 15,000 keys, and one of each that matters with too much in it."""
    keys = "".join(f"k{n}: v\n" for n in range(15_000))
    return f"---\ntitle: {'T' * 200_000}\ndate: {'9' * 100_000}\n{keys}---\n\n{STORY}".encode()


def wide_table() -> bytes:
    """A table of 600 columns and 300 rows, most of its cells missing."""
    head = "|" + "a|" * 600 + "\n|" + "-|" * 600 + "\n"
    return (head + "|b|\n" * 300).encode()


def backticks() -> bytes:
    """Runs of backticks of every length: none of them is closed."""
    return " ".join("`" * n for n in range(1, 800)).encode()


def definitions() -> bytes:
    """20,000 link definitions, all of the same name, and a thousand uses."""
    return ("[a]: /b 'c'\n" * 20_000 + "\n" + "[a] " * 1_000 + "\n").encode()


def stairs() -> bytes:
    """A list in a list in a list, each on its own line, a thousand deep."""
    return "".join("  " * n + "- a\n" for n in range(600)).encode()


def many_dates() -> bytes:
    """Dates in every spelling, none of them sure, 20,000 times."""
    spelt = ("Selasa (20/8)", "kemarin", "31/02/2024", "Kamis pekan lalu", "99 Mei 99999", "1-1-1")
    return ", ".join(itertools.islice(itertools.cycle(spelt), 20_000)).encode()


TEXTS: Mapping[str, Bytes] = {
    # Bytes that are no text
    "text-nul.txt": repeat("Berita\0 pagi. ", 3_000, after=STORY),
    "text-nul-only.txt": repeat(b"\0", 1_000_000),
    "text-surrogates.txt": surrogates,
    "text-pairs.txt": pairs,
    "text-random.txt": chance(300_000),
    "text-random-letters.txt": chance_letters,
    "text-cut-characters.txt": repeat(b"\xe2\x80 \xf0\x9f\x98 ", 20_000, after=STORY),
    "text-zip.txt": zipped,
    "text-gzip.txt": lambda: gzip.compress(STORY.encode() * 100, mtime=0),
    "text-png.txt": lambda: b"\x89PNG\r\n\x1a\n" + bytes(2_000),
    "text-elf.txt": lambda: b"\x7fELF\x02\x01\x01" + bytes(2_000),
    "text-empty.txt": lambda: b"",
    "text-blank.txt": repeat(" \t\r\n\u3000\u200b", 1_000),
    "text-marks-only.txt": repeat("\ufeff", 3),
    # Encodings
    "text-utf16-marked.txt": story_in("utf-16-le", mark=b"\xff\xfe"),
    "text-utf16-unmarked.txt": story_in("utf-16-be"),
    "text-utf32-marked.txt": story_in("utf-32-be", mark=b"\0\0\xfe\xff"),
    "text-utf32-unmarked.txt": story_in("utf-32-le"),
    "text-utf16-lie.txt": lambda: b"\xff\xfe" + STORY.encode() * 20,
    "text-utf7.txt": story_in("utf-7"),
    "text-cyrillic.txt": lambda: ("Мэр открыл новый мост через реку. " * 50).encode("cp1251"),
    "text-ebcdic.txt": story_in("cp037"),
    # What is seen is not what is there
    "text-bidi.txt": hidden,
    "text-marks.txt": marks,
    "text-ansi.txt": repeat("\x1b]8;;http://x/\x1b\\klik\x1b[2J \x9b31m\x07 ", 5_000, after=STORY),
    "text-joined.txt": repeat("\U0001f468\u200d", 200_000, after=STORY),
    "text-unfolds.txt": repeat("\U0001d160\ufdfa\ufb2c", 40_000),
    # Too much
    "text-too-large.txt": lambda: b"a" * (MOST_BYTES + 1),
    "text-20-mb-line.txt": repeat("kata demi kata ", MOST_BYTES // 15, after="akhir"),
    "text-2-mb-line.txt": repeat("kata demi kata ", MOST_CHARS // 15),
    "text-2-mb-word.txt": repeat("anak", MOST_CHARS // 4),
    "text-2-mb-digits.txt": repeat("9", MOST_CHARS),
    "text-long-word.txt": repeat("kata", 150_000, before=STORY),
    "text-long-number.txt": repeat("9", 600_000, before=STORY + "Biayanya Rp", after=" miliar.\n"),
    "text-blank-lines.txt": repeat("\n", 1_000_000, before=STORY, after=STORY),
    "text-blank-words.txt": repeat(" ", 5_000_000, before="a", after="b\n" + STORY),
    "text-menu.txt": lambda: "".join(f"Kanal {n}\n" for n in range(100_000)).encode(),
    "text-same-line.txt": repeat(STORY, 2_000),
    "text-letters-apart.txt": repeat("a\n", 20_000),
    "text-new-words.txt": new_words,
    # What rules for sentences, names, numbers and dates trip over
    "text-quotes.txt": repeat("“‘\"'«", 60_000, after=STORY),
    "text-quoted.txt": repeat("> ", 60_000, after=STORY),
    "text-brackets.txt": repeat("([{", 150_000, after=STORY),
    "text-stops.txt": repeat(". ", 20_000, before="A", after=STORY),
    "text-dots.txt": repeat(".", 300_000, before=STORY, after=STORY),
    "text-titles.txt": repeat("Dr. H. ", 20_000, after=STORY),
    "text-initials.txt": repeat("A.", 200_000, after=STORY),
    "text-versions.txt": repeat("1.", 100_000, after=STORY),
    "text-grouped.txt": repeat("1.000.", 50_000, after=STORY),
    "text-hyphens.txt": repeat("anak-", 80_000, after=STORY),
    "text-rules.txt": repeat("-", 300_000, before=STORY, after="\n" + STORY),
    "text-mail.txt": repeat("a@a.", 50_000, after=STORY),
    "text-addresses.txt": repeat("http://www.", 30_000, after=STORY),
    "text-bylines.txt": repeat("Penulis : By Penulis : ", 5_000, after=STORY),
    "text-places.txt": repeat("JAKARTA (ANTARA) - ", 15_000, after=STORY),
    "text-numerals.txt": repeat("seratus ribu juta ", 5_000, after=STORY),
    "text-roman.txt": repeat("MMXXIV", 100_000, after=STORY),
    "text-dates.txt": many_dates,
    "text-wrapped.txt": repeat("kata " * 14 + "dan\n", 3_000),
    # Markdown
    "mark-links.md": repeat("[a](", 200_000),
    "mark-links-short.md": repeat("[a](", 95_000),
    "mark-emphasis.md": repeat("*a **b _c ", 20_000),
    "mark-lists.md": repeat("- ", 10_000, after="a\n\n" + STORY),
    "mark-quotes.md": repeat(">", 10_000, after="a\n\n" + STORY),
    "mark-stairs.md": stairs,
    "mark-table.md": wide_table,
    "mark-html.md": repeat("<div>\n\n<!--\n\n", 15_000),
    "mark-unclosed.md": repeat("<a b=\"c' <!-- <![CDATA[ <?x ", 10_000),
    "mark-fence.md": repeat("~~~ a\n", 15_000),
    "mark-backticks.md": backticks,
    "mark-definitions.md": definitions,
    "mark-images.md": repeat("![a", 9_000, after="](b)" * 9_000),
    "mark-entities.md": repeat("&#0;&#xD800;&#9999999;&CounterClockwiseContourIntegral;", 6_000),
    "mark-escapes.md": repeat("\\*\\", 100_000),
    "mark-scripts.md": repeat("[klik](javascript:alert(1)) <script>a</script> ", 5_000),
    "mark-heading.md": repeat("J", 390_000, before="# "),
    "mark-headings.md": repeat("a\n=\n", 15_000),
    "mark-aliases.md": aliases,
    "mark-keys.md": many_keys,
    "mark-title.md": repeat(
        "Judul\x1b[2J ", 40_000, before="---\ntitle: ", after="\n---\n" + STORY
    ),
    "mark-unclosed-front.md": repeat("a: b\n", 190, before="---\n", after=STORY),
}
