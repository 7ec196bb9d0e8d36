"""Whose words a question asks for, and which sentences give them."""

from __future__ import annotations

import pytest

from rag.answer.evidence import Sentence
from rag.answer.extract import Evidence, Pick
from rag.answer.kinds.said import speech, words_of
from tests.answer.passages import hit

BRIDGE = (
    "The Orlo bridge was closed on Monday after engineers found cracks. "
    "Mayor Hedda Pryce said the repairs would take six weeks. "
    "She added that ferries would run every ten minutes. "
    "Traders protested outside the town hall. "
    '"We were never asked," said Piet Okafor, who sells fish by the quay. '
    "According to the harbour authority, two ferries are out of order. "
    "Opposition leader Silvan Dace accused Pryce of hiding the report. "
    "Dace was born in Orlo."
)
JALAN = (
    "Jalan menuju Desa Sukarame putus akibat longsor. "
    "Menurut Bupati Rakai Wiranata, perbaikan butuh dua bulan. "
    "Ia menambahkan bahwa warga akan dibantu beras. "
    "Kepala Desa Sukarame, Ngadiman, menyatakan jalan darurat sudah dibuka. "
    "Rakai Wiranata lahir di Palembang. "
    "Kementerian Luar Negeri Qatar mengatakan bantuan akan dikirim. "
    "Ketua partai oposisi Qatar, Daud Mirza, mengecam rencana itu."
)


HITS = [hit(BRIDGE, "en"), hit(JALAN, "id")]


def told(question: str) -> tuple[list[str], float]:
    """The sentences that give the words asked for, and what the evidence is then worth."""
    asked = speech(question)
    assert asked is not None
    other = Sentence(HITS[0].passage, 0, 66, 1.0)
    before = Evidence(picks=(Pick(other, 1.0),), score=0.9, missing=())
    after = words_of(asked, HITS, before, limit=5)
    return [pick.sentence.text for pick in after.picks], after.score


@pytest.mark.parametrize(
    ("question", "speaker", "about"),
    [
        ("What did Hedda Pryce say?", "Hedda Pryce", None),
        ("What did the mayor say about the repairs?", "the mayor", "the repairs"),
        ("What has Dace said on ferries", "Dace", "ferries"),
        ("what was Pryce's response to the protest?", "Pryce", "the protest"),
        ("How did traders react to the closure?", "traders", "the closure"),
        ("Apa kata Bupati tentang perbaikan jalan?", "Bupati", "perbaikan jalan"),
        ("apa yang dikatakan Ngadiman soal jalan darurat?", "Ngadiman", "jalan darurat"),
        ("Rakai bilang apa soal beras?", "Rakai", "beras"),
        ("Bagaimana tanggapan warga terhadap bantuan?", "warga", "bantuan"),
        ("apa pernyataan Dinas Pekerjaan Umum?", "Dinas Pekerjaan Umum", None),
    ],
)
def test_whose_words_are_asked_for(question: str, speaker: str, about: str | None) -> None:
    """In either language, with what they are about."""
    found = speech(question)
    assert found is not None
    assert (found.speaker, found.about) == (speaker, about)


@pytest.mark.parametrize(
    "question",
    [
        "Who said the bridge was safe?",
        "What did Dace do?",
        "When did Pryce say it?",
        "Apa yang terjadi di Sukarame?",
        "Siapa yang mengatakan itu?",
        "Apa itu longsor?",
    ],
)
def test_other_questions_ask_for_nobodys_words(question: str) -> None:
    """Who said something is another question."""
    assert speech(question) is None


@pytest.mark.parametrize(
    ("question", "sentences"),
    [
        # What "she added" goes on with is hers too.
        ("What did Hedda Pryce say?", ["Mayor Hedda Pryce said", "She added that ferries"]),
        ("What did the mayor say about ferries?", ["She added that ferries"]),
        ("What did Piet Okafor say?", ['"We were never asked,"']),
        ("What did the harbour authority say?", ["According to the harbour"]),
        # Not where he was born.
        ("What did Silvan Dace say about Pryce?", ["Opposition leader Silvan Dace accused"]),
        ("Apa kata Rakai Wiranata?", ["Menurut Bupati", "Ia menambahkan"]),
        ("What did the Qatari Foreign Ministry say?", ["Kementerian Luar Negeri Qatar"]),
        # His party's country has not said it.
        ("Apa kata Qatar soal rencana itu?", ["Kementerian Luar Negeri Qatar"]),
        ("Apa kata Ngadiman soal jalan darurat?", ["Kepala Desa Sukarame, Ngadiman,"]),
    ],
)
def test_the_sentences_that_give_them(question: str, sentences: list[str]) -> None:
    """By a verb of saying, before or after the name, and where the next sentence goes on."""
    found, score = told(question)
    assert len(found) == len(sentences), found
    assert all(text.startswith(start) for text, start in zip(found, sentences, strict=True)), found
    assert score >= 0.6


@pytest.mark.parametrize(
    "question",
    [
        "What did Silvan Dace say about ferries?",
        "What did the traders say about beer?",
        "Apa kata Ngadiman tentang pemilu?",
    ],
)
def test_words_that_nobody_gives_are_not_made_up(question: str) -> None:
    """The evidence found otherwise is not enough then: it is somebody else's."""
    _, score = told(question)
    assert score <= 0.3


def test_a_reaction_need_not_be_words() -> None:
    """Without words of theirs, what was found otherwise stands."""
    found, score = told("How did the engineers react to beer?")
    assert found == ["The Orlo bridge was closed on Monday after engineers found cracks."]
    assert score == 0.9


def test_one_ministry_does_not_speak_for_another() -> None:
    """Qatar's defence ministry has said nothing where its foreign ministry has."""
    said = "Kementerian Luar Negeri Qatar mengatakan bantuan akan dikirim."
    assert told("What did Qatar's foreign ministry say about the aid?")[0] == [said]
    assert told("What did Qatar's defence ministry say about the aid?")[1] < 0.4
