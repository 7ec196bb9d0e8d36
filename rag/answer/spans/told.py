"""What a clause of a sentence tells: a reason, what something is, the members of a list.

Pure. Offsets are into the sentence's text. Goes by the words that open such a clause and by
commas; where it cannot tell, it finds nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.answer.spans.typed import Typed
from rag.text.cues import pattern

# "because": what follows is the reason.
_BECAUSE = pattern(
    "karena|dikarenakan|lantaran|sebab|gara-gara|akibat|akibat dari|akibat adanya|disebabkan oleh",
    "disebabkan|dipicu oleh|dipicu|dilatarbelakangi|dilatarbelakangi oleh|diakibatkan oleh|berkat",
    "diakibatkan|imbas|imbas dari|buntut|dengan alasan|dengan dalih|beralasan|penyebabnya adalah",
    "alasannya|penyebabnya|because of|because|due to|owing to|as a result of|on account of",
    "thanks to|caused by|triggered by|prompted by|sparked by|blamed on|blaming|citing",
    "the cause was|the reason was|the reason is|on the grounds that|in response to|over fears",
    "in protest at|in retaliation for|in revenge for|sebagai balasan atas|penyebab utamanya",
    "penyebab utamanya ialah|penyebab utamanya adalah|penyebabnya ialah|alasannya ialah",
    "alasannya adalah",
    "blamed|menyalahkan|attributed to|put down to|stemmed from|was down to|on suspicion of",
    "disulut|disulut oleh|berawal dari|bermula dari|for fear of|for lack of|so that|agar|supaya",
)
# She puts the rise down to a video.
_PUT_DOWN = re.compile(r"\bputs?\s+(?:\w+\s+){1,4}down\s+to(?=\s)", re.IGNORECASE)
# "Is due to begin" tells when, "according to" who: no reasons.
_NO_CAUSE = re.compile(
    r"\b(?:is|are|was|were|been|be)\s+(?:also\s+|now\s+)?due\s+to\s+(?:\w+ly\s+)?(?:begin|start|open|end|meet|arrive|be|take|hold"
    r"|leave|finish|expire|testify|retire|appear|run|sign|speak|visit|return|go|vote|face|play|stand|become|report|decide"
    r"|resume|last|give|make|come|travel|fly|land|deliver|receive|join|launch|close|reopen|attend|address|announce"
    r"|present|publish|release|complete|move|step|sit|hear|rule|host|perform|reach|have|pay|get|set)\b",
    re.IGNORECASE,
)
# "Sepakat untuk" tells what.
_TAKES_UNTUK = re.compile(
    r"\b(?:rencana|berencana|sepakat|menyepakati|setuju|izin|waktu|kesempatan|diminta|meminta|siap|mulai|bersedia"
    r"|memutuskan|kembali|berjanji|berhasil|diizinkan|memilih|menolak)\s+\Z",
    re.IGNORECASE,
)
# What comes before may be the reason of what follows: weaker. "Since 2019", "over three years" and
# "for 90 days" tell when and how long.
_WHEN_IT_WAS = (
    r"(?!\s+(?:[0-9]|(?:one|two|three|four|five|six|seven|eight|nine|ten|several|many|a\s+few|about|nearly|almost"
    r"|more|less|last|next|then|early|late|mid|this|that|at\s+least|around|some|half|dozens|hundreds|thousands)\b"
    r"|the\s+(?:past|last|next|first|second|start|beginning|end|weekend|years|course|phone|telephone|radio|same|coming"
    r"|late|early|mid|[0-9])"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:January|February|March|April|May|June|July|August|September|October"
    r"|November|December)\b))"
)
_AFTER = re.compile(
    r"(?<!\w)(?:setelah|usai|menyusul|seusai|pasca|after|following|when|ketika|saat"
    rf"|(?:since|over){_WHEN_IT_WAS}|for(?=\s+(?:\w+ly\s+)?(?:not\s+)?\w+ing\b|\s+(?:his|her|their|its)\b))(?!\w)",
    re.IGNORECASE,
)
# "Untuk sementara", "untuk pertama kali" tell how long and which time, "to her dealer" to whom.
_PURPOSE = re.compile(
    r"(?<!\w)(?:untuk(?!\s+(?:sementara|pertama|kedua|ketiga|kali|terakhir|setiap|tiap|para|semua"
    r"|seluruh|[0-9])\b)"
    r"|demi|guna|in order to|to(?!\s+(?:the|an?|his|her|their|its|our|my|your|this|that|these|those"
    r"|him|them|me|us|it|be|have|all|some|each|every|[0-9])\b)(?!\s+[0-9$€£]))(?!\w)",
    re.IGNORECASE,
)
# Words that are finished by "to": "agreed to leave", "according to", "from 540 to 655".
_TAKES_TO = re.compile(
    r"(?:\b(?:according|due|set|expected|scheduled|likely|unlikely|agree[ds]?|refuse[ds]?|decide[ds]?|plan(?:s|ned|ning)?"
    r"|want(?:s|ed)?|beg[au]n|begins?|continue[ds]?|able|unable|ought|ha[sd]|have|is|are|was|were|going|used|asked|told"
    r"|urged?|ordered|allowed|forced|tr(?:y|ies|ied|ying)|failed|promise[ds]?|vow(?:s|ed)?|need(?:s|ed)?|hope[ds]?|hoping"
    r"|intend(?:s|ed)?|prepar(?:e|ed|ing)|start(?:s|ed)?|seem(?:s|ed)?|appear(?:s|ed)?|threaten(?:s|ed)?|offer(?:s|ed)?|decline[ds]?"
    r"|manage[ds]?|wish(?:es|ed)?|chance|right|time|bid|supposed|meant|ready|free|known|thought|believed|said|close"
    r"|up|down|back|next|close[rd]?|related|linked|access|return(?:s|ed)?|travel(?:s|led)?|went|came|led|come|go|goes"
    r"|fell|rose|belong(?:s|ed)?|listen(?:ed|ing)?|how|what|where|when|whether)|[0-9.,]+)\s+\Z",
    re.IGNORECASE,
)
# "Not because he was ill": of what is not so, "could not come because he was ill" tells why.
_NOT_THIS = re.compile(
    r"\b(?:bukan|bukanlah|not)\s+(?:(?:only|simply|just|merely|entirely|semata(?:-mata)?|hanya)\s+)?\Z",
    re.IGNORECASE,
)
# "If": what follows is the condition; "when" may open one.
_IF = pattern(
    "jika|kalau|apabila|bila|bilamana|asal|asalkan|dengan syarat|kecuali|sepanjang|if|only if",
    "unless|provided|provided that|as long as|on condition that|on the condition that",
    "on condition|in return for|in exchange for|sebagai imbalan|dengan imbalan",
)
_WHEN = pattern("ketika|begitu|sampai|hingga|once|when|until")
# The reason stands before these.
_CAUSES = pattern(
    "menyebabkan|mengakibatkan|memicu|membuat|menimbulkan|menjadi penyebab|menjadi alasan",
    "adalah penyebab|jadi penyebab|sehingga|caused|causes|led to|triggered|prompted|sparked|forced",
    "resulted in|brought about|set off|was the reason|was the cause|making it",
)
# How a comma ends a clause: with who says so, or with another clause.
_SAYS = re.compile(
    r"\s*(?:[\"'”’]\s*)?(?:kata|ujar|jelas|ungkap|tutur|imbuh|tambah|sebut|papar|ucap|terang|menurut"
    r"|demikian|said|says|according to|he said|she said|they said|told|added|officials? said)\b",
    re.IGNORECASE,
)
_SAID_AT_END = re.compile(
    r",\s+(?:(?:[^\s,]+\s+){0,6})(?:said|says|told|kata|katanya|ujarnya|jelasnya)\b[^,]*\Z",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(r"[;!?]|[.](?=\s|[\"'”’]|\Z|\[)|,(?=\s)|\s[–—]\s|\)(?!\w)|\n")
_LISTED = re.compile(r",\s+(?:[^\s,;.]+\s+){0,3}[^\s,;.]+(?:,\s+|,?\s+(?:dan|and|serta|or|atau)\s)")
_OPENS = re.compile(r",\s+(?:dan|and|serta|or|atau)\s", re.IGNORECASE)
_SUBORDINATE = re.compile(
    r"\s+(?:sehingga|sementara|sedangkan|namun|tetapi|kemudian|while|but|although|whereas)\b",
    re.IGNORECASE,
)
_COPULA = re.compile(
    r"\b(?:adalah|ialah|merupakan|yaitu|yakni|didefinisikan sebagai|diartikan sebagai|berarti"
    r"|dikenal sebagai|mengacu pada|singkatan dari|kependekan dari|akronim dari"
    r"|is|was|are|were|means|refers to|stands for|is defined as|is known as|short for)\s+",
    re.IGNORECASE,
)
_ENGLISH_COPULA = re.compile(r"\b(?:is|was|are|were)\s+(?=(?:a|an|the|one)\b)", re.IGNORECASE)
_INDONESIAN_COPULA = re.compile(
    r"\b(?:adalah|ialah|merupakan|yaitu|yakni|didefinisikan sebagai|diartikan sebagai|berarti"
    r"|mengacu pada|singkatan dari|kependekan dari|means|refers to|stands for|is known as"
    r"|is called|disebut(?: juga)?|dikenal (?:sebagai|dengan)|short for)\s+",
    re.IGNORECASE,
)
_APPOSITION = re.compile(
    r",\s+((?:a|an|the|one of|seorang|sebuah|suatu|salah satu|mantan|former)\s[^,;()]+)",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\s*\(([^()]{3,})\)")
_EXAMPLES = re.compile(
    r"\b(?:antara lain|di antaranya(?: adalah)?|diantaranya|yaitu|yakni|meliputi|terdiri dari"
    r"|terdiri atas|seperti|mencakup|including|such as|namely|consists? of|comprises?|includes?"
    r"|included)\s*:?\s+"
    r"|:\s+",
    re.IGNORECASE,
)
_LIST_END = re.compile(r"[;!?]|[.](?=\s|\Z|\[)|\n")
_BY = re.compile(r"\b(?:oleh|by)\s+", re.IGNORECASE)
_AGENT_ENDS = re.compile(
    r"[,;.()]|\s(?:pada|di|ke|dari|yang|dan|karena|setelah|saat|ketika|untuk|dengan|sejak|akibat"
    r"|on|in|at|from|to|for|after|before|when|while|who|which|because|during|near|over)\s"
)
_THEN, _SO_THAT = 9.0, 12.0  # the doubt in "after" and in "to" as reasons
_GOES_ON = re.compile(r",?\s")
_LONGEST = 300  # characters of a clause that still points at something


def reasons(text: str) -> list[Typed]:
    """Where reasons are told, the surest first among equals: the words behind "because"."""
    return _opened(text, ((0.0, _BECAUSE), (0.0, _PUT_DOWN), (_THEN, _AFTER), (_SO_THAT, _PURPOSE)))


def reason_told(text: str) -> float:
    """How surely a text tells a reason at all, 0 to 1.

    >>> [reason_told(t) for t in ("He left because of rain.", "She won after a storm.")]
    [1.0, 0.6]
    >>> reason_told("It is due to begin in May."), reason_told("He agreed to pay 500 to the club.")
    (0.0, 0.0)
    """
    doubts = [each.doubt for each in (*reasons(text), *causers(text))]
    return max((1.0 if d < _THEN else 0.6 if d < _SO_THAT else 0.4 for d in doubts), default=0.0)


def conditions(text: str) -> list[Typed]:
    """Where conditions are told: the words behind "if", less surely behind "when"."""
    return _opened(text, ((0.0, _IF), (9.0, _WHEN)))


def _opened(text: str, cues: Sequence[tuple[float, re.Pattern[str]]]) -> list[Typed]:
    """The clauses that these cues open, with the doubt of each."""
    found: list[Typed] = []
    for doubt, cue in cues:
        for match in cue.finditer(text):
            if match.end() >= len(text) or not _GOES_ON.match(text, match.end()):
                continue
            if _NOT_THIS.search(text, 0, match.start()):
                continue
            if _finishes(text, match):
                continue
            start = match.end() + len(text[match.end() :]) - len(text[match.end() :].lstrip(", "))
            end = clause_end(text, start)
            if end - start > 2 and not any(f.start <= start < f.end for f in found):
                found.append(Typed(start, end, doubt, (match.start(), match.end())))
    return found


def _finishes(text: str, cue: re.Match[str]) -> bool:
    """Whether "to" or "untuk" belongs to the word before it, or "due to" to the verb behind."""
    if cue.group().casefold() == "untuk":
        return bool(_TAKES_UNTUK.search(text, max(0, cue.start() - 20), cue.start()))
    if cue.group().casefold() == "due to":
        aux = max(0, cue.start() - 12)
        return any(m.start() < cue.start() < m.end() for m in _NO_CAUSE.finditer(text, aux))
    return cue.group().casefold() == "to" and bool(
        _TAKES_TO.search(text, max(0, cue.start() - 20), cue.start())
    )


def causers(text: str) -> list[Typed]:
    """What stands before "caused" and the like in its clause."""
    found = []
    for match in _CAUSES.finditer(text):
        start = clause_start(text, match.start())
        end = len(text[: match.start()].rstrip(" ,"))
        if re.match(r"(?:was|were|been|be|is|are)\b", text[:end].rsplit(" ", 1)[-1]):
            continue
        if end - start > 2:
            found.append(Typed(start, end, 2.0, (match.start(), match.end())))
    return found


def clause_end(text: str, start: int) -> int:
    """Where the clause that begins at `start` ends: before a comma that no list goes on behind."""
    depth = 0
    for match in _CLAUSE_END.finditer(text, start):
        if match.group() == ")":
            depth = text.count("(", start, match.start()) - text.count(")", start, match.start())
            if depth > 0:
                continue
        elif text.count("(", start, match.start()) > text.count(")", start, match.start()):
            continue  # inside of brackets
        if match.group() == "," and (
            _OPENS.match(text, match.start())
            or (_LISTED.match(text, match.start()) and not _SAYS.match(text, match.end()))
        ):
            continue
        end = match.start()
        break
    else:
        end = len(text)
    other = _SUBORDINATE.search(text, start, end)
    if other and other.start() > start:
        end = other.start()
    said = _SAID_AT_END.search(text, start, end)
    if said:
        end = said.start()
    return min(len(text[:end].rstrip(" \"'”’,")), start + _LONGEST)


def clause_start(text: str, end: int) -> int:
    """Where the clause that ends at `end` begins."""
    starts = [m.end() for m in re.finditer(r"[,;:]\s+|\s[–—-]\s+|\bbahwa\s+|\bthat\s+", text[:end])]
    return max([s for s in starts if end - s > 4], default=0)


def predicates(text: str, subject_end: int) -> Iterator[Typed]:
    """What follows "is" or "adalah" behind a place of the text, nearest first."""
    matches = [
        *_INDONESIAN_COPULA.finditer(text, subject_end),
        *_ENGLISH_COPULA.finditer(text, subject_end),
    ]
    for match in sorted(matches, key=lambda m: m.start()):
        end = clause_end(text, match.end())
        if end > match.end():
            yield Typed(match.end(), end, 0.0, (match.start(), match.end()))


def named_as(text: str, subject_end: int) -> Iterator[Typed]:
    """What a comma or brackets behind a place of the text say that it is."""
    brackets = _BRACKETS.match(text, subject_end)
    comma = _APPOSITION.match(text, subject_end)
    if comma:
        yield Typed(comma.start(1), len(text[: comma.end(1)].rstrip(' ."”')))
    if brackets and brackets[1][:1].isalpha():
        yield Typed(brackets.start(1), brackets.end(1), 2.0)


_CALLED = re.compile(
    r"\b(?:bernama|dinamai|dinamakan|disebut(?: juga)?|dijuluki|berjudul|bertajuk|bersandi"
    r"|dikenal dengan(?: nama| sebutan)?|dikenal sebagai|nama|singkatan dari|kependekan dari"
    r"|named|called|titled"
    r"|entitled|dubbed|known as|nicknamed|short for|stands for|is an acronym for)\s+"
    r"(?:juga |as |the |dengan )?",
    re.IGNORECASE,
)
_CALLED_END = re.compile(
    r"[,;.()\[]|\s(?:adalah|yang|dan|di|pada|oleh|karena|untuk|dengan|dari|is|was|which|who|and|in|by"
    r"|for|after|because|on|has|had|ini|itu|dalam|ke)\s|\Z"
)
_QUOTED = re.compile(r"[\"“”']([^\"“”]{2,80})[\"“”']")


def called(text: str) -> list[Typed]:
    """The names behind "bernama" and "called": words with a capital, or words in quotes."""
    found = []
    for match in _CALLED.finditer(text):
        quoted = _QUOTED.match(text, match.end())
        if quoted:
            found.append(Typed(quoted.start(1), quoted.end(1)))
            continue
        end = _CALLED_END.search(text, match.end())
        stop = end.start() if end else len(text)
        if stop > match.end() and text[match.end()].isupper():
            found.append(Typed(match.end(), stop))
    return found


# Capitals in a row, small words of names between them.
_NAME_FOLLOWS = re.compile(
    r"\s+(?:bernama\s+|berjudul\s+|named\s+|called\s+)?[\"“]?\s?"
    r"((?:[A-Z][\w'’-]*)(?:\s(?:(?:of|the|de|van|al|dan|and)\s)?[A-Z0-9][\w'’-]*)*)"
)
_NAME_PRECEDES = re.compile(r"\b((?:[A-Z][\w'’-]*\s)+)\Z")


def expansions(text: str, acronym: str) -> list[Typed]:
    """What an acronym stands for: the words before its brackets, or in the brackets behind it."""
    found = []
    escaped = re.escape(acronym)
    for match in re.finditer(
        rf"\(\s*{escaped}\b[^()]*\)|\b(?:atau|or)\s+{escaped}\b", text, re.IGNORECASE
    ):
        start = _words_back(text, match.start(), acronym)
        if start is not None:
            found.append(Typed(start, len(text[: match.start()].rstrip())))
    for match in re.finditer(
        rf"\b{escaped}\s*\((?:[^():]{{1,30}}:\s*)?([^()]+)\)", text, re.IGNORECASE
    ):
        if " " in match[1]:
            found.append(Typed(match.start(1), match.end(1)))
    for match in re.finditer(
        rf"\b{escaped}\s+(?:adalah\s+|merupakan\s+|is\s+)?(?:singkatan dari|kependekan dari"
        r"|akronim dari|stands for|is short for|short for)\s+([^,.;()]+)",
        text,
        re.IGNORECASE,
    ):
        found.append(Typed(match.start(1), match.end(1)))
    return found


def _words_back(text: str, end: int, acronym: str) -> int | None:
    """Where the words before `end` begin that an acronym may be made of; None if none do."""
    words = list(re.finditer(r"[^\W\d_][\w'’-]*", text[:end]))[-len(acronym) - 3 :]
    letters = acronym.casefold()
    for at in range(len(words) - 2, -1, -1):
        initials = iter(word.group()[0].casefold() for word in words[at:])
        if words[at].group()[0].isupper() and all(letter in initials for letter in letters):
            return words[at].start()
    # Made of syllables or of other letters: the capitals in front of it.
    capitals = _NAME_PRECEDES.search(text[:end])
    return capitals.start(1) if capitals and " " in capitals[1].strip() else None


def headed(text: str, head: str) -> list[Typed]:
    """The names that a noun stands right before or ends: "topan Khanun", "the Lantern Prize"."""
    found = []
    for match in re.finditer(rf"(?<!\w){re.escape(head)}(?:nya)?(?!\w)", text, re.IGNORECASE):
        upper = match.group()[0].isupper()
        behind = _NAME_FOLLOWS.match(text, match.end())
        before = _NAME_PRECEDES.search(text[: match.start()]) if upper else None
        if behind:
            first = match.start() if upper and match.start() else behind.start(1)
            found.append(Typed(first, behind.end(1)))
        elif before:
            found.append(Typed(before.start(1), match.end()))
    return found


def examples(text: str) -> list[Typed]:
    """Where the members of something are listed: behind "antara lain", "such as", a colon."""
    found = []
    for match in _EXAMPLES.finditer(text):
        end = _LIST_END.search(text, match.end())
        stop = end.start() if end else len(text)
        inside = text[match.end() : stop]
        if re.search(r",|\s(?:dan|and|serta|or|atau)\s", inside):
            found.append(Typed(match.end(), len(text[:stop].rstrip())))
    return found


def agents(text: str) -> list[Typed]:
    """Who did it, where no name tells: the words behind "by" or "oleh"."""
    found = []
    for match in _BY.finditer(text):
        end = _AGENT_ENDS.search(text, match.end())
        stop = end.start() if end else len(text)
        phrase = text[match.end() : stop]
        if 0 < len(phrase.split()) <= 5 and phrase[:1].isalpha():
            found.append(Typed(match.end(), len(text[:stop].rstrip()), 6.0))
    return found
