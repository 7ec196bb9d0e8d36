"""What a refusal says was not found: what no article mentions, what is not told together."""

from __future__ import annotations

import pytest

from rag.answer.abstain import Coverage, refusal
from rag.answer.evidence import Sentence
from rag.answer.extract import Evidence, Pick
from rag.answer.matching import match
from rag.answer.question import Unit, analyse
from rag.answer.unsaid import Lacking, lacking, parts
from rag.schema import Hit, Metadata, Passage
from rag.text import sentences
from rag.text.dates import parse_date

FERRY = (
    "The ferry Ardenne sank off Port Kessel on Monday. Captain Ilse Toring was rescued. "
    "The harbour master closed the port for two days. Shops sold out of bread. "
    "Bakers in Vendra complained. The council met late."
)
GULA = (
    "Harga gula di Pasar Melati naik pekan ini. Pedagang bernama Sukarno Adi mengeluh. "
    "Pemerintah kota berjanji menggelar operasi pasar."
)


def hit(text: str, name: str, language: str) -> Hit:
    """One article of one passage."""
    metadata = Metadata(title=name, source=name, language=language)
    passage = Passage(article_id=name, start=0, end=len(text), text=text, metadata=metadata)
    return Hit(passage=passage, rank=1, score=1.0)


HITS = (hit(FERRY, "ferry", "en"), hit(GULA, "gula", "id"))


def account(question: str, closest: str, *, held: tuple[str, ...] = ()) -> Lacking:
    """What is lacking around the sentence with these words."""
    asked = analyse(question, None)
    picks = [
        Sentence(h.passage, s.start, s.end, 1.0)
        for h in HITS
        for s in sentences.spans(h.passage.text)
        if closest in h.passage.text[s.start : s.end]
    ]
    assert len(picks) == 1
    evidence = Evidence(picks=(Pick(picks[0], 1.0),), score=0.1, missing=())
    counts: dict[Unit, int] = {u: 1 for u in asked.units if u.text in held}
    return lacking(asked, evidence, HITS, counts)


@pytest.mark.parametrize(
    ("question", "closest", "absent"),
    [
        ("Did the ferry Ardenne carry lorries?", "Ardenne", ("carry", "lorries")),
        (
            "Who insured the ferry Ardenne, the Bank of Orlo?",
            "Ardenne",
            ("insured", "Bank of Orlo"),
        ),
        ("Berapa harga kopi di Pasar Melati?", "Melati", ("kopi",)),
        ("Apakah Sukarno Adi pernah ke Samarkand?", "Sukarno", ("Samarkand",)),
    ],
)
def test_what_no_article_mentions(question: str, closest: str, absent: tuple[str, ...]) -> None:
    """It is named in the words and the order of the question."""
    assert account(question, closest).absent == absent


def test_a_word_that_stands_elsewhere_in_the_library_is_not_called_absent() -> None:
    """Not among the passages that were looked at, but the index has it."""
    question = "Did the ferry Ardenne carry lorries?"
    assert account(question, "Ardenne", held=("lorries", "carry")).absent == ()


@pytest.mark.parametrize(
    ("question", "closest", "apart", "others", "articles"),
    [
        # Three sentences lie between the captain and the bakers of Vendra.
        ("Did Ilse Toring live in Vendra?", "Toring", ("Vendra",), ("Ilse Toring",), False),
        (
            "Did Ilse Toring visit Pasar Melati?",
            "Toring",
            ("Pasar Melati",),
            ("Ilse Toring",),
            True,
        ),
        (
            "Apakah Sukarno Adi naik kapal Ardenne?",
            "Sukarno",
            ("Ardenne",),
            ("Sukarno Adi",),
            True,
        ),
    ],
)
def test_what_is_not_told_together(
    question: str, closest: str, apart: tuple[str, ...], others: tuple[str, ...], articles: bool
) -> None:
    """Both are mentioned, in one article or in two, but never side by side."""
    found = account(question, closest)
    assert (found.apart, found.others, found.articles) == (apart, others, articles)


def test_the_kind_of_answer_is_what_lacks_where_all_else_is_there() -> None:
    """The ferry sank, but nobody tells how many were aboard."""
    found = account("How many sank with the ferry Ardenne?", "Ardenne")
    assert (found.absent, found.apart, found.kind) == ((), (), "number")


@pytest.mark.parametrize(
    "question",
    [
        "What did the articles say about Ardenne?",
        "Can you list and explain what happened to Ardenne?",
        "Which news mentions Ardenne?",
        "Sebutkan dan jelaskan berita tentang Ardenne",
        "Apa yang terjadi pada tanggal itu dengan Ardenne?",
    ],
)
def test_verbs_of_asking_are_no_part_of_what_is_asked_about(question: str) -> None:
    """Only the ferry's name is."""
    assert [u.text for u in parts(analyse(question, None).units)] == ["Ardenne"]


def test_a_part_is_matched_as_evidence_is() -> None:
    """In the other language too: "gula" accounts for "sugar"."""
    (unit,) = parts(analyse("sugar", "en").units)
    (first, *_) = sentences.spans(GULA)
    assert match(unit, Sentence(HITS[1].passage, first.start, first.end, 1.0)) > 0.5
    assert account("Berapa harga sugar di Pasar Melati?", "Melati").absent == ()


# In words ----------------------------------------------------------------------------------

NOTHING = Evidence(picks=(), score=0.0, missing=())


def described(day: str | None, *, inferred: bool = False) -> Metadata:
    """An article of a day."""
    return Metadata(
        title="T",
        source="t",
        published=parse_date(day) if day else None,
        published_basis=("inferred" if inferred else "stated") if day else None,
    )


def told(lacks: Lacking, coverage: Coverage, language: str) -> list[str]:
    """The lines of a refusal."""
    return refusal(
        "not_in_evidence", NOTHING, coverage, language=language, lacking=lacks
    ).splitlines()


@pytest.mark.parametrize(
    ("lacks", "english", "indonesian"),
    [
        (
            Lacking(absent=("hotel", "Paris")),
            "They have nothing on “hotel”, “Paris”.",
            "Tidak ada apa pun tentang “hotel”, “Paris”.",
        ),
        (
            Lacking(apart=("A",), others=("B",)),
            "They mention “A”, but not together with “B”.",
            "“A” disebut, tetapi tidak bersama “B”.",
        ),
        (
            Lacking(apart=("A",), others=("B",), articles=True),
            "They mention “A”, but in no article together with “B”.",
            "“A” disebut, tetapi tidak dalam satu artikel dengan “B”.",
        ),
        (
            Lacking(kind="date"),
            "All of this is mentioned there, but not when.",
            "Semua ini disebut di sana, tetapi tidak kapan.",
        ),
    ],
)
def test_it_is_said_in_the_readers_language(lacks: Lacking, english: str, indonesian: str) -> None:
    """In plain words, after the refusal itself."""
    one = Coverage(articles=1, some=(described("2024-08-20"),))
    assert told(lacks, one, "en")[1] == english
    assert told(lacks, one, "id")[1] == indonesian


@pytest.mark.parametrize(
    ("coverage", "english", "indonesian"),
    [
        (
            Coverage(3, (), oldest=described("2024-08-20"), newest=described("2024-12-05")),
            "3 articles, 20 August 2024 – 5 December 2024.",
            "3 artikel, 20 Agustus 2024 – 5 Desember 2024.",
        ),
        (
            Coverage(
                4,
                (),
                oldest=described("2024-08-20", inferred=True),
                newest=described("2024-08-20", inferred=True),
                undated=3,
            ),
            "4 articles, ~20 August 2024, 3 without a date.",
            "4 artikel, ~20 Agustus 2024, 3 tanpa tanggal.",
        ),
        (
            Coverage(1, (), undated=1),
            "1 article, date unknown.",
            "1 artikel, tanggal tidak diketahui.",
        ),
    ],
)
def test_the_days_that_are_covered_are_told(
    coverage: Coverage, english: str, indonesian: str
) -> None:
    """From the oldest to the newest; a date that is not known is not made up."""
    assert english in told(Lacking(), coverage, "en")
    assert indonesian in told(Lacking(), coverage, "id")
