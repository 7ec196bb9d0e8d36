"""Which questions a run asks, and about which articles: those named, or those Kutip comes with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from eval.datasets import NAME_ONE, DatasetError, Question, Squad, load, squad
from eval.reading import TOLD, named, readable, shown
from rag.errors import BadSetting
from rag.examples import examples
from rag.settings import Settings

_HERE = Path(__file__).resolve().parent
QUESTIONS = _HERE / "questions"  # in the wheel as in the clone
ARTICLES = _HERE / "articles"
USUAL = ("news.jsonl", "seeds.jsonl")
LONGEST = Settings().max_question_chars  # what Kutip takes for a question, as it comes
_OF_SEEDS = re.compile(r"seeds(?:_\w+)?\.jsonl")  # others: about ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Files of questions, and what they are about."""

    datasets: tuple[Path, ...] = ()
    articles: tuple[Path, ...] = ()
    squad: Squad | None = None
    files: tuple[Path, ...] = ()  # all files of questions, that of `squad` too
    longest: int = LONGEST  # characters of a question, at most

    @property
    def paragraphs(self) -> Mapping[str, str]:
        """Texts that are taken as they are, by name."""
        return {} if self.squad is None else self.squad.paragraphs

    def questions(self, texts: Mapping[str, str]) -> list[Question]:
        """Every question, checked against `texts`; of several files, tagged with its own.

        Raises `DatasetError`, also for an id that two files share and for a question that is
        too long to be asked.
        """
        if self.squad is not None:
            return list(self.squad.questions)
        asked: dict[str, tuple[Path, Question]] = {}
        for path in self.datasets:
            for question in load(path, texts, longest=self.longest):
                if question.question_id in asked:
                    raise DatasetError(
                        f"the id {shown(question.question_id)} is in {path} and in "
                        f"{asked[question.question_id][0]}",
                        hint="Give each question an id of its own, or run the files one by one.",
                    )
                more = (f"set:{path.stem}",) if len(self.datasets) > 1 else ()
                asked[question.question_id] = (
                    path,
                    replace(question, tags=(*question.tags, *more)),
                )
        return [question for _, question in asked.values()]


def sources(
    *,
    datasets: Sequence[Path] = (),
    articles: Sequence[Path] = (),
    squad_file: Path | None = None,
    forms: Path | None = None,
    longest: int = LONGEST,
) -> Sources:
    """What to ask and what about; raises `BadSetting` where that cannot be told.

    `forms` are other forms of the questions of `squad_file`; `longest` is the most characters
    that a question may have, as the engine's settings say.
    """
    if forms is not None and squad_file is None:
        raise BadSetting(
            "--forms is given, and no questions that it has other forms of",
            hint="Such as: kutip eval --squad dev.json --forms dev.en.jsonl",
        )
    if squad_file is not None:
        if datasets or articles:
            raise BadSetting(
                "--squad brings its own questions and articles",
                hint="Leave the dataset and --articles out, or --squad.",
            )
        files = (squad_file,) if forms is None else (squad_file, forms)
        read = squad(squad_file, forms=forms, longest=longest)
        return Sources(squad=read, files=files, longest=longest)
    if articles and not datasets:
        raise BadSetting(
            "--articles is given, and no dataset that asks about them",
            hint="Such as: kutip eval questions.jsonl --articles news/",
        )
    asked = tuple(datasets) or tuple(QUESTIONS / name for name in USUAL)
    for path in asked:
        readable(path, hint=NAME_ONE)
    about = tuple(articles) or tuple(dict.fromkeys(_usual_articles(path) for path in asked))
    return Sources(datasets=asked, articles=about, files=asked, longest=longest)


def chosen(
    questions: Iterable[Question],
    *,
    tag: str | None = None,
    language: str | None = None,
    limit: int | None = None,
) -> list[Question]:
    """The first `limit` of those with this tag and in this language; never none.

    Raises `DatasetError` when nothing is left.
    """
    every = list(questions)
    left = [
        q
        for q in every
        if (tag is None or tag in q.tags) and (language is None or q.language == language)
    ][:limit]
    if left:
        return left
    if not every:
        raise DatasetError(
            "there is no question of the kind that is wanted, so there is nothing to ask",
            hint="Name a file that holds some.",
        )
    wanted = [f"the tag {shown(tag)}"] if tag is not None else []
    wanted += [f"the language {shown(language)}"] if language is not None else []
    if not wanted:  # and so the limit leaves none
        raise DatasetError(
            f"none of {len(every)} questions is to be asked", hint="Ask for one at least."
        )
    known = sorted({each for q in every for each in q.tags if not each.startswith("pair:")})
    more = f" and {len(known) - TOLD} more" if len(known) > TOLD else ""
    raise DatasetError(
        f"none of {len(every)} questions has {' and '.join(wanted)}, so there is nothing to ask",
        hint=f"Tags are: {', '.join(map(named, known[:TOLD]))}{more}."
        if tag is not None and known
        else "Ask for others.",
    )


def _usual_articles(dataset: Path) -> Path:
    """What a file of questions that Kutip comes with asks about."""
    if dataset.resolve().parent != QUESTIONS:
        raise BadSetting(
            f"the articles that {dataset} asks about are not named",
            hint="Name them: --articles FOLDER.",
        )
    if not _OF_SEEDS.fullmatch(dataset.name):
        return ARTICLES
    folder = examples()
    if folder is None:
        raise BadSetting(
            "the example articles are not installed", hint="Install Kutip from its wheel."
        )
    return folder
