"""Ranks documents by the words they share with a query: cosine of tf-idf over character bigrams.

Korean glues particles and endings to words ("등산을", "등산이"), so whole words rarely repeat while
pairs of syllables do. Text is compared in Unicode form NFKC, case folded. No embedding model is
asked; the same input gives the same order everywhere.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from itertools import chain, pairwise
from typing import Generic, TypeVar

_WORD = re.compile(r"[^\W_]+")

Id = TypeVar("Id")


def ranked(query: str, texts: Mapping[Id, str]) -> list[tuple[Id, float]]:
    """Ids with their score from 0 to 1, best first; equal scores in the order of the ids."""
    return Corpus(texts).ranked(query)


class Corpus(Generic[Id]):
    """Documents whose bigrams are counted once for many queries."""

    def __init__(self, texts: Mapping[Id, str]) -> None:
        self._texts = texts
        frequencies = Counter(chain.from_iterable(grams(text) for text in texts.values()))
        self._weights = {
            gram: math.log((1 + len(texts)) / (1 + seen)) + 1 for gram, seen in frequencies.items()
        }
        self._unseen = math.log(1 + len(texts)) + 1
        self._lengths = {document: self._length(text) for document, text in texts.items()}

    def ranked(self, query: str) -> list[tuple[Id, float]]:
        wanted = self._wanted(query)
        scored = [
            (document, self._cosine(wanted, text, self._lengths[document]))
            for document, text in self._texts.items()
        ]
        return sorted(scored, key=lambda pair: (-pair[1], str(pair[0])))

    def nearness(self, query: str, text: str) -> float:
        """Of a text that is not among the documents, as if these were counted without it."""
        return self._cosine(self._wanted(query), text, self._length(text))

    def _wanted(self, query: str) -> dict[str, float]:
        return {
            gram: logarithm * self._weights[gram]
            for gram, logarithm in _logarithms(query).items()
            if gram in self._weights
        }

    def _length(self, text: str) -> float:
        weights, unseen = self._weights, self._unseen
        return math.hypot(
            *(
                logarithm * weights.get(gram, unseen)
                for gram, logarithm in _logarithms(text).items()
            )
        )

    def _cosine(self, wanted: Mapping[str, float], text: str, length: float) -> float:
        weights, told = self._weights, _logarithms(text)
        shared = sum(
            weight * (told[gram] * weights[gram]) for gram, weight in wanted.items() if gram in told
        )
        lengths = math.hypot(*wanted.values()) * length
        return min(1.0, shared / lengths) if lengths else 0.0


def similarity(one: str, other: str) -> float:
    """How much two texts share, 0 to 1, by the same bigrams without document frequencies."""
    left, right = _logarithms(one), _logarithms(other)
    shared = sum(weight * right[gram] for gram, weight in left.items() if gram in right)
    lengths = math.hypot(*left.values()) * math.hypot(*right.values())
    return min(1.0, shared / lengths) if lengths else 0.0


def words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


@lru_cache(maxsize=8192)
def grams(text: str) -> Counter[str]:
    """Bigrams inside words; a word of one character stands for itself. Not to be changed."""
    found: Counter[str] = Counter()
    for word in words(text):
        found.update([word] if len(word) == 1 else map("".join, pairwise(word)))
    return found


@lru_cache(maxsize=8192)
def _logarithms(text: str) -> dict[str, float]:
    """1 + ln of how often each bigram stands there. Not to be changed."""
    return {gram: 1 + math.log(times) for gram, times in grams(text).items()}
