"""What a model's server or its training leaves in a reply, taken out as the reply streams in.

Terminal commands, HTML tags, code fences, a label such as "Answer:" at the beginning, and the
tokens of a chat template, at which a reply is over: what follows is the model talking to itself.
Knows nothing of sources: a small raised number stays one ("<sup>1</sup>" is "¹").
"""

from __future__ import annotations

import re

from rag.text.language import word_set

# What is held back at most until it is known; ordinary text is not held at all.
REACH = 40
_DISCARDED = 500  # characters of a command or of a tag's attributes that nothing ends

_SPECIAL = re.compile("[<\\[`\x1b\x90\x98\x9b\x9d-\x9f]")
_STRINGS = {"\x90": "P", "\x98": "X", "\x9d": "]", "\x9e": "^", "\x9f": "_"}  # as ESC and a letter

# ChatML, Llama, Gemma, Mistral, DeepSeek, Phi, gpt-oss.
_NAMES = word_set(
    "end_of_turn start_of_turn end_of_utterance endoftext bos eos pad s /s /bos /eos "
    "/start_of_turn /end_of_turn"
)
_INSTRUCTIONS = ("[inst]", "[/inst]", "[system_prompt]", "[/system_prompt]", "<<sys>>", "<</sys>>")
_TOKENS = (*(f"<{name}>" for name in sorted(_NAMES)), *_INSTRUCTIONS)
_PIPED = re.compile(r"<[|｜][^<>\s|｜]{1,32}[|｜]>")
_PIPED_BEGUN = re.compile(r"<(?:[|｜][^<>\s|｜]{0,32}[|｜]?)?")
# Before the first word a token only opens the reply, maybe with the name of who speaks.
_ROLES = ("assistant", "model", "final")
_ROLE = re.compile(rf"(?:{'|'.join(_ROLES)})\b[:\s]*", re.IGNORECASE)

_LINES = word_set("br p div li ul ol tr table blockquote pre h1 h2 h3 h4 h5 h6 hr")
_CELLS = word_set("td th")
_CITING = word_set("cite ref source citation sumber")
_INLINE = word_set("b i u em strong sup sub span small big mark font a code kbd del ins q")
_TAGS = _LINES | _CELLS | _CITING | _INLINE
_TAG = re.compile(r"<(/?)([a-z]{1,10}[1-6]?)\s*/?>", re.IGNORECASE)
_TAG_BEGUN = re.compile(
    r"</?(?P<name>[a-z]{0,10}[1-6]?)(?P<more>\s+[a-z-]*\s*|\s*/)?", re.IGNORECASE
)
_ATTRIBUTES = re.compile(r"</?([a-z]{1,10}[1-6]?)\s+[a-z-]+\s*=", re.IGNORECASE)
_LABELLED = re.compile(
    r"<(?P<tag>sup|cite|ref|source|citation|sumber)>\s*(?P<what>[^<>\n]{1,20}?)\s*</(?P=tag)>",
    re.IGNORECASE,
)
_LABELLED_BEGUN = re.compile(
    r"<(?:sup|cite|ref|source|citation|sumber)>[^<>\n]{0,20}(?:</?[a-z]{0,8})?", re.IGNORECASE
)
_MARK = re.compile(r"[0-9]{1,2}[a-z]{1,2}(?:[,;] ?[0-9]{1,2}[a-z]{1,2})*")
_NUMBERS = re.compile(r"[0-9]{1,2}(?:, ?[0-9]{1,2})*")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹", " ")

_FENCE = re.compile(r"`{3,}[ \t]*[a-zA-Z0-9+_-]{0,20}[ \t]*\n")
_FENCE_BEGUN = re.compile(r"`{1,2}|`{3,6}[ \t]{0,3}[a-zA-Z0-9+_-]{0,20}[ \t]{0,3}")

_LABELS = (
    "final answer|short answer|answer|assistant|response|ai|"
    "jawaban akhir|jawaban singkat|jawaban|jawab|asisten"
)


def _label() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A label at the beginning, with its emphasis or as a headline; and the start of one."""
    words = "|".join("".join(f"<[{c}]>" for c in word) for word in _LABELS.split("|"))
    grammar = (
        rf"<\#>{{0,4}}<[ ]>?<\*>{{0,3}}(?:{words})"
        r"(?:<\*>{0,3}<[ ]>{0,2}<:><\*>{0,3}|<\*>{0,3}(?=<\n>))<\s>{0,3}"
    )
    whole = re.sub(r"<([^<>]+)>", r"(?:\1)", grammar)
    begun = re.sub(r"<([^<>]+)>", r"(?:\1|\\Z)", grammar)
    return re.compile(whole, re.IGNORECASE), re.compile(begun, re.IGNORECASE)


_LABEL, _LABEL_BEGUN = _label()


class Debris:
    """A filter that is fed a stream piece by piece; the pieces' sizes change nothing.

    Takes time linear in the length of the stream and holds back at most `REACH` characters,
    none where nothing begins that may have to go.
    """

    def __init__(self) -> None:
        self.ended = False  # whether the reply is over, whatever else comes
        self._held = ""
        self._said = False  # whether a word was given out
        self._begins = True  # whether a label may stand here
        self._line = True  # whether only blanks stand before this on its line
        self._role = False  # a token has just gone; who speaks may stand behind it
        self._command: _Command | None = None

    def feed(self, text: str) -> str:
        """What of the stream may be given out now that `text` has come."""
        return self._read(self._held + text, final=False)

    def close(self) -> str:
        """The rest; half of a token or a tag at the end goes too."""
        return self._read(self._held, final=True)

    def _read(self, text: str, *, final: bool) -> str:
        given: list[str] = []
        at = 0
        while at < len(text) and not self.ended:
            if self._command is not None:
                at = self._command.swallow(text, at)
                if self._command.open:
                    break
                self._command = None
                continue
            if not self._said and self._begins:
                step = self._beginning(text, at, final=final)
                if step is None:
                    break
                if step:
                    at += step
                    continue
            if not self._said and text[at].isspace():
                # One by one, so that a label may follow.
                given.append(self._given(text[at]))
                at += 1
                continue
            special = _SPECIAL.search(text, at)
            end = special.start() if special else len(text)
            if end > at:
                given.append(self._given(text[at:end]))
                at = end
                continue
            step_found = self._step(text[at : at + REACH], final=final)
            if step_found is None:
                break
            length, instead = step_found
            given.append(self._given(instead))
            at += length
        self._held = "" if self.ended else text[at:]
        return "".join(given)

    def _given(self, text: str) -> str:
        if not text:
            return text
        if text.strip():
            self._said = True
        last = text.rpartition("\n")
        self._line = not last[2].strip() and (bool(last[1]) or self._line)
        return text

    def _beginning(self, text: str, at: int, *, final: bool) -> int | None:
        """How much of a label or of who speaks goes at `at`; None when more must come."""
        window = text[at : at + REACH]
        waits = not final and len(window) < REACH
        if self._role:
            role = _ROLE.match(window)
            if role and (final or role.end() < len(window)):
                self._role = False
                return role.end()
            short = window.lower()
            if waits and (role or any(name.startswith(short) for name in _ROLES)):
                return None
        label = _LABEL.match(window)
        if label is not None and not (waits and label.end() == len(window)):
            self._begins = False
            return label.end()
        if waits and (label is not None or _LABEL_BEGUN.fullmatch(window)):
            return None
        if not window[0].isspace():
            self._role = False
            self._begins = _SPECIAL.match(window) is not None
        return 0

    def _step(self, window: str, *, final: bool) -> tuple[int, str] | None:
        """How far the next thing reaches and what stands for it; None: wait for more."""
        waits = not final and len(window) < REACH
        first = window[0]
        if first == "`":
            return self._fence(window, final=final, waits=waits)
        if first not in "<[":
            return self._escape(window, final=final)
        token = self._token(window, final=final, waits=waits)
        if token is None or token[0]:
            return token
        if first == "[":
            return 1, "["
        return self._tag(window, final=final, waits=waits)

    def _token(self, window: str, *, final: bool, waits: bool) -> tuple[int, str] | None:
        """A token of a chat template; length 0 for none."""
        low = window.lower()
        length = next((len(token) for token in _TOKENS if low.startswith(token)), 0)
        if not length and (piped := _PIPED.match(window)):
            length = piped.end()
        if length:
            if self._said:
                self.ended = True
            self._role = self._begins = True
            return length, ""
        begun = _PIPED_BEGUN.fullmatch(window) is not None
        begun = begun or any(token.startswith(low) for token in _TOKENS)
        if begun and waits:
            return None
        if begun and final and window.startswith(("<|", "<｜", "<end_", "<start_", "</")):
            return len(window), ""
        return 0, ""

    def _tag(self, window: str, *, final: bool, waits: bool) -> tuple[int, str] | None:
        labelled = _LABELLED.match(window)
        if labelled is not None:
            return labelled.end(), _raised(labelled["tag"].lower(), labelled["what"])
        if waits and _LABELLED_BEGUN.fullmatch(window):
            return None
        tag = _TAG.match(window)
        if tag is not None and tag[2].lower() in _TAGS:
            name = tag[2].lower()
            return tag.end(), _instead(name)
        attributes = _ATTRIBUTES.match(window)
        if attributes is not None and attributes[1].lower() in _TAGS:
            self._command = _Command("<")
            return attributes.end(), _instead(attributes[1].lower())
        begun = _TAG_BEGUN.fullmatch(window)
        if begun is not None:
            name = begun["name"].lower()
            known = name in _TAGS if begun["more"] else any(tag.startswith(name) for tag in _TAGS)
            if known and waits:
                return None
            if known and final and window.startswith("</"):
                return len(window), ""
        return 1, "<"

    def _fence(self, window: str, *, final: bool, waits: bool) -> tuple[int, str] | None:
        if self._line:
            fence = _FENCE.match(window)
            if fence is not None:
                return fence.end(), ""
            if _FENCE_BEGUN.fullmatch(window):
                if waits:
                    return None
                if final and window.startswith("```"):
                    return len(window), ""
        return 1, "`"

    def _escape(self, window: str, *, final: bool) -> tuple[int, str] | None:
        """A command to a terminal, of which only the first sign or two are looked at here."""
        if window[0] == "\x9b":
            self._command = _Command("[")
            return 1, ""
        if window[0] in _STRINGS:
            self._command = _Command(_STRINGS[window[0]])
            return 1, ""
        if len(window) < 2:
            return (1, "") if final else None
        if window[1] in "[]PX^_":
            self._command = _Command(window[1])
            return 2, ""
        if "\x20" <= window[1] <= "\x2f":
            self._command = _Command(" ")
            return 2, ""
        return (2 if "0" <= window[1] <= "~" else 1), ""


class _Command:
    """The rest of a command to a terminal, or of a tag's attributes, which goes away.

    Ends where such a command ends, breaks off before what none can hold.
    """

    def __init__(self, kind: str) -> None:
        self.open = True
        self._kind = kind  # as the character after ESC; "<": a tag's attributes
        self._left = _DISCARDED
        self._escaped = False  # an ESC has come, which "\\" makes an end

    def swallow(self, text: str, at: int) -> int:
        """Where the text goes on."""
        while at < len(text) and self.open:
            char = text[at]
            self._left -= 1
            if self._kind in "[ ":
                if "\x40" <= char <= "\x7e" or (self._kind == " " and "0" <= char <= "~"):
                    self.open = False
                elif not "\x20" <= char <= "\x3f" or not self._left:
                    self.open = False
                    return at
            elif self._kind == "<":
                self.open = char not in ">\n" and self._left > 0
            elif self._escaped:
                self.open = False
                if char != "\\":
                    return at
            elif char == "\x1b":
                self._escaped = True
            elif char == "\n" or not self._left:
                self.open = False
                return at
            else:
                self.open = char not in "\x07\x9c"
            at += 1
        return at


def _instead(tag: str) -> str:
    """What stands for a tag that goes away."""
    return "\n" if tag in _LINES else " " if tag in _CELLS else ""


def _raised(tag: str, what: str) -> str:
    """A small raised text, or one between tags for sources, without its tags."""
    if _MARK.fullmatch(what) or (tag in _CITING and _NUMBERS.fullmatch(what)):
        return f"[{what}]"
    if tag == "sup" and _NUMBERS.fullmatch(what):
        return what.translate(_RAISED)
    return what
