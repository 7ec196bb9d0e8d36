"""Records, hostile text and a small engine that the tests of the command line share."""

from __future__ import annotations

import dataclasses
import io
import re
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, date, datetime
from pathlib import Path

from hypothesis import strategies as st

from rag.cli import main
from rag.errors import BadQuestion, NotFound
from rag.layout import Screen
from rag.schema import (
    Answer,
    AnswerSpan,
    Article,
    Citation,
    Delta,
    Done,
    Entry,
    Event,
    Filters,
    Found,
    Hit,
    Metadata,
    Outcome,
    Passage,
    Progress,
    Statement,
    Status,
)
from rag.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
TEXT = "Hujan turun sejak pagi. Banjir merendam 12 desa di Demak. Warga mengungsi ke balai desa."
EVIDENCE = (24, 57)  # "Banjir merendam 12 desa di Demak."
METADATA = Metadata(
    title="Banjir Demak",
    source="/berita/demak.txt",
    publisher="ANTARA",
    published=date(2024, 8, 21),
    published_basis="stated",
    language="id",
)
ARTICLE_ID = "0123456789abcdef"
PASSAGE = Passage(article_id=ARTICLE_ID, start=0, end=len(TEXT), text=TEXT, metadata=METADATA)
CITATION = Citation(
    marker=1, passage=PASSAGE, start=EVIDENCE[0], end=EVIDENCE[1], quote=TEXT[slice(*EVIDENCE)]
)
QUOTED = "Banjir merendam 12 desa di Demak. [1]"
ANSWER = Answer(
    question="Berapa desa terendam?",
    query="Berapa desa terendam?",
    text=QUOTED,
    language="id",
    statements=(Statement(start=0, end=len(QUOTED), markers=(1,), verdict="matches"),),
    citations=(CITATION,),
    hits=(Hit(passage=PASSAGE, rank=1, score=0.75, scores={"dense": 0.5, "lexical": 1.0}),),
    evidence_score=0.9,
    seconds={"search": 0.01},
)
# The same with "12 desa" named as the words that answer.
SPANNED = dataclasses.replace(
    ANSWER,
    statements=(
        Statement(start=0, end=len(QUOTED), markers=(1,), verdict="matches", evidence=(0,)),
    ),
    answer_span=AnswerSpan(marker=1, article_id=ARTICLE_ID, start=40, end=47, text="12 desa"),
)
ENTRY = Entry(
    article=Article(
        article_id=ARTICLE_ID, text=TEXT, removed=("Baca juga: Rob",), metadata=METADATA
    ),
    sources=("/berita/demak.txt", "https://example.org/demak"),
    passages=1,
    added_at=datetime(2024, 9, 1, 8, 30, tzinfo=UTC),
)
STATUS = Status(
    version="0.5.0",
    data_dir="/data",
    articles=3,
    sources=4,
    passages=1200,
    pending=0,
    vectors=1200,
    generation=7,
    embedder="bundled",
    revision="r",
    dimension=384,
    fingerprint="f",
    stored_fingerprint="f",
    answerer="extractive",
    disk_bytes=1_234_567,
    languages={"id": 2, "en": 1},
)
# As copied from a browser; FURNITURE is what stands around the article in it.
FURNITURE = (
    "Beranda Nasional Ekonomi Olahraga Wisata Foto Video Indeks",
    "A A A Pengaturan Font",
    "Baca Juga: Harga Pupuk Turun Menjelang Musim Tanam di Lima Kabupaten",
    "Komentar",
    "Berita Terkait",
    "Menteri Pertanian Resmikan Bendungan Baru di Lembah Padi",
    "Tim Voli Harapan Melaju ke Final Piala Gubernur",
)
REPORT = (
    "Banjir Rendam Dua Belas Rumah di Kota Harapan",
    "HARAPAN (KABAR) - Warga Kota Harapan mengungsi setelah banjir merendam dua belas rumah.",
    "Menurut Kepala Desa Joko Lestari, air mulai naik sejak pukul tujuh malam dan surut pagi hari.",
    "Pemerintah kabupaten mengirim tiga truk berisi selimut dan beras untuk para pengungsi itu.",
)
PASTED = "\n".join(
    (FURNITURE[0], REPORT[0], FURNITURE[1], REPORT[1], FURNITURE[2], *REPORT[2:], *FURNITURE[3:])
)
CREDIT = "Foto: Kabar Harapan/Ana Buru"  # taken out only where other pages have it too
HOSTILE = (
    "\x1b]0;owned\x07\x1b[2J\x9b31mred\x1b[0m \u202egnp.exe\u200b \x1b]8;;http://evil/\x1b\\here"
)
HOSTILE_METADATA = dataclasses.replace(
    METADATA, title=HOSTILE, publisher=HOSTILE, source=HOSTILE, authors=(HOSTILE,), url=None
)
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")


def are_safe(lines: Iterable[str], screen: Screen) -> None:
    """Assert that nothing of `HOSTILE` but its words is left in the lines for a screen."""
    own = re.compile(r"\x1b\[[012]m") if screen.colour else re.compile(r"(?!)")
    text = "\n".join(own.sub("", line) for line in lines).replace("\t", " ")
    assert "red gnp.exe here" in text
    assert not CONTROL.search(text)
    assert not set(text) & set("\u202e\u200b")
    assert "owned" not in text
    assert "evil" not in text


wild = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("\x1b\x9b\x9d\x90\x07\x9c\\[];0mP^_X\n\r\u202e\u200d\ufeff\U000e0020"),
    )
)


RIGHT = {
    "add": ("add", "a.txt"),
    "sync": ("sync", "berita"),
    "list": ("list",),
    "show": ("show", "0123"),
    "edit": ("edit", "0123", "--title", "Rob"),
    "remove": ("remove", "0123"),
    "search": ("search", "Banjir"),
    "ask": ("ask", "Berapa desa?"),
    "status": ("status",),
    "reindex": ("reindex",),
}


def pasted_pages(*places: str) -> dict[str, str]:
    """Pasted pages of one outlet by file name: other sentences, the same lines around them."""
    made = {}
    for place in places:
        text = PASTED.replace(REPORT[3], f"{REPORT[3]}\n{CREDIT}")
        for line in REPORT[1:]:
            text = text.replace(line, f"{line[:-1]}, kata saksi mata di {place} kemarin itu.")
        made[f"{place}.txt"] = text
    return made


def page(
    *paragraphs: str,
    title: str = REPORT[0],
    publisher: str = "Kabar Harapan",
    published: str = "2024-06-03T20:00:00+07:00",
    head: str = "",
) -> bytes:
    """A news page with an article of these paragraphs, by default those of REPORT."""
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs or REPORT[1:])
    return (
        f'<!DOCTYPE html><html lang="id"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta property="og:site_name" content="{publisher}">'
        f'<meta property="article:published_time" content="{published}">{head}</head>'
        f'<body><nav><a href="/">Beranda</a> <a href="/e">Ekonomi</a></nav><article>'
        f"<h1>{title}</h1>{body}</article></body></html>"
    ).encode()


def word(*paragraphs: str, title: str = "", author: str = "") -> bytes:
    """A Word document of these paragraphs."""
    from docx import Document

    made = Document()
    made.core_properties.title, made.core_properties.author = title, author
    for paragraph in paragraphs:
        made.add_paragraph(paragraph)
    with io.BytesIO() as file:
        made.save(file)
        return file.getvalue()


class SmallEngine:
    """An engine over one article, with the methods and the errors of the real one."""

    outcomes: tuple[Outcome, ...] = (
        Outcome(
            source="a.txt", status="added", article_id=ARTICLE_ID, title="Banjir Demak", passages=1
        ),
    )
    library: tuple[Entry, ...] = (ENTRY,)
    fault: BaseException | None = None  # raised by whatever is asked of the engine
    turns = 0  # how often a watched folder changes after it was read

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings
        self.calls: list[tuple[object, ...]] = []
        self.closed = False

    def __call__(self, settings: Settings) -> SmallEngine:
        self.settings = settings
        return self

    def __enter__(self) -> SmallEngine:
        return self

    def __exit__(self, *details: object) -> None:
        self.closed = True

    def _note(self, *call: object) -> None:
        self.calls.append(call)
        if self.fault is not None:
            raise self.fault

    def add(
        self,
        sources: Iterable[str],
        *,
        allow_private: bool = False,
        on_progress: Callable[[Progress], None] | None = None,
    ) -> Iterator[Outcome]:
        yield from self._outcomes(("add", list(sources), allow_private), on_progress)

    def sync(
        self,
        folder: str,
        *,
        even_if_empty: bool = False,
        on_progress: Callable[[Progress], None] | None = None,
    ) -> Iterator[Outcome]:
        yield from self._outcomes(("sync", folder, even_if_empty), on_progress)

    def changes(self, folder: str) -> Iterator[None]:
        self._note("changes", folder)
        yield from [None] * (1 + self.turns)

    def _outcomes(
        self, call: tuple[object, ...], on_progress: Callable[[Progress], None] | None
    ) -> Iterator[Outcome]:
        self.calls.append(call)
        assert on_progress is not None
        for number, outcome in enumerate(self.outcomes, 1):
            on_progress(Progress(stage="reading", done=number, total=None, label=outcome.source))
            yield outcome
        if self.fault is not None:
            raise self.fault

    def remove(self, article_ids: Sequence[str]) -> list[Entry]:
        self._note("remove", *article_ids)
        return [self._find(prefix) for prefix in article_ids]

    def entries(self, filters: Filters | None = None) -> Iterator[Entry]:
        self._note("entries", filters)
        yield from self.library

    def entry(self, prefix: str) -> Entry:
        self._note("entry", prefix)
        return self._find(prefix)

    def edit(
        self,
        prefix: str,
        *,
        title: str | None = None,
        publisher: str | None = None,
        published: date | None = None,
        restore: Sequence[str] | None = None,
        on_progress: Callable[[Progress], None] | None = None,
    ) -> Entry:
        self._note("edit", prefix, title, publisher, published, restore)
        return self._find(prefix)

    def search(
        self, query: str, *, k: int | None = None, filters: Filters | None = None
    ) -> list[Hit]:
        self._note("search", query, k, filters)
        return [hit for hit in ANSWER.hits if query in hit.passage.text]

    def ask(self, question: str, *, filters: Filters | None = None) -> Answer:
        self._note("ask", question, filters)
        if not question:
            raise BadQuestion("the question is empty", hint="Ask something.")
        if "desa" in question:
            return dataclasses.replace(ANSWER, question=question, query=question)
        return Answer(
            question=question,
            query=question,
            text="The articles do not say.",
            language="en",
            abstention="not_in_evidence",
        )

    def events(
        self,
        question: str,
        *,
        filters: Filters | None = None,
        answerer: str | None = None,
        think: bool | None = None,
    ) -> Generator[Event, None, None]:
        """As `Engine.events`, of what `ask` answers."""
        answer = self.ask(question, filters=filters)
        yield Found(hits=answer.hits, query=answer.query)
        yield Delta(text=answer.text)
        yield Done(answer=answer)

    def reindex(self, *, on_progress: Callable[[Progress], None] | None = None) -> int:
        self._note("reindex")
        return 12

    def status(self, *, timed: bool = False) -> Status:
        self._note("status", timed)
        return STATUS

    def _find(self, prefix: str) -> Entry:
        for entry in self.library:
            if entry.article.article_id.startswith(prefix):
                return entry
        raise NotFound(f"no article has the id {prefix!r}", hint='See "kutip list".')


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@dataclasses.dataclass(frozen=True)
class Ran:
    """What one command line left behind."""

    status: int
    out: str
    err: str
    engine: SmallEngine


def run(*words: str, engine: SmallEngine | None = None) -> Ran:
    """Run a command line over a `SmallEngine`, in this process."""
    engine = engine or SmallEngine()
    with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
        status = main(words, engine_factory=engine)  # type: ignore[arg-type]
    return Ran(status, out.getvalue(), err.getvalue(), engine)


def engine_with(*statuses: str) -> SmallEngine:
    """An engine whose `add` has an outcome of each status."""
    engine = SmallEngine()
    engine.outcomes = tuple(
        Outcome(
            source=f"{number}.pdf",
            status=status,  # type: ignore[arg-type]
            reason="it holds no text" if status == "failed" else None,
            hint="Scan it again." if status == "failed" else None,
        )
        for number, status in enumerate(statuses)
    )
    return engine
