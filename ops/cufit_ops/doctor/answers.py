"""What a question is answered: it holds, it does not, or it cannot be asked; and why."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from botocore.exceptions import BotoCoreError, ClientError

from cufit_ops.deployed_environment import NotDeployedError
from cufit_ops.templates import SynthError


class Verdict(StrEnum):
    HOLDS = "holds"
    FAILS = "fails"
    UNKNOWN = "unknown"
    """Nobody can say: denied, no answer in time, not reachable."""


@dataclass(frozen=True, slots=True)
class Answer:
    verdict: Verdict
    why: str
    mend: str | None = None
    """A command, or what to do; None when nothing is to be mended."""


def holds(why: str) -> Answer:
    return Answer(Verdict.HOLDS, why)


def fails(why: str, mend: str) -> Answer:
    return Answer(Verdict.FAILS, why, mend)


def unknown(why: str, mend: str | None = None) -> Answer:
    return Answer(Verdict.UNKNOWN, why, mend)


_DENIED = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "AuthorizationError",
        "UnauthorizedOperation",
    }
)
"""As services call it: IAM and S3, JSON services, SNS, EC2."""


def asked(question: Callable[[], Answer]) -> Answer:
    """The answer to `question`; what keeps it from being asked is an answer too."""
    try:
        return question()
    except ClientError as error:
        return _of_refusal(error)
    except (NotDeployedError, SynthError) as error:
        return unknown(str(error))
    except BotoCoreError as error:
        return unknown(f"AWS cannot be asked: {error}")
    except Exception as error:  # one broken question keeps no other from its answer
        return unknown(f"the question itself broke: {error!r}", "please report this")


def _of_refusal(error: ClientError) -> Answer:
    code, message = error.response["Error"]["Code"], error.response["Error"].get("Message", "")
    if code not in _DENIED:
        return unknown(f"{error.operation_name}: {code}: {message}")
    named = re.search(r"not authorized to perform: ([\w-]+:\w+)", message)
    action = named[1] if named else error.operation_name
    return unknown(
        f"these credentials may not ask: {action} is denied",
        f"ask as an administrator, or have {action} allowed",
    )
