"""What is no question to the articles: greetings, thanks, what the program can do, lists."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer.kinds.intent import Intent, Kind, intent_of, plain, small_talk

Case = tuple[str, str | None, str | None, bool]


def cases(kind: str | None, *questions: str, this: bool = False) -> list[Case]:
    """Cases of one kind without a subject."""
    return [(q, kind, None, this) for q in questions]


def about(kind: str, *pairs: tuple[str, str]) -> list[Case]:
    """Cases of one kind, each with its subject."""
    return [(q, kind, subject, False) for q, subject in pairs]


SEEN: list[Case] = [
    *cases("greeting", "hi", "Hello!", "hey there", "halo", "HALO!!", "hai kak", "selamat pagi"),
    *cases("greeting", "selamat siang kak", "Good morning", "apa kabar?", "how are you?"),
    *cases("greeting", "halo, apa kabar?", "assalamualaikum", "met pagi", "Hi Kutip", "haloooo"),
    *cases("thanks", "thank you", "Thanks!", "thx", "tq", "mksh", "makasih ya", "terima kasih"),
    *cases("thanks", "Terima kasih banyak!", "thank you very much", "ok thanks", "trims"),
    *cases("thanks", "oke makasih kak", "thanks for your help", "terima kasih atas bantuannya"),
    *cases("goodbye", "bye", "goodbye", "see you later", "sampai jumpa", "dadah", "good night"),
    *cases("goodbye", "selamat tinggal", "sampai nanti ya", "ok bye", "thanks, bye"),
    *cases("abilities", "what can you do?", "who are you?", "help", "kamu bisa apa?", "bantuan"),
    *cases("abilities", "siapa kamu?", "apa yang bisa kamu lakukan?", "what is Kutip?"),
    *cases("abilities", "how do you work?", "siapa anda", "Hi, what can you do?", "what are you"),
    *cases("abilities", "anda bisa apa saja?", "bagaimana cara menggunakan aplikasi ini?"),
    *cases("abilities", "can you help me?", "apa itu Kutip?", "kamu siapa?"),
    *cases("list_articles", "what articles do you have?", "list the articles", "list articles"),
    *cases("list_articles", "artikel apa saja yang ada?", "show me all articles", "daftar artikel"),
    *cases("list_articles", "which articles are indexed?", "how many articles do you have?"),
    *cases("list_articles", "ada berapa artikel?", "tampilkan semua artikel", "ada artikel apa?"),
    *cases("list_articles", "what news do you have?", "berita apa saja yang kamu punya?"),
    *about(
        "articles_about",
        ("which articles do you have on Gaza?", "Gaza"),
        ("what do you have about the Garut flood", "the Garut flood"),
        ("artikel apa saja tentang Mesir?", "Mesir"),
        ("any news on inflation?", "inflation"),
        ("list articles about Blinken", "Blinken"),
        ("ada berita tentang gempa Cianjur?", "gempa Cianjur"),
        ("Do you have any articles about rice prices?", "rice prices"),
        ("Are there articles about Hamas?", "Hamas"),
        ("Apakah ada artikel soal kenaikan harga beras?", "kenaikan harga beras"),
        ("artikel mana yang membahas gencatan senjata?", "gencatan senjata"),
        ("show me the news about Doha, please", "Doha"),
        ("tolong carikan artikel tentang BBM", "BBM"),
        ("kamu punya berita soal Piala Dunia?", "Piala Dunia"),
        ("which articles mention Hamas?", "Hamas"),
    ),
    *cases("summary", "summarise this article", "ringkas artikel ini", "summarize it", this=True),
    *cases("summary", "what is this article about?", "apa isi artikel ini?", this=True),
    *cases("summary", "What is this about?", "tl;dr", "rangkum berita ini dong", this=True),
    *cases("summary", "Give me a summary of this article", "artikel ini tentang apa?", this=True),
    *cases("summary", "apa inti berita ini?", "what does this article say?", this=True),
    *cases("summary", "summarise all articles", "ringkas semua artikel"),
    *about(
        "summary",
        ("summarize the article about the Gaza ceasefire", "the Gaza ceasefire"),
        ("rangkum berita tentang banjir Garut", "banjir Garut"),
        ("Summarise the news on Blinken's visit.", "Blinken's visit"),
        ("give me a summary of the Doha talks", "the Doha talks"),
        ("ringkasan artikel tentang Hamas", "Hamas"),
        ("Apa isi artikel tentang pemilu?", "pemilu"),
        ("please summarize the articles about Egypt", "Egypt"),
        ("buatkan ringkasan tentang kunjungan Blinken", "kunjungan Blinken"),
    ),
    *cases(None, "Who thanked Blinken?", "Halo Dunia didirikan kapan?", "Hi-tech exports?"),
    *cases(None, "What can you do about inflation in Turkey", "", "?", "Who met Blinken in Doha?"),
    *cases(None, "What did the article about Gaza say about hospitals?", "Gaza", "harga beras"),
    *cases(None, "Which articles of the constitution were amended?", "Hi, who met Blinken?"),
    *cases(None, "Artikel berapa yang dilanggar?", "who are you and who met Blinken"),
    *cases(None, "Terima kasih. Lalu siapa yang menemui Blinken?", "please tell me who left"),
    *cases(None, "Siapa yang mengucapkan terima kasih kepada Blinken?", "Help for Gaza victims"),
    *cases(None, "bantuan untuk Gaza", "Siapa yang memberi bantuan?", "What is Hamas?", "why?"),
    *cases(None, "Apa kabar terbaru dari Gaza?", "Good morning America host?", "berapa korbannya?"),
    *cases(None, "Apa yang bisa dilakukan pemerintah?", "Who is this?", "What is this war about?"),
    *cases(None, "list the hostages who were released", "Any news on when Blinken leaves?"),
    *cases(
        None, "list articles about Gaza and tell me who met Blinken", "Apa itu gencatan senjata"
    ),
    *cases(None, "Artikel apa yang dipakai menjerat tersangka?", "What news agency reported it?"),
]

# Written before the rules and never used to write them.
HELD: list[Case] = [
    *cases("greeting", "Hello there!", "hiii", "good afternoon", "Selamat sore semuanya", "hallo"),
    *cases("greeting", "halo selamat malam", "Hey, how's it going?", "met siang"),
    *cases("thanks", "many thanks", "thanks a lot!!", "terimakasih", "makasi ya kak", "ty"),
    *cases("thanks", "Great, thank you so much.", "baik, terima kasih", "thank u", "tengkyu"),
    *cases("goodbye", "Bye bye!", "see ya", "sampai jumpa lagi", "selamat malam dan sampai jumpa"),
    *cases("abilities", "what do you do?", "HELP!", "bisa bantu apa?", "What can I ask you?"),
    *cases("abilities", "kamu ini siapa?", "tolong bantu saya", "how does this work?"),
    *cases("abilities", "apa saja yang bisa saya tanyakan?", "what is this app?", "fungsimu apa?"),
    *cases("list_articles", "show articles", "what have you got?", "lihat daftar berita"),
    *cases("list_articles", "apa saja artikel yang tersedia?", "berapa jumlah artikel yang ada?"),
    *cases("list_articles", "What stories do you have?", "punya artikel apa saja?"),
    *about(
        "articles_about",
        ("Do you have anything on the election?", "the election"),
        ("find articles about tsunami", "tsunami"),
        ("cari berita soal pertemuan Blinken", "pertemuan Blinken"),
        ("ada artikel mengenai Netanyahu gak?", "Netanyahu"),
        ("Is there any news about Rafah?", "Rafah"),
        ("berita apa saja yang ada tentang Qatar", "Qatar"),
        ("What articles are there about oil?", "oil"),
        ("artikel tentang vaksin polio ada?", "vaksin polio"),
    ),
    *cases("summary", "can you summarise this?", "tolong ringkaskan artikel ini", this=True),
    *cases("summary", "berita ini membahas apa?", "summarize this news article please", this=True),
    *about(
        "summary",
        ("What does the article about the Philadelphi corridor say?", "the Philadelphi corridor"),
        ("Could you summarise the story about polio?", "polio"),
        ("ringkaskan berita mengenai Netanyahu", "Netanyahu"),
        ("summary of the ceasefire talks", "the ceasefire talks"),
    ),
    *cases(None, "Thanksgiving sales in 2023?", "Who said goodbye to the Queen?", "Halo effect"),
    *cases(None, "Apa bantuan yang dikirim Mesir?", "Who can help the hostages?", "what happened?"),
    *cases(None, "Selamat pagi, kapan gempa terjadi?", "How are you going to pay, asked whom?"),
    *cases(None, "What do you have to do to get a visa?", "Ringkasnya, siapa yang menang?"),
    *cases(None, "Pasal dan artikel mana yang diubah?", "What is this year's inflation rate?"),
    *cases(None, "How many articles did the treaty have?", "Siapa nama presiden Mesir?"),
    *cases(None, "thanks, and when did he leave?", "Help! Who played in the Beatles film?"),
    *cases(None, "what articles were stolen from the museum?", "Apa berita itu benar?", "in Doha?"),
]

# Written after the rules were, to measure them once more.
LATER: list[Case] = [
    *cases("greeting", "hi, how are you?", "Halo Kutip, apa kabar?", "Halo?"),
    *cases("thanks", "thanks for the info", "terima kasih infonya"),
    *cases("thanks", "ok", "Oke.", "baik", "sip", "I see", "great!", "mantap", "ok kak", "got it"),
    *cases(None, "Is it great?", "baik buruknya apa?", "OK Computer was released when?"),
    *cases("goodbye", "okay bye"),
    *cases("abilities", "What can Kutip do?", "Tell me about yourself"),
    *cases("list_articles", "Any news?", "What are the articles about?"),
    *cases("list_articles", "apa saja isi artikelnya?"),
    *about(
        "articles_about",
        ("Articles about Gaza", "Gaza"),
        ("berita tentang Gaza", "Gaza"),
        ("news about Hamas", "Hamas"),
        ("latest news on Gaza?", "Gaza"),
        ("Apa berita terbaru tentang Gaza?", "Gaza"),
    ),
    *cases("summary", "summarise the article", "what's this article about?", this=True),
    *about(
        "summary",
        ("Ringkas berita Gaza", "berita Gaza"),
        ("Summarise Blinken's visit to Egypt", "Blinken's visit to Egypt"),
    ),
    *cases(None, "siapa yang membuat kamu?", "Who wrote this article?", "Good news for whom?"),
    *cases(None, "When was this article published?", "Is help coming to Gaza?"),
    *cases(None, "Selamat Hari Raya kapan?", "What is the story of Malin Kundang?"),
    *cases(None, "How many articles mention Gaza?", "Apa tema berita tentang Gaza?"),
    *cases(None, "Berita tentang Gaza apa yang paling baru?", "News on what Hamas wants"),
]


ADDED: list[Case] = [
    *cases("list_articles", "What are these articles about?", "artikel-artikel ini tentang apa?"),
    *cases("list_articles", "What is in my articles?", "semua artikel ini membahas apa?"),
    *cases("summary", "tentang apa ini?", "Tentang apa artikel ini?", this=True),
    *about(
        "articles_about",
        ("In which article is Dr. Osei mentioned?", "Dr. Osei"),
        ("which articles talk about rice prices?", "rice prices"),
        ("Which article mentions the port?", "the port"),
        ("di artikel mana gempa itu dibahas?", "gempa itu"),
        ("Bank Padi disebut di artikel mana saja?", "Bank Padi"),
        ("artikel mana saja yang menyebutkan banjir?", "banjir"),
        ("berita mana menyinggung pemilu?", "pemilu"),
    ),
    *about(
        "happened",
        ("What happened on 4 July 2021?", "What happened on 4 July 2021"),
        ("apa yang terjadi di Solo pada 4 Juli?", "apa yang terjadi di Solo pada 4 Juli"),
    ),
    *cases(None, "What happened in Solo?", "Apa yang terjadi?", "What happened to the port?"),
    *cases(None, "Pasal mana yang disebut dalam putusan?", "Who mentions the port?"),
]


@pytest.mark.parametrize("case", SEEN + HELD + LATER + ADDED, ids=lambda c: (c[0] or "empty")[:40])
def test_intent(case: Case) -> None:
    """Only a whole question of a known kind is one; everything else is for the articles."""
    question, kind, subject, this = case
    found = intent_of(question)
    told = None if found is None else (found.kind, found.subject, found.this)
    assert told == (None if kind is None else (kind, subject, this))


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("Hi, who met Blinken?", "who met Blinken?"),
        ("Halo, siapa yang menemui Blinken?", "siapa yang menemui Blinken?"),
        ("Terima kasih. Lalu siapa yang pergi?", "Lalu siapa yang pergi?"),
        ("please tell me who met Blinken", "who met Blinken"),
        ("Thanks! Can you tell me when he left?", "when he left?"),
        ("Hello Kutip! Where is Doha?", "Where is Doha?"),
        ("halo kak, mau tanya dong, kapan banjir terjadi?", "kapan banjir terjadi?"),
        ("Tolong sebutkan siapa yang hadir", "siapa yang hadir"),
        ("hi who met Blinken?", "who met Blinken?"),
        ("Selamat pagi, saya ingin tahu berapa korbannya", "berapa korbannya"),
        ("I'd like to know why Blinken left", "why Blinken left"),
        ("Do you know who met Blinken?", "who met Blinken?"),
        ("ok thanks, and when did he leave?", "and when did he leave?"),
        ("please tell me about Blinken", "tell me about Blinken"),
        ("Who met Blinken?", "Who met Blinken?"),
        ("Halo Dunia didirikan kapan?", "Halo Dunia didirikan kapan?"),
        ("Hi-tech exports?", "Hi-tech exports?"),
        ("Good Morning Vietnam was released when?", "Good Morning Vietnam was released when?"),
        ("Thanks to whom was he freed?", "Thanks to whom was he freed?"),
        ("Halo-Halo Bandung diciptakan siapa?", "Halo-Halo Bandung diciptakan siapa?"),
        ("hi", "hi"),
        ("terima kasih!", "terima kasih!"),
        ("", ""),
    ],
)
def test_plain(question: str, rest: str) -> None:
    """A greeting or a politeness before a question is left out of it, and nothing else."""
    assert plain(question) == rest


@given(st.text(max_size=80))
def test_plain_is_a_tail_of_the_question(question: str) -> None:
    """Nothing is rewritten: what remains is the end of what was typed, never nothing of it."""
    rest = plain(question)
    assert question.endswith(rest)
    assert bool(rest) == bool(question)


@given(st.text(max_size=200))
def test_intent_takes_any_text(question: str) -> None:
    """Any text has an intent or none; a subject is words of the question."""
    found = intent_of(question)
    assert found is None or found.subject is None or found.subject in " ".join(question.split())


KINDS: tuple[Kind, ...] = ("greeting", "thanks", "goodbye", "abilities")


@pytest.mark.parametrize("kind", KINDS)
def test_small_talk_speaks_the_readers_language(kind: Kind) -> None:
    """The two languages differ; each reply is one to three sentences."""
    replies = {
        code: small_talk(kind, language=code, articles=2, titles=["A", "B"])
        for code in ("en", "id")
    }
    assert replies["en"] != replies["id"]
    assert all(1 <= len(re.findall(r"[.!?](?= |\Z)", reply)) <= 3 for reply in replies.values())


def test_small_talk_counts_and_names_the_articles() -> None:
    """A greeting tells how many articles there are and names three of them at most."""
    reply = small_talk(
        "greeting", language="en", articles=12, titles=["One", "Two", "Three", "Four"]
    )
    assert "12 articles" in reply
    assert all(f"“{title}”" in reply for title in ("One", "Two", "Three"))
    assert "Four" not in reply
    assert "1 article," in small_talk("greeting", language="en", articles=1, titles=["One"])


@pytest.mark.parametrize("kind", ["greeting", "abilities"])
@pytest.mark.parametrize("language", ["en", "id"])
def test_small_talk_without_articles_says_how_to_add_one(kind: Kind, language: str) -> None:
    """With nothing indexed the reader is told the command that adds an article."""
    assert "kutip add" in small_talk(kind, language=language, articles=0, titles=[])


def test_small_talk_of_an_unknown_language_is_english() -> None:
    """A question in neither language is answered in English."""
    assert small_talk("thanks", language="fr", articles=1, titles=[]) == small_talk(
        "thanks", language="en", articles=1, titles=[]
    )


def test_a_hostile_title_stays_on_one_line() -> None:
    """A title with line ends or control characters cannot break out of the sentence."""
    reply = small_talk("greeting", language="en", articles=1, titles=["A\n\x1b[31mB"])
    assert "\n" not in reply
    assert "\x1b" not in reply


def test_intent_record() -> None:
    """The subject is kept as typed, without the final mark."""
    assert intent_of("Any news on the Garut flood??") == Intent(
        kind="articles_about", subject="the Garut flood", this=False
    )
