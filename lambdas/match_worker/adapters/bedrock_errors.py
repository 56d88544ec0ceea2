"""botocore's errors about the model, as the classes of match_worker.errors."""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,
    HTTPClientError,
    ParamValidationError,
)

from match_worker.errors import (
    ModelMisconfigured,
    ModelOverloaded,
    ModelUnavailable,
    ModelUnreachable,
)

MODEL_ERROR = "ModelErrorException"
"""424 of Converse: what the model wrote cannot be read as a call of the tool. Nova's usual way to
fail at a forced one, now and then; some requests it fails at every time."""

_OVERLOAD = frozenset(
    {"ThrottlingException", "ServiceQuotaExceededException", "TooManyRequestsException"}
)
_PASSING = frozenset(
    {
        "InternalServerException",
        "BadGatewayException",
        "DependencyFailedException",
        "ServiceUnavailableException",
        "ModelNotReadyException",
        "ModelTimeoutException",
        MODEL_ERROR,
        "ConflictException",
    }
)
"""Errors of RetrieveAndGenerate, Retrieve and Converse (botocore 1.44.5 models)."""


@contextmanager
def translated() -> Iterator[None]:
    """Raise ModelUnavailable's subclasses instead of botocore's errors."""
    try:
        yield
    except ClientError as error:
        raise _translated(error) from error
    except ParamValidationError as error:
        raise ModelMisconfigured("RequestInvalid", str(error).splitlines()[0]) from error
    except (HTTPClientError, ConnectionError) as error:
        raise ModelUnreachable(type(error).__name__) from error
    except BotoCoreError as error:
        # No credentials, no region, an unknown endpoint: the environment's fault.
        raise ModelMisconfigured(type(error).__name__) from error


def _translated(error: ClientError) -> ModelUnavailable:
    code = str(error.response.get("Error", {}).get("Code", "Unknown"))
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code in _OVERLOAD or status == 429:
        return ModelOverloaded(code)
    if code in _PASSING or status >= 500:
        return ModelUnreachable(code)
    return ModelMisconfigured(code)
