"""What an environment is: one file of config/, typed and validated before anything is built.

Reading files and wording faults is in stacks/config_files.py, rules between keys in
stacks/config_rules.py.
"""

from datetime import time
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)
from pydantic_core import PydanticCustomError

from cufit_contracts.office_hours import NEVER, OfficeHours
from cufit_contracts.results import MatchmakerName
from stacks.fargate_sizes import size_fault

LOCAL = "local"
"""The environment of one laptop: the only one that may name what exists nowhere else."""

LAMBDA_PYTHON: Literal["3.14"] = "3.14"
"""Of the functions, as Lambda's runtime python3.14 brings it."""

Email = Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]
ParameterName = Annotated[str, StringConstraints(pattern=r"^/[A-Za-z0-9_./-]+$")]
TimeOfDay = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Weekday = Literal["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"]
LogRetentionDays = Literal[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731]
"""What CloudWatch Logs offers up to two years (logs:PutRetentionPolicy)."""


def _https(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname:
        raise PydanticCustomError("https", "an https:// address is needed")
    return url


def _web_origin(url: str) -> str:
    parts = urlsplit(url)
    local = parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1")
    if not (parts.hostname and (parts.scheme == "https" or local)) or parts.path:
        raise PydanticCustomError(
            "origin", "an origin is https://host without a path (or http://localhost:port)"
        )
    return url


HttpsUrl = Annotated[str, AfterValidator(_https)]
WebOrigin = Annotated[str, AfterValidator(_web_origin)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, protected_namespaces=())


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

    @model_validator(mode="after")
    def _is_a_fargate_size(self) -> "Fargate":
        if fault := size_fault(self.cpu, self.memory):
            raise PydanticCustomError("fargate_size", "{fault}", {"fault": fault})
        return self


class Office(_Table):
    """When tasks run, in Korea's time; outside of it none runs, and none is paid for."""

    days: Annotated[list[Weekday], Field(min_length=1)] = ["MON", "TUE", "WED", "THU", "FRI"]
    opens: TimeOfDay
    closes: TimeOfDay
    """Later on the same day."""

    @property
    def hours(self) -> OfficeHours:
        return OfficeHours(
            self.days, time.fromisoformat(self.opens), time.fromisoformat(self.closes)
        )

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> "Office":
        if self.opens >= self.closes:
            raise PydanticCustomError(
                "office_hours",
                "opens = {opens} is not before closes = {closes}; both are of one day",
                {"opens": self.opens, "closes": self.closes},
            )
        return self


class Auth(_Table):
    """Who signs people in."""

    issuer: HttpsUrl
    audience: Annotated[str, StringConstraints(min_length=1)]
    admin_subjects: list[str] = []


class Web(_Table):
    """Browsers: the pages that may call the API and upload photos."""

    origins: list[WebOrigin] = []


class Matching(_Table):
    """How candidates are found and ranked."""

    matchmaker: MatchmakerName
    model_id: str
    embedding_model_id: str = "amazon.titan-embed-text-v2:0"
    dimension: int = 1024
    number_of_results: Annotated[int, Field(ge=1, le=100)] = 8
    """Candidates retrieved and judged by the model (Retrieve takes 1 to 100). Each takes about 100
    tokens of the answer, so more than 12 need more `max_tokens`."""
    temperature: Annotated[float, Field(ge=0, le=1)] = 0.0
    max_tokens: Annotated[int, Field(ge=100, le=4096)] = 1500
    """Of the answer; reserved against the token quota up front, so small is kind."""
    timeout_seconds: Annotated[int, Field(ge=1)] = 20
    """For one answer of Bedrock."""
    prompt_version: Annotated[str, StringConstraints(pattern=r"^v[0-9]+$")] = "v1"
    daily_recommendations_per_maker: Annotated[int, Field(ge=1, le=1000)] = 30
    """A day is Korea's. At $0.0005 for an answer a maker costs at most $0.45 a month."""


class Photos(_Table):
    """What may be uploaded, and how much of it."""

    upload_ttl_seconds: Annotated[int, Field(ge=60, le=900)] = 300
    max_upload_bytes: Annotated[int, Field(ge=100_000, le=20_000_000)] = 10_000_000
    per_candidate: Annotated[int, Field(ge=1, le=6)] = 6
    uploads_per_day: Annotated[int, Field(ge=1, le=100)] = 20
    max_pixels: Annotated[int, Field(ge=1_000_000, le=100_000_000)] = 40_000_000


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


class Budget(_Table):
    """Of the whole account, and so in one environment of it. It tells people and stops nothing."""

    monthly_usd: Annotated[float, Field(gt=0)]
    """What the account may cost with VAT. Credits and refunds are not counted: they would hide the
    spending until they are gone."""
    vat_percent: Annotated[float, Field(ge=0, le=30)] = 10
    """AWS adds it to what Korean accounts use."""

    @property
    def usage_usd(self) -> float:
        """The limit before VAT. AWS's budget compares usage with it, taxes left out: they are
        posted late, and only on what credits do not pay."""
        return round(self.monthly_usd / (1 + self.vat_percent / 100), 2)


class Brake(_Table):
    """From when on recommendations are made by rules alone; in US dollars before VAT."""

    daily_usd: Annotated[float, Field(gt=0)] = 0.25
    """Of this environment's questions to models in 24 hours, as its worker counts them. Noticed
    within minutes; holds for 24 hours."""
    monthly_usd: Annotated[float, Field(gt=0)] = 2.5
    """Of Amazon Bedrock in the whole account, as billed: up to 12 hours late; holds until the month
    is over. Third parties' models are billed by AWS Marketplace and are not in it."""


class Delivery(_Table):
    """Deploying from GitHub, and the roles of people; in one environment per account."""

    github_repository: Annotated[str, StringConstraints(pattern=r"^[\w.-]+/[\w.-]+$")]
    owner_id: int | None = None
    repository_id: int | None = None
    """Both given: the immutable subject form, repo:owner@ID/name@ID:… (repositories since 2026)."""
    deploy_from: Annotated[list[str], Field(min_length=1)]
    """Ends of the token's subject that may deploy: "environment:dev", "ref:refs/heads/main"."""


class Functions(_Table):
    """What the functions are built for; `host` is this machine."""

    architecture: Literal["arm64", "host"] = "arm64"
    python: Literal["3.14", "host"] = LAMBDA_PYTHON


class Image(_Table):
    """Where the service's container comes from; `source` runs it from this checkout."""

    mode: Literal["build", "source"] = "build"


class Environment(_Table):
    """One file of config/; its name is the file's."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]{1,11}$")]
    region: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[a-z]+)+-\d$")]
    account: Annotated[str, StringConstraints(pattern=r"^\d{12}$")] | None = None
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
