"""The typed API of the page: `/ask` and `/search`, over REST, gradio_client and MCP.

    curl -s http://127.0.0.1:7860/gradio_api/call/v2/ask \\
        -H "Content-Type: application/json" -d '{"question": "Who met Blinken in Doha?"}'
    curl -sN http://127.0.0.1:7860/gradio_api/call/ask/EVENT_ID  # of the answer to the first

    from gradio_client import Client
    Client("http://127.0.0.1:7860").predict("Who met Blinken in Doha?", api_name="/ask")

Both read and change nothing. What goes wrong comes back as an error event with its words.
"""

import json
import re
from contextlib import aclosing
from datetime import date
from typing import Any

from rag import jsonform
from rag.errors import BadSetting, KutipError
from rag.layout import sentence
from rag.schema import Done, Filters
from rag.text.dates import parse_date
from rag.text.language import detect
from ui.desk import Desk

_ASKS, _SEARCHES = 16, 8  # at once
_MOST_HITS = 100
_LONGEST = 200  # characters of a filter or an answerer


def publish(desk: Desk) -> None:
    """Offer `/ask` and `/search` on the page that is being laid out."""
    import gradio as gr
    from gradio.events import api

    # What is a fault of the caller's or of the machine's comes through in words; of any other
    # fault only its kind, as its text may tell of this machine.
    def told(error: Exception) -> gr.Error:
        if isinstance(error, KutipError):
            return gr.Error(sentence(error.message, error.hint), print_exception=False)
        return gr.Error(f"This is a fault in Kutip ({type(error).__name__}).")

    async def ask(
        question: str,
        answerer: str = "auto",
        since: str = "",
        until: str = "",
        publisher: str = "",
        language: str = "",
    ) -> dict[str, Any]:
        """Answer a question from the news articles in this library, with verbatim quotes.

        The answer is an object as `kutip ask --json` prints it: `text` with marks such as [1],
        `answered`, `citations` (`marker`, `quote`, `title`, `publisher`, `published`, `url`),
        `statements` with what checking each sentence found, and `hits`.

        Args:
            question: The question, in English or Indonesian.
            answerer: "auto" (as the settings say), "extractive" (quotes only) or "model:NAME".
            since: Only articles of this day or later, such as 2024-08-01. Empty: any.
            until: Only articles of this day or earlier, such as 2024-08-31. Empty: any.
            publisher: Only articles of this publisher. Empty: any.
            language: Only articles in this language, such as "id" or "en". Empty: any.

        Returns:
            The answer with its citations.
        """
        try:
            wanted = filters_of(since, until, publisher, language)
            return await _answer(desk, question, text_of(answerer, "answerer") or "auto", wanted)
        except Exception as error:
            raise told(error) from error

    def search(
        query: str,
        k: int = 10,
        since: str = "",
        until: str = "",
        publisher: str = "",
        language: str = "",
    ) -> list[dict[str, Any]]:
        """Find the passages of the news articles in this library that fit a query best.

        Each has its `text`, `score` and `article_id`, and the `title`, `publisher`, `published`
        and `url` of its article.

        Args:
            query: What to look for, in English or Indonesian.
            k: How many passages at most, from 1 to 100.
            since: Only articles of this day or later, such as 2024-08-01. Empty: any.
            until: Only articles of this day or earlier, such as 2024-08-31. Empty: any.
            publisher: Only articles of this publisher. Empty: any.
            language: Only articles in this language, such as "id" or "en". Empty: any.

        Returns:
            The passages, the best first.
        """
        try:
            return _passages(desk, query, k, filters_of(since, until, publisher, language))
        except Exception as error:
            raise told(error) from error

    api(ask, api_name="ask", concurrency_limit=_ASKS)
    api(search, api_name="search", concurrency_limit=_SEARCHES)


async def _answer(
    desk: Desk, question: object, answerer: str, filters: Filters | None
) -> dict[str, Any]:
    asked = text_of(question, "question", longest=None)
    stream = desk.engine.stream(
        asked, filters=filters, answerer=None if answerer == "auto" else answerer
    )
    async with aclosing(stream) as events:
        async for event in events:
            if isinstance(event, Done):
                answer: dict[str, Any] = _plain(jsonform.answer_object(event.answer))
                return answer
    raise AssertionError("a stream ends with Done")


def _passages(
    desk: Desk, query: object, k: object, filters: Filters | None
) -> list[dict[str, Any]]:
    wanted = text_of(query, "query", longest=None)
    hits = desk.engine.search(wanted, k=_count(k), filters=filters)
    found: list[dict[str, Any]] = _plain(jsonform.search_object(wanted, detect(wanted), hits))[
        "hits"
    ]
    return found


def filters_of(since: object, until: object, publisher: object, language: object) -> Filters | None:
    """The filters that a caller named, None for none. Raises `BadSetting` on what means nothing."""
    code = text_of(language, "language").lower()
    if code and not re.fullmatch("[a-z]{2}", code):
        raise BadSetting(
            f"language is {code!r}", hint="It must be a two-letter code such as id or en."
        )
    first, last = _day(since, "since"), _day(until, "until")
    if first and last and first > last:
        raise BadSetting(f"since {first} is later than until {last}", hint="Turn them round.")
    filters = Filters(
        since=first,
        until=last,
        publisher=text_of(publisher, "publisher") or None,
        language=code or None,
    )
    return filters if filters else None


def text_of(value: object, name: str, *, longest: int | None = _LONGEST) -> str:
    """`value`, which a caller may have sent in any shape, as a text without blanks around it.

    None is an empty one. Raises `BadSetting` for another type or more than `longest` characters.
    """
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadSetting(f"{name} is no text", hint="Send it as a JSON string.")
    text = value.strip()
    if longest is not None and len(text) > longest:
        raise BadSetting(f"{name} has {len(text):,} characters", hint=f"At most {longest:,}.")
    return text.encode("utf-8", "replace").decode()


def _count(value: object) -> int:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= _MOST_HITS:
        raise BadSetting("k is no such number", hint=f"It must be from 1 to {_MOST_HITS}.")
    return value


def _day(value: object, name: str) -> date | None:
    text = text_of(value, name)
    day = parse_date(text) if text else None
    if text and day is None:
        raise BadSetting(f"{name} is {text!r}", hint="It must be a date such as 2024-08-21.")
    return day


def _plain(value: object) -> Any:
    """As `--json` prints it, in the types that JSON has."""
    return json.loads(jsonform.dumps(value))
