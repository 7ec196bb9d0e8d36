"""How an answer was made, folded away below it: what else was found, scores, times, tokens."""

from __future__ import annotations

from collections.abc import Sequence

from rag.layout import one_line
from rag.schema import Hit
from ui.cards import head_html, passage_opener
from ui.desk import Reader
from ui.render import attributes, esc
from ui.shown import Shown

WORDS = {
    "en": {
        "made_consulted_one": "Consulted but not cited: 1 passage",
        "made_consulted": "Consulted but not cited: {n} passages",
        "made_title": "How this answer was made",
        "made_explained": "Fused: both scores together, which the order goes by. Dense: how close"
        " the meaning is (cosine, at most 1). Lexical: how many of the question's words, rare ones"
        " counting more (BM25).",
        "made_query": "Searched for",
        "made_answerer": "Answered by",
        "made_evidence": "Evidence",
        "made_evidence_told": "{score} of 1: how well the best passage fits the question",
        "made_passages": "Passages",
        "made_seconds": "Seconds",
        "made_tokens": "Tokens",
        "made_notices": "Notices",
        "made_article": "Article",
        "made_cited": "Cited",
        "made_yes": "yes",
        "made_no": "no",
        "made_extractive": "quotes, without a language model",
        "made_fused": "fused",
        "made_dense": "dense",
        "made_lexical": "lexical",
        "made_condense": "understanding the question",
        "made_retrieve": "searching",
        "made_judge": "weighing the evidence",
        "made_answer": "answering",
        "made_first_word": "to the model's first word",
        "made_planned": "prompt, planned",
        "made_prompt": "prompt, as counted by the model",
        "made_answer_tokens": "answer",
    },
    "id": {
        "made_consulted_one": "Dibaca tetapi tidak dikutip: 1 bagian",
        "made_consulted": "Dibaca tetapi tidak dikutip: {n} bagian",
        "made_title": "Bagaimana jawaban ini dibuat",
        "made_explained": "Gabungan: kedua nilai bersama-sama, yang menentukan urutan. Makna:"
        " seberapa dekat maknanya (kosinus, paling tinggi 1). Kata: berapa banyak kata dari"
        " pertanyaan, kata langka lebih berarti (BM25).",
        "made_query": "Yang dicari",
        "made_answerer": "Dijawab oleh",
        "made_evidence": "Bukti",
        "made_evidence_told": "{score} dari 1: seberapa cocok bagian terbaik dengan pertanyaan",
        "made_passages": "Bagian",
        "made_seconds": "Detik",
        "made_tokens": "Token",
        "made_notices": "Catatan",
        "made_article": "Artikel",
        "made_cited": "Dikutip",
        "made_yes": "ya",
        "made_no": "tidak",
        "made_extractive": "kutipan, tanpa model bahasa",
        "made_fused": "gabungan",
        "made_dense": "makna",
        "made_lexical": "kata",
        "made_condense": "memahami pertanyaan",
        "made_retrieve": "mencari",
        "made_judge": "menimbang bukti",
        "made_answer": "menjawab",
        "made_first_word": "sampai kata pertama model",
        "made_planned": "prompt, direncanakan",
        "made_prompt": "prompt, menurut hitungan model",
        "made_answer_tokens": "jawaban",
    },
}

_EXCERPT = 220  # characters of a passage that was not cited
_KINDS = ("dense", "lexical")  # the scores of a hit that are shown; its others are for kutip search


def consulted_html(shown: Shown, *, reader: Reader) -> str:
    """The passages that were read and not cited, with what the search thought of them."""
    words = WORDS[reader]
    cited = {citation.passage.passage_id for citation in shown.citations}
    others = [hit for hit in shown.hits if hit.passage.passage_id not in cited]
    hidden = not others or shown.state not in ("done", "stopped", "failed")
    name = "made_consulted_one" if len(others) == 1 else "made_consulted"
    whole = {"class": "consulted", "id": f"consulted-{shown.number}", "hidden": hidden}
    rows = "" if hidden else "".join(_consulted(hit, reader) for hit in others)
    return (
        f"<details{attributes(whole)}><summary>{esc(words[name].format(n=len(others)))}</summary>"
        f'<p class="explained">{esc(words["made_explained"])}</p><ol>{rows}</ol></details>'
    )


def made_html(shown: Shown, *, reader: Reader) -> str:
    """The standalone question, who answered, scores, seconds by stage, tokens, notices."""
    words = WORDS[reader]
    answer = shown.answer
    whole = {
        "class": "made",
        "id": f"made-{shown.number}",
        "hidden": answer is None,
    }
    parts: list[tuple[str, str]] = []
    if answer is not None:
        name = one_line(answer.answerer)
        parts = [
            ("query", esc(one_line(answer.query))),
            ("answerer", esc(words["made_extractive"] if name == "extractive" else name)),
        ]
        if answer.hits:
            evidence = words["made_evidence_told"].format(score=f"{answer.evidence_score:.2f}")
            parts += [("evidence", esc(evidence)), ("passages", _table(shown, answer.hits, reader))]
        if answer.seconds:
            parts.append(("seconds", _figures(answer.seconds, "{:.2f}", words)))
        if answer.tokens:
            told = {f"{k}_tokens" if k == "answer" else k: n for k, n in answer.tokens.items()}
            parts.append(("tokens", _figures(told, "{:,.0f}", words)))
        if answer.notices:
            lines = "".join(f"<li>{esc(one_line(notice))}</li>" for notice in answer.notices)
            parts.append(("notices", f"<ul>{lines}</ul>"))
    rows = "".join(f"<dt>{esc(words[f'made_{key}'])}</dt><dd>{html}</dd>" for key, html in parts)
    return (
        f"<details{attributes(whole)}><summary>{esc(words['made_title'])}</summary>"
        f"<dl>{rows}</dl></details>"
    )


def _consulted(hit: Hit, reader: Reader) -> str:
    text = one_line(hit.passage.text)
    short = text if len(text) <= _EXCERPT else text[:_EXCERPT].rsplit(" ", 1)[0] + " …"
    scores = " · ".join(f"{esc(name)} {value}" for name, value in _scores(hit, reader))
    return (
        f'<li value="{hit.rank}"><p class="head">{head_html(hit.passage.metadata, reader)}</p>'
        f'<p class="excerpt">{esc(short)}</p>'
        f'<p class="scores">{scores} {passage_opener(hit, reader)}</p></li>'
    )


def _scores(hit: Hit, reader: Reader) -> list[tuple[str, str]]:
    """Every score of a hit by its name, to two decimals."""
    words = WORDS[reader]
    named = {
        "fused": hit.score,
        **{kind: hit.scores[kind] for kind in _KINDS if kind in hit.scores},
    }
    return [(words[f"made_{name}"], f"{value:.2f}") for name, value in named.items()]


def _table(shown: Shown, hits: Sequence[Hit], reader: Reader) -> str:
    words = WORDS[reader]
    cited = {citation.passage.passage_id for citation in shown.citations}
    kinds = [kind for kind in _KINDS if any(kind in hit.scores for hit in hits)]
    heads = [
        "",
        words["made_article"],
        words["made_fused"],
        *(words[f"made_{kind}"] for kind in kinds),
    ]
    heads.append(words["made_cited"])
    rows = []
    for hit in hits:
        title = one_line(hit.passage.metadata.title)
        told = [f"{hit.score:.2f}"]
        told += [f"{hit.scores[kind]:.2f}" if kind in hit.scores else "" for kind in kinds]
        told.append(words["made_yes" if hit.passage.passage_id in cited else "made_no"])
        cells = "".join(f"<td>{esc(text)}</td>" for text in told)
        rows.append(f'<tr><td>{hit.rank}</td><td class="title">{esc(title)}</td>{cells}</tr>')
    head = "".join(f"<th>{esc(text)}</th>" for text in heads)
    return (
        f'<div class="wide"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _figures(figures: dict[str, float] | dict[str, int], form: str, words: dict[str, str]) -> str:
    lines = "".join(
        f"<li>{esc(words.get(f'made_{name}', name))}: {form.format(value)}</li>"
        for name, value in figures.items()
    )
    return f'<ul class="figures">{lines}</ul>'
