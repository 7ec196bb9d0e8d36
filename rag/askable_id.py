"""Questions made of Indonesian sentences, which are asked as they stand: no verb changes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.askable_sentence import LONGEST, Askable, Sentence, cut, last, past, speakers
from rag.text.language import word_set

_HARD = re.compile(
    r"[,;:()\"“”.](?=\s|$)|[(\"“]|\s(?:-{1,2}|[–—])\s"
    r"|\s(?:yang|karena|setelah|saat|ketika|sehingga|namun|tetapi|bahwa|agar|sebelum|usai|meski"
    r"|meskipun|sementara|sambil|lantaran|sebagai|seraya|jika|bila|hingga|seusai"
    r"|dan(?=\s[a-z0-9]))\s"
)
_SOFT = re.compile(r"\s(?=(?:untuk|dengan|dalam|selama|sepanjang|bersama|serta|guna|pada|di)\s)")
_VERB = (
    r"(?:(?:telah|sudah|akan|sempat|juga|kembali|turut|ikut|masih|baru|hanya)\s+)*"
    r"(?:(?:me|ber|di|ter)[a-z]{3,}|tiba|menang|kalah|tewas|datang|pergi|terbang)"
)
_DOES = re.compile(rf"\s+(?P<rest>{_VERB}\s+\S.*)")
_SPEAKS = re.compile(
    r"\s+(?P<verb>mengatakan|menyatakan|menegaskan|menuturkan|menambahkan|menjelaskan|mengungkapkan"
    r"|menyebut|menilai|berharap|berujar|mengaku|membantah)\b"
)
_SPOKEN = re.compile(
    r"[\"”,]\s+(?P<verb>kata|ujar|tutur|ungkap|imbuh|jelas|tegas|papar|ucap|tukas)"
    r"\s+(?:[a-z]+\s+){0,4}$"
)
_BEFORE_DAY = re.compile(r"(?:,|\s+(?P<word>sejak|mulai|hingga|sampai|pada|hari))*\s*$")
_ASKS = {
    "sejak": "Sejak kapan",
    "mulai": "Mulai kapan",
    "hingga": "Sampai kapan",
    "sampai": "Sampai kapan",
}
_OBJECT = re.compile(
    rf"(?P<who>\w.*?)\s+(?P<verb>{_VERB})\s+(?:sekitar\s+|sedikitnya\s+|lebih dari\s+)?$"
)
_SUBJECT = re.compile(rf"\s+(?P<what>(?:[a-z]+\s+){{1,3}}?)(?P<rest>{_VERB}\b.*)")
_ADVERBIAL = re.compile(
    r"(?:Dalam|Pada|Di|Selama|Menurut|Akibat|Dari|Sejak|Hingga|Sampai|Seperti|Sebelumnya"
    r"|Sementara)\b[^,]{0,60},\s+"
)
_SPEECH = re.compile(
    r"(?:\w+\s+)*(?:mengatakan|menyatakan|menegaskan|menyebut|menilai|mengaku|mengklaim|menuturkan)"
)
_KILLING = re.compile(
    r"\b(?P<verb>menewaskan|merenggut nyawa|melukai|menyandera)\s+(?:sekitar\s+|sedikitnya\s+)?$"
)
_DONE = {
    "menewaskan": "tewas",
    "merenggut nyawa": "tewas",
    "melukai": "terluka",
    "menyandera": "disandera",
}
_ROUGHLY = re.compile(r"(?:(?:Sebanyak|Sekitar|Sedikitnya|Setidaknya|Lebih dari|Ada)\s+)?")
_PEOPLE = re.compile(
    r"\s+(?P<what>orang|warga|penumpang|pekerja)(?P<place>\s+di\s+[A-Z]\w+(?:\s+[A-Z]\w+)*)"
)
_NOT_COUNTED = word_set(
    "di pada sejak hingga dari yang dan untuk dengan dalam sepanjang selama akibat karena ke oleh",
    "per atau sekaligus setelah saat sebelum kali persen lalu mendatang tahun bulan hari jam menit",
)


@dataclass(frozen=True)
class Indonesian:
    """What can be asked about an Indonesian sentence."""

    sentence: Sentence

    def questions(self) -> Iterator[Askable]:
        """Every question, those of one kind together."""
        yield from self.who()
        yield from self.when()
        yield from self.how_many()
        yield from self.said()

    def who(self) -> Iterator[Askable]:
        """The subject, a person, asked for."""
        text, begin = self.sentence.text, past(_ADVERBIAL, self.sentence.text)
        for at, end, name in self.sentence.names[:3]:
            if at < begin or name.kind != "person" or not self.sentence.opens(begin, at):
                continue
            found = _DOES.match(text, end)
            if not found or _SPEAKS.match(text, end):
                continue
            rest = cut(found["rest"].removeprefix("juga "), _HARD, _SOFT, most=LONGEST - 2)
            if len(rest.split()) < 3 or not self.sentence.named(
                end, found.start("rest") + len(rest)
            ):
                continue
            keys = (name.text.split()[-1], *last(rest))
            yield Askable(question=f"Siapa yang {rest}?", kind="who", keys=keys, sentence=text)

    def when(self) -> Iterator[Askable]:
        """The day on which what the sentence tells happened: it can be asked as it stands."""
        text, begin = self.sentence.text, past(_ADVERBIAL, self.sentence.text)
        for at, _, day in self.sentence.dates:
            lead = _BEFORE_DAY.search(text[:at])
            clause = text[begin : lead.start() if lead else at].strip(" ,")
            if at < begin or not re.search(rf"\s{_VERB}", clause) or _HARD.search(clause):
                continue
            asks = _ASKS.get((lead and lead["word"]) or "", "Kapan")
            question = f"{asks} {self.sentence.lowered(clause)}?"
            yield Askable(question=question, kind="when", keys=(day,), sentence=text)

    def how_many(self) -> Iterator[Askable]:
        """The number of what somebody does something to, or of those who do it."""
        text, begin = self.sentence.text, past(_ADVERBIAL, self.sentence.text)
        for at, end, number in self.sentence.counts:
            if at < begin:
                continue
            question = (
                self._victims(at, end)
                or self._object(begin, at, end)
                or self._subject(begin, at, end)
            )
            if question:
                yield Askable(question=question, kind="how many", keys=(number,), sentence=text)

    def _victims(self, at: int, end: int) -> str:
        """Of "menewaskan 12 orang di Demak" the question how many were killed there."""
        text = self.sentence.text
        people, killing = _PEOPLE.match(text, end), _KILLING.search(text[:at])
        if not people or not killing:
            return ""
        return f"Berapa {people['what']} yang {_DONE[killing['verb']]}{people['place']}?"

    def _object(self, begin: int, at: int, end: int) -> str:
        """The sentence as it stands, "berapa" in the place of the number."""
        text = self.sentence.text
        found, what = _OBJECT.fullmatch(text[begin:at]), _counted(text[end:])
        if not found or not what or _HARD.search(found[0]) or _SPEECH.fullmatch(found["verb"]):
            return ""
        verb = re.sub(r"^(?:juga|telah|sudah)\s+", "", found["verb"])
        return f"{found['who'][0].upper()}{found['who'][1:]} {verb} berapa {what}?"

    def _subject(self, begin: int, at: int, end: int) -> str:
        """Of "Sebanyak 46 pasien dirawat di tenda" the question how many were."""
        text = self.sentence.text
        found = _SUBJECT.match(text, end)
        if not found or not _ROUGHLY.fullmatch(text[begin:at]) or not _counted(text[end:]):
            return ""
        rest = cut(found["rest"], _HARD, _SOFT, most=LONGEST - 4)
        return f"Berapa {found['what'].strip()} yang {rest}?" if len(rest.split()) >= 2 else ""

    def said(self) -> Iterator[Askable]:
        """Whoever is quoted, and what they said."""
        for name, verb in speakers(self.sentence, _SPEAKS, _SPOKEN):
            keys = (name.split()[-1], verb)
            yield Askable(question=f"Apa kata {name}?", kind="said", keys=keys)


def _counted(after: str) -> str:
    """The noun that is counted, with its place if that follows at once: "desa di Demak"."""
    words: list[str] = []
    for word in re.findall(r"[\w-]+|[^\w\s]", after):
        plain = re.fullmatch(r"[a-z][a-z-]*", word) and word not in _NOT_COUNTED
        verb = re.fullmatch(r"(?:me[mn]|di|ter)[a-z]{4,}|akan|telah|sudah", word)
        if not plain or len(words) == 4 or (verb and (words or word[:3] != "ter")):
            break
        words.append(word)
    noun = " ".join(words)
    place = re.match(rf"\s+{re.escape(noun)}(\s+di\s+[A-Z][\w-]+(?:\s+[A-Z][\w-]+){{0,2}})", after)
    return noun + (place[1] if place else "")
