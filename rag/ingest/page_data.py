"""The data of a page as it stands: JSON-LD, also where it is malformed, and meta elements.

Interprets no field.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeGuard

from rag.text.plain import one_line

if TYPE_CHECKING:
    from lxml.html import HtmlElement

VALUE_CHARS = 500  # of any value
_MOST_CHARS = 5_000_000  # of all scripts of a page together
_MOST_NODES = 2_000
_WRAPPING = re.compile(r"\A\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)|"
                       r"(?:-->|//\s*\]\]>|/\*\s*\]\]>\s*\*/|\]\]>)\s*\Z")  # fmt: skip
# A string that does not end reaches to the end of the text, or each of its quotes would be tried.
_TRAILING_COMMA = re.compile(r'("(?:\\.|[^"\\])*+\\?(?:"|\Z))|,(?=\s*[}\]])', re.DOTALL)
_ARTICLE = re.compile(
    r"(?:https?://schema\.org/)?(?:\w*Article|BlogPosting|LiveBlogPosting|Report)"
)
_PAIR = re.compile(r'"(datePublished|dateModified|headline|@type)"\s*:\s*"((?:\\.|[^"\\\n])*)"')
_NESTED = ("@graph", "mainEntity", "mainEntityOfPage", "itemReviewed")

Node = Mapping[str, Any]


def nodes_of(root: HtmlElement) -> list[Node]:
    """The objects that the JSON-LD scripts of a page hold at their top, in order.

    Lists, "@graph" and the main entity of a page are gone into, other parts are not: a
    list of other articles is no statement about this one.
    """
    found: list[Node] = []
    room = _MOST_CHARS
    for script in root.iter("script"):
        text = script.text if "ld+json" in (script.get("type") or "").lower() else None
        if not text or (room := room - len(text)) < 0:
            continue
        pending = [_parsed(text)]
        while pending and len(found) < _MOST_NODES:
            value = pending.pop(0)
            if isinstance(value, list):
                pending = value[:_MOST_NODES] + pending
            elif _is_node(value):
                found.append(value)
                pending += [value[key] for key in _NESTED if key in value]
    return found


@dataclass(frozen=True, slots=True)
class PageData:
    """All that a page states for machines."""

    root: HtmlElement
    meta: Mapping[str, list[str]]  # by name or property in lower case
    nodes: list[Node]
    article: Node  # this page's article among the nodes; empty where there is none
    page: Node  # the page that the nodes describe; empty where there is none

    def all(self, names: Iterable[str]) -> Iterator[str]:
        """The values of the meta elements of these names, in the order of the names."""
        for name in names:
            yield from self.meta.get(name, ())

    def first(self, *names: str) -> str:
        """The first value of the meta elements of these names, or ""."""
        return next(self.all(names), "")


def meta_of(root: HtmlElement) -> dict[str, list[str]]:
    """The values of a page's meta elements by name or property in lower case."""
    found: dict[str, list[str]] = {}
    for element in root.iter("meta"):
        name = element.get("property") or element.get("name") or ""
        content = value_of(element.get("content") or "")
        if name and content and len(name) < 60:
            found.setdefault(name.lower().strip(), []).append(content)
    return found


def value_of(text: str) -> str:
    """A value on one line, without entities that were escaped twice."""
    return one_line(html.unescape(text[: 4 * VALUE_CHARS]))[:VALUE_CHARS]


def is_article(node: Node) -> bool:
    """Whether a node describes an article: a NewsArticle, a BlogPosting and the like."""
    return any(_ARTICLE.fullmatch(kind) for kind in kinds(node))


def kinds(node: Node) -> list[str]:
    """What a node is said to be, without the vocabulary's address."""
    given = node.get("@type")
    listed = given if isinstance(given, list) else [given]
    return [kind.rpartition("/")[2] for kind in listed if isinstance(kind, str)]


def text_of(value: object, *keys: str) -> str:
    """The text of a value: itself, or what an object says under the first of the keys it has."""
    for _ in range(4):
        if isinstance(value, list):
            value = value[0] if value else ""
        elif _is_node(value):
            value = next((value[key] for key in keys if value.get(key)), "")
        else:
            break
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return one_line(html.unescape(str(value)))


def texts_of(value: object, *keys: str) -> list[str]:
    """The texts of a value that may be a list of such values."""
    if isinstance(value, list):
        return [text for item in value[:50] for text in texts_of_one(item, *keys) if text]
    return [text for text in texts_of_one(value, *keys) if text]


def texts_of_one(value: object, *keys: str) -> list[str]:
    """The texts of one object, whose value under a key may be a list: {"name": ["A", "B"]}."""
    if _is_node(value):
        inner = next((value[key] for key in keys if value.get(key)), "")
        if isinstance(inner, list):
            return [text_of(item, *keys) for item in inner[:50]]
    return [text_of(value, *keys)]


def _is_node(value: object) -> TypeGuard[Node]:
    return isinstance(value, dict)


def _parsed(script: str) -> object:
    """The value of a script; of one beyond repair, the pairs that matter most."""
    text = _WRAPPING.sub("", script).strip().rstrip(";").strip()
    decoder = json.JSONDecoder(strict=False)  # raw line ends inside strings are common
    for candidate in (text, _TRAILING_COMMA.sub(lambda m: m[1] or "", text)):
        try:
            return decoder.raw_decode(candidate)[0]
        except (ValueError, RecursionError):
            continue  # the next, more tolerant reading
    node: dict[str, str] = {}
    for key, value in _PAIR.findall(text):
        if key == "@type" and not _ARTICLE.fullmatch(value):
            continue
        node.setdefault(key, value)
    return node if "@type" in node else None
