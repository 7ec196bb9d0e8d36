"""What is said to Kutip itself: greetings, thanks, what it can do, lists, summaries.

Only whole questions count: "Who thanked Blinken?" is for the articles. Lists and summaries
are made by the callers; the words of each intent are in `intent_forms`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from rag.answer.kinds import intent_forms as forms
from rag.answer.kinds.happened import day_of
from rag.text import glossary
from rag.text.language import word_set
from rag.text.plain import one_line
from rag.text.stems import stop_words

TalkKind = Literal["greeting", "thanks", "goodbye", "abilities"]
Kind = Literal[
    "greeting",
    "thanks",
    "goodbye",
    "abilities",
    "articles_about",
    "list_articles",
    "summary",
    "happened",
]

# Longer than anything said to Kutip itself; keeps the patterns cheap on pasted text.
_LONGEST = 200
_NAMED = 3  # articles that a reply names as examples


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """What somebody wants who asks nothing of what the articles say."""

    kind: Kind
    # of "articles_about" and "summary", as typed; all of a question what happened on a day
    subject: str | None = None
    this: bool = False  # one article is pointed at: "this", "ini", "it"


_PART = re.compile(
    rf"(?:(?P<goodbye>{forms.GOODBYE})|(?P<thanks>{forms.THANKS})|(?P<greeting>{forms.GREETING})"
    rf"|(?P<fine>{forms.FINE})|(?P<address>{forms.ADDRESS})|(?P<joining>{forms.JOINING}))(?![\w'’-])",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"[\s,.!?;:~()*_\"“”–—\U0001F300-\U0001FAFF]*|\s+-\s+")
_ENDED = re.compile(r"\s*[,.!?;:~–—]+\s*|\s+-\s+")
_ASKS = re.compile(rf"\s+(?=(?:{forms.WH}|{forms.TELL})\b)")  # with a small letter
_POLITE = re.compile(rf"(?:{forms.POLITE})\s+(?=\S)", re.IGNORECASE)
_POLITE_END = re.compile(rf"[\s,]+(?:{forms.POLITE_END})\Z", re.IGNORECASE)
_TELL = re.compile(rf"(?:{forms.TELL})\s*[,:]?\s+(?=(?:{forms.WH})\b)", re.IGNORECASE)
_PLEASE = re.compile(
    r"(?:please,? (?=[a-z])|(?:tolong|mohon|coba),? (?=(?:jelaskan|sebutkan|ceritakan|cari"
    rf"|jawab|ringkas|rangkum|tampilkan|tunjukkan|{forms.WH})))",
    re.IGNORECASE,
)
# What somebody in a hurry puts before his question: "need the name of", "cek cepat: ".
_HURRY = re.compile(
    r"(?:on deadline|quick(?:ly)?(?: check| question| one)?|urgent(?:ly)?|fact[- ]?check(?:ing)?"
    r"|checking|cek(?: cepat| fakta)?|konfirmasi|mohon konfirmasi|tanya(?: cepat)?)\s*[:,–—-]\s*"
    r"|(?:(?:i|we|just)\s+)?(?:need|want|looking for)(?: to (?:know|check|confirm|find))?\s+"
    r"(?=(?:the|a|an|how|who|when|where|why|what|which)\b)"
    r"|(?:(?:saya|gue|aku|kami)\s+)?(?:butuh|perlu|mohon|minta|mau|pengen|ingin|cari)\s+"
    r"(?:(?:tahu|tau|info|data|konfirmasi):?\s+(?=(?:siapa|berapa|kapan|apa|di mana|dimana|mengapa"
    r"|kenapa|bagaimana|nama|jumlah|tanggal|umur|usia|lokasi|alasan|angka)\b)"
    r"|(?=(?:nama|jumlah|tanggal|umur|usia|lokasi|alasan|angka)\b))"
    r"|(?:cek|konfirmasi|confirm|check|verify)\s+(?=(?:the|nama|jumlah|tanggal|angka|number|date)\b)",
    re.IGNORECASE,
)
# A subject that asks something itself is no subject.
_NO_SUBJECT = re.compile(
    r"\b(?:[Ww]ho|[Ww]hom|[Ww]hen|[Ww]here|[Ww]hy|[Hh]ow|which|what|tell|siapa|kapan|mengapa"
    r"|kenapa|berapa|bagaimana|apa|apakah|jelaskan)\b|[?!;]"
    r"|(?<!\b(?:Dr|Mr|Ms|St|Ir|Hj))(?<!\bMrs)(?<!\bProf)(?<!\b[A-Z])\. "
)


def _whole(every: Iterable[str]) -> tuple[re.Pattern[str], ...]:
    return tuple(
        re.compile(form.replace("{x}", r"(?P<x>\S.*)", 1), re.IGNORECASE) for form in every
    )


_FIXED: tuple[tuple[Kind, bool, tuple[re.Pattern[str], ...]], ...] = (
    ("abilities", False, _whole(forms.ABILITIES)),
    ("summary", True, _whole(forms.SUMMARY_THIS)),
    ("summary", False, _whole(forms.SUMMARY_ALL)),
    ("list_articles", False, _whole(forms.LIST)),
)
_WITH_SUBJECT: tuple[tuple[Kind, tuple[re.Pattern[str], ...]], ...] = (
    ("articles_about", _whole(forms.ABOUT)),
    ("summary", _whole(forms.SUMMARY_OF)),
)


def intent_of(question: str) -> Intent | None:
    """What is wanted of Kutip itself, or None: the question is for the articles.

    >>> intent_of("Terima kasih!").kind, intent_of("any news on Gaza?").subject
    ('thanks', 'Gaza')
    >>> intent_of("Who thanked Blinken?") is None
    True
    """
    text = one_line(question).replace("’", "'")
    if not text or len(text) > _LONGEST:
        return None
    talk = _talk(text)
    if talk:
        return Intent(kind=talk)
    for asked in dict.fromkeys((_bare(text), _bare(_after_greeting(text)))):
        for kind, this, patterns in _FIXED:
            if any(p.fullmatch(asked) for p in patterns):
                return Intent(kind=kind, this=this)
        if day_of(asked) is not None:
            return Intent(kind="happened", subject=asked)
        for kind, patterns in _WITH_SUBJECT:
            found = next((m for p in patterns if (m := p.fullmatch(asked))), None)
            if found is not None:
                subject = found["x"].strip(" ,.\"“”'")
                if subject and not _NO_SUBJECT.search(subject):
                    return Intent(kind=kind, subject=subject)
                break
    return None


def plain(question: str) -> str:
    """The question without a greeting or politeness before it: a tail of what was typed.

    >>> plain("Halo, siapa yang datang?"), plain("please tell me who left"), plain("hi")
    ('siapa yang datang?', 'who left', 'hi')
    >>> plain("cek cepat: jumlah korban"), plain("need the name of the judge")
    ('jumlah korban', 'the name of the judge')
    """
    rest = question
    while True:
        shorter = _after_greeting(rest)
        for pattern in (_TELL, _PLEASE, _HURRY):
            at = len(shorter) - len(shorter.lstrip())
            found = pattern.match(shorter, at)
            shorter = shorter[found.end() :] if found else shorter
        if not shorter.strip() or shorter == rest:
            return rest
        rest = shorter


def _talk(text: str) -> TalkKind | None:
    """The kind of a text that is nothing but greetings, thanks, approval and goodbyes."""
    said: set[str | None] = set()
    at = _skip(text, 0)
    while at < len(text):
        part = _PART.match(text, at)
        if part is None:
            return None
        said.add(part.lastgroup)
        at = _skip(text, part.end())
    kinds: tuple[TalkKind, ...] = ("goodbye", "thanks", "greeting")
    # "ok", "mantap": said of an answer, and no question
    return next((kind for kind in kinds if kind in said), "thanks" if "fine" in said else None)


def _skip(text: str, at: int) -> int:
    found = _BETWEEN.match(text, at)
    return found.end() if found else at


def _after_greeting(text: str) -> str:
    """What follows the greetings and thanks that a question begins with; the text if none."""
    start = at = _skip(text, 0)
    greeted = False
    rest = at
    while part := _PART.match(text, at):
        if part.lastgroup == "joining" or (part.lastgroup == "address" and not greeted):
            break
        greeted = greeted or part.lastgroup != "fine"
        ended = _ENDED.match(text, part.end()) or _ASKS.match(text, part.end())
        at = ended.end() if ended else _skip(text, part.end())
        if ended and greeted:
            rest = at
    return text[rest:] if rest > start else text


def _bare(text: str) -> str:
    """A question without marks and politeness around it; the question if nothing else is left."""
    bare = text.strip(" ?!.,:;…\"“”'*")
    while True:
        shorter = _POLITE_END.sub("", bare).rstrip(" ?!.,")
        polite = _POLITE.match(shorter)
        shorter = shorter[polite.end() :] if polite else shorter
        if not shorter or shorter == bare:
            return bare
        bare = shorter


# Words of the forms that Indonesian alone has, too few of them in a request to tell otherwise.
_INDONESIAN = word_set(
    "artikel berita ringkas ringkaskan ringkasan rangkum rangkuman daftar tampilkan carikan",
    "tentang sebutkan jelaskan bandingkan terjemahkan buatkan tuliskan pertama kedua terakhir isi",
    "apa mana",
)
_ASKED_FIRST = word_set("siapa siapakah berapa kapan kenapa mengapa bagaimana dimana kemana")


def spoken(question: str) -> str:
    """The language of a request too short to tell it otherwise: English unless its words tell.

    >>> spoken("ringkas artikel kedua"), spoken("summarise"), spoken("Gaza")
    ('id', 'en', 'en')
    >>> spoken("profesi Nurlaila"), spoken("Siapa juara Tour of the Lakes?")
    ('id', 'id')
    """
    words = re.findall(r"[a-z]+", question.lower())
    if _INDONESIAN.intersection(words) or _ASKED_FIRST.intersection(words[:1]):
        return "id"
    shelf = glossary.load()
    english, indonesian = (
        sum(word in stop_words(code) or bool(shelf.concepts_of(word, code)) for word in words)
        for code in ("en", "id")
    )
    return "id" if indonesian > english else "en"


_REPLIES: dict[str, dict[str, str]] = {
    "en": {
        "greeting": "Hello, I answer questions about your own news articles, with exact quotes "
        "and their dated source. {stock} {invite}",
        "thanks": "You're welcome! Ask me anything else about your articles.",
        "goodbye": "Goodbye! Your articles are kept for when you come back.",
        "abilities": "I am Kutip. Ask me about your articles and I answer with exact quotes, each "
        "with its source and date, and say so when they do not tell; I can also list or summarise "
        "articles. {stock}",
        "none": "There is no article yet: add one with `kutip add` and a file, a folder or an "
        "address.",
        "one": "I have 1 article, {titles}.",
        "many": "I have {n} articles{examples}.",
        "examples": ", such as {titles}",
        "invite": "What would you like to know?",
        "and": " and ",
    },
    "id": {
        "greeting": "Halo, saya menjawab pertanyaan tentang artikel berita Anda sendiri, dengan "
        "kutipan persis dan sumber bertanggal. {stock} {invite}",
        "thanks": "Sama-sama! Silakan tanyakan hal lain tentang artikel Anda.",
        "goodbye": "Sampai jumpa! Artikel Anda tetap tersimpan.",
        "abilities": "Saya Kutip. Tanyakan apa saja tentang artikel Anda: saya menjawab dengan "
        "kutipan persis beserta sumber dan tanggalnya, dan mengatakannya bila artikel tidak "
        "menyebutkannya; saya juga bisa mendaftar atau meringkas artikel. {stock}",
        "none": "Belum ada artikel: tambahkan dengan `kutip add` diikuti berkas, folder, atau "
        "alamat web.",
        "one": "Saya punya 1 artikel, {titles}.",
        "many": "Saya punya {n} artikel{examples}.",
        "examples": ", misalnya {titles}",
        "invite": "Apa yang ingin Anda ketahui?",
        "and": " dan ",
    },
}


def small_talk(kind: Kind, *, language: str, articles: int, titles: Sequence[str]) -> str:
    """A reply of one to three sentences to what is no question, in "en" or "id".

    `articles` are how many are indexed, `titles` some of theirs; three are named at most.
    Another language gets English. KeyError for the kinds that are no small talk.
    """
    words = _REPLIES.get(language, _REPLIES["en"])
    reply = words[kind].format(
        stock=_stock(words, articles, titles), invite=words["invite"] if articles else ""
    )
    return reply.strip()


def _stock(words: dict[str, str], articles: int, titles: Sequence[str]) -> str:
    """The sentence that tells what is indexed."""
    if not articles:
        return words["none"]
    shown = [f"“{one_line(title)}”" for title in titles[:_NAMED]]
    named = words["and"].join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)
    if articles == 1 and shown:
        return words["one"].format(titles=named)
    examples = words["examples"].format(titles=named) if shown else ""
    if articles == 1:
        return words["one"].replace(", {titles}", "")
    return words["many"].format(n=articles, examples=examples)
