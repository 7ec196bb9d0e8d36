"""What counts as saying the right answer, by hand; EM and F1 against SQuAD's own definition."""

from __future__ import annotations

import re
import string
from collections import Counter

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from eval.answers import (
    exact_match,
    holds,
    joined,
    judge,
    measures,
    normalised,
    places,
    reply_of,
    said,
    token_f1,
)
from eval.given import Given
from tests.eval.rows import given, question, refusal, row


@pytest.mark.parametrize(
    ("text", "alias"),
    [
        ("Ada 1.208 korban.", "1,208"),
        ("There were 1,208 victims.", "1.208"),
        ("Korbannya seribu dua ratus delapan orang.", "1,208"),
        ("One thousand two hundred eight died.", "1.208"),
        ("Selasa malam (20/8), ia pergi.", "20 August"),
        ("He left on 20 August 2024.", "20/8"),
        ("He left on August 20.", "20 Agustus"),
        ("Ia pergi pada 20 Agustus.", "Tuesday, 20 August"),
        ("Pada 20 Agustus 2024 ia pergi.", "August 2024"),
        ("He came on Tuesday.", "Selasa"),
        ("It was 9 a.m. when he came.", "pukul 09.00 WIB"),
        ("Naik 5 persen.", "5%"),
        ("Perang 14 bulan itu", "14 months"),
        ("Rabu (21/8)", "Rabu"),
        ("Rabu (21/8)", "Wednesday"),
        ("It was Sunday (Sept. 15).", "Sunday"),
        ("on Tuesday, 20 August", "Tuesday"),
        ("Rabu pagi (21/8)", "Rabu pagi"),
        ("Ia pergi pada 20 Agustus.", "Selasa malam (20/8)"),
        ("Jumat (7/6) lalu", "Jumat"),
        ("in August", "August"),
        ("Pada 20 Agustus 2024 ia pergi.", "Agustus"),
        ("in May", "May"),
        ("May.", "Mei"),
        ("pada bulan Mei", "Mei"),
        ("in June", "Juni"),
        ("last June", "June"),
        ("November last year", "last November"),
        ("Jumat lalu", "last Friday"),
        ("last Friday", "Friday"),
        ("Blinken left Tuesday evening.", "Selasa malam"),
        ("Suhu -5 derajat", "-5"),
        ("minus 5 degrees", "-5 degrees"),
        ("Tingkat A.", "A"),
        ("Grade A schools", "Grade A schools"),
        ("A week.", "a week"),
        ("Mesir, lalu Israel", "Israel … Mesir"),
        ("Sebesar US$ 3,5 juta.", "3.5 million dollars"),
        ("Kunjungan kesembilan", "ninth"),
        ("KATA PETRA HALLGRIM, utusan itu", "Petra Hallgrim"),
        ("Al-Sisi’s office", "al sisi"),
        ("the Foreign Minister of Qatar", "foreign minister of the Qatar"),
        ("foreign minister of the Qatar", "a Foreign Minister of Qatar"),
        ("the end of a month", "a month"),
        ("Kata Renée", "Renee"),
        ("Ia lahir di Blambangan tahun 1442, lalu pergi.", "1442"),
        ("sekitar tahun 1450 SM", "1450 SM"),
    ],
)
def test_said_in_another_way(text: str, alias: str) -> None:
    """Numbers and dates agree by what they mean, words whatever their case, accents, marks."""
    assert holds(text, [alias])


@pytest.mark.parametrize(
    ("text", "alias"),
    [
        ("Oman", "Man"),
        ("Ada 1.208 korban.", "208"),
        ("Ada 1.208 korban.", "1.2"),
        ("Pada 12 Juni ia tiba.", "12"),
        ("Pada 20 Agustus ia tiba.", "20 August 2024"),
        ("Pada 20 Agustus 2023 ia tiba.", "20 August 2024"),
        ("Pada 20 Agustus ia tiba.", "20 September"),
        ("He came on Tuesday.", "Wednesday"),
        ("Kunjungan kesembilan", "9"),
        ("Ada 5 orang.", "5%"),
        ("Perang 14 hari itu", "14 months"),
        ("last month", "a month"),
        ("Petra met Hallgrim", "Petra Hallgrim"),
        ("", "Petra"),
        ("Petra", "..."),
        ("in August", "20 August"),
        ("tahun 1443", "1442"),
        ("tahun 1442", "1442 orang"),
        ("on Wednesday", "Rabu (21/8)"),
        ("It may rain.", "May"),
        ("They march on.", "March"),
        ("on Friday", "last Friday"),
        ("next Friday", "last Friday"),
        ("in November", "November lalu"),
        ("Rabu malam", "Rabu pagi"),
        ("Rabu", "Rabu pagi"),
        ("Rabu malam (21/8)", "Rabu pagi (21/8)"),
        ("Perang 14 bulan itu", "14"),
        ("12 percent", "12"),
        ("It took 12 hours.", "12"),
        ("Rp12", "12"),
        ("12 km", "12"),
        ("-5 degrees", "5"),
        ("Suhu minus 5 derajat", "5"),
        ("a letter came", "A"),
        ("A letter came.", "A"),
        ("Grade B schools", "Grade A schools"),
        ("Israel", "Israel … Mesir"),
    ],
)
def test_not_said(text: str, alias: str) -> None:
    """A part of a word, of a number or of a date is not the alias; nor is less than it says."""
    assert not holds(text, [alias])


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("Yes.", "Yes"),
        ("Yes he did.", "Yes."),
        ('"Ya, benar."', "Ya"),
        ("Iya mereka bertemu.", "Ya."),
        ("No, he denied it.", "No"),
        ("Tidak — ia membantah.", "Tidak."),
        ("Belum", "Belum"),
        ("Udah.", "Sudah"),
    ],
)
def test_a_reply_opens_the_text(text: str, reply: str) -> None:
    """A word that is a whole answer is said by a text that opens with it."""
    assert holds(text, [reply])
    assert places(text, reply) == [(0, 1)]


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("He said no.", "No"),
        ("No casualties were reported.", "No"),
        ("No-one came.", "No"),
        ("No. 5 is shut.", "No"),
        ("Tidak diumumkan secara resmi.", "Tidak"),
        ("Sudah menjadi tradisi.", "Sudah"),
        ("Ya'qub tiba.", "Ya"),
        ("Yes.", "No"),
    ],
)
def test_no_reply(text: str, reply: str) -> None:
    """Elsewhere, or with a word that it belongs to, it is a word like any other."""
    assert not holds(text, [reply])


def test_which_aliases_are_replies() -> None:
    """One word of a few, with a mark or none; never a part of a longer alias."""
    assert [reply_of(a) for a in ("Yes.", "nggak", "no deal", "Noor", "")] == [
        *("yes", "tidak", None, None, None)
    ]
    assert joined("Israel … Mesir … Qatar") == ("Israel", "Mesir", "Qatar")
    assert joined("Petra …") == ("Petra",)


def test_where_it_is_said() -> None:
    """Every place, in words, numbers and dates counted together."""
    assert places("Petra, Petra, pada 20/8", "petra") == [(0, 1), (1, 2)]
    assert places("Petra tiba pada 20/8", "20 August") == [(3, 4)]


def test_only_three_sentences_count() -> None:
    """The right answer in the fourth sentence, or marks, gain nothing."""
    long = given(row("One. [1]", "Two [sic]. [1] [7]", "Three [1].", "Petra."))
    assert said(long) == ("One.", "Two [sic].", "Three [1].")
    assert measures(question("Petra"), long)["match"] == 0
    assert measures(question("7"), long)["match"] == 0
    assert measures(question("sic"), long)["match"] == 1


def test_brackets_that_are_no_marks_stay() -> None:
    """A year in brackets at the end of a sentence is text."""
    assert said(given(row("It was so [2024]") | {"statements": []})) == ("It was so [2024]",)
    made = row("It was so [2024]")
    made["statements"] = [{"start": 0, "end": 16, "markers": [1], "verdict": "matches"}]
    assert said(given(made)) == ("It was so [2024]",)


def test_a_text_without_statements_is_cut_into_sentences() -> None:
    """Peers and other answerers give text alone."""
    plain = given({"id": "q", "answered": True, "text": "He left. She stayed. It rained. Petra."})
    assert said(plain) == ("He left.", "She stayed.", "It rained.")


def test_a_refusal_says_nothing() -> None:
    """Whatever the refusal's text names, it is no answer."""
    assert said(given(refusal(text="Not there. Petra is."))) == ()


def test_wrong_answers_that_tempt() -> None:
    """A sentence with a wrong answer and no right one violates; the first that says any decides."""
    asked = question("Petra Hallgrim", must_not=["Osana Lindqvar", "Petra Sol"])
    both = judge(asked, ["Petra Hallgrim came after Osana Lindqvar."])
    assert (both.matched, both.violated, both.right) == (True, False, True)
    later = judge(asked, ["It rained.", "Petra Hallgrim came.", "Osana Lindqvar too."])
    assert (later.matched, later.violated, later.right) == (True, True, True)
    before = judge(asked, ["Osana Lindqvar came.", "Petra Hallgrim too."])
    assert (before.matched, before.violated, before.right) == (True, True, False)
    none = judge(asked, ["It rained."])
    assert (none.matched, none.violated, none.right) == (False, False, False)


def test_the_longer_find_counts() -> None:
    """A name that is part of another does not say that other, either way around."""
    jaya = judge(question("Putra", must_not=["Putra Jaya"]), ["Putra Jaya tiba."])
    assert (jaya.matched, jaya.violated, jaya.right) == (False, True, False)
    putra = judge(question("Putra Jaya", must_not=["Putra"]), ["Putra Jaya tiba."])
    assert (putra.matched, putra.violated, putra.right) == (True, False, True)


def test_the_more_exact_find_counts() -> None:
    """At one place, what states more is what is said: "last Friday" is another Friday."""
    asked = question("Friday", must_not=["last Friday"])
    for text, right in (("It closed last Friday.", False), ("It closes on Friday.", True)):
        made = judge(asked, [text])
        assert (made.matched, made.violated, made.right) == (right, not right, right)
    reverse = judge(question("20 August", must_not=["August"]), ["On 20 August."])
    assert (reverse.matched, reverse.violated, reverse.right) == (True, False, True)
    loose = judge(question("August", must_not=["20 August"]), ["On 20 August."])
    assert (loose.matched, loose.violated, loose.right) == (False, True, False)


def test_a_month_that_must_not_be_said() -> None:
    """ "May" as a wrong answer was once read as a word and never found in "in May"."""
    asked = question("June", must_not=["May"])
    assert judge(asked, ["It was in May."]).violated
    assert not judge(asked, ["It may have rained."]).violated


def test_the_reply_decides() -> None:
    """An answer that opens with the wrong reply is wrong whatever follows, in any sentence."""
    asked = question("included Israel", "Yes.", must_not=["No.", "Tidak."])
    for wrong in (
        ["No, the tour never included Israel."],
        ["No.", "The tour included Israel."],
        ["Tidak, it included Israel."],
    ):
        made = judge(asked, wrong)
        assert (made.matched, made.violated, made.right) == (False, True, False)
    for right in (["Yes."], ["Yes, it did."], ["The tour included Israel."]):
        made = judge(asked, right)
        assert (made.matched, made.violated, made.right) == (True, False, True)
    later = judge(asked, ["It rained.", "Yes.", "No."])
    assert (later.matched, later.violated, later.right) == (False, False, False)


def test_all_of_several() -> None:
    """Both parts are wanted, in one sentence or in two; one of them alone says nothing."""
    asked = question("Petra … Osana", must_not=["Sol"])
    assert judge(asked, ["Petra came.", "It rained.", "So did Osana."]).right
    assert judge(asked, ["Osana and Petra came."]).matched
    one = judge(asked, ["Petra came."])
    assert (one.matched, one.violated, one.right) == (False, False, False)
    assert judge(asked, ["Petra and Sol came."]).violated
    assert exact_match("Petra Osana", asked.answers, language="en") == 1.0


def test_crag_by_hand() -> None:
    """Right 1, silent 0, wrong -1; any answer is wrong where the articles hold none."""
    asked, nothing = question("Petra"), question()
    right, wrong, silent = given(row("Petra.")), given(row("Osana.")), given(refusal())
    failed = Given(question_id="q", outcome="failed")
    assert [measures(asked, g)["crag"] for g in (right, wrong, silent, failed)] == [1, -1, 0, 0]
    assert [measures(nothing, g)["crag"] for g in (right, wrong, silent, failed)] == [-1, -1, 0, 0]
    assert [measures(asked, g)["crag.right"] for g in (right, wrong, silent)] == [1, 0, 0]
    assert [measures(asked, g)["crag.wrong"] for g in (right, wrong, silent)] == [0, 1, 0]


def test_measures_apply_where_they_can() -> None:
    """Alias match, EM and F1 need an answer to the question; violations something to violate."""
    crag = {"crag", "crag.right", "crag.wrong"}
    assert set(measures(question(), given(row("Petra.")))) == crag
    assert set(measures(question(must_not=["Petra"]), given(row("Petra.")))) == crag | {"must_not"}
    assert set(measures(question("Petra"), given(refusal()))) == crag | {"match", "em", "f1"}
    failed = measures(question("Petra", must_not=["O"]), Given(question_id="q", outcome="failed"))
    assert failed == dict.fromkeys(crag | {"match", "em", "f1"}, 0.0)


def test_em_and_f1_by_hand() -> None:
    """The first sentence against the best answer: two common words of three and two."""
    asked = question("Petra Hallgrim", "Hallgrim of Kaldoria and elsewhere")
    values = measures(asked, given(row("The Petra Hallgrim came. [1]", "Petra Hallgrim.")))
    assert (values["em"], values["f1"]) == (0.0, pytest.approx(2 * (2 / 3) * 1 / (2 / 3 + 1)))
    assert measures(asked, given(row("The petra hallgrim. [1]")))["em"] == 1.0


def test_articles_fall_in_english_only() -> None:
    """ "An" is a word in Indonesian text."""
    assert exact_match("the dam", ["dam"], language="en") == 1.0
    assert exact_match("the dam", ["dam"], language="id") == 0.0
    assert token_f1("a dam", ["dam"], language="id") == pytest.approx(2 / 3)


def test_no_answer_as_in_squad_2() -> None:
    """Where there is no answer, silence is right, and so it is when nothing is left of any."""
    for answers in ([], ["the", "..."]):
        assert exact_match("", answers, language="en") == token_f1("", answers, language="en") == 1
        assert exact_match("x", answers, language="en") == 0
        assert token_f1("x", answers, language="en") == 0
    assert exact_match("", ["the", "cat"], language="en") == 0


# SQuAD's evaluation, written down once more from its definition (version 2.0).


def squad_tokens(text: str) -> list[str]:
    lowered = "".join(c for c in text.lower() if c not in set(string.punctuation))
    return re.sub(r"\b(a|an|the)\b", " ", lowered).split()


def squad_scores(prediction: str, golds: list[str]) -> tuple[float, float]:
    golds = [gold for gold in golds if squad_tokens(gold)] or [""]
    exact, best = 0.0, 0.0
    for gold in golds:
        told, wanted = squad_tokens(prediction), squad_tokens(gold)
        exact = max(exact, float(" ".join(told) == " ".join(wanted)))
        if not told or not wanted:
            best = max(best, float(told == wanted))
            continue
        same = sum((Counter(told) & Counter(wanted)).values())
        if same:
            precision, recall = same / len(told), same / len(wanted)
            best = max(best, 2 * precision * recall / (precision + recall))
    return exact, best


WORDS = st.lists(
    st.sampled_from(["The", "a", "an", "AN", "cat", "Cat.", "the-cat", "dog", "--", "U.S.", "é"]),
    max_size=6,
).map(" ".join)
TEXT = WORDS | st.text(max_size=20)


@for_all(TEXT, st.lists(TEXT, max_size=3))
@settings(max_examples=500, deadline=None)
def test_the_same_as_squad(prediction: str, golds: list[str]) -> None:
    """EM and F1 of English are those of the definition, on any text."""
    exact, best = squad_scores(prediction, golds)
    assert exact_match(prediction, golds, language="en") == exact
    assert token_f1(prediction, golds, language="en") == pytest.approx(best)


NEWS = st.lists(
    st.sampled_from(
        [
            "Petra",
            "the",
            "1.208",
            "20/8",
            "20 August",
            "a",
            "orang",
            "lima",
            "(",
            ".",
            "5%",
            "met",
            "last Friday",
            "May",
            "A",
            "-5",
            "Rabu malam",
        ]
    ),
    max_size=6,
).map(" ".join)


@for_all(NEWS, NEWS, NEWS)
@settings(max_examples=200, deadline=None)
def test_what_is_said_stays_said(before: str, alias: str, after: str) -> None:
    """A text says itself, if it has a word at all; F1 and EM stay within their bounds."""
    assert holds(alias, [alias]) == bool(re.search(r"\w", alias))
    assert 0 <= exact_match(before, [after], language="id") <= 1
    assert exact_match(before, [after], language="en") <= token_f1(before, [after], language="en")
    assert normalised(normalised(before, language="en"), language="en") == normalised(
        before, language="en"
    )
