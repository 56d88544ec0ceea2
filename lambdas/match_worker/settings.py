"""What the function needs from its environment."""

from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator

from cufit_contracts.environment import FromEnvironment
from cufit_contracts.limits import MaxTokens, NearInMeaning, ShortlistSize, Temperature
from cufit_contracts.results import SIMULATED_MODEL_PREFIX, MatchmakerName

LOCAL_ENVIRONMENT = "local"


class Settings(FromEnvironment):
    recommendations_table: str
    candidates_table: str
    matches_table: str
    knowledge_base_id: str
    model_arn: str
    """Of a foundation model or of an inference profile."""
    model_id: str
    matchmaker: MatchmakerName
    shortlist: ShortlistSize
    """People who are judged and ranked; each takes its part of `max_tokens`."""
    near_in_meaning: NearInMeaning
    """Of these, whom the knowledge base finds near in meaning."""
    temperature: Temperature | None = None
    """None: not sent; some models refuse any."""
    max_tokens: MaxTokens
    bedrock_timeout_seconds: Annotated[int, Field(ge=1, le=60)]
    prompt_version: Annotated[str, Field(pattern=r"^v[0-9]+$")]
    learn_from_answers: bool = True
    """Whether what people answered counts; without it everybody has the middle of these points."""
    congestion: bool = True
    """Whether who was shown often lately steps back."""
    brake_parameter: str
    match_requests_queue_url: str
    """Where a request is put off to."""
    idempotency_table: str
    """Where the circuit breaker keeps its state."""

    shadow_prompt_version: Annotated[str, Field(pattern=r"^v[0-9]+$")] | None = None
    """Asked beside `prompt_version` for some recommendations, to compare (model/shadow.py)."""
    shadow_percent: Annotated[int, Field(ge=0, le=100)] = 10

    @field_validator("model_id")
    @classmethod
    def _stand_in_only_at_home(cls, model_id: str, others: ValidationInfo) -> str:
        env = others.data.get("env", LOCAL_ENVIRONMENT)
        if model_id.startswith(SIMULATED_MODEL_PREFIX) and env != LOCAL_ENVIRONMENT:
            raise ValueError(
                f"the stand-in of {LOCAL_ENVIRONMENT} answers nothing in {env}; "
                "a Bedrock model or inference profile is needed"
            )
        return model_id
