"""One answer in the making: what it says, what it rests on, what the reader must know of it.

The engine decides what happens in which order; here stands how each of it is done.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing

from rag.answer import abstain as abstaining
from rag.answer.beyond import Beyond
from rag.answer.cite import Citing
from rag.answer.evidence import Sentence
from rag.answer.extract import Evidence
from rag.answer.model import prompt as prompts
from rag.answer.model import server as servers
from rag.answer.model.draft import Draft
from rag.answer.unsaid import Lacking
from rag.answerers import Chosen
from rag.located import in_text
from rag.schema import (
    Abstention,
    Answer,
    AnswerSpan,
    Delta,
    Event,
    Hit,
    Metadata,
    Notice,
    Replace,
    Span,
)
from rag.text import sentences
from rag.text.days import written

_WORDS = {
    "en": {
        "dropped": "Marks of the model that pointed to no passage, left out: {n}.",
        "moved": "Sentences whose mark was moved to the passage that says them: {n}.",
        "left_out": "Passages left out, as the model's context has no room for them: {n}.",
        "read": "The model server read only {n} of about {of} tokens of the prompt: it did not "
        "see every passage.",
        "length": "The answer was cut off: it reached the most that a model may write. Allow more "
        "with KUTIP_ANSWER_TOKENS.",
        "too_long": "The answer was stopped: the model wrote on and on. Ask again, or use another "
        "model.",
        "adrift": "The answer was stopped: one sentence after another was backed by no article. "
        "Ask again, or use another model.",
        "repeated": "The answer was stopped: the model began to repeat itself. Ask again, or use "
        "another model.",
        "out_of_time": "The answer was stopped: it was not done in time. Allow more with "
        "KUTIP_ANSWER_SECONDS, or use a smaller model.",
        "unbacked": "The articles do not back what the model wrote; below it stands what they say.",
        "quotes": "What follows are quotes.",
        "no_room": "No passage fits into the model's context of {n} tokens; these are quotes.",
        "no_date": "no date",
        "more": "and {n} more.",
        "opening": "These are its opening sentences; a summary in other words needs a language "
        "model.",
        "openings": "These are the sentences that they open with; a summary in other words needs "
        "a language model.",
        "published": "The articles named last were published on that day.",
        "only_published": "No sentence tells of that day; these articles were published on it.",
        "yearless": "Sentences that state the day without a year, in articles whose own date is "
        "not known: {n}.",
        "which": "Say which of these articles you mean.",
    },
    "id": {
        "dropped": "Tanda dari model yang tidak menunjuk bagian mana pun dan dibuang: {n}.",
        "moved": "Kalimat yang tandanya dipindahkan ke bagian yang mengatakannya: {n}.",
        "left_out": "Bagian yang tidak ikut karena tidak muat dalam konteks model: {n}.",
        "read": "Server model hanya membaca {n} dari sekitar {of} token: tidak semua bagian "
        "terbaca.",
        "length": "Jawaban terpotong: batas panjang tulisan model tercapai. Naikkan dengan "
        "KUTIP_ANSWER_TOKENS.",
        "too_long": "Jawaban dihentikan: model menulis terus. Tanyakan lagi, atau pakai model "
        "lain.",
        "adrift": "Jawaban dihentikan: kalimat demi kalimat tidak didukung artikel mana pun. "
        "Tanyakan lagi, atau pakai model lain.",
        "repeated": "Jawaban dihentikan: model mulai mengulang-ulang. Tanyakan lagi, atau pakai "
        "model lain.",
        "out_of_time": "Jawaban dihentikan: tidak selesai pada waktunya. Beri waktu lebih dengan "
        "KUTIP_ANSWER_SECONDS, atau pakai model yang lebih kecil.",
        "unbacked": "Artikel-artikel ini tidak mendukung tulisan model; di bawahnya apa yang "
        "dikatakan artikel.",
        "quotes": "Yang berikut ini kutipan.",
        "no_room": "Tidak ada bagian yang muat dalam konteks model, {n} token; ini kutipan.",
        "no_date": "tanpa tanggal",
        "more": "dan {n} lagi.",
        "opening": "Ini kalimat-kalimat pembukanya; ringkasan dengan kata lain memerlukan model "
        "bahasa.",
        "openings": "Ini kalimat-kalimat pembuka tiap artikel; ringkasan dengan kata lain "
        "memerlukan model bahasa.",
        "published": "Artikel yang disebut terakhir terbit pada hari itu.",
        "only_published": "Tidak ada kalimat tentang hari itu; artikel-artikel ini terbit pada "
        "hari itu.",
        "yearless": "Kalimat yang menyebut tanggal itu tanpa tahun, dalam artikel yang tanggalnya "
        "sendiri tidak diketahui: {n}.",
        "which": "Sebutkan artikel mana yang dimaksud.",
    },
}
# A reply that was stopped for these is no answer; the quotes are.
_STOPPED = ("too_long", "repeated", "out_of_time")
# A count this far below the plan is looked into: the server may have a smaller context.
_SUSPICIOUS = 0.75


class Reply:
    """Gathers one answer; every piece of text it is given becomes a `Delta`."""

    def __init__(self, *, question: str, query: str, language: str) -> None:
        self.question = question
        self.query = query
        self.language = language
        self.citing = Citing()
        self.label = "extractive"
        self.hits: tuple[Hit, ...] = ()
        self.evidence_score = 0.0
        self.abstention: Abstention | None = None
        self.answer_span: AnswerSpan | None = None
        self.notices: list[str] = []
        self.seconds: dict[str, float] = {}
        self.tokens: dict[str, int] = {}

    def done(self) -> Answer:
        """The answer, as far as it has come."""
        return Answer(
            question=self.question,
            query=self.query,
            text=self.citing.text,
            language=self.language,
            statements=self.citing.statements,
            citations=self.citing.citations,
            answer_span=self.answer_span if self.label == "extractive" else None,
            hits=self.hits,
            evidence_score=self.evidence_score,
            answerer=self.label,
            abstention=self.abstention,
            notices=tuple(self.notices),
            seconds=self.seconds,
            tokens=self.tokens,
        )

    def notice(self, text: str) -> Notice:
        """Let the reader know."""
        self.notices.append(text)
        return Notice(text=text)

    def told(self, name: str, **values: object) -> Notice:
        """The notice of this name, in the reader's language."""
        return self.notice(_WORDS.get(self.language, _WORDS["en"])[name].format(**values))

    def say(self, text: str) -> Delta:
        """A sentence that rests on no article, such as a greeting."""
        start = len(self.citing.text)
        told = self.citing.say(text)
        self.citing.end(start, (), verdict="unchecked")
        return Delta(text=told)

    def refuse(
        self,
        abstention: Abstention,
        evidence: Evidence,
        coverage: abstaining.Coverage,
        lacking: Lacking | None = None,
        *,
        beyond: Beyond | None = None,
        model: str = "",
    ) -> Delta:
        """Say that the articles do not hold the answer, and what they do hold."""
        self.abstention = abstention
        text = abstaining.refusal(
            abstention,
            evidence,
            coverage,
            language=self.language,
            lacking=lacking,
            beyond=beyond,
            model=model,
        )
        return Delta(text=self.citing.say(text))

    def quote(self, evidence: Evidence) -> Delta:
        """Let the picked sentences speak."""
        gap = self.citing.say("\n\n") if self.citing.text else ""
        before = len(self.citing.text)
        text = gap + self.citing.quote(evidence.picks)
        self.answer_span = _span(evidence, self.citing)
        place = in_text(self.done())
        if place is None:
            return Delta(text=text)
        at = before - len(gap)  # where this piece begins in the whole text
        return Delta(text=text, lit=Span(place.start - at, place.end - at))

    async def write(
        self, chosen: Chosen, prompt: prompts.Prompt, evidence: Evidence
    ) -> AsyncGenerator[Event, None]:
        """What the chosen model writes; quotes where it fails or nothing of it is backed.

        `abstention` is set, and nothing written, when the model finds no answer.
        """
        if chosen.writer is None:
            raise AssertionError("only a model writes")
        draft = Draft(prompt, citing=self.citing, language=self.language, question=self.query)
        self.label = chosen.label
        if prompt.dropped:
            yield self.told("left_out", n=prompt.dropped)
        async with aclosing(draft.events(chosen.writer)) as events:
            async for event in events:
                yield event
        if draft.first_word_seconds is not None:
            self.seconds["first_word"] = draft.first_word_seconds
        self._count(draft)
        if draft.failure is not None:
            failure = draft.failure
            self.label = "extractive"
            yield self.notice(f"{failure.message.rstrip('.')}. {failure.hint}".strip())
            yield self.told("quotes")
            yield self.quote(evidence)
            return
        if draft.refused:
            self.abstention = "not_in_evidence"
            if self.citing.text:
                self.citing = Citing()
                yield Replace(text="")
            return
        for notice in await self._remarks(draft, chosen):
            yield notice
        if draft.finished is not None and draft.finished.reason in _STOPPED:
            self.label = "extractive"
            yield self.told("quotes")
            yield self.quote(evidence)
        elif draft.composer.lost and not draft.composer.backed:
            yield self.told("unbacked")
            yield self.quote(evidence)

    def _count(self, draft: Draft) -> None:
        self.tokens["planned"] = draft.prompt.tokens
        if draft.finished is not None:
            if draft.finished.prompt_tokens is not None:
                self.tokens["prompt"] = draft.finished.prompt_tokens
            if draft.finished.answer_tokens is not None:
                self.tokens["answer"] = draft.finished.answer_tokens

    async def _remarks(self, draft: Draft, chosen: Chosen) -> list[Notice]:
        """What the reader must know of a reply that came to an end."""
        notices: list[Notice] = []
        finished = draft.finished
        if finished is not None and finished.reason != "stop":
            notices.append(self.told("adrift" if draft.adrift else finished.reason))
        counted = finished.prompt_tokens if finished is not None else None
        planned = draft.prompt.tokens
        cut = prompts.cut(planned, counted, context_tokens=chosen.context_tokens)
        if counted and not cut and counted < _SUSPICIOUS * planned and chosen.server:
            cut = await asyncio.to_thread(_ran_into, chosen, counted)
        if cut:
            notices.append(self.told("read", n=f"{counted:,}", of=f"{planned:,}"))
        if draft.composer.dropped:
            notices.append(self.told("dropped", n=draft.composer.dropped))
        if draft.composer.moved:
            notices.append(self.told("moved", n=draft.composer.moved))
        return notices

    def name_articles(
        self, named: Sequence[tuple[Metadata, Sentence]], *, more: int = 0
    ) -> Iterator[Delta]:
        """A line for each article, resting on the sentence that tells what it is about."""
        for metadata, sentence in named:
            gap = self.citing.say("\n") if self.citing.text else ""
            start = len(self.citing.text)
            told = self.citing.say(f"{metadata.title} ({self._origin(metadata)})")
            told += self.citing.end(start, [sentence], verdict="matches")
            yield Delta(text=gap + told)
        if more:
            words = _WORDS.get(self.language, _WORDS["en"])["more"].format(n=more)
            yield Delta(text=self.citing.say(f"\n{words}"))

    def _origin(self, metadata: Metadata) -> str:
        words = _WORDS.get(self.language, _WORDS["en"])
        mark = "~" if metadata.published_basis == "inferred" else ""
        day = (
            mark + written(metadata.published, self.language)
            if metadata.published
            else words["no_date"]
        )
        return f"{metadata.publisher}, {day}" if metadata.publisher else day


def _span(evidence: Evidence, citing: Citing) -> AnswerSpan | None:
    """The words that answer, with the mark of the quote they stand in."""
    if evidence.located is None:
        return None
    sentence, span = evidence.located.sentence, evidence.located.span
    for citation in citing.citations:
        if citation.passage == sentence.passage and citation.start == sentence.start:
            return AnswerSpan(
                marker=citation.marker,
                article_id=sentence.passage.article_id,
                start=sentence.start + span.start,
                end=sentence.start + span.end,
                text=sentence.text[span.start : span.end],
            )
    return None


def _ran_into(chosen: Chosen, counted: int) -> bool:
    """Whether the server's own context is so small that the prompt cannot have fitted."""
    if chosen.server is None or chosen.model is None or chosen.server.kind != "ollama":
        return False
    loaded = servers.loaded_context(chosen.server.url, chosen.model.name)
    return loaded is not None and loaded < chosen.context_tokens and counted >= loaded // 2


def sentences_of(hits: Sequence[Hit]) -> list[Sentence]:
    """All sentences of the hits, in their order."""
    return [
        Sentence(hit.passage, hit.passage.start + s.start, hit.passage.start + s.end, hit.score)
        for hit in hits
        for s in sentences.spans(hit.passage.text)
    ]
