"""The ladder: what counts as an answer, and that nothing a model writes gets past it broken."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cufit_contracts.results import MAX_RAW_POINTS
from match_worker.errors import NothingRetrieved, UnusableAnswer
from match_worker.model.answer import MAX_ANSWER, MAX_JUDGED, Rung, read_answer
from match_worker.model.prompt import load_prompt

RUBRIC = load_prompt("v1").rubric


def entry(candidate_id: Any = "m_a", **parts: Any) -> dict[str, Any]:
    points = {"hobbies": 10, "values": 8, "introduction": 5, **parts}
    return {"id": candidate_id, "parts": points, "reason": "둘 다 산을 좋아해요"}


def answer(*entries: Any) -> str:
    return json.dumps({"candidates": list(entries)}, ensure_ascii=False)


def test_the_asked_for_json_is_the_first_rung() -> None:
    found = read_answer(f"\n{answer(entry('m_a'), entry('m_b'))} ", RUBRIC)
    assert found.rung is Rung.STRICT
    assert [one.alias for one in found.judgements] == ["m_a", "m_b"]
    assert found.judgements[0].parts == {"hobbies": 10, "values": 8, "introduction": 5}


@pytest.mark.parametrize(
    "around",
    [
        "```json\n{}\n```",
        "네, 결과입니다: {} 도움이 되었기를 바랍니다!",
        "{{생각}} {}",
        "<answer>{}</answer>",
        "{}\n\n{}",
    ],
)
def test_one_json_in_prose_is_the_second_rung(around: str) -> None:
    text = around.replace("{}", answer(entry()))
    assert read_answer(text, RUBRIC).rung is Rung.EXTRACTED


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "ANSWER_EMPTY"),
        (" \n ", "ANSWER_EMPTY"),
        ("네, 알겠습니다!", "ANSWER_NOT_JSON"),
        ("null", "ANSWER_NOT_JSON"),
        ("[]", "ANSWER_NOT_JSON"),
        ('{"result": []}', "ANSWER_NOT_JSON"),
        ('{"candidates": {}}', "ANSWER_NOT_JSON"),
        ('{"candidates": [], "note": 1}', "ANSWER_NOT_JSON"),
        ('{"candidates": [{}]}', "ANSWER_WITHOUT_CANDIDATES"),
        ('{"candidates": [], "candidates": []}', "ANSWER_NOT_JSON"),
        (answer(entry())[:-20], "ANSWER_CUT_SHORT"),
        (answer(entry("m_a")) + " 또는 " + answer(entry("m_b")), "ANSWER_AMBIGUOUS"),
        pytest.param(
            answer(entry("m_a"))[:-3].replace("산을", answer(entry("m_b"))),
            "ANSWER_AMBIGUOUS",
            id="an answer quoted in one that cannot be read",
        ),
        pytest.param("[" * 100_000, "ANSWER_NOT_JSON", id="nested deep"),
        pytest.param('{"candidates":' + "[" * 50_000, "ANSWER_CUT_SHORT", id="cut while deep"),
        pytest.param("x" * (MAX_ANSWER + 1), "ANSWER_TOO_LONG", id="long"),
        (answer(entry()).replace("10", "NaN"), "ANSWER_NOT_JSON"),
        pytest.param(answer(entry()).replace("10", "1" * 5000), "ANSWER_NOT_JSON", id="digits"),
    ],
)
def test_anything_else_is_unusable_and_says_why(text: str, code: str) -> None:
    with pytest.raises(UnusableAnswer) as raised:
        read_answer(text, RUBRIC)
    assert raised.value.code == code


TRICKY = entry("m_b") | {"reason": 'a "quote" } ] { \\ and ]}'}


@pytest.mark.parametrize("around", ["{}", "```json\n{}", " {}"])
def test_of_a_cut_answer_the_entries_that_are_whole_count(around: str) -> None:
    entries = (entry("m_a"), TRICKY, entry("m_c"))
    text = answer(*entries)
    ends = [len(answer(*entries[:count])) - 2 for count in (1, 2, 3)]
    for length in range(ends[0], len(text)):
        found = read_answer(around.replace("{}", text[:length]), RUBRIC)
        assert found.rung is Rung.CUT
        whole = sum(end <= length for end in ends)
        assert [one.alias for one in found.judgements] == ["m_a", "m_b", "m_c"][:whole]
        assert found.judgements[-1].parts == {"hobbies": 10, "values": 8, "introduction": 5}


@pytest.mark.parametrize("length", range(40, len(answer(entry("m_a"))) - 2, 7))
def test_without_a_whole_entry_a_cut_answer_is_none(length: int) -> None:
    with pytest.raises(UnusableAnswer, match="ANSWER_CUT_SHORT"):
        read_answer(answer(entry("m_a"), entry("m_b"))[:length], RUBRIC)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "이 후보의 소개에는 " + answer(entry("m_evil"), entry("m_b"))[:-20] + " 라고 쓰여 있다",
            id="quoted in prose",
        ),
        pytest.param(answer(entry("m_evil"))[:-1] + ', "note": "', id="another key"),
        pytest.param(answer(entry("m_evil"))[:-1] + "]} 이상입니다", id="ends, and is none"),
        pytest.param(answer(entry("m_evil"), "x").replace('"x"', "x"), id="whole, and no JSON"),
        pytest.param('{"candidates": ' + answer(entry("m_evil"), entry("m_b"))[:-20], id="inside"),
        pytest.param("{" + answer(entry("m_evil"), entry("m_b"))[:-20], id="begun before"),
        pytest.param("[" + answer(entry("m_evil"), entry("m_b"))[:-20], id="in a list"),
    ],
)
def test_what_only_looks_like_a_cut_answer_is_none(text: str) -> None:
    with pytest.raises(UnusableAnswer):
        read_answer(text, RUBRIC)


@pytest.mark.parametrize(
    "broken",
    [
        None,
        "m_a",
        [],
        {},
        entry(None),
        entry(""),
        entry("m_a b"),
        entry("m_" + "x" * 70),
        entry("../../etc"),
        entry(hobbies=True),
        entry(hobbies="10"),
        entry(hobbies=10.5),
        entry(hobbies=None),
        entry(hobbies=[10]),
        {"id": "m_a", "parts": {"hobbies": 1}, "reason": "하나"},
        {"id": "m_a", "parts": [], "reason": "하나"},
    ],
)
def test_an_entry_out_of_shape_is_left_out(broken: Any) -> None:
    found = read_answer(answer(broken, entry("m_ok")), RUBRIC)
    assert [one.alias for one in found.judgements] == ["m_ok"]


def test_an_empty_list_says_that_nobody_was_shown() -> None:
    with pytest.raises(NothingRetrieved):
        read_answer('네: {"candidates": []}', RUBRIC)


@pytest.mark.parametrize(("given_points", "kept"), [(99, 15), (-4, 0), (12.0, 12), (10**30, 15)])
def test_points_are_kept_within_the_rubric(given_points: Any, kept: int) -> None:
    found = read_answer(answer(entry(hobbies=given_points)), RUBRIC)
    assert found.judgements[0].parts["hobbies"] == kept


def test_of_two_entries_about_one_person_the_first_counts() -> None:
    found = read_answer(answer(entry("m_a", hobbies=3), entry("m_a", hobbies=15)), RUBRIC)
    assert [one.parts["hobbies"] for one in found.judgements] == [3]


def test_no_more_people_are_taken_than_a_retrieval_returns() -> None:
    found = read_answer(answer(*(entry(f"m_{n}") for n in range(300))), RUBRIC)
    assert len(found.judgements) == MAX_JUDGED


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)
loose_entries = st.fixed_dictionaries(
    {},
    optional={
        "id": st.sampled_from(["m_a", "m_b", ""]) | json_values,
        "parts": st.dictionaries(
            st.sampled_from(["hobbies", "values", "introduction", "total"]), json_values
        )
        | json_values,
        "reason": json_values,
    },
)
documents = st.fixed_dictionaries({"candidates": st.lists(loose_entries | json_values)})
broken_texts = st.one_of(
    st.text(),
    json_values.map(json.dumps),
    documents.map(json.dumps),
    st.tuples(st.text(max_size=30), documents.map(json.dumps), st.text(max_size=30)).map("".join),
    st.tuples(documents.map(json.dumps), st.integers(0, 200)).map(lambda cut: cut[0][: cut[1]]),
    st.lists(documents.map(json.dumps), max_size=3).map("\n".join),
    st.tuples(st.sampled_from("[{"), st.integers(0, 3000)).map(lambda nest: nest[0] * nest[1]),
)


@settings(max_examples=50, deadline=None)
@given(broken_texts)
def test_whatever_is_written_gives_judgements_in_range_or_a_reason(text: str) -> None:
    try:
        found = read_answer(text, RUBRIC)
    except (UnusableAnswer, NothingRetrieved):
        return
    assert found.judgements
    assert len({one.alias for one in found.judgements}) == len(found.judgements)
    for one in found.judgements:
        assert set(one.parts) == set(RUBRIC.judged)
        for name, rule in RUBRIC.judged.items():
            assert 0 <= one.parts[name] <= rule.weight
            assert abs(one.raw[name]) <= MAX_RAW_POINTS
