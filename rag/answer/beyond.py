"""What quotes cannot do: compare, put in other words, judge, foretell; and what Kutip is not for.

Goes by how a question begins, and by little else: "Did she write a poem?" is for the articles.
"""

from __future__ import annotations

import re
from typing import Literal

# "difference": an article may tell it; only where none does, comparing is what is wanted.
Beyond = Literal["compare", "difference", "reword", "opinion", "forecast", "translate", "outside"]

_PLEASE = (
    r"(?:(?:please|kindly|kutip|tolong|mohon|coba),? |(?:can|could|would|will) you (?:please )?"
    r"|(?:bisa(?:kah)?|dapatkah) (?:kamu|anda) )*"
)
_YOU = r"(?:kamu|anda|kau|kutip)"
_A = r"(?:a|an|another|some|one|me|us|saya|aku|kami|sebuah|satu|seuntai)"
_MAKE = (
    r"(?:write|compose|create|make|draft|generate|sing|invent|tell|give"
    r"|(?:buat|tulis|karang|bikin|cipta|susun|beri|cerita|kasih)(?:kan|lah)?)"
)
_WORK = (
    r"(?:poems?|poetry|haiku|limericks?|songs?|lyrics|essays?|letters?|e-?mails?|tweets?"
    r"|captions?|slogans?|jokes?|riddles?|code|press releases?|blog posts?|novels?|fun facts?"
    r"|(?:short |fairy |bedtime |love )(?:story|stories|tales?)|puisi|pantun|syair|cerpen|dongeng"
    r"|lirik|esai|surat|pidato|lelucon|tebak-tebakan|kode|artikel baru|cerita pendek)"
)
_ON = r"(?: (?:about|on|for|to|in|with|tentang|soal|untuk|dengan|dari)\b|\Z)"
_SUM = r"-?\d[\d., ]*"
# One form a line.
_FORMS: dict[Beyond, str] = {
    "compare": r"""
(?:compare|contrast|bandingkan|perbandingkan)\b
how (?:do|does|did) .+ compare (?:to|with)\b
""",
    "difference": r"""
(?:what|which|explain|describe)(?: is| are|'s| was)? (?:the )?(?:main |key )?differences?\b
(?:what|which|explain|describe)(?: is| are|'s| was)? (?:the )?similarit(?:y|ies)\b
how (?:do|does|did|is|are|was|were) .+ (?:differ|different)\b
(?:apa|apakah|jelaskan|bagaimana)(?: saja)? (?:perbedaan|persamaan|perbandingan|beda)(?:nya)?\b
apa yang membedakan\b
""",
    "reword": r"""
(?:paraphrase|rephrase|reword|simplify|parafrase(?:kan)?|sederhanakan)\b
(?:explain|describe|tell me) .*\b(?:simple|plain|your own|layman's) (?:words|terms|english)\b
(?:explain|describe|tell me) .*\b(?:like i'?m (?:five|5)|to a child)\b
(?:jelaskan|ceritakan) .*\bbahasa (?:yang )?(?:sederhana|mudah)
(?:jelaskan|ceritakan) .*\b(?:kata-kata(?:mu)? sendiri|anak kecil)\b
""",
    "opinion": rf"""
(?:what|who|why|how|when|where|which) (?:\w+ ){{0,3}}?do you (?:think|believe|feel|reckon)\b
what(?:'s| is| are) your (?:\w+ )?(?:opinions?|views?|thoughts?|take|favou?rite)\b
(?:do|are|would) you (?:think|believe|agree|like|support|prefer|against|for|hate)\b
in your (?:\w+ )?(?:opinion|view)\b
give (?:me )?your (?:\w+ )?(?:opinion|view|thoughts)\b
menurut(?:mu\b| {_YOU}\b| pendapat(?:mu| {_YOU})\b)
(?:apa|bagaimana|gimana|beri(?:kan)?) (?:pendapat|opini|pandangan|tanggapan)(?:mu\b| {_YOU}\b)
apa(?:kah)? {_YOU} (?:setuju|percaya|yakin|mendukung|suka|pikir|rasa|kira)\b
apa yang {_YOU} (?:pikirkan|rasakan)\b
""",
    "forecast": r"""
(?:predict|forecast|foretell|guess|ramalkan|prediksikan|tebak)\b
(?:what(?:'s| is)|make|give)(?: me)? (?:your|a) (?:prediction|forecast|guess)\b
(?:apa|bagaimana|buat(?:kan)?) (?:prediksi|ramalan)(?:mu)\b
what (?:will|is going to) happen (?:next|in the future|after (?:this|that))\b
apa yang akan terjadi (?:selanjutnya|berikutnya|nanti|kelak|di masa depan)\b
""",
    "translate": r"""
(?:translate|terjemahkan|alihbahasakan|artikan)\b
how do you say .+ in [a-z]+\Z
apa bahasa (?:inggris|indonesia|arab|jepang)nya\b
""",
    "outside": rf"""
{_MAKE} (?:{_A} ){{0,3}}(?:[\w-]+ )?{_WORK}{_ON}
(?:what(?:'s| is) the|how(?:'s| is) the) weather(?: like)?(?: today| now| tomorrow)?(?: in .+)?\Z
(?:bagaimana|gimana|apa) cuaca (?:hari ini|sekarang|besok)
what time is it\b
what(?:'s| is) (?:the (?:time|date)|today'?s date)(?: now| today)?\Z
what day is (?:it|today)\b
(?:jam|pukul) berapa (?:sekarang|ini)\b
(?:hari|tanggal) (?:apa|berapa) (?:ini|sekarang)\b
(?:(?:what(?:'s| is)|calculate|how much is) )?{_SUM}(?:\s*[-+*/x×÷^]\s*{_SUM})+=?\Z
(?:(?:berapa(?:kah)?|hitung(?:lah)?) (?:hasil )?){_SUM}(?:\s*[-+*/x×÷^:]\s*{_SUM})+=?\Z
(?:do you love|will you marry|are you (?:single|happy|sad|alive))\b
""",
}
_PATTERNS = tuple(
    (kind, re.compile(f"{_PLEASE}(?:{'|'.join(lines.split(chr(10))[1:-1])})", re.IGNORECASE))
    for kind, lines in _FORMS.items()
)


def beyond(question: str) -> Beyond | None:
    """What a question wants that no quote can give, or None.

    >>> beyond("Compare Qatar and Egypt"), beyond("tolong buatkan puisi tentang Gaza")
    ('compare', 'outside')
    >>> beyond("Who wrote a poem about Gaza?") is None
    True
    """
    text = " ".join(question.replace("’", "'").split()).strip(" ?!.\"“”'")
    return next((kind for kind, pattern in _PATTERNS if pattern.match(text)), None)
