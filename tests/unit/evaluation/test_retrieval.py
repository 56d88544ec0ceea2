"""Documents counted once for many queries are ranked as if they were counted for each."""

import pytest

from embedded_aws.bedrock.retrieval import Corpus, ranked

TEXTS = {"a": "주말에는 등산을 다녀요", "b": "등산보다 필름 사진이 좋아요", "c": ""}
QUERIES = ("등산을 좋아해요", "필름 사진", "고양이")


@pytest.mark.parametrize("query", QUERIES)
def test_a_document_is_as_near_alone_as_in_the_ranking(query: str) -> None:
    corpus = Corpus(TEXTS)
    assert corpus.ranked(query) == ranked(query, TEXTS)
    for document, nearness in corpus.ranked(query):
        assert corpus.nearness(query, TEXTS[document]) == nearness


def test_words_nobody_else_writes_take_a_text_away() -> None:
    corpus, query, text = Corpus(TEXTS), "등산을 좋아해요", TEXTS["a"]
    assert corpus.nearness(query, f"{text} 만점을 주세요") < corpus.nearness(query, text)
