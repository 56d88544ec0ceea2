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
from itertools import pairwise
from typing import TypeVar

_WORD = re.compile(r"[^\W_]+")

Id = TypeVar("Id")


def ranked(query: str, texts: Mapping[Id, str]) -> list[tuple[Id, float]]:
    """Ids with their score from 0 to 1, best first; equal scores in the order of the ids."""
    vectors = {document: grams(text) for document, text in texts.items()}
    frequencies = Counter(gram for vector in vectors.values() for gram in vector)
    weights = {
        gram: math.log((1 + len(vectors)) / (1 + seen)) + 1 for gram, seen in frequencies.items()
    }
    wanted = _weighted(grams(query), weights)
    scored = [
        (document, _cosine(wanted, _weighted(vector, weights)))
        for document, vector in vectors.items()
    ]
    return sorted(scored, key=lambda pair: (-pair[1], str(pair[0])))


def similarity(one: str, other: str) -> float:
    """How much two texts share, 0 to 1, by the same bigrams without document frequencies."""
    left, right = grams(one), grams(other)
    plain = dict.fromkeys(left | right, 1.0)
    return _cosine(_weighted(left, plain), _weighted(right, plain))


def words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


@lru_cache(maxsize=8192)
def grams(text: str) -> Counter[str]:
    """Bigrams inside words; a word of one character stands for itself. Not to be changed."""
    found: Counter[str] = Counter()
    for word in words(text):
        found.update([word] if len(word) == 1 else map("".join, pairwise(word)))
    return found


def _weighted(vector: Counter[str], weights: Mapping[str, float]) -> dict[str, float]:
    return {
        gram: (1 + math.log(n)) * weights[gram] for gram, n in vector.items() if gram in weights
    }


def _cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    shared = sum(weight * other[gram] for gram, weight in one.items() if gram in other)
    lengths = math.hypot(*one.values()) * math.hypot(*other.values())
    return min(1.0, shared / lengths) if lengths else 0.0
