"""Korean particles after a word, and the words of a text that carry meaning."""

from embedded_aws.bedrock.retrieval import words

_FIRST, _LAST = 0xAC00, 0xD7A3  # 가 … 힣, in blocks of 28 per final consonant
_FINALS = 28

_ENDINGS = """
    으로는 에서는 이라는 하는데 하면서 합니다 습니다 입니다 에서 에게 으로 이랑 하고 하며 하는
    해요 해서 이고 이며 까지 부터 처럼 보다 을 를 이 가 은 는 에 와 과 도 의 로 랑 만
""".split()  # noqa: SIM905  a word list reads better than its literal

_COMMON = frozenset(
    """
    저는 제가 나는 우리 사람 사람을 사람이 좋아 좋아하 좋아합니다 좋아해요 있는 없는 같이 함께
    함께하 정말 아주 매우 그리고 하지만 때 것 분 분을 분이 조금 많이 자주 가끔 서로 편이 편입니다
    싶어 싶습니다 원해 원합니다 만나 만나고 즐겨 즐기 즐깁니다 주말 주말에 요즘 취미 이상형 성격
    생각 마음 시간 합니다
    """.split()  # noqa: SIM905
)


def with_particle(word: str, after_consonant: str, after_vowel: str) -> str:
    """`word` with the particle its last syllable asks for: 등산 → 등산을, 영화 → 영화를."""
    last = ord(word.rstrip("’")[-1])
    has_final = _FIRST <= last <= _LAST and (last - _FIRST) % _FINALS != 0
    return word + (after_consonant if has_final else after_vowel)


def listed(items: list[str]) -> str:
    """등산, 영화와 독서 — the last two joined by 과/와."""
    if len(items) < 2:
        return "".join(items)
    return ", ".join([*items[:-2], f"{with_particle(items[-2], '과', '와')} {items[-1]}"])


def topics(text: str) -> list[str]:
    """Words of two syllables or more without their particle, in order of appearance."""
    found: dict[str, None] = {}
    for word in words(text):
        stem = _stem(word)
        if len(stem) >= 2 and stem not in _COMMON and word not in _COMMON and not stem.isdigit():
            found[stem] = None
    return list(found)


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 2:
            return word.removesuffix(ending)
    return word
