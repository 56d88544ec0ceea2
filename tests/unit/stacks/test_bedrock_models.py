"""Which ARNs calling a model touches: each needs a permission."""

from stacks.bedrock_models import GenerationModel

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
