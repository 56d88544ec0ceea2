"""A second question of Converse, and a tool that a model fails at."""

import json
from typing import Any

import pytest

from match_worker.errors import ModelUnreachable
from tests.integration.lambdas.converse_world import (
    CORRECTION,
    GOOD,
    World,
    document,
    tool,
)


@pytest.fixture
def world(pauses: list[float]) -> World:
    assert pauses == []
    return World()


def test_a_correction_of_a_call_is_the_tools_result(world: World) -> None:
    world.finds(document("m_a"))
    world.answers(tool({"candidates": []}))
    world.answers(tool(GOOD))
    again = world.corrects(world.model.ask(world.question, None))
    assert json.loads(again.text) == GOOD
    first, second = world.sent
    assert second["messages"] == [
        *first["messages"],
        {"role": "assistant", "content": [tool({"candidates": []})]},
        {
            "role": "user",
            "content": [
                {
                    "toolResult": {
                        "toolUseId": "t",
                        "content": [{"text": CORRECTION}],
                        "status": "error",
                    }
                }
            ],
        },
    ]
    assert second["toolConfig"] == first["toolConfig"]
    assert second["system"] == first["system"]
    world.retrieval.assert_no_pending_responses()


def test_a_correction_of_text_is_text(world: World) -> None:
    world.finds(document("m_a"))
    world.answers({"text": "네, 알겠습니다!"}, stop_reason="end_turn")
    world.answers(tool(GOOD))
    world.corrects(world.model.ask(world.question, None))
    assert world.sent[1]["messages"][1:] == [
        {"role": "assistant", "content": [{"text": "네, 알겠습니다!"}]},
        {"role": "user", "content": [{"text": CORRECTION}]},
    ]


@pytest.mark.parametrize(
    ("blocks", "reason"),
    [
        ((tool("half"),), "malformed_tool_use"),
        ((), "end_turn"),
        (({"text": ""},), "end_turn"),
        (({"text": " \n"}, {"text": ""}), "end_turn"),
        ((tool("half"),), "max_tokens"),
    ],
)
def test_what_cannot_be_sent_back_is_asked_anew_with_the_correction(
    world: World, blocks: tuple[dict[str, Any], ...], reason: str
) -> None:
    world.finds(document("m_a"))
    world.answers(*blocks, stop_reason=reason)
    world.answers(tool(GOOD))
    world.corrects(world.model.ask(world.question, None))
    [message] = world.sent[1]["messages"]
    assert message["role"] == "user"
    assert message["content"][0]["text"].endswith(f"\n\n{CORRECTION}")


def test_a_blank_text_beside_the_call_is_not_sent_back(world: World) -> None:
    """Bedrock writes such texts and refuses them."""
    world.finds(document("m_a"))
    world.answers({"text": "\n"}, tool({"candidates": []}))
    world.answers(tool(GOOD))
    world.corrects(world.model.ask(world.question, None))
    assert world.sent[1]["messages"][1]["content"] == [tool({"candidates": []})]


def test_a_tool_that_fails_is_tried_again_and_then_left_out(
    world: World, pauses: list[float]
) -> None:
    world.finds(document("m_a"))
    world.fails(2)
    world.answers({"text": json.dumps(GOOD)}, stop_reason="end_turn")
    reply = world.model.ask(world.question, None)
    assert json.loads(reply.text) == GOOD
    assert ["toolConfig" in request for request in world.sent] == [True, True, False]
    assert len(pauses) == 1


def test_without_the_time_for_it_the_tool_is_not_left_out(world: World) -> None:
    world.takes["Converse"] = 8.5  # of 22, connecting included: 5 are left
    world.finds(document("m_a"))
    world.fails(2)
    with pytest.raises(ModelUnreachable, match="ModelErrorException"):
        world.model.ask(world.question, None)
    assert len(world.sent) == 2


def test_once_left_out_the_tool_stays_out_of_the_correction(world: World) -> None:
    world.finds(document("m_a"))
    world.fails(2)
    world.answers({"text": "네"}, stop_reason="end_turn")
    world.answers({"text": json.dumps(GOOD)}, stop_reason="end_turn")
    world.corrects(world.model.ask(world.question, None))
    assert "toolConfig" not in world.sent[-1]
    assert len(world.sent[-1]["messages"]) == 3


def test_a_correction_at_which_the_tool_fails_goes_without_the_call(world: World) -> None:
    """Converse refuses a toolUse where no tool is offered."""
    world.finds(document("m_a"))
    world.answers(tool({"candidates": []}))
    world.fails(2)
    world.answers({"text": json.dumps(GOOD)}, stop_reason="end_turn")
    world.corrects(world.model.ask(world.question, None))
    assert "toolConfig" not in world.sent[-1]
    assert "toolUse" not in str(world.sent[-1]["messages"])


def test_a_model_that_fails_without_the_tool_too_is_out_of_reach(world: World) -> None:
    world.finds(document("m_a"))
    world.fails(3)
    with pytest.raises(ModelUnreachable, match="ModelErrorException"):
        world.model.ask(world.question, None)
