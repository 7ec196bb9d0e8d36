"""Tell whether a sentence reports what was, or speaks of what is to come.

A bare weekday is put into the past only where its sentence says so: "Konser dimulai Sabtu" and
"Ministers meet on Friday" announce.
"""

from __future__ import annotations

import re

from rag.text.language import word_set

_REACH = 180  # characters looked at on either side
_FRAGMENT_WORDS = 3  # fewer words than this beside the day are no sentence

_SENTENCE = re.compile(r"[.!?…][\"'”’)\]]*\s|\n")
# Without a verb in the past an English weekday may be one to come: "Markets close on Friday."
_PAST = re.compile(
    r"\b(?:(?!need|feed|seed|proceed|succeed|exceed|speed|indeed|hundred)\w{2,}ed"
    r"|was|were|had|has|have|did|said|told|met|took|came|went|left|held|began|made|gave"
    r"|got|saw|won|lost|fell|rose|ran|sat|spoke|flew|drove|wrote|broke|brought|built|bought"
    r"|caught|chose|dealt|drew|fought|found|grew|heard|kept|knew|laid|led|lent|lit"
    r"|meant|paid|sank|sold|sent|shook|shot|slid|spent|stood|struck"
    r"|swept|swore|taught|thought|threw|tore|understood|voiced|woke|wore|withdrew|became|blew|sang"
    r"|read|cut|hit|hurt|let|put|quit|set|shut|split|spread"
    r"|swam|sought|stole|stuck|sued|slept|shrank|after|since|following|earlier)\b",
    re.IGNORECASE,
)
_REPORTED = re.compile(
    r"\b(?:(?:kata|ujar|tutur|ucap|jelas|ungkap|tegas|imbuh|papar|terang|sebut|lapor|tandas)(?:nya)?"
    r"|mengatakan|menyatakan|menyebut(?:kan)?|menegaskan|mengungkapkan|menjelaskan|mengumumkan"
    r"|menuturkan|mengaku|disampaikan|menyampaikan|dikutip|dilansir|melansir|melaporkan"
    r"|dilaporkan|said|says|told|announced|reported|according|stated|warned|confirmed"
    r"|telah|sudah|usai|setelah|lalu|tadi|sempat|berhasil)\b",
    re.IGNORECASE,
)
# What is told only once it has happened.
_HAPPENED = re.compile(
    r"\b(?:tiba|tewas|meninggal|wafat|gugur|terjadi|terbakar|tertangkap|ditangkap|menangkap"
    r"|ditahan|ditemukan|menemukan|menewaskan|membunuh|dibunuh|menyerang|diserang|menembak"
    r"|ditembak|meledak|runtuh|ambruk|tenggelam|kecelakaan|mengguncang|diguncang|melanda|dilanda"
    r"|menghantam|anjlok|merosot|melemah|menguat|melonjak|mengecam|membantah|menolak|mengakui"
    r"|terpilih|terungkap|tertembak|terluka|hancur|dipulangkan|merilis)\b",
    re.IGNORECASE,
)
_SCHEDULED = re.compile(
    r"\b(?:dimulai|mulai|digelar|menggelar|berlangsung|dilanjutkan|dijadwalkan|terjadwal"
    r"|jadwal(?:nya)?|lambat|batas|tenggat|deadline|diperkirakan|diprediksi|diminta|hadir"
    r"|laga|melawan|menghadapi|pertandingan|bertanding|kick-?off|hari h|diadakan|diselenggarakan"
    r"|dilaksanakan|dihelat|dibuka|ditutup|tayang|rilis|dirilis|dijual|rencana(?:nya)?|undangan"
    r"|diundang|wajib|paling|target|agenda|acara|cuaca|prakiraan|ditunda|diundur|segera|besok"
    r"|nanti|siap|bersiap|terakhir pendaftaran|meet|play|open|start|begin|resume|forecast"
    r"|due|vs|versus)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[,;:]")
_NAMED_IN_ENGLISH = word_set("monday tuesday wednesday thursday friday saturday sunday")


def sentence_around(text: str, start: int, end: int) -> tuple[str, str]:
    """The parts of its sentence before and after a stretch, each of 180 characters at most."""
    before = text[max(0, start - _REACH) : start]
    before = before[max((stop.end() for stop in _SENTENCE.finditer(before)), default=0) :]
    after = text[end : end + _REACH]
    if stop := _SENTENCE.search(after):
        after = after[: stop.start()]
    return before, after


def has_english_past(text: str, start: int, end: int) -> bool:
    """Whether the sentence around a stretch has an English verb in the past, or no verb at all."""
    before, after = sentence_around(text, start, end)
    if _PAST.search(before) or _PAST.search(after):
        return True
    return len(before.split()) + len(after.split()) < _FRAGMENT_WORDS


def is_reported(text: str, start: int, end: int) -> bool:
    """Whether the sentence of a bare weekday, `[start, end)`, says that the day is past."""
    before, after = sentence_around(text, start, end)
    said = max((match.end() for match in _REPORTED.finditer(before)), default=-1)
    planned = max((match.end() for match in _SCHEDULED.finditer(before)), default=-1)
    clause = _CLAUSE.split(after, maxsplit=1)[0]
    if planned > said or (said < 0 and _SCHEDULED.search(clause)):
        return False
    if any(word.lower() in _NAMED_IN_ENGLISH for word in text[start:end].split()):
        return has_english_past(text, start, end)
    if said >= 0 or _REPORTED.search(after) or _HAPPENED.search(before + " " + after):
        return True
    words = before.lower().split()
    led = words[-1:] == ["pada"] or words[-2:] == ["pada", "hari"]
    return led or len(words) + len(after.split()) < _FRAGMENT_WORDS
