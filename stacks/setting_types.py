"""Types of single values, each with the words for what is legal: nobody should have to read a
regular expression."""

import difflib
import json
import re
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

LogRetentionDays = Literal[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731]
"""What CloudWatch Logs offers up to two years (logs:PutRetentionPolicy)."""


@cache
def aws_regions() -> frozenset[str]:
    """Every region of every partition (botocore's partitions.json), announced ones among them."""
    partitions = json.loads((files("botocore") / "data/partitions.json").read_text())["partitions"]
    names = frozenset(name for partition in partitions for name in partition["regions"])
    return frozenset(name for name in names if not name.endswith("-global"))


def _shaped(pattern: str, legal: str) -> AfterValidator:
    def check(value: str) -> str:
        if re.fullmatch(pattern, value) is None:
            raise PydanticCustomError("shape", "{legal}", {"legal": legal})
        return value

    return AfterValidator(check)


def _region(name: str) -> str:
    if name in aws_regions():
        return name
    near = difflib.get_close_matches(name, sorted(aws_regions()), n=1)
    hint = f"did you mean {near[0]}?" if near else "ap-northeast-2 is Seoul"
    raise PydanticCustomError("region", "AWS has no such region; {hint}", {"hint": hint})


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


def _named_once(audiences: list[str]) -> list[str]:
    for audience in audiences:
        if not audience or audience != audience.strip():
            raise PydanticCustomError(
                "audience", "each is compared with the token's aud: no blanks around it, not empty"
            )
    if len(set(audiences)) < len(audiences):
        raise PydanticCustomError("audience", "one of them stands twice; name each once")
    return audiences


Region = Annotated[str, AfterValidator(_region)]
AccountId = Annotated[str, _shaped(r"\d{12}", "an account's id is 12 digits, in quotes")]
Email = Annotated[
    str, _shaped(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+", "one e-mail address is needed: name@domain")
]
ParameterName = Annotated[
    str,
    _shaped(
        r"/[A-Za-z0-9_./-]+",
        "the name of an SSM parameter begins with / and has letters, digits and _ . / - only, "
        "such as /cufit/prod/alarm-webhook",
    ),
]
Repository = Annotated[
    str, _shaped(r"[\w.-]+/[\w.-]+", "owner/name is needed, as in the repository's address")
]
PromptVersion = Annotated[
    str, _shaped(r"v[0-9]+", "v and a number, the name of a folder of prompts/match")
]
EnvironmentName = Annotated[
    str, _shaped(r"[a-z][a-z0-9]{1,11}", "2 to 12 lower-case letters and digits, a letter first")
]
HttpsUrl = Annotated[str, AfterValidator(_https)]
WebOrigin = Annotated[str, AfterValidator(_web_origin)]
Audiences = Annotated[list[str], Field(min_length=1, max_length=50), AfterValidator(_named_once)]
"""An authorizer takes 50 (HTTP API quotas, API Gateway developer guide)."""
TimeOfDay = Annotated[
    str, _shaped(r"([01]\d|2[0-3]):[0-5]\d", "hours and minutes are needed, such as 09:30")
]
Weekday = Literal["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"]

TABLE = ConfigDict(
    frozen=True, extra="forbid", strict=True, protected_namespaces=(), allow_inf_nan=False
)
"""How every table of a file of config/ is read."""
