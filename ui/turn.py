"""One question and its answer as HTML, with its sources beside it; and an empty conversation.

A turn has the same parts in the same order from the first moment on, empty ones hidden: the
page then changes where it stands, and what the reader looks at stays where it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.layout import one_line
from rag.located import in_text
from rag.reference import answer_as_text
from rag.schema import Answer, Hit
from rag.terminal import searched_line
from ui.cards import cards_html, closest_html, head_html
from ui.desk import Reader
from ui.made import consulted_html, made_html
from ui.render import attributes, cuts, esc, links_of, prose, with_lit
from ui.shown import Shown

WORDS = {
    "en": {
        "turn_edit": "Edit",
        "turn_edit_long": "Edit the question",
        "turn_searched": "Searched for: {query}",
        "turn_searching": "Searching the articles…",
        "turn_reading_one": "Reading 1 passage…",
        "turn_reading": "Reading {n} passages…",
        "turn_thinking": "Thinking…",
        "turn_stopped": "Stopped.",
        "turn_failed": "There is no answer.",
        "turn_refused": "No answer in the articles",
        "turn_quoted": "Quoted word for word, without a language model",
        "turn_written": "Written by {name}",
        "turn_ollama": "Written by {name}, run by Ollama",
        "turn_copy": "Copy",
        "turn_again": "Ask again",
        "turn_undo": "Take back",
        "turn_like": "Helpful",
        "turn_dislike": "Not helpful",
        "turn_note": "What was good or wrong? (kept on this machine)",
        "turn_send": "Send",
        "turn_sources": "Sources",
        "turn_found": "Reading",
        "turn_more": "and {n} more",
        "turn_actions": "What to do with this answer",
        "welcome_title": "Ask your own news articles",
        "welcome_what": "Kutip answers from the articles that you gave it, in their exact words,"
        " and shows where every sentence comes from.",
        "welcome_mark": "A number such as [1] leads to the source beside the answer, with the"
        " words that back the sentence marked.",
        "welcome_check": "Behind every sentence stands what checking it found: ✓ matches,"
        " ? not found, ≠ differs.",
        "welcome_silent": "When the articles do not say it, Kutip says so instead of guessing.",
        "welcome_try": "For example",
        "welcome_none": "There are no articles yet. Add some, and ask about them.",
        "welcome_none_read_only": "There are no articles yet.",
        "welcome_add": "Add articles",
    },
    "id": {
        "turn_edit": "Ubah",
        "turn_edit_long": "Ubah pertanyaan",
        "turn_searched": "Yang dicari: {query}",
        "turn_searching": "Mencari di artikel…",
        "turn_reading_one": "Membaca 1 bagian…",
        "turn_reading": "Membaca {n} bagian…",
        "turn_thinking": "Berpikir…",
        "turn_stopped": "Dihentikan.",
        "turn_failed": "Tidak ada jawaban.",
        "turn_refused": "Tidak ada jawabannya di artikel",
        "turn_quoted": "Dikutip kata demi kata, tanpa model bahasa",
        "turn_written": "Ditulis oleh {name}",
        "turn_ollama": "Ditulis oleh {name} lewat Ollama",
        "turn_copy": "Salin",
        "turn_again": "Tanyakan lagi",
        "turn_undo": "Tarik kembali",
        "turn_like": "Membantu",
        "turn_dislike": "Tidak membantu",
        "turn_note": "Apa yang baik atau keliru? (disimpan di komputer ini)",
        "turn_send": "Kirim",
        "turn_sources": "Sumber",
        "turn_found": "Sedang dibaca",
        "turn_more": "dan {n} lagi",
        "turn_actions": "Tindakan untuk jawaban ini",
        "welcome_title": "Bertanyalah pada artikel berita Anda sendiri",
        "welcome_what": "Kutip menjawab dari artikel yang Anda berikan, dengan kata-kata"
        " persisnya, dan menunjukkan asal setiap kalimat.",
        "welcome_mark": "Angka seperti [1] membawa Anda ke sumber di samping jawaban; kata-kata"
        " yang mendukung kalimat itu ditandai.",
        "welcome_check": "Di belakang setiap kalimat ada hasil pemeriksaannya: ✓ cocok,"
        " ? tidak ditemukan, ≠ berbeda.",
        "welcome_silent": "Bila artikel tidak menyebutkannya, Kutip mengatakan begitu dan tidak"
        " menebak.",
        "welcome_try": "Misalnya",
        "welcome_none": "Belum ada artikel. Tambahkan dulu, lalu bertanyalah.",
        "welcome_none_read_only": "Belum ada artikel.",
        "welcome_add": "Tambah artikel",
    },
}

_QUOTED = re.compile("“(.+)”")
_LISTED = 6  # articles that are named while they are read
_NOTE = 2_000  # characters of a note


def turn_html(shown: Shown, *, reader: Reader, read_only: bool = False) -> str:
    """A question, as much of its answer as there is, and beside it what that rests on."""
    answer = _answer(shown)
    whole = {
        "class": "turn",
        "id": f"turn-{shown.number}",
        "data-turn": shown.number,
        "data-state": shown.state,
        "data-abstained": answer.abstention is not None,
    }
    return (
        f"<article{attributes(whole)}>"
        f'<section class="said">{_asked(shown, reader)}{_said(shown, answer, reader)}'
        f"{_actions(shown, answer, reader, read_only=read_only)}</section>"
        f"{_sources(shown, answer, reader)}"
        f'<div class="behind">{consulted_html(shown, reader=reader)}'
        f"{made_html(shown, reader=reader)}</div></article>"
    )


def welcome_html(
    examples: Sequence[str], *, articles: int, reader: Reader, read_only: bool = False
) -> str:
    """What an empty conversation shows: what this is, how to read an answer, what to ask."""
    words = WORDS[reader]
    points = "".join(
        f"<li>{esc(words[f'welcome_{name}'])}</li>" for name in ("mark", "check", "silent")
    )
    if articles:
        asks = "".join(_example(question) for question in examples)
        below = f'<p class="label">{esc(words["welcome_try"])}</p>{asks}' if asks else ""
    elif read_only:
        below = f"<p>{esc(words['welcome_none_read_only'])}</p>"
    else:
        goes = {
            "type": "button",
            "class": "primary",
            "data-do": "choose",
            "data-tab": "library",
        }
        below = (
            f"<p>{esc(words['welcome_none'])}</p>"
            f"<button{attributes(goes)}>{esc(words['welcome_add'])}</button>"
        )
    return (
        f'<section class="welcome"><h2>{esc(words["welcome_title"])}</h2>'
        f'<p class="what">{esc(words["welcome_what"])}</p><ul class="points">{points}</ul>'
        f'<div class="begin">{below}</div></section>'
    )


def _example(question: str) -> str:
    asks = {"type": "button", "class": "example", "data-do": "ask", "data-question": question}
    return f"<button{attributes(asks)}>{esc(one_line(question))}</button>"


def _answer(shown: Shown) -> Answer:
    """The answer, or what there is of it so far."""
    return shown.answer or Answer(
        question=shown.question,
        query=shown.query or shown.question,
        text=shown.text,
        language=shown.language,
        statements=shown.statements,
        citations=shown.citations,
        hits=shown.hits,
        answerer=shown.answerer or "extractive",
        notices=shown.notices,
    )


# The left side -------------------------------------------------------------------------------


def _asked(shown: Shown, reader: Reader) -> str:
    words = WORDS[reader]
    edits = {
        "type": "button",
        "class": "act edit",
        "data-edit": shown.number,
        "data-question": shown.question,
        "aria-label": words["turn_edit_long"],
        "hidden": not _ended(shown),
    }
    searched = searched_line(shown.query, shown.question)
    told = words["turn_searched"].format(query=one_line(shown.query)) if searched else ""
    return (
        f'<header class="asked"><h2>{esc(shown.question.strip())}</h2>'
        f"<button{attributes(edits)}>{esc(words['turn_edit'])}</button></header>"
        f"<p{attributes({'class': 'searched', 'hidden': not told})}>{esc(told)}</p>"
    )


def _said(shown: Shown, answer: Answer, reader: Reader) -> str:
    words = WORDS[reader]
    state, problem = _state(shown, reader), shown.problem if shown.state == "failed" else ""
    refused = words["turn_refused"] if answer.abstention else ""
    # Quotes are shown as they stand: a star in one is a star.
    written = answer.answerer != "extractive" and not answer.abstention
    text = _without_closest(shown, answer)
    marks = cuts(text, shown.statements, shown.citations, turn=shown.number, reader=reader)
    lit = in_text(shown.answer) if shown.answer and shown.answer.text == text else None
    body = prose(
        text,
        cuts=with_lit(text, marks, lit),
        links=links_of(shown.citations),
        markdown=written,
    )
    notices = "".join(f"<li>{esc(one_line(notice))}</li>" for notice in shown.notices)
    said = {"class": "answer", "lang": shown.language if written else None, "hidden": not body}
    return (
        f"<p{attributes({'class': 'refused', 'hidden': not refused})}>{esc(refused)}</p>"
        f"<div{attributes(said)}>{body}</div>"
        f"<p{attributes({'class': 'state', 'hidden': not state})}>{esc(state)}</p>"
        f"<p{attributes({'class': 'problem', 'role': 'alert', 'hidden': not problem})}>"
        f"{esc(problem)}</p>"
        f"<ul{attributes({'class': 'notices', 'hidden': not notices})}>{notices}</ul>"
        f'<p class="who">{esc(_who(shown, answer, reader))}</p>'
    )


def _closest(answer: Answer) -> tuple[Hit, str]:
    """The passage that a refusal quotes, with the quote; the best one where it quotes none."""
    quoted = _QUOTED.search(answer.text.rpartition("\n")[2])
    for hit in answer.hits:
        if quoted and quoted[1] in hit.passage.text:
            return hit, quoted[1]
    return answer.hits[0], ""


def _without_closest(shown: Shown, answer: Answer) -> str:
    """The text; of a refusal, without the line that quotes what has a card of its own."""
    if answer.abstention and answer.hits and _closest(answer)[1]:
        return shown.text.rpartition("\n")[0]
    return shown.text


def _ended(shown: Shown) -> bool:
    return shown.state in ("done", "stopped", "failed")


def _state(shown: Shown, reader: Reader) -> str:
    words = WORDS[reader]
    if shown.state in ("thinking", "stopped"):
        return words[f"turn_{shown.state}"]
    if shown.state == "failed":
        return "" if shown.text else words["turn_failed"]
    if shown.state == "done" or shown.text:
        return ""
    if not shown.hits:
        return words["turn_searching"]
    name = "turn_reading_one" if len(shown.hits) == 1 else "turn_reading"
    return words[name].format(n=len(shown.hits))


def _who(shown: Shown, answer: Answer, reader: Reader) -> str:
    """Who answered, and when that was."""
    words = WORDS[reader]
    kind, _, name = shown.answerer.partition(":")
    if not shown.text:
        return shown.asked
    who = ""
    if shown.answerer and not name:
        who = words["turn_quoted"] if answer.citations else ""
    elif name and not answer.abstention:
        told = "turn_ollama" if kind == "ollama" else "turn_written"
        who = words[told].format(name=one_line(name))
    return " · ".join(filter(None, (who, shown.asked)))


def _actions(shown: Shown, answer: Answer, reader: Reader, *, read_only: bool) -> str:
    words = WORDS[reader]
    if not _ended(shown):
        return f'<div class="actions" aria-label="{esc(words["turn_actions"])}"></div>'
    turn = {"type": "button", "class": "act", "data-turn": shown.number}
    buttons = []
    if shown.text:
        copied = {**turn, "data-copy": answer_as_text(answer, language=reader)}
        buttons.append((copied, "copy"))
    if shown.last:
        again = {**turn, "data-do": "edit", "data-question": shown.question}
        buttons += [(again, "again"), ({**turn, "data-do": "undo"}, "undo")]
    if shown.state == "done" and not read_only:
        for name, liked in (("like", True), ("dislike", False)):
            pressed = str(shown.liked is liked).lower()
            told = {"data-do": "like", "data-liked": str(liked).lower(), "aria-pressed": pressed}
            buttons.append(({**turn, **told}, name))
    row = "".join(
        f"<button{attributes(values)}>{esc(words[f'turn_{name}'])}</button>"
        for values, name in buttons
    )
    note = _note(shown, reader) if shown.state == "done" and not read_only else ""
    return (
        f'<div class="actions" role="group" aria-label="{esc(words["turn_actions"])}">{row}</div>'
        f"{note}"
    )


def _note(shown: Shown, reader: Reader) -> str:
    words = WORDS[reader]
    form = {"class": "note", "data-turn": shown.number, "hidden": shown.liked is None}
    field = {"name": "note", "maxlength": _NOTE, "rows": 2}
    return (
        f"<form{attributes(form)}><label><span>{esc(words['turn_note'])}</span>"
        f"<textarea{attributes(field)}></textarea></label>"
        f'<button type="submit" class="act">{esc(words["turn_send"])}</button></form>'
    )


# The right side ------------------------------------------------------------------------------


def _sources(shown: Shown, answer: Answer, reader: Reader) -> str:
    words = WORDS[reader]
    title, body = "turn_sources", ""
    if shown.citations:
        body = cards_html(answer, turn=shown.number, standing=dict(shown.standing), reader=reader)
    elif answer.abstention and shown.hits:
        hit, quote = _closest(answer)
        body = closest_html(shown.number, hit, quote=quote, reader=reader)
    elif not _ended(shown) and shown.hits:
        title, body = "turn_found", _found(shown, reader)
    return (
        f'<aside class="sources" aria-label="{esc(words["turn_sources"])}">'
        f"<h3{attributes({'hidden': not body or answer.abstention is not None})}>"
        f"{esc(words[title])}</h3>"
        f'<div class="cards">{body}</div></aside>'
    )


def _found(shown: Shown, reader: Reader) -> str:
    """What was found and is being read, an article a line."""
    articles = {hit.passage.article_id: hit.passage.metadata for hit in shown.hits}
    some = list(articles.values())[:_LISTED]
    lines = "".join(f"<li>{head_html(metadata, reader)}</li>" for metadata in some)
    more = len(articles) - len(some)
    if more:
        lines += f"<li>{esc(WORDS[reader]['turn_more'].format(n=more))}</li>"
    return f'<ol class="found">{lines}</ol>'
