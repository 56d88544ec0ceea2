"""What an environment is: one file of config/, typed and validated before anything is built.

Reading files and wording faults is in stacks/config_files.py, rules between keys in
stacks/config_rules.py.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError

from cufit_contracts.limits import (
    MaxPixels,
    MaxTokens,
    MaxUploadBytes,
    NearInMeaning,
    PhotosPerCandidate,
    ShortlistSize,
    Temperature,
    UploadsPerDay,
    UploadTtlSeconds,
)
from cufit_contracts.office_hours import NEVER, OfficeHours
from cufit_contracts.results import MatchmakerName
from stacks.fargate_sizes import size_fault, wish_fault
from stacks.money_settings import Brake, Budget, Office
from stacks.setting_types import (
    TABLE,
    AccountId,
    Audiences,
    Email,
    EnvironmentName,
    HttpsUrl,
    LogRetentionDays,
    ParameterName,
    PromptVersion,
    Region,
    Repository,
    Subjects,
    WebOrigin,
    WebOrigins,
)

LOCAL = "local"
"""The environment of one laptop: the only one that may name what exists nowhere else."""

LAMBDA_PYTHON: Literal["3.14"] = "3.14"
"""Of the functions, as Lambda's runtime python3.14 brings it."""


class _Table(BaseModel):
    model_config = TABLE


class Fargate(_Table):
    """Size and number of the service's tasks."""

    cpu: int
    """CPU units; 1024 are one vCPU."""
    memory: int
    """MiB."""
    desired_count: Annotated[int, Field(ge=0, le=20)] = 1
    """Tasks while the environment is on; 0 parks it, also in front of the next deployment."""
    spot: bool = False
    """Tasks beyond the first on Fargate Spot, which may be taken away at 2 minutes' notice."""

    @model_validator(mode="before")
    @classmethod
    def _is_in_units(cls, table: Any) -> Any:
        if isinstance(table, dict) and (fault := wish_fault(table.get("cpu"), table.get("memory"))):
            raise PydanticCustomError("fargate_size", "{fault}", {"fault": fault})
        return table

    @model_validator(mode="after")
    def _is_a_fargate_size(self) -> "Fargate":
        if fault := size_fault(self.cpu, self.memory):
            raise PydanticCustomError("fargate_size", "{fault}", {"fault": fault})
        return self


class Auth(_Table):
    """Who signs people in."""

    issuer: HttpsUrl
    audiences: Audiences
    """Whom the tokens are for: one of these is in `aud`. At Kakao the app's REST API key (web) and
    native app key (SDKs)."""
    admin_subjects: Subjects = []


class Web(_Table):
    """Browsers: the pages that may call the API and upload photos."""

    origins: WebOrigins = []


class Matching(_Table):
    """How candidates are found and ranked."""

    matchmaker: MatchmakerName
    model_id: str
    embedding_model_id: str = "amazon.titan-embed-text-v2:0"
    dimension: int = 1024
    shortlist: ShortlistSize = 22
    """Candidates judged by the model; each takes its part of `max_tokens`."""
    near_in_meaning: NearInMeaning = 4
    """Of these, whom the knowledge base finds near in meaning to the seeker; facts choose the
    rest."""
    temperature: Temperature | None = None
    """Left out: not sent, so the model's own. Nova's is 0.7, and its guide advises 0 for tools;
    newer Claude models refuse any."""
    max_tokens: MaxTokens = 1760
    """Of the answer; reserved against the token quota up front, so small is kind. Prompt v1 asks
    for longer reasons than v2: 2640 for as many people."""
    timeout_seconds: Annotated[int, Field(ge=5)] = 20
    """For one question to Bedrock, a second try and all that it calls included."""
    prompt_version: PromptVersion = "v2"
    learn_from_answers: bool = True
    """Whether what people answered counts for whom they are recommended to (docs/adr/0043)."""
    congestion: bool = True
    """Whether who was shown or proposed often lately steps back."""
    shadow_prompt_version: PromptVersion | None = None
    """Asked beside `prompt_version` for a tenth of the recommendations and compared in the log,
    at the price of those questions."""
    daily_recommendations_per_maker: Annotated[int, Field(ge=1, le=1000)] = 30
    """A day is Korea's. At $0.0005 for an answer a maker costs at most $0.45 a month."""


class Photos(_Table):
    """What may be uploaded, and how much of it."""

    upload_ttl_seconds: UploadTtlSeconds = 300
    max_upload_bytes: MaxUploadBytes = 10_000_000
    per_candidate: PhotosPerCandidate = 6
    uploads_per_day: UploadsPerDay = 20
    max_pixels: MaxPixels = 50_000_000
    """Width × height: phones' largest pictures (8160 × 6120) and no more."""


class Throttling(_Table):
    """Requests the HTTP API lets through."""

    rate: Annotated[int, Field(ge=1, le=10_000)] = 20
    """Requests a second."""
    burst: Annotated[int, Field(ge=1, le=5_000)] = 40


class Alarms(_Table):
    """Where alarms go: at least one of the two."""

    email: Email | None = None
    webhook_parameter: ParameterName | None = None
    """Name of the SSM SecureString that holds a Discord or Slack webhook."""
    level: Literal["full", "minimum"] = "full"
    """How many alarms: each costs $0.10 a month beyond ten of the account (ADR 0036)."""


class Delivery(_Table):
    """Deploying from GitHub, and the roles of people."""

    github_repository: Repository
    owner_id: Annotated[int, Field(gt=0)] | None = None
    repository_id: Annotated[int, Field(gt=0)] | None = None
    """Both given: the immutable subject form, repo:owner@ID/name@ID:… (repositories since 2026)."""
    deploy_from: Annotated[list[str], Field(min_length=1)]
    """Ends of the token's subject that may deploy (stacks.delivery_rules.legal_ends)."""
    github_provider: Literal["create", "existing"]
    """GitHub's OIDC provider: an account holds one. "existing": it has it already, or another
    environment of the account creates it."""
    operator_roles: bool
    """OpsReadRole and OpsActRole, which serve every environment of the account: in one of them."""


class Functions(_Table):
    """What the functions are built for; `host` is this machine."""

    architecture: Literal["arm64", "host"] = "arm64"
    python: Literal["3.14", "host"] = LAMBDA_PYTHON


class Image(_Table):
    """Where the service's container comes from; `source` runs it from this checkout."""

    mode: Literal["build", "source"] = "build"


class Environment(_Table):
    """One file of config/; its name is the file's."""

    name: EnvironmentName
    region: Region
    account: AccountId | None = None
    availability_zones: Annotated[list[str], Field(min_length=2, max_length=2)]
    entry: Literal["cloudmap", "alb"]
    public_url: WebOrigin | None = None
    """Where people reach the API, if not at API Gateway's own address."""
    retain_data: bool
    log_retention_days: LogRetentionDays
    log_level: Literal["DEBUG", "INFO", "WARNING"] = "INFO"
    fargate: Fargate
    office_hours: Office | None = None
    """Without them tasks run always."""
    auth: Auth
    web: Web = Web()
    matching: Matching
    photos: Photos = Photos()
    throttling: Throttling = Throttling()
    alarms: Alarms
    budget: Budget | None = None
    brake: Brake = Brake()
    delivery: Delivery | None = None
    functions: Functions = Functions()
    image: Image = Image()

    @property
    def is_local(self) -> bool:
        return self.name == LOCAL

    @property
    def on(self) -> OfficeHours | None:
        """When tasks run; None for always."""
        if self.fargate.desired_count == 0:
            return NEVER
        return self.office_hours.hours if self.office_hours else None

    @property
    def parked_sometimes(self) -> bool:
        """Whether it is right at times that no task runs and nothing answers."""
        return self.on is not None


def is_production(name: str) -> bool:
    """By its beginning with prod. People use production: it is always on and keeps its data."""
    return name.startswith("prod")
