"""A model's sentence is shown only while what is left of it is Korean and short."""

from cufit_contracts.results import MAX_REASON_CHARACTERS
from match_worker.scoring.reason import cleaned


def test_a_long_sentence_is_shortened() -> None:
    shown = cleaned("둘 다 산을 좋아해요 " * 10, [])
    assert shown is not None
    assert len(shown) <= MAX_REASON_CHARACTERS


def test_korean_that_would_be_cut_away_does_not_count() -> None:
    assert cleaned("They both like hiking. " * 5 + "최고예요", []) is None


def test_names_are_redacted() -> None:
    assert cleaned("김나나 님과 산을 좋아해요", ["김나나"]) == "○○ 님과 산을 좋아해요"
