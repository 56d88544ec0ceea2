"""Types of single values, each with the words for what is legal: nobody should have to read a
regular expression."""

import difflib
import json
import re
from functools import cache
from importlib.resources import files
from ipaddress import AddressValueError, IPv4Address
from typing import Annotated, Literal

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


_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_HOST = rf"{_LABEL}(\.{_LABEL})*"


def _is_host(name: str) -> bool:
    """Whether a browser sends `name` as it is written: lower-case, other letters in punycode; what
    ends in a number is an IPv4 address (URL standard, host parsing)."""
    if re.fullmatch(_HOST, name) is None:
        return False
    if not name.rpartition(".")[2].isdigit():
        return True
    try:
        return str(IPv4Address(name)) == name
    except AddressValueError:
        return False


def _https(url: str) -> str:
    if not url.startswith("https://"):
        raise PydanticCustomError("https", "an https:// address is needed")
    found = re.fullmatch(r"https://([^\s/?#@:]+)(:[1-9][0-9]{0,4})?(/[^\s?#]*)?", url)
    if found is None or not _is_host(found[1]):
        raise PydanticCustomError(
            "https",
            "https://host/path is needed: a lower-case host, no blanks, no user, no ? and no #",
        )
    issuer, well_known, _ = url.partition("/.well-known")
    if well_known:
        raise PydanticCustomError(
            "https", "the issuer itself is needed: {issuer}", {"issuer": issuer}
        )
    return url


_DEFAULT_PORTS = {"https": 443, "http": 80}
_ORIGIN = (
    "an origin is https://host without a path, or http://localhost:port, as browsers send it: "
    "the host in lower case (other letters as xn--…), no *, a port only if it is not the usual one"
)


def _web_origin(url: str) -> str:
    found = re.fullmatch(r"(https?)://([^/:]+)(?::([1-9][0-9]{0,4}))?", url)
    if found is None or not _is_host(found[2]):
        raise PydanticCustomError("origin", _ORIGIN)
    scheme, host, port = found.groups()
    local = host in ("localhost", "127.0.0.1")
    odd_port = port is not None and (int(port) > 65535 or int(port) == _DEFAULT_PORTS[scheme])
    if odd_port or (scheme == "http" and not local):
        raise PydanticCustomError("origin", _ORIGIN)
    return url


def _once(values: list[str]) -> list[str]:
    if len(set(values)) < len(values):
        raise PydanticCustomError("twice", "one of them stands twice; name each once")
    return values


def _compared_with(claim: str) -> AfterValidator:
    def check(values: list[str]) -> list[str]:
        for value in values:
            if not value or value != value.strip():
                raise PydanticCustomError(
                    "claim",
                    "each is compared with the token's {claim}: no blanks around it, not empty",
                    {"claim": claim},
                )
        return _once(values)

    return AfterValidator(check)


Region = Annotated[str, AfterValidator(_region)]
AccountId = Annotated[str, _shaped(r"\d{12}", "an account's id is 12 digits, in quotes")]
Email = Annotated[
    str, _shaped(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+", "one e-mail address is needed: name@domain")
]
ParameterName = Annotated[
    str,
    _shaped(
        r"(?!/(?i:aws|ssm))(?=.{2,900}\Z)(/[A-Za-z0-9_.-]+){1,15}",
        "the name of an SSM parameter is up to 15 parts of letters, digits and _ . -, each with a "
        "/ before it, and does not begin with aws or ssm: such as /cufit/prod/alarm-webhook",
    ),
]
"""Of ssm:PutParameter (botocore 2014-11-06, PutParameterRequest.Name). The most is 1011 characters
with the ARN's before it, which differ."""
Repository = Annotated[
    str,
    _shaped(
        r"[A-Za-z0-9][A-Za-z0-9_-]{0,38}/(?!\.{1,2}\Z)(?!.*\.git\Z)[A-Za-z0-9_.-]{1,100}",
        "owner/name is needed, as in the repository's address: letters, digits, - and _, in the "
        "name . too, without .git",
    ),
]
PromptVersion = Annotated[
    str, _shaped(r"v[0-9]+", "v and a number, the name of a folder of prompts/match")
]
EnvironmentName = Annotated[
    str, _shaped(r"[a-z][a-z0-9]{1,11}", "2 to 12 lower-case letters and digits, a letter first")
]
HttpsUrl = Annotated[str, AfterValidator(_https)]
WebOrigin = Annotated[str, AfterValidator(_web_origin)]
WebOrigins = Annotated[list[WebOrigin], AfterValidator(_once)]
Subjects = Annotated[list[str], _compared_with("sub")]
Audiences = Annotated[list[str], Field(min_length=1, max_length=50), _compared_with("aud")]
"""An authorizer takes 50 (HTTP API quotas, API Gateway developer guide)."""
TimeOfDay = Annotated[
    str, _shaped(r"([01]\d|2[0-3]):[0-5]\d", "hours and minutes are needed, such as 09:30")
]
Weekday = Literal["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"]
Weekdays = Annotated[list[Weekday], Field(min_length=1), AfterValidator(_once)]

TABLE = ConfigDict(
    frozen=True, extra="forbid", strict=True, protected_namespaces=(), allow_inf_nan=False
)
"""How every table of a file of config/ is read."""
