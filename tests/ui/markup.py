"""What the tests know of HTML: a strict reading of it, and what of it the page may hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

from tests.samples import HOSTILE

VOID = ("br", "hr")
# Every tag and attribute that the page's own HTML has; nothing that a text holds adds one.
ANYWHERE = {"class", "id", "hidden", "lang", "tabindex", "role", "aria-label", "aria-hidden"}
_BARE = (
    *("section", "header", "aside", "div", "p", "h2", "h3", "h4", "span", "label", "mark"),
    *("blockquote", "ul", "dl", "dt", "dd", "details", "summary", "strong", "em", "s", "br"),
    *("code", "pre", "table", "thead", "tbody", "tr", "th", "td", "hr"),
)
ALLOWED: dict[str, set[str]] = {
    **{tag: set() for tag in _BARE},
    "article": {"data-turn", "data-state", "data-abstained", "data-standing", "data-rev"},
    "a": {"href", "target", "rel", "data-card", "data-places"},
    "mark": {"data-place", "data-start", "data-end"},
    "ol": {"start"},
    "li": {"value"},
    "time": {"datetime"},
    "form": {"data-turn"},
    "textarea": {"name", "maxlength", "rows"},
    "button": {
        *("type", "aria-pressed", "aria-expanded", "data-do", "data-edit", "data-turn"),
        *("data-question", "data-copy", "data-liked", "data-tab", "data-unfold"),
        *("data-article", "data-start", "data-end", "data-marker"),
    },
}
HOSTILES = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<ImG sRc='https://canary.test/x'/>",
    "<svg/onload=alert(1)><animate onbegin=alert(1)>",
    "<math><mtext></form><form><mglyph><svg><mtext><style><path id='</style><img onerror=1>'>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href=https://canary.test ping=https://canary.test>x</a>",
    "<iframe srcdoc='<script>1</script>'>",
    "<p style='position:fixed;inset:0;background:url(https://canary.test)'>over everything</p>",
    "<style>@import 'https://canary.test'</style><link rel=stylesheet href=https://canary.test>",
    "<form action=https://canary.test><button formaction=javascript:1>",
    "<base href=https://canary.test><meta http-equiv=refresh content='0;https://canary.test'>",
    "<video src=https://canary.test autoplay><source onerror=1></video>",
    "<object data=https://canary.test></object><embed src=https://canary.test>",
    "<!-- hidden --> <![CDATA[x]]> <?php 1 ?> <!DOCTYPE x>",
    "</p></div></article></section><h1>owned</h1>",
    "</mark></blockquote></textarea></title></style></script><plaintext>",
    '" onmouseover="alert(1)" x="',
    "' onfocus='alert(1)' autofocus '",
    '" data-do="undo" data-turn=\'0\'',
    "` onmouseover=alert(1) `",
    "[link](https://canary.test)",
    "[link](javascript:alert(1))",
    "[link](  JaVaScRiPt:alert(1))",
    "[link](data:text/html,<script>1</script>)",
    "[link](//canary.test 'title\" onclick=1')",
    "[link]()",
    "[link](#src-0-1)",
    "![image](https://canary.test/pixel.png)",
    "![image][r]\n\n[r]: https://canary.test/pixel.png",
    "[ref][1]\n\n[1]: https://canary.test",
    "[1]: javascript:alert(1)",
    "<https://canary.test> <me@canary.test> https://canary.test www.canary.test",
    "```mermaid\ngraph TD; A[<img src=x onerror=1>] --> B\n```",
    '```js" onclick="alert(1)\nx\n```',
    "~~~html\n<b>\n~~~\n`<b>`",
    "$$\\href{javascript:alert(1)}{x}$$ \\(x\\) $x$",
    "# heading <b>\n## [x](https://canary.test)\nheading\n===\nheading\n---",
    "| a | <b> |\n|:-:|---|\n| 1 [1] | <img src=x> |",
    "- item\n\n  1. item [1]\n> quoted\n\n    indented\n***\n___",
    "**bold** __bold__ *it* _it_ ~~gone~~ **[1]** *[1",
    "{{7*7}} {{constructor.constructor('alert(1)')()}} ${alert(1)} #{1} {% raw %} @children",
    "`${alert(1)}`",
    "&lt;script&gt; &#60;b&#62; &#x3c;i&#x3e; &amp;lt; &quot; onclick=1 &copy",
    "\u202egnp.exe\u202c \u2066left\u2069 \u200b \ufeff \u00ad",
    "\x00<\x00script>\x1b[31mred\x1b]8;;https://canary.test\x07x\x1b]8;;\x07 \x9b2J",
    "\ud800 lone \udfff",
    "\U00010100 \U00010101 \U00010102 \U00012470 \U00012471 \U00012472 \U00012473 [1]",
    "\ue000 \uf8ff \ufdd0 \uffff [1]",
    "[1][2][99] [1, 2] [[1]] [1](https://canary.test) [1](#x) [1][1]\n\n[1]: #",
    "[x [1] y](https://example.org/demak)",
    "[" * 10_000,
    "[a](" * 2_500,
    "<" * 5_000,
    "*a _" * 2_500,
    "> " * 5_000,
    "\u2028line\u2029line\x85line\x0cline\r\nline\rline\ttab",
    "a" * 3_000,
    " \n\t ",
    "javascript:alert(1)",
    "http://[::1",
    "https://user@canary.test/",
    HOSTILE,
)


@dataclass
class Element:
    """One element with the text in it and in all that it holds."""

    tag: str
    attributes: dict[str, str]
    text: str = ""
    within: tuple[str, ...] = ()
    classes: list[str] = field(default_factory=list)


class Markup(HTMLParser):
    """HTML read strictly: every element is closed in its order, nothing else is there."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self.text = ""
        self._open: list[Element] = []
        self.feed(html)
        self.close()
        assert not self._open, f"left open: {[element.tag for element in self._open]}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(set(names)) == len(names), f"an attribute is there twice: {names}"
        values = {name: value if value is not None else "" for name, value in attrs}
        within = tuple(element.tag for element in self._open)
        element = Element(tag, values, within=within, classes=values.get("class", "").split())
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert [e.tag for e in self._open[-1:]] == [tag], f"</{tag}> closes something else"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        self.text += data
        for element in self._open:
            element.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data!r}")

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(f"a declaration: {decl!r}")

    def handle_pi(self, data: str) -> None:
        raise AssertionError(f"an instruction: {data!r}")

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(f"a declaration: {data!r}")

    def all(self, name: str) -> list[Element]:
        """The elements of a tag, or of a class when the name begins with a dot."""
        if name.startswith("."):
            return [element for element in self.elements if name[1:] in element.classes]
        return [element for element in self.elements if element.tag == name]

    def one(self, name: str) -> Element:
        """The only one of them."""
        (found,) = self.all(name)
        return found


def harmless(html: str, *, links: frozenset[str] = frozenset()) -> Markup:
    """The HTML, read, when it holds only what the page may hold and leads to `links` only."""
    read = Markup(html)
    assert not set("`{}$") & set(html), "what a template might take for its own"
    ids = [e.attributes["id"] for e in read.elements if "id" in e.attributes]
    assert len(set(ids)) == len(ids), "an id is there twice"
    for element in read.elements:
        assert element.tag in ALLOWED, element
        extra = set(element.attributes) - ALLOWED[element.tag] - ANYWHERE
        assert not extra, f"{element.tag} has {extra}"
        href = element.attributes.get("href", "")
        if element.tag == "a" and not href.startswith(("#src-", "#turn-")):
            assert href in links, f"leads to {href!r}"
            assert element.attributes["rel"] == "noopener noreferrer nofollow"
            assert element.attributes["target"] == "_blank"
        assert "a" not in element.within or element.tag != "a", "a link in a link"
    return read
