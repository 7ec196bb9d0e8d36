"""Untrusted text as HTML: every piece of text that the page shows goes through here.

Nothing that an article, a model or a reader wrote becomes a tag or an attribute of its own.
Markdown is read by a library that is told to know neither HTML nor images, and links only to
addresses that the answer cites.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

from rag.exported import web_link
from rag.layout import one_line, sanitise
from rag.schema import Citation, Span, Statement
from ui.desk import Reader

WORDS = {
    "en": {
        "render_source": "Source {n}",
        "render_matches": "matches its source: numbers, names, dates checked",
        "render_not_found": "not found in its source",
        "render_conflict": "differs from its source",
        "render_unchecked": "not checked",
        "render_opens": "opens in a new tab",
    },
    "id": {
        "render_source": "Sumber {n}",
        "render_matches": "cocok dengan sumbernya: angka, nama, tanggal diperiksa",
        "render_not_found": "tidak ditemukan di sumbernya",
        "render_conflict": "berbeda dengan sumbernya",
        "render_unchecked": "tidak diperiksa",
        "render_opens": "membuka tab baru",
    },
}

_MARKS = re.compile(r"\[([0-9]{1,6})\]")
_RUN_OF_MARKS = re.compile(r"(?:[ ]?\[[0-9]{1,6}\])*")
_FENCE = re.compile(r"\s*(?:`{3,}|~{3,})\s*$")
# What a template language might take for its own. Gradio's does not today.
_TEMPLATES = str.maketrans({"{": "&#123;", "}": "&#125;", "$": "&#36;", "`": "&#96;"})
# Stand in the text, while it is read as Markdown, where a mark or a verdict will be. They are
# punctuation of dead scripts, so that `**bold**[1]` is read as before; one is taken that the
# text does not have.
_STAND_INS = "\U00010100\U00010101\U00010102\U00012470\U00012471\U00012472\U00012473"
_NO_RULES = (
    *("image", "entity", "autolink", "html_inline", "html_block"),
    # An underlined or an indented line of news is no heading and no program.
    *("reference", "lheading", "code"),
)
# More than a model may write, and brackets whose reading takes time in their square.
_MOST, _MOST_BRACKETS = 40_000, 800
_KEPT_ATTRIBUTES = {"ordered_list_open": "start"}


@dataclass(frozen=True, slots=True)
class Cut:
    """A stretch `[start, end)` of a text that HTML of ours stands in for; empty to add some."""

    start: int
    end: int
    html: str  # of one line


def esc(text: str) -> str:
    """The text for an element or a quoted attribute: what can be seen of it, and no markup.

    >>> esc('<b title="x">${1}')
    '&lt;b title=&quot;x&quot;&gt;&#36;&#123;1&#125;'
    """
    return html.escape(sanitise(text), quote=True).translate(_TEMPLATES)


def attributes(values: Mapping[str, object]) -> str:
    """Attributes with a space before each; False and None are left out, True has no value.

    >>> attributes({"class": "a", "hidden": True, "id": None})
    ' class="a" hidden'
    """
    told = (
        f" {name}" if value is True else f' {name}="{esc(str(value))}"'
        for name, value in values.items()
        if value is not None and value is not False
    )
    return "".join(told).replace("\n", "&#10;")


def link(address: str, text: str) -> str:
    """A link to a page of the web; only the text when the address is something else."""
    target = web_link(address)
    return f"<a{attributes(_leads_to(target))}>{esc(text)}</a>" if target else esc(text)


def links_of(citations: Sequence[Citation]) -> frozenset[str]:
    """The addresses that an answer may link to: those of the articles that it cites."""
    found = (web_link(citation.passage.metadata.url or "") for citation in citations)
    return frozenset(filter(None, found))


def prose(text: str, *, cuts: Sequence[Cut], links: frozenset[str], markdown: bool = True) -> str:
    """An answer's text as HTML, the cuts in their places, which must be sorted and apart.

    Without `markdown`, and where reading it would lose a cut, every line is a paragraph.
    """
    if markdown and len(text) <= _MOST and text.count("[") <= _MOST_BRACKETS:
        read = _read_markdown(text, cuts, links)
        if read is not None:
            return read
    made = "".join(
        piece.html if isinstance(piece, Cut) else esc(piece) for piece in _pieces(text, cuts)
    )
    return "".join(f"<p>{line}</p>" for line in made.split("\n") if line.strip())


def cuts(
    text: str,
    statements: Sequence[Statement],
    citations: Sequence[Citation],
    *,
    turn: int,
    reader: Reader,
) -> list[Cut]:
    """The marks of a text as links to their cards, and behind each statement its verdict.

    A mark is one only where it has a source and its statement lists it: a quoted sentence may
    hold a figure in brackets of its own.
    """
    spans = [
        (max(0, min(s.start, len(text))), _past_marks(text, max(0, min(s.end, len(text)))), s)
        for s in statements
    ]
    known = {citation.marker for citation in citations}
    marks = [
        match
        for match in _MARKS.finditer(text)
        if int(match[1]) in known and _listed(int(match[1]), match.start(), spans)
    ]
    found = []
    for place, match in enumerate(marks):
        backing = _backing(int(match[1]), match.start(), spans, citations)
        made = _mark(turn, place, int(match[1]), backing, reader)
        if _clings(text, match.start()):
            found.append(Cut(match.start() - 1, match.end(), "&nbsp;" + made))
        else:
            found.append(Cut(*match.span(), made))
    for _, end, statement in spans:
        # Where nothing is cited, as in a greeting, there was nothing to check against.
        if statement.verdict != "unchecked" or known:
            at = _last_word(text, end)
            if not any(cut.start < at < cut.end for cut in found):
                found.append(Cut(at, at, verdict_html(statement, reader)))
    return sorted(found, key=lambda cut: (cut.start, cut.end))


def with_lit(text: str, found: Sequence[Cut], lit: Span | None) -> list[Cut]:
    """The cuts and one more, that lights the words which answer; without it where they clash."""
    if lit is None or not 0 <= lit.start < lit.end <= len(text):
        return list(found)
    words = text[lit.start : lit.end]
    if "\n" in words or any(cut.start < lit.end and lit.start < cut.end for cut in found):
        return list(found)
    marked = Cut(lit.start, lit.end, f'<mark class="answer-span">{esc(words)}</mark>')
    return sorted([*found, marked], key=lambda cut: (cut.start, cut.end))


def verdict_html(statement: Statement, reader: Reader) -> str:
    """What checking a statement found: a sign and words, with the reasons where it failed."""
    words = WORDS[reader]
    told = esc(words[f"render_{statement.verdict}"])
    reasons = esc("; ".join(map(one_line, statement.reasons)))
    if statement.verdict == "matches":
        return (
            '<span class="verdict matches" tabindex="0" role="note">'
            f'<span aria-hidden="true">✓</span><span class="tip">{told}</span></span>'
        )
    if statement.verdict == "unchecked":
        return f' <span class="verdict unchecked">{told}</span>'
    sign = "≠" if statement.verdict == "conflict" else "?"
    because = f": {reasons}" if reasons else ""
    return (
        f' <span class="verdict {statement.verdict}"><span aria-hidden="true">{sign} </span>'
        f"{told}{because}</span>"
    )


# Marks ---------------------------------------------------------------------------------------


def _backing(
    marker: int,
    at: int,
    spans: Sequence[tuple[int, int, Statement]],
    citations: Sequence[Citation],
) -> list[int]:
    """Which of the evidence in the card of `marker` is that of the statement around `at`.

    Counted from 0 in the order in which it stands in the passage, as `cards` numbers it; what
    overlaps is one.
    """
    places = {place for start, end, s in spans if start <= at < end for place in s.evidence}
    wanted = {citations[place] for place in places if place < len(citations)}
    card = sorted(
        (c for c in citations if c.marker == marker), key=lambda c: (c.marker, c.start, c.end)
    )
    found, number, reached = set(), -1, -1
    for citation in card:
        if citation.end > reached:
            number, reached = number + 1, citation.end
        if citation in wanted:
            found.add(number)
    return sorted(found)


def _mark(turn: int, place: int, marker: int, backing: Sequence[int], reader: Reader) -> str:
    told = WORDS[reader]["render_source"].format(n=marker)
    named = {
        "class": "cite",
        "id": f"cite-{turn}-{place}",
        "href": f"#src-{turn}-{marker}",
        "data-places": " ".join(map(str, backing)) or None,
        "aria-label": told,
    }
    return f"<a{attributes(named)}>[{marker}]</a>"


def _clings(text: str, at: int) -> bool:
    """Whether a mark stands behind words of its line, so that it must not begin the next one."""
    before = text[text.rfind("\n", 0, at) + 1 : at]
    return before[-1:] == " " and before[-2:-1].strip() != "" and len(before.strip()) > 6


def _past_marks(text: str, end: int) -> int:
    run = _RUN_OF_MARKS.match(text, end)
    return run.end() if run else end


def _listed(marker: int, at: int, spans: Sequence[tuple[int, int, Statement]]) -> bool:
    around = [statement for start, end, statement in spans if start <= at < end]
    return not around or any(marker in statement.markers for statement in around)


def _last_word(text: str, end: int) -> int:
    """Where a verdict stands: behind the last word, inside of a table's cell."""
    while end and text[end - 1] in " \t\n|":
        end -= 1
    return end


# Markdown ------------------------------------------------------------------------------------


def _pieces(text: str, cuts: Sequence[Cut]) -> Iterator[str | Cut]:
    at = 0
    for cut in cuts:
        yield text[at : cut.start]
        yield cut
        at = cut.end
    yield text[at:]


def _read_markdown(text: str, cuts: Sequence[Cut], links: frozenset[str]) -> str | None:
    """The text read as Markdown; None when a cut would not stand where it should."""
    sign = next((sign for sign in _STAND_INS if sign not in text), None)
    if sign is None:
        return None
    source = ""
    for piece in _pieces(text, cuts):
        if isinstance(piece, str):
            source += sanitise(piece)
        else:  # behind a fence it would keep that from ending the code
            source += "\n" * bool(_FENCE.match(source.rpartition("\n")[2])) + sign
    reading = MarkdownIt("js-default", {"html": False, "breaks": True, "maxNesting": 20})
    reading.disable(_NO_RULES)
    reading.validateLink = lambda url: web_link(url) in links  # type: ignore[method-assign]
    tokens = reading.parse(source)
    for token in tokens:
        _tame(token, sign)
    made = reading.renderer.render(tokens, reading.options, {}).translate(_TEMPLATES)
    parts = made.split(sign)
    if len(parts) != len(cuts) + 1 or any(part.rfind("<") > part.rfind(">") for part in parts):
        return None
    return "".join(
        part + (cut.html if cut else "") for part, cut in zip(parts, [*cuts, None], strict=True)
    )


def _tame(token: Token, sign: str) -> None:
    """Leave a token nothing but what it is: no class, no style, a heading no rank."""
    kept = _KEPT_ATTRIBUTES.get(token.type, "")
    token.attrs = {name: value for name, value in token.attrs.items() if name == kept}
    token.info = ""
    if token.type in ("heading_open", "heading_close"):
        token.tag = "p"
        if token.nesting == 1:
            token.attrs = {"class": "heading"}
    children = token.children or []
    for number, child in enumerate(children):
        if child.type == "link_open":
            _tame_link(children, number, sign)
        elif child.type != "link_close":
            _tame(child, sign)


def _tame_link(tokens: Sequence[Token], start: int, sign: str) -> None:
    """A link to where it leads and nowhere else; none around a mark, which is one itself."""
    end = next(n for n in range(start, len(tokens)) if tokens[n].type == "link_close")
    address = web_link(str(tokens[start].attrs.get("href", "")))
    if address is None or any(sign in token.content for token in tokens[start:end]):
        for place in (start, end):
            tokens[place].type, tokens[place].tag, tokens[place].nesting = "text", "", 0
        return
    tokens[start].attrs = dict(_leads_to(address))


def _leads_to(address: str) -> dict[str, str]:
    return {"href": address, "target": "_blank", "rel": "noopener noreferrer nofollow"}
