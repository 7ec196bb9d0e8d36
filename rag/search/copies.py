"""Copies among the stored articles and passages: found when stored, read as groups.

Every text long enough to tell has a row in `sketches`, kept under what its words are, whatever
article or passage holds it; texts that share a key in `bands` are compared, and those that are
alike stand in `alike`. All three follow from the texts that are there alone, not from the order
in which they came; which of them can be seen matters only where they are read. Each function is
one step inside one transaction of its caller.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, MutableMapping, Sequence, Set
from dataclasses import dataclass
from functools import cache

import numpy as np

from rag.search import alike
from rag.search.tables import unpack_text
from rag.text import minhash

NO_SKETCH = 0  # of a text too short; NULL is not sketched yet
# Texts that share a key with so many others are a form filled in every day, or carry a notice
# that all do; no story has so many prints. It bounds the work for one text, however many come.
CROWD = 100

_ONES = "(SELECT value FROM json_each(?))"


# -- writing -------------------------------------------------------------------------


def sketch(db: sqlite3.Connection, text: str, *, article: bool) -> int:
    """The number of the text's sketch, made and compared with all others if it is new.

    `article` tells whether the text is that of an article or of a passage; the row with this
    number must be stored next. `NO_SKETCH` for a text that is too short.
    """
    read, recipe = alike.read(text, article=article), alike.recipe(article=article)
    if read.words < alike.SHORTEST:
        return NO_SKETCH
    row = db.execute(
        "SELECT sketch FROM sketches WHERE article = ? AND digest = ?", (article, read.digest)
    ).fetchone()
    if row is not None:
        return int(row[0])
    least = minhash.minima(read.shingles, recipe)
    made = db.execute(
        "INSERT INTO sketches (article, digest, size, minima) VALUES (?, ?, ?, ?)",
        (article, read.digest, len(read.shingles), least.astype("<u4").tobytes()),
    )
    number = int(made.lastrowid or 0)
    shared: Counter[int] = Counter()
    bands = minhash.keys(least, recipe)
    for (band,) in db.execute(
        "SELECT value FROM json_each(?) WHERE EXISTS (SELECT 1 FROM bands WHERE band = value)",
        (json.dumps(bands),),
    ).fetchall():
        there = _members(db, band)
        if len(there) < CROWD:
            shared.update(there)
        elif len(there) == CROWD:
            _disperse(db, there)
    db.executemany("INSERT INTO bands VALUES (?, ?)", [(band, number) for band in bands])
    if shared:
        for other in _copies(db, number, shared, article=article, text=text):
            _join(db, number, other, shared[other])
    return number


def forget(db: sqlite3.Connection, sketches: Iterable[int]) -> None:
    """Drop those of the sketches that no article and no passage has any more."""
    rows = db.execute(
        f"SELECT sketch, article, minima FROM sketches WHERE sketch IN {_ONES} "
        "AND NOT EXISTS (SELECT 1 FROM articles a WHERE a.sketch = sketches.sketch) "
        "AND NOT EXISTS (SELECT 1 FROM passages p WHERE p.sketch = sketches.sketch)",
        (json.dumps(sorted(set(sketches))),),
    ).fetchall()
    gone = json.dumps([row[0] for row in rows])
    db.execute(
        "DELETE FROM alike WHERE (one, other) IN "
        f"(SELECT other, one FROM alike WHERE one IN {_ONES})",
        (gone,),
    )
    db.execute(f"DELETE FROM alike WHERE one IN {_ONES}", (gone,))
    before: dict[int, tuple[int, bool]] = {}  # by band: how many shared it, and of which kind
    for number, article, minima in rows:
        least = np.frombuffer(minima, dtype="<u4")
        for band in minhash.keys(least, alike.recipe(article=bool(article))):
            if band not in before:
                before[band] = len(_members(db, band)), bool(article)
            db.execute("DELETE FROM bands WHERE band = ? AND sketch = ?", (band, number))
    db.execute(f"DELETE FROM sketches WHERE sketch IN {_ONES}", (gone,))
    for band, (count, article) in before.items():
        if count > CROWD and len(there := _members(db, band)) <= CROWD:
            _gather(db, there, article=article)


def sketches_of(db: sqlite3.Connection, articles: Sequence[int]) -> list[int]:
    """The sketches of these articles (by key) and of their passages, to be forgotten after them."""
    those = json.dumps(list(articles))
    rows = db.execute(
        f"SELECT sketch FROM articles WHERE key IN {_ONES} AND sketch > {NO_SKETCH} UNION "
        f"SELECT sketch FROM passages WHERE article IN {_ONES} AND sketch > {NO_SKETCH}",
        (those, those),
    )
    return [row[0] for row in rows]


def catch_up(db: sqlite3.Connection) -> None:
    """Sketch what was stored before there were sketches."""
    for key, data in db.execute(
        "SELECT key, text FROM articles WHERE sketch IS NULL ORDER BY key"
    ).fetchall():
        number = sketch(db, unpack_text(data), article=True)
        db.execute("UPDATE articles SET sketch = ? WHERE key = ?", (number, key))
    for key, text in db.execute(
        "SELECT key, text FROM passages WHERE sketch IS NULL ORDER BY key"
    ).fetchall():
        number = sketch(db, text, article=False)
        db.execute("UPDATE passages SET sketch = ? WHERE key = ?", (number, key))


# -- reading -------------------------------------------------------------------------


def group(db: sqlite3.Connection, article_id: str) -> list[str]:
    """The ids of the articles that can be seen and are copies of this one, itself too, sorted.

    Copies of copies are of the group; an article without copies is one by itself.
    """
    rows = db.execute(
        "WITH RECURSIVE prints (sketch) AS (SELECT sketch FROM articles "
        f"WHERE visible = 1 AND article_id = ? AND sketch > {NO_SKETCH} UNION "
        "SELECT l.other FROM prints CROSS JOIN alike l ON l.one = prints.sketch WHERE EXISTS "
        "(SELECT 1 FROM articles a WHERE a.sketch = l.other AND a.visible = 1)) "
        "SELECT a.article_id FROM prints CROSS JOIN articles a ON a.sketch = prints.sketch "
        "WHERE a.visible = 1 ORDER BY a.article_id",
        (article_id,),
    ).fetchall()
    return [row[0] for row in rows] or [article_id]


@dataclass(frozen=True, slots=True)
class _Ranked:
    """A passage of a ranking."""

    passage_id: str
    sketch: int | None
    article_id: str
    story: int | None  # the sketch of its article


def fold(
    db: sqlite3.Connection,
    ranked: Sequence[str],
    *,
    places: int,
    stories: MutableMapping[str, Set[str]],
) -> list[list[str]]:
    """The passages of a ranking with its copies folded together: at most `places` lists.

    Each list begins with the passage to be shown; what follows in it, in order of rank, says
    the same or, in a shorter print, less. A list stands where its best ranked passage does.
    Passages that are not there are left out. `stories` keeps the groups of articles that were
    asked for, by article, for the next ranking: it is of use while nothing that is seen changes.
    """
    given = {
        row[0]: _Ranked(*row)
        for row in db.execute(
            "SELECT p.passage_id, p.sketch, a.article_id, a.sketch FROM json_each(?) given "
            "CROSS JOIN passages p ON p.passage_id = given.value "
            "CROSS JOIN articles a ON a.key = p.article WHERE a.visible = 1",
            (json.dumps(list(ranked)),),
        )
    }
    pairs = _pairs(db, (passage.sketch for passage in given.values()))
    linked = _linked(db, given.values())
    texts = _texts(db)
    place = {name: rank for rank, name in reversed(list(enumerate(ranked)))}
    folded: list[list[str]] = []
    for name in dict.fromkeys(name for name in ranked if name in given):
        passage = given[name]
        for copies in folded:
            shown = given[copies[0]]
            prints = False
            if passage.article_id in linked and shown.article_id in linked:
                if shown.article_id not in stories:
                    members = frozenset(group(db, shown.article_id))
                    stories.update(dict.fromkeys(members, members))
                prints = passage.article_id in stories[shown.article_id]
            if (shown.sketch, passage.sketch) in pairs or (
                prints and _retold(texts, passage, shown)
            ):
                copies.append(name)
                break
            if prints and all(_held(texts, given[other], passage, pairs) for other in copies):
                copies.insert(0, name)
                break
        else:
            if len(folded) < places:
                folded.append([name])
    return [[shown, *sorted(others, key=place.__getitem__)] for shown, *others in folded]


def _pairs(
    db: sqlite3.Connection, sketches: Iterable[int | None]
) -> set[tuple[int | None, int | None]]:
    """Which of these sketches are alike, each with itself too, both ways round."""
    wanted = {number for number in sketches if number}
    rows = db.execute(
        f"SELECT one, other FROM alike WHERE one IN {_ONES}", (json.dumps(sorted(wanted)),)
    )
    return {(number, number) for number in wanted} | {row for row in rows if row[1] in wanted}


def _linked(db: sqlite3.Connection, passages: Iterable[_Ranked]) -> set[str]:
    """Those of the articles of these passages that may have copies among them."""
    of = {passage.article_id: passage.story for passage in passages}
    prints = Counter(of.values())
    alike_to_some = {
        row[0]
        for row in db.execute(
            f"SELECT DISTINCT one FROM alike WHERE one IN {_ONES}", (json.dumps(list(prints)),)
        )
    }
    return {
        article_id
        for article_id, number in of.items()
        if number and (number in alike_to_some or prints[number] > 1)
    }


_Texts = Callable[[int, bool], alike.Read]


def _texts(db: sqlite3.Connection) -> _Texts:
    """What a text with a sketch says, that of an article or not, looked up once."""

    @cache
    def read(number: int, article: bool) -> alike.Read:
        return alike.read(_text(db, number, article=article), article=article)

    return read


def _held(
    texts: _Texts,
    passage: _Ranked,
    fuller: _Ranked,
    pairs: Set[tuple[int | None, int | None]],
) -> bool:
    """Whether `passage` may be a copy of `fuller`, which is ranked below it."""
    if passage.article_id == fuller.article_id or not (passage.sketch and fuller.sketch):
        return False
    return (fuller.sketch, passage.sketch) in pairs or alike.holds(
        texts(fuller.sketch, False), texts(passage.sketch, False)
    )


def _retold(texts: _Texts, passage: _Ranked, shown: _Ranked) -> bool:
    if passage.article_id == shown.article_id:
        return False
    if not (passage.sketch and shown.sketch and shown.story):
        return False
    return alike.retold(
        texts(passage.sketch, False), texts(shown.sketch, False), texts(shown.story, True)
    )


# -- keys, and what they prove -------------------------------------------------------


def _copies(
    db: sqlite3.Connection,
    number: int,
    others: Iterable[int],
    *,
    article: bool,
    text: str | None = None,
) -> list[int]:
    """Those of `others` whose texts are like that of `number`; `text`, where it has no row yet."""
    sketches = {
        row[0]: (row[1], np.frombuffer(row[2], dtype="<u4"))
        for row in db.execute(
            f"SELECT sketch, size, minima FROM sketches WHERE sketch IN {_ONES}",
            (json.dumps([number, *others]),),
        )
    }
    size, least = sketches.pop(number)
    mine = alike.read(_text(db, number, article=article) if text is None else text, article=article)
    return [
        other
        for other, (size2, least2) in sketches.items()
        if alike.likely(float((least == least2).mean()), size, size2, article=article)
        and alike.alike(
            mine, alike.read(_text(db, other, article=article), article=article), article=article
        )
    ]


def _text(db: sqlite3.Connection, number: int, *, article: bool) -> str:
    """A text with this sketch: one of those that have the same words."""
    table = "articles" if article else "passages"
    (text,) = db.execute(f"SELECT text FROM {table} WHERE sketch = ? LIMIT 1", (number,)).fetchone()
    return unpack_text(text) if article else str(text)


def _members(db: sqlite3.Connection, band: int) -> list[int]:
    """The sketches with this key; of a crowd, enough to see that it is one."""
    rows = db.execute("SELECT sketch FROM bands WHERE band = ? LIMIT ?", (band, CROWD + 1))
    return [row[0] for row in rows]


def _join(db: sqlite3.Connection, one: int, other: int, count: int) -> None:
    """Note that two texts are alike, and how many more keys told so."""
    db.executemany(
        "INSERT INTO alike VALUES (?, ?, ?) ON CONFLICT (one, other) "
        "DO UPDATE SET bands = bands + excluded.bands",
        [(one, other, count), (other, one, count)],
    )


def _disperse(db: sqlite3.Connection, members: Sequence[int]) -> None:
    """A key is shared by a crowd from now on: it proves nothing any more."""
    those = json.dumps(list(members))
    where = f"one IN {_ONES} AND other IN {_ONES}"
    db.execute(f"UPDATE alike SET bands = bands - 1 WHERE {where}", (those, those))
    db.execute(f"DELETE FROM alike WHERE bands = 0 AND {where}", (those, those))


def _gather(db: sqlite3.Connection, members: Sequence[int], *, article: bool) -> None:
    """A key is no crowd's any more: it proves again what it proved."""
    for place, one in enumerate(members):
        for other in _copies(db, one, members[place + 1 :], article=article):
            _join(db, one, other, 1)
