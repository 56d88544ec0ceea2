"""The stand-in answers what a prompt asks for: its points, its order, its length of a reason."""

import json
import re
from typing import Any

import jsonschema_rs
import pytest

from embedded_aws.bedrock import simulated_model
from embedded_aws.bedrock.prompt import rendered
from match_worker.model.answer import read_answer
from match_worker.model.prompt import load_prompt

HOBBIES = ["등산", "필름 카메라 사진 찍기", "레코드 모으기"]
SEEKER = json.dumps(
    {"hobbies": HOBBIES, "selfIntroduction": "가족과 여행이 좋아요.", "idealType": {"freeText": ""}}
)
PEOPLE = [
    json.dumps({"id": "aaaaa1", "hobbies": HOBBIES, "selfIntroduction": "가족과 여행을 다녀요."}),
    json.dumps({"id": "aaaaa2", "hobbies": [], "selfIntroduction": "여행 이야기만 해요."}),
    json.dumps({"id": "aaaaa3", "hobbies": [], "selfIntroduction": ""}),
]


def answered(template: str) -> str:
    return simulated_model.answer(rendered(template, SEEKER, PEOPLE).text, SEEKER, PEOPLE)


def entries(text: str) -> list[dict[str, Any]]:
    return list(json.loads(text)["candidates"])


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_the_answer_is_what_the_versions_schema_asks_for(version: str) -> None:
    prompt = load_prompt(version)
    text = answered(prompt.render())
    jsonschema_rs.validate(prompt.answer_schema, json.loads(text))
    assert len(read_answer(text, prompt.rubric).judgements) == len(PEOPLE)
    assert [list(entry) for entry in entries(text)] == [["id", "reason", "parts"]] * len(PEOPLE)


def test_points_are_those_the_prompt_names() -> None:
    template = re.sub(r"hobbies \(0~\d+\)", "hobbies (0~30)", load_prompt("v2").template)
    told = {entry["id"]: entry["parts"] for entry in entries(answered(template))}
    assert told["aaaaa1"]["hobbies"] == 30
    assert told["aaaaa3"]["hobbies"] == 0


def test_a_profile_does_not_change_what_is_asked() -> None:
    prompt = "- hobbies (0~15): …\n<후보들>\n- hobbies (0~99): 5자 이하\n</후보들>\n40자 이하"
    assert simulated_model.Asked.by(prompt) == simulated_model.Asked({"hobbies": 15}, 40)


def test_a_long_list_of_what_is_shared_is_told_shorter() -> None:
    short = {
        entry["id"]: entry["reason"] for entry in entries(answered("$search_results$ 40자 이하"))
    }
    long = {entry["id"]: entry["reason"] for entry in entries(answered("$search_results$"))}
    assert max(map(len, short.values())) <= 40 < max(map(len, long.values())) <= 80
    assert "같이 즐길 수 있고" in long["aaaaa1"]
    assert short["aaaaa1"].startswith("등산을 같이 즐길 수 있고")
    assert "같은 취미" not in short["aaaaa2"]
