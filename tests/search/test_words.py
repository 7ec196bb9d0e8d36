"""How well the words of a passage meet those of a question, by figures worked by hand."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.search.expand import match_any, terms_of
from rag.search.words import Match, Term, Words, score

WORDS = st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=30)


def term(word: str, *forms: tuple[str, ...], asked_in: str = "en") -> Term:
    """A word of an English question, with forms in Indonesian."""
    return Term(word=word, own=frozenset({word}), forms={"id": forms}, asked_in=asked_in)


def scores(
    terms: list[Term], passages: dict[str, str], counts: dict[str, int], *, language: str = "id"
) -> dict[str, float]:
    """The scores among ten passages."""
    texts = {name: Words(language=language, stems=text) for name, text in passages.items()}
    return {
        name: match.total for name, match in score(terms, texts, total=10, counts=counts).items()
    }


def test_a_score_is_made_of_three_worked_by_hand() -> None:
    """BM25, closeness and spelling, weighted 1, 0.5 and 0.15, over 1.65."""
    passages = {"both": "beras harga naik mahal", "one": "beras kota desa laut"}
    found = scores([term("beras"), term("harga")], passages, {"beras": 4, "harga": 1})
    rare, common = math.log(1 + 9.5 / 1.5), math.log(1 + 6.5 / 4.5)
    bm25 = common / (rare + common)  # both passages are as long, so each word counts 1.9 / 1.9
    # Of the grams " ber", "bera", "eras" and "ras " each passage has one each, of "harga" only
    # the first; among two passages a gram in both is worth log(1 + 0.5/2.5), in one log(2).
    in_both, in_one = math.log(1.2), math.log(2)
    spelt = 4 * in_both / (4 * in_both + 4 * in_one)
    length = {name: len(text) + 2 for name, text in passages.items()}
    mean = sum(length.values()) / 2
    weight = {name: 1.9 / (1 + 0.9 * (0.25 + 0.75 * n / mean)) for name, n in length.items()}
    spelt *= weight["one"] / weight["both"]
    assert found["both"] == pytest.approx(1.0)
    assert found["one"] == pytest.approx((bm25 + 0.5 * bm25 + 0.15 * spelt) / 1.65)


def test_translations_are_one_term_and_count_less() -> None:
    """Eight translations of one word do not outweigh another word."""
    many = tuple((form,) for form in ("satu", "dua", "tiga", "empat"))
    terms = [term("meet", *many), term("doha")]
    counts = dict.fromkeys(("satu", "dua", "tiga", "empat", "doha"), 2)
    passages = {"translated": "satu dua tiga empat", "named": "doha lima enam tujuh"}
    found = scores(terms, passages, counts)
    assert found["named"] < found["translated"] < 1.5 * found["named"]
    once = scores(terms, {"translated": "satu x x x", "named": "doha x x x"}, counts)
    assert once["translated"] < once["named"]  # 0.95 of it


def test_a_synonym_counts_less_than_half() -> None:
    """A form in the question's own language is a synonym, and not what was asked for."""
    asked = [term("jual", ("dagang",), asked_in="id"), term("beras", asked_in="id")]
    counts = {"jual": 2, "dagang": 2, "beras": 2}
    found = scores(asked, {"word": "jual x y z", "synonym": "dagang x y z"}, counts)
    assert found["synonym"] < 0.5 * found["word"]


def test_a_phrase_is_met_whole_and_in_order() -> None:
    """Its parts alone are not it."""
    asked = [term("ceasefire", ("gencat", "senjata"))]
    counts = {"gencat": 3, "senjata": 5}
    found = scores(
        asked,
        {
            "whole": "x gencat senjata y",
            "apart": "gencat x y senjata",
            "turned": "senjata gencat x y",
        },
        counts,
    )
    assert found["whole"] > 0.9
    assert found["apart"] == found["turned"] == 0


def test_forms_of_another_language_are_not_looked_for() -> None:
    """In an English passage "air" is not the Indonesian word for water."""
    asked = [term("water", ("air",))]
    found = scores(asked, {"p": "air x y z"}, {"air": 3, "water": 1}, language="en")
    assert found == {"p": 0}


def test_words_near_one_another_win() -> None:
    """Of two passages with the same words, that which has them in one sentence."""
    far = " ".join(["beras", *["x"] * 40, "harga"])
    near = " ".join([*["x"] * 40, "beras", "harga"])
    found = scores(
        [term("beras"), term("harga")], {"far": far, "near": near}, {"beras": 2, "harga": 2}
    )
    assert found["near"] > found["far"] > 0


def test_a_name_spelt_otherwise_is_found() -> None:
    """Khulaifi and Kulaifi share most of their letters."""
    found = scores(
        [term("khulaifi"), term("met")],
        {"like": "met kulaifi x", "unlike": "met saputra x"},
        {"met": 2, "kulaifi": 1, "saputra": 1},
    )
    assert found["like"] > found["unlike"]


def test_nothing_in_common_is_nothing() -> None:
    """No division by zero where no word is met, and none where there is no passage."""
    assert scores([term("beras")], {"p": "x y"}, {"beras": 0}) == {"p": 0}
    assert scores([], {"p": "x y"}, {}) == {"p": 0}
    assert scores([term("beras")], {}, {}) == {}


@given(st.dictionaries(st.sampled_from("123456"), WORDS, min_size=1), WORDS)
def test_scores_lie_between_none_and_one_and_ask_for_no_order(
    passages: dict[str, list[str]], question: list[str]
) -> None:
    """Whatever the words: in [0, 1], and the same for the passages in any order."""
    terms = [term(word) for word in dict.fromkeys(question)]
    texts = {name: " ".join(words) for name, words in passages.items()}
    counts = {word: sum(word in words for words in passages.values()) for word in "abcdefgh"}
    found = scores(terms, texts, counts)
    assert all(0 <= value <= 1 + 1e-9 for value in found.values())
    again = scores(terms, dict(reversed(texts.items())), counts)
    assert again == pytest.approx(found)


# Against a slow and plain reading of the same rules -----------------------------------------

# Stems that hold one another and themselves, so that sequences overlap, and short ones.
STEMS = st.sampled_from(["a", "us", "usus", "aaaaa", "beras", "berasa", "harga", "şehir", "3.5"])
FORMS = st.lists(st.lists(STEMS, min_size=1, max_size=3).map(tuple), max_size=3, unique=True)
TERMS = st.builds(
    Term,
    word=STEMS,
    own=st.frozensets(STEMS, min_size=1, max_size=2),
    forms=st.fixed_dictionaries({"en": FORMS.map(tuple), "id": FORMS.map(tuple)}),
    asked_in=st.sampled_from(["en", "id", None]),
)
INDEXED = st.builds(
    Words,
    language=st.sampled_from(["en", "id", None, "fr"]),
    stems=st.lists(STEMS | st.just("x"), max_size=60).map(" ".join),
)


def plainly(
    terms: list[Term], passages: dict[str, Words], counts: dict[str, int], total: int
) -> dict[str, Match]:
    """What `score` promises, word by word and window by window."""

    def rarity(held: int, among: int) -> float:
        held = min(held, among)
        return math.log(1 + (among - held + 0.5) / (held + 0.5)) if held else 0.0

    def saturated(n: int, length: float) -> float:
        return n * 1.9 / (n + 0.9 * (0.25 + 0.75 * length))

    def to_one(values: dict[str, float]) -> dict[str, float]:
        best = max(values.values(), default=0.0)
        return {name: value / best if best else 0.0 for name, value in values.items()}

    usual = sum(len(p.stems.split()) for p in passages.values()) / max(1, len(passages))
    bm25, close, spelt = {}, {}, {}
    for name, passage in passages.items():
        language, stems = passage.language or "en", passage.stems.split()
        length = len(stems) / max(1.0, usual)
        bm25[name], worths, stands = 0.0, [], []
        for term in terms:
            forms = term.forms.get(language, ())
            own = max(counts[s] for s in term.own)
            every = max([own, *(min(counts[s] for s in form) for form in forms)])
            ways = [(word,) for word in term.own]
            others = [form for form in forms if form not in ways]
            at = {
                way: [i for i in range(len(stems)) if tuple(stems[i : i + len(way)]) == way]
                for way in [*ways, *others]
            }
            n, m = sum(len(at[way]) for way in ways), sum(len(at[w]) for w in [*ways, *others])
            least = 0.4 if language == term.asked_in else 0.95
            worth = rarity(own, total), least * rarity(every, total)
            bm25[name] += max(worth[0] * saturated(n, length), worth[1] * saturated(m, length))
            worths.append(max(worth))
            stands.append({place for places in at.values() for place in places})
        windows = [
            sum(
                worth
                for worth, at in zip(worths, stands, strict=True)
                if at & set(range(i, i + 20))
            )
            for i in range(len(stems))
        ]
        close[name] = max(windows, default=0.0) / (sum(worths) or 1.0)
    best = sorted(passages, key=lambda name: (-bm25[name], name))[:100]
    texts = {name: f" {passages[name].stems} " for name in best}
    mean = sum(map(len, texts.values())) / max(1, len(texts))
    grams = set()
    for word in {s for term in terms for s in term.own}:
        written = f" {word} "
        grams |= {written[i : i + 4] for i in range(max(1, len(written) - 3))}
    for name, text in texts.items():
        spelt[name] = sum(
            rarity(sum(gram in other for other in texts.values()), len(texts))
            * saturated(text.count(gram), len(text) / mean)
            for gram in grams
        )
    bm25, spelt = to_one(bm25), to_one(spelt)
    return {
        name: Match(
            total=(bm25[name] + 0.5 * close[name] + 0.15 * spelt.get(name, 0.0)) / 1.65,
            bm25=bm25[name],
            closeness=close[name],
            spelling=spelt.get(name, 0.0),
        )
        for name in passages
    }


@given(
    st.lists(TERMS, max_size=6),
    st.dictionaries(st.sampled_from("123456789"), INDEXED),
    st.dictionaries(STEMS, st.integers(0, 60)),
)
def test_the_short_way_scores_as_the_plain_one(
    terms: list[Term], passages: dict[str, Words], known: dict[str, int]
) -> None:
    """Windows that slide and passages joined into one text change no score."""
    counts = {stem: known.get(stem, 1) for term in terms for stem in term.stems()}
    found = score(terms, passages, total=50, counts=counts)
    wanted = plainly(terms, passages, counts, 50)
    assert found.keys() == wanted.keys()
    for name, match in found.items():
        assert match.total == pytest.approx(wanted[name].total), name
        assert match.parts() == pytest.approx(wanted[name].parts()), name


# From a question to terms ------------------------------------------------------------------


def test_a_word_of_a_phrase_stands_for_the_phrase() -> None:
    """Each word of "foreign minister" may be said by "menlu"."""
    foreign, minister = terms_of("foreign minister", "en")
    assert ("menlu",) in foreign.forms["id"]
    assert ("menlu",) in minister.forms["id"]
    assert foreign.word == "foreign"


def test_a_question_of_no_known_language_is_read_in_both() -> None:
    """Its words may be of either, and both have translations."""
    [term] = terms_of("menteri", None)
    assert ("minist",) in term.forms["en"]
    assert term.weight("en") == term.weight("id")


def test_what_is_matched_is_phrases_and_words() -> None:
    """FTS5's own syntax; without a language the question's words only."""
    terms = terms_of("ceasefire", "en")
    assert match_any(terms).split(" OR ") == ['"ceasefir"', '"ceasefire"']
    assert '"gencat senjata"' in match_any(terms, "id")


def test_a_word_asked_twice_counts_once() -> None:
    """Repeating a word is no reason to prefer the passages that have it."""
    assert len(terms_of("beras beras Beras", "id")) == 1
