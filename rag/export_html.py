"""A conversation as one HTML file: no script, nothing loaded, every foreign text escaped."""

from __future__ import annotations

import re
from html import escape

from rag.conversations import Conversation, Kept
from rag.exported import Piece, Source, asked_line, dates_inferred, paragraphs, sources, words_in
from rag.layout import one_line, sanitise
from rag.text.days import written

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"

_STYLE = """
:root { color-scheme: light dark; --paper: #fbfaf7; --card: #ffffff; --ink: #1d1d1b;
  --soft: #63625c; --line: #dddad0; --link: #0b57a4; --mark: #ffe9a3; --warn: #8a2b06; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #171715; --card: #21211e; --ink: #ebe9e2; --soft: #a8a69c; --line: #3b3a35;
    --link: #8dbdf2; --mark: #5c4a0c; --warn: #ffab87; } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); overflow-wrap: anywhere;
  font: 1rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
main { max-width: 44rem; margin: 0 auto; padding: 2rem 1.1rem 3rem; }
h1 { font-size: 1.05rem; font-weight: 600; margin: 0; }
h2 { font-size: 1.45rem; line-height: 1.3; margin: 0 0 .35rem; }
h3 { font-size: .95rem; font-weight: 600; margin: 1.6rem 0 .6rem; }
p { margin: 0 0 .8rem; }
a { color: var(--link); }
a:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.soft { color: var(--soft); font-size: .875rem; }
.turn { border-top: 1px solid var(--line); margin-top: 1.6rem; padding-top: 1.6rem; }
.answer { font-size: 1.0625rem; margin-top: 1rem; }
.mark { text-decoration: none; font-size: .85em; font-weight: 600; padding: 0 .1em; }
.doubted { text-decoration: underline dotted var(--warn); text-underline-offset: .2em; }
.remark { color: var(--warn); font-size: .9em; font-weight: 600; }
.notices { margin: 0 0 .8rem; padding-left: 1.1rem; }
.source { background: var(--card); border: 1px solid var(--line); border-radius: .5rem;
  padding: .8rem 1rem; margin: 0 0 .8rem; scroll-margin-top: 1rem; }
.source:target { border-color: var(--link); box-shadow: 0 0 0 1px var(--link); }
.source p { margin: 0; }
.source .head { font-weight: 600; }
blockquote { margin: .6rem 0; padding-left: .8rem; border-left: 3px solid var(--line);
  color: var(--soft); white-space: pre-line; }
mark { background: var(--mark); color: var(--ink); padding: .05em 0; }
footer { border-top: 1px solid var(--line); margin-top: 2rem; padding-top: 1rem; }
@media print {
  :root { color-scheme: light; --paper: #fff; --card: #fff; --ink: #000; --soft: #444;
    --line: #bbb; --link: #000; --mark: #fff; --warn: #000; }
  main { max-width: none; padding: 0; }
  .source { break-inside: avoid; }
  h2, h3, .asked { break-after: avoid; }
  mark { font-weight: 600; text-decoration: underline; }
}
"""


def as_html(conversation: Conversation) -> str:
    """The conversation as a page that stands alone, in light or dark as its reader likes."""
    turns = conversation.turns
    language = turns[0].answer.language if turns else "en"
    words = words_in(language)
    day = written(conversation.started.date(), language)
    count = words["one"] if len(turns) == 1 else words["many"].format(n=len(turns))
    lines = [
        "<!DOCTYPE html>",
        f"<html{_lang(language)}>",
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="referrer" content="no-referrer">',
        f"<title>{_text(conversation.title) or escape(words['title'].format(day=day))}</title>",
        f"<style>{_STYLE}</style>",
        "</head>",
        "<body>",
        "<main>",
        "<header>",
        f"<h1>{escape(words['title'].format(day=day))}</h1>",
        f'<p class="soft">{escape(count)}</p>',
        *([f'<p class="remark">{escape(words["damaged"])}</p>'] * conversation.damaged),
        "</header>",
    ]
    for number, kept in enumerate(turns, start=1):
        lines += _turn(number, kept)
    lines += [
        "<footer>",
        f'<p class="soft">{escape(words["foot"])} {escape(words["by"])}</p>',
        "</footer>",
        "</main>",
        "</body>",
        "</html>",
    ]
    return "\n".join(lines) + "\n"


def _turn(number: int, kept: Kept) -> list[str]:
    answer = kept.answer
    language = answer.language
    words = words_in(language)
    asked = _text(asked_line(kept.asked, answer, language))
    lines = [
        f'<article class="turn" id="t{number}"{_lang(language)}>',
        f"<h2>{_text(answer.question)}</h2>",
        f'<p class="soft asked">{asked}</p>',
        '<div class="answer">',
        *(
            f"<p>{''.join(_piece(number, piece) for piece in line)}</p>"
            for line in paragraphs(answer, language)
        ),
        "</div>",
    ]
    if answer.notices:
        items = "".join(f"<li>{_text(notice)}</li>" for notice in answer.notices)
        lines.append(f'<ul class="soft notices">{items}</ul>')
    found = sources(answer, language)
    if found:
        lines.append(f"<h3>{escape(words['sources'])}</h3>")
    for source in found:
        lines += _source(number, source)
    if dates_inferred(found):
        lines.append(f'<p class="soft">{escape(words["inferred"])}</p>')
    return [*lines, "</article>"]


def _piece(number: int, piece: Piece) -> str:
    text = _escaped(piece.text)
    if piece.kind == "mark":
        return f'<a class="mark" href="#t{number}-s{piece.marker}">{text}</a>'
    if piece.kind == "remark":
        tag, look = ("strong", "remark") if piece.doubted else ("span", "soft")
        return f' <{tag} class="{look}">{text}</{tag}> '
    if not piece.doubted:
        return text
    words = text.rstrip(" ")  # a line under the gap before a mark looks like a fault
    return f'<span class="doubted">{words}</span>{text[len(words) :]}'


def _source(number: int, source: Source) -> list[str]:
    where = _escaped(source.where)
    if source.link:
        link = escape(source.link, quote=True)
        where = f'<a href="{link}" rel="noreferrer noopener">{link}</a>'
    runs = "".join(
        f"<mark>{_escaped(text)}</mark>" if evidence else _escaped(text)
        for text, evidence in source.runs
    )
    back = f'<a class="mark" href="#t{number}">[{source.marker}]</a>'
    return [
        f'<section class="source" id="t{number}-s{source.marker}">',
        f'<p class="head">{back} {_text(source.head)}</p>',
        f"<blockquote{_lang(source.metadata.language)}>{runs.strip()}</blockquote>",
        *(f'<p class="soft">{_text(remark)}</p>' for remark in source.remarks),
        f'<p class="soft">{where}</p>',
        "</section>",
    ]


def _lang(language: str | None) -> str:
    """The attribute that tells a reader's voice or dictionary the language, when it is one."""
    return f' lang="{language}"' if language and _LANGUAGE.fullmatch(language) else ""


def _escaped(text: str) -> str:
    return escape(sanitise(text), quote=True)


def _text(text: str) -> str:
    return escape(one_line(text), quote=True)
