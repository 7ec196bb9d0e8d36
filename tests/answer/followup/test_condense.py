"""Follow-up questions made to stand alone, from what was asked and answered before."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer.asking import kind_of
from rag.answer.followup.condense import rewrite, stands_alone
from rag.schema import Turn
from rag.text import glossary
from rag.text.language import word_set
from rag.text.stems import tokens
from tests.answer.followup.cases import FIRST, SECOND, Case, turns
from tests.answer.followup.histories import HISTORIES, turn

Rewritten = tuple[str, str, str, str]  # history, question, words it must have, words it must not

REWRITES: list[Rewritten] = [
    ("doha", "and when did he leave?", "when blinken leave", "he and"),
    ("doha", "why?", "why met blinken doha", "who"),
    ("doha", "what about Egypt?", "who met blinken egypt", "doha about"),
    ("doha", "and in Gaza?", "who met blinken in gaza", "doha and"),
    ("doha", "what did they discuss there?", "what discuss blinken mohammed doha", "they there"),
    ("doha", "who else?", "who else met blinken doha", ""),
    ("doha", "What about Netanyahu?", "who met netanyahu doha", "blinken"),
    ("doha", "When did he meet Netanyahu?", "when blinken meet netanyahu", "he"),
    ("doha", "When did it happen?", "when happen met blinken doha", ""),
    ("doha", "where was the meeting?", "where meeting blinken", ""),
    ("doha", "When?", "when met blinken doha", "who"),
    ("doha", "Who was with him?", "who was with blinken", "him"),
    ("doha", "What was his message?", "what message blinken's", "his"),
    ("doha", "Tell me more", "blinken doha", ""),
    ("doha", "So who met Netanyahu?", "who met netanyahu", "so blinken doha"),
    ("doha", "lalu kapan dia pergi?", "kapan blinken pergi", "dia lalu when"),
    ("doha", "bagaimana dengan Mesir?", "siapa blinken mesir", "doha who met bagaimana"),
    ("doha", "siapa lagi?", "siapa lagi blinken doha", "who met"),
    ("doha", "kenapa?", "kenapa blinken doha", "who met"),
    ("temu", "lalu kapan dia pergi?", "kapan blinken pergi", "dia lalu"),
    ("temu", "bagaimana dengan Mesir?", "siapa bertemu blinken mesir", "doha bagaimana"),
    ("temu", "dan di Gaza?", "siapa bertemu blinken gaza", "doha dan"),
    ("temu", "siapa lagi?", "siapa lagi bertemu blinken doha", ""),
    ("temu", "di mana itu terjadi?", "mana terjadi bertemu blinken", ""),
    ("temu", "Apa alasannya?", "apa alasan bertemu blinken doha", "alasannya siapa"),
    ("temu", "Apa yang mereka bahas di sana?", "apa bahas blinken doha", "mereka sana"),
    ("temu", "Apa kata beliau?", "apa kata blinken", "beliau"),
    ("temu", "Mesir bagaimana?", "siapa bertemu blinken mesir", "doha bagaimana"),
    ("temu", "kalau Netanyahu?", "siapa bertemu netanyahu doha", "blinken kalau"),
    ("temu", "Apa jabatannya?", "apa jabatan blinken", "jabatannya"),
    ("temu", "and when did he leave?", "when blinken leave", "he siapa kapan"),
    ("temu", "what about Egypt?", "who blinken egypt", "siapa doha bertemu about"),
    ("temu", "why?", "why blinken doha", "siapa bertemu"),
    ("temu", "Siapa yang menemaninya?", "siapa menemani blinken", "menemaninya"),
    ("banjir", "berapa korbannya?", "berapa korban banjir bandang", "korbannya mana"),
    ("banjir", "Berapa korban tewas?", "berapa korban tewas banjir bandang", ""),
    ("banjir", "Kapan?", "kapan banjir bandang terjadi", "mana"),
    ("banjir", "Apa penyebab banjir tersebut?", "apa penyebab banjir bandang", "tersebut"),
    ("banjir", "how many people died?", "how many people died", "mana berapa"),
    ("flood", "and how many were injured?", "how many injured flood garut", "and"),
    ("flood", "What about Cianjur?", "how many people died flood cianjur", "garut about"),
    ("flood", "What caused the flood?", "what caused flood garut", "how"),
    ("flood", "When did it happen?", "when happen flood garut", "it"),
    ("flood", "Where?", "where died flood garut", "how"),
    ("sisi", "What did they discuss?", "what discuss blinken al-sisi", "they"),
    ("sisi", "why there?", "why el alamein", "there"),
    ("sisi", "What did they do there?", "what blinken al-sisi el alamein", "they there"),
    ("xi", "Apa yang keduanya bahas?", "apa bahas prabowo xi jinping", "keduanya"),
    ("xi", "Berapa lama dia di sana?", "berapa lama prabowo beijing", "dia sana"),
    ("xi", "Bagaimana dengan Putin?", "kapan prabowo bertemu putin beijing", "bagaimana xi"),
    ("hamas", "bagaimana dengan Israel?", "apa tuntutan israel", "hamas bagaimana"),
    ("hamas", "Apa alasan mereka?", "apa alasan hamas", "mereka"),
    ("hamas", "what did they say about Egypt?", "what hamas say egypt", "they"),
    ("egypt", "When did he meet Blinken?", "when al-sisi meet blinken", "he"),
    ("egypt", "what about Qatar?", "who president qatar", "egypt about"),
    ("egypt", "How old is he?", "how old is al-sisi", "he"),
    ("beras", "kalau di Surabaya?", "berapa harga beras surabaya", "jakarta kalau"),
    ("beras", "Kenapa naik?", "kenapa naik beras", "berapa"),
    ("refused", "and in Doha?", "doha", "paris and"),
    ("refused", "when did he leave?", "when blinken leave", "paris population he"),
    ("refused", "why?", "why population paris", "blinken doha"),
    ("paris", "and in Doha?", "who met blinken doha", "paris and"),
    ("paris", "what did they discuss there?", "what discuss blinken paris", "doha"),
    ("small", "lalu kapan dia pergi?", "kapan blinken pergi", "kasih"),
    ("small", "kenapa?", "kenapa bertemu blinken doha", "kasih"),
    ("long", "lalu kapan dia pergi?", "kapan blinken pergi", "paris garut"),
    ("lower", "and when did he leave?", "when blinken leave", "he"),
    ("lower", "what about Egypt?", "who met blinken egypt", "doha"),
]

HELD_REWRITES: list[Rewritten] = [
    ("doha", "How about Cairo?", "who met blinken cairo", "doha about"),
    ("doha", "Where did he go afterwards?", "where blinken go", "he"),
    ("doha", "Since when?", "when met blinken doha", "who"),
    ("doha", "What were their demands?", "what demands blinken", "their"),
    ("doha", "Dia bilang apa?", "apa blinken bilang", "dia"),
    ("temu", "Gimana dengan Arab Saudi?", "siapa bertemu blinken arab saudi", "doha gimana"),
    ("temu", "Lalu apa tanggapannya?", "apa tanggapan blinken", "lalu tanggapannya"),
    ("temu", "Kapan pertemuan itu berlangsung?", "kapan pertemuan berlangsung blinken doha", ""),
    ("temu", "Who else?", "who else blinken doha", "siapa"),
    ("temu", "Ke mana ia pergi?", "mana blinken pergi", "ia"),
    ("banjir", "Siapa saja korbannya?", "siapa saja korban banjir bandang", "korbannya"),
    ("banjir", "Berapa kerugiannya?", "berapa kerugian banjir bandang", "kerugiannya mana"),
    ("banjir", "Apa dampaknya di Bandung?", "apa dampak banjir bandang bandung", "dampaknya"),
    ("flood", "Who was responsible for it?", "who responsible flood garut", "it"),
    ("flood", "and in Bandung?", "how many people died flood bandung", "garut and"),
    ("sisi", "Where did they go next?", "where go blinken al-sisi", "they"),
    ("sisi", "What about Netanyahu?", "when blinken meet netanyahu", "al-sisi about"),
    ("xi", "Siapa yang mendampinginya?", "siapa mendampingi prabowo", "mendampinginya"),
    ("hamas", "Siapa pemimpinnya?", "siapa pemimpin hamas", "pemimpinnya"),
    ("egypt", "What did she say?", "what say al-sisi", "she"),
    ("beras", "bagaimana dengan jagung?", "berapa harga jagung", "bagaimana"),
    ("long", "Kenapa?", "kenapa penduduk paris", "bertemu blinken doha"),
]


@pytest.mark.parametrize("case", REWRITES + HELD_REWRITES, ids=lambda c: f"{c[0]}-{c[1][:34]}")
def test_rewrite(case: Rewritten) -> None:
    """The rewriting says who, what and where, and no longer what pointed back."""
    name, question, wanted, unwanted = case
    result = rewrite(question, HISTORIES[name])
    words = re.findall(r"[\w'-]+", result.lower())
    assert [w for w in wanted.split() if w not in words] == [], result
    assert [w for w in unwanted.split() if w in words] == [], result


def allowed(question: str, history: tuple[Turn, ...]) -> set[str]:
    """Every word of the conversation, and what the glossary calls those words elsewhere."""
    texts = [question, *(t for turn in history for t in (turn.question, turn.query, turn.text))]
    found = {t.text for text in texts for t in tokens(text)}
    for text in texts:
        for source, target in (("en", "id"), ("id", "en")):
            for form in glossary.load().translations(text, source=source, target=target):
                found |= {t.text for t in tokens(form)}
    return found


# Words that only hold a sentence together; a place needs one when "there" is replaced.
GLUE = word_set(
    "who what when where why how siapa apa kapan mana berapa in di to ke from dari and dan with",
    "dengan about tentang of by oleh for untuk between antara many the is or atau dalam orang one",
)


@pytest.mark.parametrize("case", REWRITES + HELD_REWRITES, ids=lambda c: f"{c[0]}-{c[1][:34]}")
def test_a_rewriting_invents_no_word(case: Rewritten) -> None:
    """Each word is of the question or the history, or a translation of one of theirs."""
    name, question, _, _ = case
    result = rewrite(question, HISTORIES[name])
    known = allowed(question, HISTORIES[name])
    # "korbannya" holds "korban"
    known |= {word.removesuffix("nya") for word in known} | GLUE
    assert [t.text for t in tokens(result) if t.text not in known] == []


EXACT = [
    ("doha", "and when did he leave?", "When did Blinken leave?"),
    ("doha", "what about Egypt?", "Who met Blinken in Egypt?"),
    ("doha", "and in Gaza?", "Who met Blinken in Gaza?"),
    ("doha", "who else?", "Who else met Blinken in Doha?"),
    ("temu", "lalu kapan dia pergi?", "Kapan Blinken pergi?"),
    ("temu", "bagaimana dengan Mesir?", "Siapa yang bertemu Blinken di Mesir?"),
    ("temu", "siapa lagi?", "Siapa lagi yang bertemu Blinken di Doha?"),
    ("doha", "bagaimana dengan Mesir?", "Siapa bertemu Blinken di Mesir?"),
    ("temu", "what about Egypt?", "Who met Blinken in Egypt?"),
    ("banjir", "berapa korbannya?", "Berapa korban banjir bandang?"),
    ("banjir", "Kapan?", "Kapan banjir bandang terjadi?"),
    ("sisi", "why?", "Why did Blinken meet al-Sisi in El Alamein?"),
    ("sisi", "what did they discuss there?", "What did Blinken and al-Sisi discuss in El Alamein?"),
    ("none", "and when did he leave?", "and when did he leave?"),
    ("doha", "Who is the president of Egypt?", "Who is the president of Egypt?"),
    ("doha", "And who is the president of Egypt", "Who is the president of Egypt?"),
]


@pytest.mark.parametrize(("name", "question", "expected"), EXACT, ids=lambda x: str(x)[:30])
def test_rewrite_word_for_word(name: str, question: str, expected: str) -> None:
    """The rewriting reads as a question a person could have asked."""
    assert rewrite(question, HISTORIES[name]) == expected


TEXT = st.text(max_size=60) | st.lists(
    st.sampled_from(
        sorted(
            word_set(
                "why he it there Blinken dia itu nya Doha and lalu kapan what about ? ( ) Hamas"
            )
        )
    ),
    max_size=9,
).map(" ".join)


@given(TEXT, st.lists(st.tuples(TEXT, TEXT, st.booleans()), max_size=4))
def test_rewrite_takes_any_conversation(question: str, said: list[tuple[str, str, bool]]) -> None:
    """Whatever was said, the rewriting is one line of at most 300 characters."""
    history = [turn(q, a, "en", "not_in_evidence" if refused else None) for q, a, refused in said]
    result = rewrite(question, history)
    assert "\n" not in result
    assert len(result) <= 300
    assert bool(result) == bool(" ".join(question.split())) or not result.strip()
    stands_alone(question, history)


def test_a_long_history_keeps_the_limit() -> None:
    """What is added to a question is cut, the question itself is not."""
    long = turn("Who said " + "very " * 90 + "long things about Blinken?", "Nobody. [1]", "en")
    result = rewrite("why did he say that in Doha?", [long])
    assert len(result) <= 300
    assert result.startswith("Why did")
    assert "Doha" in result


@pytest.mark.parametrize("case", REWRITES, ids=lambda c: f"{c[0]}-{c[1][:34]}")
def test_a_rewriting_asks_for_the_same_kind(case: Rewritten) -> None:
    """A question that says what it asks for still asks for it after rewriting."""
    name, question, _, _ = case
    if kind_of(question) not in ("open", "yes_no"):
        assert kind_of(rewrite(question, HISTORIES[name])) == kind_of(question)


@pytest.mark.parametrize(
    "case", FIRST + SECOND, ids=lambda c: f"{c.said[-1][:20]}-{c.question[:30]}"
)
def test_a_conversation(case: Case) -> None:
    """The last of several questions leans on the one before it, and on nobody else.

    Turn after turn once put brackets within brackets, and a refused question was passed over, so
    that "And its population?" was answered with an accord.
    """
    result = rewrite(case.question, turns(case.said))
    words = set(re.findall(r"[\w-]+", result.lower()))
    missing = [w for w in case.wanted.split() if not words & set(w.split("|"))]
    assert missing == [], result
    assert [w for w in case.unwanted.split() if w in words] == [], result
    assert len(result) <= 160
    assert result.endswith("?")


@pytest.mark.parametrize(
    "case", FIRST + SECOND, ids=lambda c: f"{c.said[-1][:20]}-{c.question[:30]}"
)
def test_a_conversation_never_nests(case: Case) -> None:
    """However often questions are rewritten, one has one pair of brackets at most, closed."""
    history = turns(case.said)
    for question in (
        case.question,
        "Why?",
        "What about Egypt?",
        "Kapan itu terjadi?",
        "Who did it?",
    ):
        result = rewrite(question, history)
        assert result.count("(") == result.count(")") <= 1, result
        assert len(result) <= 160
        history.append(Turn(question=question, query=result, text="It was so. [1]", language="en"))
