"""How a model is to write, as RetrieveAndGenerate's textInferenceConfig and Converse's
inferenceConfig both take it (botocore 1.44.5)."""

from typing import TYPE_CHECKING

from match_worker.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_bedrock_agent_runtime.type_defs import TextInferenceConfigTypeDef


def inference(settings: Settings) -> "TextInferenceConfigTypeDef":
    """A temperature only when one is configured: some models refuse any."""
    if settings.temperature is None:
        return {"maxTokens": settings.max_tokens}
    return {"maxTokens": settings.max_tokens, "temperature": settings.temperature}
