"""Which sentences are picked, on small articles written for the purpose."""

from __future__ import annotations

import pytest

from rag.answer.cite import quote
from rag.answer.extract import Evidence, extract
from rag.answer.question import analyse
from rag.answer.weigh import weigh
from rag.schema import Hit, Metadata, Passage, article_id_of
from rag.settings import Settings
from rag.text.language import detect


def hit(text: str, *, rank: int = 1, score: float = 1.0) -> Hit:
    """A hit whose passage is a whole article."""
    metadata = Metadata(title="T", source=f"{rank}.txt", language=detect(text))
    passage = Passage(
        article_id=article_id_of(text), start=0, end=len(text), text=text, metadata=metadata
    )
    return Hit(passage=passage, rank=rank, score=score)


def ask(question: str, *texts: str) -> Evidence:
    """What is picked for a question from these articles, all found equally well."""
    asked = analyse(question, detect(question))
    weights = weigh({u: frozenset() for u in asked.units}, 10, {})
    hits = [hit(text, rank=rank) for rank, text in enumerate(texts, start=1)]
    return extract(asked, hits, weights, limit=3)


MEETING_ID = (
    "Lorven - Menteri Kelautan Sastra Wirya membahas kuota ikan bersama Duta Besar Ardania, "
    "Mikael Torst.\n\nPembicaraan keduanya berlangsung Rabu (5/6) usai Torst tiba di Kota Lorven."
)
CALL_ID = (
    "Menteri Kelautan Sastra Wirya dan Presiden Ardania, Ivo Hald, membahas kuota ikan, Kamis."
    "\n\nHal itu dibicarakan lewat sambungan telepon yang diterima Sastra di Lorven."
)
MEETING_EN = (
    "Harbour minister Petra Oakes held talks with union leader Samir Danton over the dock strike."
    "\n\nTheir session took place at the Port Ansel town hall on Friday."
)


@pytest.mark.parametrize(
    "question", ["Who met Sastra Wirya in Lorven?", "siapa yang bertemu Sastra Wirya di Lorven?"]
)
def test_who_met_whom_where_no_sentence_says_met(question: str) -> None:
    """Talks held together are a meeting, and the place may stand in the next sentence."""
    evidence = ask(question, MEETING_ID, CALL_ID)
    assert "Mikael Torst" in evidence.picks[0].sentence.text
    assert not any("Ivo Hald" in pick.sentence.text for pick in evidence.picks)


def test_another_post_tells_nothing_of_whom_the_question_asks() -> None:
    """However much of the question the sentence has, the one of defence is not the foreign one."""
    told = "Menteri Luar Negeri Qatar, Ana Lee, menelepon Ivo Hald pada Rabu."
    foreign = ask("Siapa Menteri Luar Negeri Qatar?", told).score
    defence = ask("Siapa Menteri Pertahanan Qatar?", told).score
    assert defence < 0.5 < foreign


def test_a_telephone_call_alone_is_no_meeting() -> None:
    """With nothing but a call in the articles, a question for a meeting scores low."""
    met = ask("Who met Sastra Wirya in Lorven?", MEETING_ID).score
    called = ask("Who met Sastra Wirya in Lorven?", CALL_ID).score
    assert called < 0.5 < met


def test_the_other_language_answers_too() -> None:
    """An Indonesian question is answered from an English article."""
    evidence = ask("Siapa yang ditemui Petra Oakes?", MEETING_EN)
    assert "Samir Danton" in evidence.picks[0].sentence.text


def test_the_neighbour_that_holds_the_place_is_quoted_too() -> None:
    """Asked where, the sentence with the place is among the picks."""
    evidence = ask("Where did Petra Oakes meet Samir Danton?", MEETING_EN)
    assert any("Port Ansel" in pick.sentence.text for pick in evidence.picks)


def test_what_is_not_announced_is_not_presented() -> None:
    """A sentence that leaves open whether something happened ranks below one that says so."""
    open_ = "Tidak diumumkan apakah Sastra Wirya telah bertemu Raja Ardania, Olav Brim, di Lorven."
    evidence = ask("Siapa bertemu Sastra Wirya di Lorven?", open_, MEETING_ID)
    assert "Mikael Torst" in evidence.picks[0].sentence.text


@pytest.mark.parametrize(
    "article",
    [
        "Pertemuan Sastra Wirya dengan Presiden Ardania, Ivo Hald, di Lorven batal digelar.",
        "Sastra Wirya dijadwalkan bertemu Presiden Ardania, Ivo Hald, di Lorven pekan depan.",
        "A meeting of Sastra Wirya with President Ivo Hald in Lorven has been postponed.",
        "Sastra Wirya met President Ivo Hald by video call, his office in Lorven said.",
    ],
)
def test_a_meeting_that_was_not_held_is_not_presented(article: str) -> None:
    """Called off, only planned or held by video: the score stays under the floor."""
    score = ask("Who met Sastra Wirya in Lorven?", article).score
    assert score < Settings().evidence_floor


def test_a_dateline_is_no_answer_to_where() -> None:
    """The town in front of the dash is where the report was filed; the next sentence tells."""
    text = (
        "Marenda (KABAR) - Bupati Rini Astuti menerima kunjungan pengusaha Beno Lukas.\n\n"
        "Keduanya berbincang di rumah dinas di Kota Selang."
    )
    evidence = ask("Di mana Rini Astuti bertemu Beno Lukas?", text)
    assert any("Kota Selang" in pick.sentence.text for pick in evidence.picks)


def test_two_counts_are_kept_apart() -> None:
    """The dead and the injured stand in two sentences; the one asked for comes first."""
    text = "The fire in Dunmore killed 9 people.\n\nAnother 31 people were injured in the fire."
    assert "killed 9" in ask("How many people were killed in Dunmore?", text).picks[0].sentence.text
    injured = ask("How many people were injured in the fire?", text)
    assert "31" in injured.picks[0].sentence.text


def test_nothing_to_read_gives_no_evidence() -> None:
    """Without hits there is nothing picked and every unit is missing."""
    evidence = ask("Who met Sastra Wirya?")
    assert evidence.picks == ()
    assert evidence.score == 0.0
    assert [u.text for u in evidence.missing] == ["Sastra Wirya", "met"]


def test_what_no_sentence_mentions_is_missing() -> None:
    """A refusal can name what the articles have nothing on."""
    evidence = ask("Which hotel did Petra Oakes sleep in?", MEETING_EN)
    assert "hotel" in [u.text for u in evidence.missing]
    assert "Petra Oakes" not in [u.text for u in evidence.missing]


def test_quotes_are_verbatim_and_numbered_by_passage() -> None:
    """Two sentences of one passage share a mark; every quote is a slice of its article."""
    evidence = ask("Where did Petra Oakes meet Samir Danton?", MEETING_EN)
    text, statements, citations = quote(evidence.picks)
    assert {c.marker for c in citations} == {1}
    for statement, citation in zip(statements, citations, strict=True):
        assert MEETING_EN[citation.start : citation.end] == citation.quote
        assert text[statement.start : statement.end] == f"{citation.quote} [1]"


COST = "Biaya terowongan Selat Bosman mencapai 3,8 miliar dolar AS, kata Menteri Kemal Ayten."


@pytest.mark.parametrize(
    ("other", "quoted"),
    [
        (COST, 1),
        (f"REPUBLIK.COM, SELTA -- {COST}", 1),
        (COST.replace("mencapai", "sebesar"), 1),
        (COST.replace("3,8", "4,1"), 2),
        (COST.replace("3,8", "tiga"), 2),
        (COST.replace("Kemal Ayten", "Leyla Ayten"), 2),
    ],
)
def test_a_sentence_that_many_print_is_quoted_once(other: str, quoted: int) -> None:
    """Under another dateline or a word changed; not with another number or name."""
    evidence = ask("Berapa biaya terowongan Selat Bosman?", f"{COST} Ia puas.", other)
    costs = [p.sentence.text for p in evidence.picks if "Biaya terowongan" in p.sentence.text]
    assert len(costs) == quoted


@pytest.mark.parametrize(
    ("other", "quoted"),
    [
        ("Armada Ardania menyerang kapal nelayan Lorven pada Rabu dini hari kemarin.", 1),
        ("Armada Ardania tidak menyerang kapal nelayan Lorven pada Rabu dini hari.", 2),
        ("Armada Lorven menyerang kapal nelayan Ardania pada Rabu dini hari.", 2),
    ],
)
def test_the_contrary_is_no_copy(other: str, quoted: int) -> None:
    """One word more denies it, and the same words in another order tell of another deed."""
    one = "Armada Ardania menyerang kapal nelayan Lorven pada Rabu dini hari."
    evidence = ask("Apakah armada Ardania menyerang kapal nelayan Lorven?", one, other)
    assert len(evidence.picks) == quoted


TOLLS = (
    "Attacks by the rebels have killed 312 people in Ardania since May, the ministry said. "
    "Ardania then bombed the hills, killing 8,450 people in Lorven, most of them farmers."
)


@pytest.mark.parametrize(
    ("question", "count"),
    [
        ("How many people were killed in Ardania?", "312"),
        ("How many people were killed in Lorven?", "8,450"),
        ("Berapa orang yang tewas di Ardania?", "312"),
        ("Berapa orang yang tewas di Lorven?", "8,450"),
    ],
)
def test_a_toll_belongs_to_the_place_where_people_died(question: str, count: str) -> None:
    """Not to the country that bombed: its sentence is not quoted beside either."""
    picks = ask(question, TOLLS).picks
    assert count in picks[0].sentence.text
    if count == "312":
        assert not any("8,450" in pick.sentence.text for pick in picks)


PARDON = (
    "President Ivo Hald pardoned three smugglers on Monday. Hald, who is 61, also dismissed "
    "the head of the prisons."
)


def test_who_it_was_comes_with_the_whole_name() -> None:
    """An article names somebody whole once; that sentence is told first where it answers too."""
    evidence = ask("Who pardoned the smugglers?", PARDON)
    assert "Ivo Hald" in evidence.picks[0].sentence.text


def test_what_stands_beside_a_hit_tells_whom_it_speaks_of_and_is_not_quoted() -> None:
    """The town is named at the top only; with that the second passage answers more surely."""
    top = "Fire destroyed the fish market of Lorven on Friday.\n\n"
    found = "Mayor Petra Oakes said 40 stallholders had lost their goods."
    metadata = Metadata(title="T", source="1.txt", language="en")
    texts = ((0, top), (len(top), found))
    lead, passage = (
        Passage(article_id="a", start=at, end=at + len(text), text=text, metadata=metadata)
        for at, text in texts
    )
    asked = analyse("How many stallholders lost their goods in Lorven?", "en")
    weights = weigh({u: frozenset() for u in asked.units}, 10, {})
    hits = [Hit(passage=passage, rank=1, score=1.0)]
    alone = extract(asked, hits, weights, limit=3)
    both = extract(asked, hits, weights, limit=3, beside=[lead, passage])
    assert "Lorven" in {u.text for u in alone.missing}
    assert both.missing == ()
    assert both.score > alone.score
    assert [pick.sentence.text for pick in both.picks] == [found]


def test_a_sentence_that_names_nothing_else_goes_on_about_the_same() -> None:
    """It need not name the town again; one that names another tells of that one."""
    text = (
        "Police have arrested three people over the kidnapping in Brenholt of a jeweller's "
        "daughter. All three face up to 20 years in prison."
    )
    question = "How many years in prison do the three suspects of Brenholt face?"
    assert any("20 years" in pick.sentence.text for pick in ask(question, text).picks)


def test_a_sentence_that_names_nobody_tells_hardly_who() -> None:
    """Two officers were shot; who did it is not said."""
    shot = "The crossing at Kord has been shut since two customs officers were shot dead there."
    named = "The crossing at Kord has been shut since Ana Lee shot dead two customs officers there."
    question = "Who shot dead the two customs officers at Kord?"
    assert ask(question, shot).score < ask(question, named).score


RAID = "The army freed seven hostages in a raid on Monday."
TAKEN = "In its attack on the border towns the militia also took 251 hostages."


def test_another_fate_is_told_last() -> None:
    """Who was taken is not who was freed: that sentence is neither first nor much evidence."""
    question = "How many hostages did the army free?"
    assert ask(question, TAKEN, RAID).picks[0].sentence.text == RAID
    assert ask(question, TAKEN).score < ask("How many hostages did the militia take?", TAKEN).score


def test_who_it_is_from_is_sure_where_the_sentence_says_so() -> None:
    """Whom a paper cites is told by "citing", be what it says only planned."""
    told = "Citing dock workers, the Lorven Herald said that the port would close in May."
    evidence = ask("Who did the Lorven Herald cite on the port?", told)
    assert evidence.located is not None
    span = evidence.located.span
    assert told[span.start : span.end] == "dock workers"
    assert evidence.score > Settings().evidence_floor


def test_a_body_goes_before_a_sentence_without_one() -> None:
    """Which broadcaster said so is told by the sentence that has a broadcaster."""
    opposition = "Opposition leader Ana Lee accused the mayor of wrecking the harbour talks."
    broadcast = "The mayor tried to wreck the harbour talks, broadcaster Radio Lorven said."
    evidence = ask("Which broadcaster said the mayor wrecked the talks?", opposition, broadcast)
    assert evidence.picks[0].sentence.text == broadcast


def test_who_holds_the_post_asked_about_goes_first() -> None:
    """The prosecutor is asked for, and not whom prosecutors speak of."""
    lead = "A former radar engineer from Norway went on trial on Monday for spying."
    accused = (
        "Torvald Eik, 53, is charged with passing drawings of radar systems to a man who "
        "prosecutors say was a former officer of Norway under cover as a fish importer."
    )
    holder = "Prosecutor Ragna Storm said the accused met his handler 17 times in a hotel."
    question = "Siapa jaksa dalam sidang mantan insinyur radar Norwegia itu?"
    evidence = ask(question, f"{lead} {accused} {holder}")
    assert evidence.picks[0].sentence.text == holder


def test_a_name_in_another_clause_makes_it_no_others() -> None:
    """Talks in Doha came before; the 90 days are still those of the truce of Chad."""
    lead = "The government of Chad and rebels signed a truce on Thursday."
    told = "The deal, brokered in Doha, begins on Saturday, and runs 90 days."
    evidence = ask("How long is the Chad truce?", f"{lead} {told}")
    assert told in [pick.sentence.text for pick in evidence.picks]
