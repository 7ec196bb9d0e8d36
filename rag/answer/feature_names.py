"""What the numbers of a sentence and of a question stand for, in their order."""

from __future__ import annotations

from rag.answer.asking import KINDS
from rag.answer.sorts import SORTS

# What counts beside the most that a candidate has of it.
BESIDE_BEST = (
    "core",
    "core_rarely",
    "clause",
    "answer_clause",
    "words_direct",
    "names_direct",
    "heaviest",
    "adjacent",
)

ROW = (
    "cover",  # the share of the question, by weight, that it and its neighbours account for
    "direct",  # the share that stands in itself
    "direct_to_best",  # the same, 1 for the sentence that holds most
    "cover_to_best",
    "article",  # the share that its article accounts for
    "article_to_best",
    "fit",
    "reality",
    "merit",  # the hand-set product of the three
    "confidence",  # the hand-set measure of an answer, before calibration
    "place",  # how far into its article
    "opening",
    "length",
    "whole",
    "distance",  # from what is asked for to what is asked about
    "typed",  # how many things of the kind asked for it has
    "adjacent",  # pairs of words that stand together in both
    "defines",
    "defines_as_asked",
    "subject",  # it opens with something asked about
    "subject_defined",
    "cause",
    "heaviest",  # the weightiest unit that stands in it, as a share
    "before",  # what the sentence before it holds
    "after",
    "linked",
    "weakest",  # the least accounted for of names, numbers and dates
    "weakest_direct",
    "names",
    "names_direct",
    "words",
    "words_direct",
    "search",  # the search's score, 1 for the best hit
    "search_rank",
    "lexical",
    "dense",
    "closeness",
    "denial",  # it denies what the question does not, or the other way round
    "same_language",
    "clause",  # what one clause holds of the question
    "answer_clause",  # the same of a clause with something of the kind asked for
    "counted",  # a number of what the question counts
    "sides_kept",  # things of the question on the same side of its deed
    "sides_turned",
    "belongs_kept",  # things of the question that belong to whom it says
    "belongs_turned",
    "answers",  # it has words of the kind asked for, near what is asked about
    "answer_to_name",  # from those words to the nearest name of the question
    "names_tied",  # the least accounted for of the names, in it or in what speaks of the same
    "names_together",  # whether its article has any two names of the question in one sentence
    "deeds_together",  # the same of what is done and each name
    "focused",  # the share that stands in it of what its article's lead does not have
    "focused_to_best",
    "focused_near",  # the same in it or in what speaks of the same
    "rarely",  # the share that stands in it, by how few sentences of its article have each unit
    "rarely_to_best",
    "answers_alone",  # it has words of the kind asked for, and few of its article have
    "displaced",  # it tells of another place than the one asked about
    "of_another",  # it names others than the question, and not all whom the question does
    "sought",  # how well the noun of "which hotel" is accounted for
    "another_post",  # it has another minister than the question
    "timely",  # where the question asks of what is to come, it tells of that
    "contrary",  # it says the contrary of something asked about
    "deed_elsewhere",  # only other sentences of its article tell what is done
    "object_kept",  # what is done is done to the same thing
    "done_by_another",  # its article has another do all of it, or it done to another
    "another_count",  # the question's "tenth" is not told, or how many there still are
    "conflicts",  # in how many ways it tells of something else than the question
    "siblings",  # sentences of its article among the hits
    "definition",  # what the question asks for
    "naming",
    *(f"asks_{kind}" for kind in KINDS),
    "core",  # the share that stands in it of what the question chiefly asks about
    "core_rarely",  # the same by how few sentences of its article have each
    "core_weakest",  # the least held of that
    "core_to_answer",  # from that to the words that answer
    "things",  # the share of the words that stands in it, without what is done
    *(f"{name}_to_best" for name in BESIDE_BEST),
)

QUESTION = (
    *(f"top_{name}" for name in ROW),
    "first",  # the scores of the best three sentences
    "second",
    "third",
    "units",
    "weight",  # of the whole question, in nats
    "length_asked",
    "unmet_in_sentence",  # shares of the question
    "unmet_near",
    "unmet_in_article",
    "unmet_anywhere",
    "heaviest_unmet_in_sentence",  # in nats
    "heaviest_unmet_near",
    "heaviest_unmet_in_article",
    "heaviest_unmet_anywhere",
    "unmet_units_in_sentence",
    "unmet_units_in_article",
    *(
        f"{what}_{kind}"
        for kind in ("name", "number", "date", "word")
        for what in ("count", "unmet_near", "unmet_in_article", "unmet_in_hits")
    ),
    *(
        f"heaviest_{sort}_unmet_{where}"  # in nats
        for sort in SORTS
        for where in ("in_sentence", "near", "in_article", "anywhere")
    ),
    "negated",
    "extreme",
    "extreme_unmet",
    "future",
    "unmet_known",  # in nats, in no hit, though the glossary has the word in both languages
    "unmet_unknown",
    "unmet_in_language",  # in no hit, though the best sentence is in the question's language
    "dense_best",
    "closeness_best",
    "meeting",
    "fuller",  # how much more of the question another sentence holds
    "fuller_conflicts",  # and in how many ways that tells of something else
    # One thing missing among many that are there tells more than if much is put in other words.
    *(f"second_heaviest_unmet_{where}" for where in ("in_sentence", "near", "in_article")),
    "third_heaviest_unmet_in_sentence",  # in nats
    "verbatim",  # the share of the question that the sentence has in its own words
    "loosely",  # the share that it has in others, or in part
    "first_word",  # how well it has the first and the last word that the question asks about
    "last_word",
)
