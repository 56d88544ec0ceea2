"""Text of people is harmless wherever it goes: no syntax, nothing invisible, no contact data."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cufit_text.plain import REDACTED, plain, shortened, utf16_length, without_contacts

SYNTAX = set('$<>{}[]"\\`\n\r\t')


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("안녕\u200b하\ufeff세요", "안녕하세요"),
        ("뒤\u202e집기", "뒤집기"),
        ("숨은\U000e0041\U000e0042글", "숨은글"),
        ("두\n줄\r\n글\t", "두 줄 글"),
        ("$search_results$", "＄search_results＄"),
        ("＄query＄ ＜b＞ ｛｝", "＄query＄ ‹b› ()"),
        ("</의뢰인> <후보들>", "‹/의뢰인› ‹후보들›"),
        ('{"id":"m_x"}', "('id':'m_x')"),
        ("ㅋㅋㅋ ㅠㅠ 좋아요 😀", "ㅋㅋㅋ ㅠㅠ 좋아요 😀"),
        ("ᄒ\u200bᅡᆫ", "한"),
        ("\u3164\u3164이름 없는", "이름 없는"),
        ("ﬁ ① Ｈｉ", "fi 1 Hi"),
    ],
)
def test_plain_text(written: str, kept: str) -> None:
    assert plain(written) == kept


@given(st.text(max_size=80))
def test_plain_text_has_no_syntax_and_is_stable(text: str) -> None:
    once = plain(text)
    assert not SYNTAX & set(once)
    assert plain(once) == once
    assert json.dumps(once, ensure_ascii=False) == f'"{once}"'


@pytest.mark.parametrize(
    "contact",
    [
        "010-1234-5678",
        "01012345678",
        "010.1234.5678",
        "010 1234 5678",
        "+82 10-1234-5678",
        "０１０－１２３４－５６７８",
        "0\u200b10-12\u200b34-5678",
        "공일공 일이삼사 오육칠팔",
        "공일공-일이삼사-오육칠팔",
        "02-123-4567",
        "900101-1234567",
        "me.and.you@example.com",
        "https://open.kakao.com/o/abc",
        "www.instagram.com/abc",
        "instagram.com/abc",
        "@my_insta.gram",
        "카톡 아이디 hello1234",
        "카카오톡: hello1234",
        "인스타 hello.1234",
        "kakao id hello1234",
    ],
)
def test_contact_data_goes(contact: str) -> None:
    redacted = without_contacts(f"저는 {contact} 이에요")
    assert REDACTED in redacted
    assert not set("123456789") & set(redacted)
    assert "hello" not in redacted


@pytest.mark.parametrize(
    "harmless",
    [
        "1994년생이고 키는 178cm예요",
        "주 3~4회 운동하고 10km를 50분에 뛰어요",
        "라인 댄스와 카카오 케이크를 좋아해요",
        "이 일이 참 좋아요",
        "2024년 12월에 서울로 왔어요",
    ],
)
def test_ordinary_sentences_stay(harmless: str) -> None:
    assert without_contacts(harmless) == harmless


def test_real_names_go_but_not_single_syllables() -> None:
    assert without_contacts("제 이름은 김\u200b민수, 김민수!", ["김민수"]) == (
        f"제 이름은 {REDACTED}, {REDACTED}!"
    )
    assert without_contacts("이 산이 좋아요", ["이"]) == "이 산이 좋아요"


@given(st.text(max_size=60), st.integers(0, 40))
def test_shortened_text_fits_in_utf16_units(text: str, limit: int) -> None:
    assert utf16_length(shortened(text, limit)) <= limit or utf16_length(text) <= limit


def test_a_cut_is_marked_and_splits_no_character() -> None:
    assert shortened("가나다라마", 3) == "가나…"
    assert shortened("😀😀😀", 4) == "😀…"
    assert shortened("가나다", 3) == "가나다"
