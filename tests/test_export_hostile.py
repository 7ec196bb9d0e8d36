"""Nothing of what an exported conversation quotes becomes markup, a link or a request."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.export import as_html, as_markdown
from rag.exported import web_link
from rag.layout import one_line
from rag.schema import Answer, Statement
from tests.exported_page import URL, Page, conversation, from_article, rendered
from tests.samples import ANSWER, HOSTILE

HOSTILES = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<ImG sRc='http://evil.test/x'/>",
    "<a href='javascript:alert(1)'>x</a>",
    "<svg/onload=alert(1)>",
    "</h2><h1>owned</h1>",
    "</mark></blockquote><iframe src=//evil.test>",
    "</title></style><script>1</script>",
    "<!-- hidden --> shown",
    "<?php 1 ?> <![CDATA[x]]> <!DOCTYPE x>",
    '" onmouseover="alert(1)" x=\'',
    "' onfocus='alert(1)' autofocus '",
    "[link](http://evil.test)",
    "[link](javascript:alert(1))",
    "![image](http://evil.test/pixel.png)",
    "[ref][1]\n\n[1]: http://evil.test",
    "[1]: http://evil.test",
    "[^1] and [^1]: note",
    "<http://evil.test>",
    "<me@evil.test>",
    "# heading",
    "###### heading ######",
    "heading\n=======",
    "heading\n---",
    "---",
    "***",
    "___",
    "- item",
    "+ item",
    "* item",
    "1. item",
    "1) item",
    "123456789. item",
    "- [ ] task",
    "> quoted",
    "    indented code",
    "\tindented code",
    "```\nfenced\n```",
    "~~~html\n<b>\n~~~",
    "`code` and ``more``",
    "**bold** __bold__ *it* _it_ ~~gone~~",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "a\\\nb  \nc\\",
    "\\[x\\](http://evil.test) \\<b>",
    "&lt;script&gt; &#60;b&#62; &#x3c;i&#x3e; &amp;lt; &copy; &nbsp;",
    "$$x^2$$ and $y$ {{ site.secret }} {% raw %} {: onclick=x}",
    "https://evil.test www.evil.test me@evil.test @all #12",
    "term\n: definition",
    "line\u2028line\u2029line\x85line\x0cline",
    "\ud800 lone, \x00 null, \ufeff mark",
    HOSTILE,
    "[1][2][99]",
    "]]>--><plaintext>",
    "-",
    "1.",
    "=",
    "+",
    "#",
    "<",
)
ADDRESSES = (
    "javascript:alert(1)",
    "JavaScript:alert(1)//https://example.org",
    "java\nscript:alert(1)",
    "data:text/html,<script>1</script>",
    "file:///etc/passwd",
    "vbscript:x",
    "//evil.test/x",
    "https:evil.test",
    "https://",
    "https:///etc/passwd",
    "https://bank.test@evil.test/",
    "https://[::1",
    "https://evil.test:port/",
    "/home/me/a <b> [c](d).txt",
)


def everywhere(hostile: str) -> Answer:
    """An answer in which everything that another wrote is `hostile`, the address aside."""
    answer = from_article(
        ANSWER,
        text=hostile,
        title=hostile,
        publisher=hostile,
        source=hostile,
        language=hostile,
        url=None,
    )
    return dataclasses.replace(
        answer,
        question=hostile,
        text=hostile,
        statements=(
            Statement(
                start=0, end=len(hostile), markers=(1,), verdict="conflict", reasons=(hostile,)
            ),
        ),
        notices=(hostile,),
        answerer=hostile,
        language=hostile,
    )


def words(text: str) -> list[str]:
    return one_line(text).split()


# What others wrote stays text --------------------------------------------------------------


PLAIN_MARKDOWN = rendered(as_markdown(conversation(everywhere("plain"))))
PLAIN_HTML = Page(as_html(conversation(everywhere("plain"))))


@pytest.mark.parametrize("hostile", HOSTILES)
def test_hostile_text_in_markdown(hostile: str) -> None:
    """Whatever is written anywhere, Markdown shows its characters and gains no element by it."""
    page = rendered(as_markdown(conversation(everywhere(hostile))))
    assert page.of("h2")[0].text.split() == words(hostile)
    assert page.of("blockquote")[0].text.split() == words(hostile)
    assert page.of("li")[0].text.split() == words(hostile)
    assert page.of("strong")[0].text.split() == words(f"(Differs from its source: {hostile})")
    assert not page.links()
    assert not page.comments
    gained = page.tags() - PLAIN_MARKDOWN.tags()
    assert set(gained) <= {"p", "br"}  # a line of the text or the quote each
    assert gained.total() <= 2 * len(hostile.splitlines())


@pytest.mark.parametrize("hostile", HOSTILES)
def test_hostile_text_in_html(hostile: str) -> None:
    """Whatever is written anywhere, the page shows its characters and gains no element by it."""
    page = Page(as_html(conversation(everywhere(hostile))))
    assert page.of("title")[0].text.split() == words(hostile)
    assert page.of("h2")[0].text.split() == words(hostile)
    assert page.of("mark")[0].text.split() == words(hostile)
    assert page.of("strong")[0].text.split() == words(f"(Differs from its source: {hostile})")
    assert not page.comments
    assert {href for href in page.links() if href} <= {"#t1", "#t1-s1"}
    known = {"class", "id", "href", "lang", "http-equiv", "content", "charset", "name"}
    assert {name for e in page.elements for name in e.attributes} <= known
    gained = page.tags() - PLAIN_HTML.tags()
    assert set(gained) <= {"p", "span", "a"}  # a line, the sentence on it, a mark


@pytest.mark.parametrize("hostile", [*HOSTILES, *ADDRESSES])
@pytest.mark.parametrize("field", ["url", "source"])
def test_hostile_addresses(field: str, hostile: str) -> None:
    """What is no plain web address is shown and never linked, from either field."""
    answer = from_article(ANSWER, **{"url": None, field: hostile})
    for page in (
        rendered(as_markdown(conversation(answer))),
        Page(as_html(conversation(answer))),
    ):
        assert not [href for href in page.links() if href and not href.startswith("#t1")]
        if "[1][2]" not in hostile:
            assert any(
                p.text.split()[-len(words(hostile)) :] == words(hostile) for p in page.of("p")
            )


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("https://example.org/a b", "https://example.org/a%20b"),
        ("HTTP://EXAMPLE.org/(x)_[y]", "HTTP://EXAMPLE.org/(x)_[y]"),
        ('https://example.org/"onmouseover="x', "https://example.org/%22onmouseover=%22x"),
        ("https://example.org/'x'?a=1&b=2#c", "https://example.org/'x'?a=1&b=2#c"),
        ("https://example.org/<script>", "https://example.org/%3Cscript%3E"),
        ("https://example.org/a>b](c)`d`*e*", "https://example.org/a%3Eb](c)%60d%60*e*"),
        ("https://example.org/\u202egnp", "https://example.org/%E2%80%AEgnp"),
        ("https://example.org/a\nb\\c", "https://example.org/a%0Ab%5Cc"),
        ("https://example.org/50%20", "https://example.org/50%20"),
    ],
)
def test_web_addresses(address: str, link: str) -> None:
    """A web address is one link to itself, with what could end the link encoded."""
    assert web_link(address) == link
    made = conversation(from_article(ANSWER, url=address))
    page = Page(as_html(made))
    outside = [e for e in page.of("a") if not (e.attributes["href"] or "").startswith("#")]
    assert [(e.attributes["href"], e.text) for e in outside] == [(link, link)]
    markdown = as_markdown(made)
    assert f"  \n<{link}>\n" in markdown
    assert len(rendered(markdown).links()) == 1
    assert (
        rendered(markdown).tags()
        == rendered(as_markdown(conversation(from_article(ANSWER, url=URL)))).tags()
    )


@settings(max_examples=150, deadline=None)
@given(
    st.text(
        st.one_of(st.characters(), st.sampled_from("\\`*_{}[]()<>#+-.!|~$&:@=/ \n1a\t")),
        max_size=40,
    )
)
def test_any_text(text: str) -> None:
    """Any question and quote at all is shown as it is, in Markdown and in HTML."""
    made = conversation(everywhere(text))
    markdown, html = rendered(as_markdown(made)), Page(as_html(made))
    for page in (markdown, html):
        assert [h.text.split() for h in page.of("h2")] == [words(text)]
        assert len(page.of("h1")) == 1
    assert not markdown.links()
    assert markdown.of("li")[0].text.split() == words(text)
    assert [b.text.split() for b in markdown.of("blockquote")] == [words(text)] * bool(words(text))


def test_nothing_is_linked_by_itself() -> None:
    """What some readers link unasked (a://b, www.a.b, a@b) is broken up where it is text."""
    question = "See https://evil.test, www.evil.test, evil.test and me@evil.test at 12.30"
    assert (
        "## See https\\://evil\\.test, www\\.evil\\.test, evil\\.test and me\\@evil\\.test at 12.30"
        in as_markdown(conversation(dataclasses.replace(ANSWER, question=question)))
    )
