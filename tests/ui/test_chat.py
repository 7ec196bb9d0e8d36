"""Asking from the page: what is shown while an answer is made, what is kept, what is taken back."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rag.engine import Engine
from rag.settings import Settings
from tests.fakes import FakeOllama, HashEmbedder, Script, lettered, quoting, says
from tests.newsroom import ARTICLES, KILLED_WHERE, LATE, WHO
from ui.chat import Chat, View
from ui.desk import Desk, ReadOnly

NOWHERE = "http://127.0.0.1:9"
Opened = tuple[Chat, Desk]


@pytest.fixture
def open_chat(tmp_path: Path) -> Iterator[Callable[..., Opened]]:
    """A chat over the newsroom, with this model server."""
    engines: list[Engine] = []

    def opened(server: str = NOWHERE, *, read_only: bool = False) -> Opened:
        for name, text in ARTICLES.items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        settings = Settings.load(
            environment={"KUTIP_OLLAMA_HOST": server}, data_dir=tmp_path / "data"
        )
        engine = Engine(settings, embedder=HashEmbedder())
        engines.append(engine)
        assert all(o.status != "failed" for o in engine.add([str(tmp_path / n) for n in ARTICLES]))
        desk = Desk(engine, read_only=read_only)
        return Chat(desk), desk

    yield opened
    for engine in engines:
        engine.close()


async def _all(chat: Chat, conversation: str, question: str, at: int | None = None) -> list[View]:
    return [v async for v in chat.ask("s", conversation, question, reader="en", at=at)]


def _last_live(views: list[View]) -> str:
    return [view.live for view in views if view.live][-1]


def _questions(desk: Desk, conversation: str) -> list[str]:
    return [kept.answer.question for kept in desk.kept.open(conversation).turns]


def test_an_answer_is_shown_in_steps_and_kept(open_chat: Callable[..., Opened]) -> None:
    """The page shows the question at once, then the answer, which is on disk by then."""
    chat, desk = open_chat()
    views = asyncio.run(_all(chat, "", WHO))
    assert (views[0].asking, views[-1].asking) == (True, False)
    assert 'data-state="searching"' in (views[0].live or "")
    assert "Odile Marsh" not in (views[0].live or "")
    assert 'data-state="done"' in _last_live(views)
    assert "Odile Marsh" in _last_live(views)
    conversation = views[0].conversation_id or ""
    assert _questions(desk, conversation) == [WHO]


def test_a_second_question_moves_the_first_to_the_history(
    open_chat: Callable[..., Opened],
) -> None:
    """Only the newest turn can be asked again or taken back."""
    chat, desk = open_chat()
    conversation = asyncio.run(_all(chat, "", WHO))[0].conversation_id or ""
    views = asyncio.run(_all(chat, conversation, KILLED_WHERE))
    history = views[0].history or ""
    assert 'id="turn-0"' in history
    assert 'data-do="undo"' not in history
    assert 'id="turn-1"' in _last_live(views)
    assert 'data-do="undo"' in _last_live(views)
    assert _questions(desk, conversation) == [WHO, KILLED_WHERE]


def test_asking_in_an_earlier_place_drops_what_followed(
    open_chat: Callable[..., Opened],
) -> None:
    """An edited question takes its place; the turns after it go."""
    chat, desk = open_chat()
    conversation = asyncio.run(_all(chat, "", WHO))[0].conversation_id or ""
    asyncio.run(_all(chat, conversation, KILLED_WHERE))
    asyncio.run(_all(chat, conversation, "How many tents did the mayor promise?", at=0))
    assert _questions(desk, conversation) == ["How many tents did the mayor promise?"]


def test_a_failed_new_try_leaves_the_former_answer(open_chat: Callable[..., Opened]) -> None:
    """A question that is refused as such takes nothing away."""
    chat, desk = open_chat()
    conversation = asyncio.run(_all(chat, "", WHO))[0].conversation_id or ""
    views = asyncio.run(_all(chat, conversation, "?!", at=0))
    assert 'data-state="failed"' in _last_live(views)
    assert "holds no word" in _last_live(views)
    assert views[-1].box == "?!"
    assert _questions(desk, conversation) == [WHO]


def test_undo_gives_the_question_back(open_chat: Callable[..., Opened]) -> None:
    """What is taken back stands in the box again and is kept no longer."""
    chat, desk = open_chat()
    conversation = asyncio.run(_all(chat, "", WHO))[0].conversation_id or ""
    asyncio.run(_all(chat, conversation, KILLED_WHERE))
    view = asyncio.run(chat.undo("s", conversation, 1, reader="en"))
    assert view.box == KILLED_WHERE
    assert "Odile Marsh" in (view.live or "")
    assert _questions(desk, conversation) == [WHO]
    view = asyncio.run(chat.undo("s", conversation, 0, reader="en"))
    assert (view.box, view.conversation_id) == (WHO, "")
    assert desk.kept.list() == []


def test_a_conversation_opens_as_it_was(open_chat: Callable[..., Opened]) -> None:
    """What is kept is shown again, by another process too; an unknown id is said."""
    chat, desk = open_chat()
    conversation = asyncio.run(_all(chat, "", WHO))[0].conversation_id or ""
    view = asyncio.run(Chat(desk).open("s", conversation, reader="en"))
    assert LATE in re.sub(r"<[^>]+>", "", view.live or "")
    gone = asyncio.run(chat.open("s", "20260101-000000-abcdef", reader="en"))
    assert "not there any more" in gone.warning
    assert gone.conversation_id == ""


def test_a_removed_article_is_said_at_its_quote(open_chat: Callable[..., Opened]) -> None:
    """A kept answer tells that an article it cites has gone."""
    chat, desk = open_chat()
    conversation = asyncio.run(_all(chat, "", WHO))[0].conversation_id or ""
    before = asyncio.run(chat.open("s", conversation, reader="en")).live or ""
    cited = desk.kept.open(conversation).turns[0].answer.citations[0].passage.article_id
    desk.engine.remove([cited])
    after = asyncio.run(chat.open("s", conversation, reader="en")).live or ""
    assert 'class="standing"' not in before
    assert 'class="standing"' in after


def test_stopping_before_the_first_word_keeps_nothing(
    open_chat: Callable[..., Opened],
) -> None:
    """The server notices, the question returns to the box, nothing is stored."""
    with FakeOllama(Script(first_after=30)) as server:
        chat, desk = open_chat(server.url)

        async def run() -> list[View]:
            views = []
            async for view in chat.ask("s", "", WHO, reader="en"):
                views.append(view)
                if view.live and 'data-state="writing"' in view.live:
                    chat.stop("s")
            return views

        views = asyncio.run(asyncio.wait_for(run(), 15))
        assert 'data-state="stopped"' in _last_live(views)
        assert (views[-1].box, views[-1].asking) == (WHO, False)
        assert desk.kept.list() == []


def _slow(body: dict[str, object]) -> Script:
    mark, sentence = lettered(body)[0]
    rest = " ".join(f"word{n}" for n in range(400))
    return Script(text=f"{sentence} [{mark}] And {rest}.", every=0.02)


def test_stopping_amid_words_keeps_them(open_chat: Callable[..., Opened]) -> None:
    """What was written by then stays, is kept, and is said to have been stopped."""
    with FakeOllama(_slow) as server:
        chat, desk = open_chat(server.url)

        async def run() -> list[View]:
            views = []
            async for view in chat.ask("s", "", KILLED_WHERE, reader="en"):
                views.append(view)
                if view.live and "word9" in view.live:
                    chat.stop("s")
            return views

        views = asyncio.run(asyncio.wait_for(run(), 30))
        kept = desk.kept.open(views[0].conversation_id or "").turns[0].answer
        assert "word9" in kept.text
        assert "word300" not in kept.text
        assert any("stopped" in notice for notice in kept.notices)
        assert kept.statements[0].verdict == "matches"


def test_a_closed_page_keeps_what_was_written(open_chat: Callable[..., Opened]) -> None:
    """A reader who leaves amid an answer finds what there was of it."""
    with FakeOllama(_slow) as server:
        chat, desk = open_chat(server.url)

        async def run() -> str:
            views = chat.ask("s", "", KILLED_WHERE, reader="en")
            conversation = ""
            async for view in views:
                conversation = view.conversation_id or conversation
                if view.live and "word9" in view.live:
                    break
            await views.aclose()
            return conversation

        conversation = asyncio.run(asyncio.wait_for(run(), 30))
        assert "word9" in desk.kept.open(conversation).turns[0].answer.text


def test_marks_have_their_sources_while_the_answer_streams(
    open_chat: Callable[..., Opened],
) -> None:
    """A card stands beside the answer as soon as its mark is there, not only at the end."""
    with FakeOllama(_slow) as server:
        chat, _ = open_chat(server.url)

        async def run() -> str:
            views = chat.ask("s", "", KILLED_WHERE, reader="en")
            async for view in views:
                if view.live and "word5" in view.live:
                    await views.aclose()
                    return view.live
            raise AssertionError("the words never came")

        live = asyncio.run(asyncio.wait_for(run(), 30))
        assert 'data-state="writing"' in live
        assert 'href="#src-0-1"' in live
        assert 'id="src-0-1"' in live


def test_one_page_asks_one_thing_at_a_time(open_chat: Callable[..., Opened]) -> None:
    """A second question from the same page is refused in words; another page is not held up."""
    with FakeOllama(Script(first_after=20)) as server:
        chat, _ = open_chat(server.url)

        async def run() -> tuple[list[View], list[View]]:
            first = chat.ask("s", "", WHO, reader="en")
            await anext(first)
            same = [v async for v in chat.ask("s", "", WHO, reader="en")]
            other = [v async for v in chat.ask("t", "", WHO, reader="en", answerer="extractive")]
            await first.aclose()
            return same, other

        same, other = asyncio.run(asyncio.wait_for(run(), 15))
        assert [bool(v.warning) for v in same] == [True]
        assert "Odile Marsh" in _last_live(other)


def test_a_page_that_shows_something_else_is_left_alone(
    open_chat: Callable[..., Opened],
) -> None:
    """After the reader opened another conversation, the stopped answer does not come up in it."""
    with FakeOllama(_slow) as server:
        chat, _ = open_chat(server.url)

        async def run() -> list[View]:
            views = []
            async for view in chat.ask("s", "", KILLED_WHERE, reader="en"):
                views.append(view)
                if view.live and "word9" in view.live:
                    chat.turn_away("s")
                    views.clear()
            return views

        assert asyncio.run(asyncio.wait_for(run(), 30)) == []


def test_an_opinion_is_kept_with_what_it_is_about(open_chat: Callable[..., Opened]) -> None:
    """A like and a note are a line each, with question and answer; read-only pages keep none."""
    chat, desk = open_chat()
    conversation = asyncio.run(_all(chat, "", WHO))[0].conversation_id or ""
    asyncio.run(chat.opine(conversation, 0, liked=False, note="Too long\x1b[31m", reader="en"))
    [line] = (desk.engine.settings.data_dir / "feedback.jsonl").read_text().splitlines()
    told = json.loads(line)
    assert (told["question"], told["liked"], told["note"]) == (WHO, False, "Too long")
    again = asyncio.run(chat.open("s", conversation, reader="en")).live or ""
    assert len(re.findall(r'data-liked="false"[^>]*aria-pressed="true"', again)) == 1
    missing = asyncio.run(chat.opine(conversation, 7, liked=True, note="", reader="en"))
    assert "not kept" in missing
    with pytest.raises(ReadOnly):
        asyncio.run(
            Chat(Desk(desk.engine, read_only=True)).opine(
                conversation, 0, liked=True, note="", reader="en"
            )
        )


def test_an_answer_that_cannot_be_kept_is_shown_all_the_same(
    open_chat: Callable[..., Opened],
) -> None:
    """A folder that takes no conversation costs the reload, not the answer."""
    chat, desk = open_chat()
    (desk.engine.settings.data_dir / "conversations").write_text("in the way")
    views = asyncio.run(_all(chat, "", WHO))
    assert "Odile Marsh" in _last_live(views)
    assert "could not be kept" in _last_live(views)


def test_a_model_that_forgets_its_marks_still_has_sources(
    open_chat: Callable[..., Opened],
) -> None:
    """The page shows what the engine found to back a sentence."""
    with FakeOllama(quoting) as server:
        chat, _ = open_chat(server.url)
        live = _last_live(asyncio.run(_all(chat, "", KILLED_WHERE)))
    assert "<mark" in live
    assert 'id="src-0-1"' in live


def test_hostile_words_of_a_model_stay_words(open_chat: Callable[..., Opened]) -> None:
    """What a model writes is escaped, while it streams and at the end."""
    bad = "Twelve people <img src=x onerror=alert(1)> were killed ![x](http://evil.example/x)."
    with FakeOllama(says(bad)) as server:
        chat, _ = open_chat(server.url)
        views = asyncio.run(_all(chat, "", KILLED_WHERE))
    assert all("<img" not in (view.live or "") for view in views)


def test_a_conversation_that_went_on_elsewhere_loses_nothing(
    open_chat: Callable[..., Opened],
) -> None:
    """Asking again, or taking back, from a page that does not show the newest turns drops none."""
    chat, desk = open_chat()
    conversation = asyncio.run(_all(chat, "", WHO))[0].conversation_id or ""

    async def elsewhere() -> None:
        async for _ in chat.ask("other", conversation, KILLED_WHERE, reader="en"):
            pass

    asyncio.run(elsewhere())
    views = asyncio.run(_all(chat, conversation, WHO, at=0))
    assert "another window" in views[-1].warning
    assert 'id="turn-1"' in (views[-1].live or "")
    assert _questions(desk, conversation) == [WHO, KILLED_WHERE]
    asyncio.run(elsewhere())
    view = asyncio.run(chat.undo("s", conversation, 1, reader="en"))
    assert "another window" in view.warning
    assert _questions(desk, conversation) == [WHO, KILLED_WHERE, KILLED_WHERE]


def test_only_the_whole_id_opens_a_conversation(open_chat: Callable[..., Opened]) -> None:
    """The beginning of an id, which anybody can guess, opens and takes back nothing."""
    chat, desk = open_chat()
    conversation = asyncio.run(_all(chat, "", WHO))[0].conversation_id or ""
    view = asyncio.run(chat.open("t", conversation[:8], reader="en"))
    assert (view.conversation_id, "not there" in view.warning) == ("", True)
    asyncio.run(chat.undo("t", conversation[:8], 0, reader="en"))
    assert _questions(desk, conversation) == [WHO]
