"""Pages of the configured origins may send and read every header the API's document names."""

from typing import Any

from tests.infra.synthesis import Synthesized
from tests.unit.service.http_world import document


def _operations() -> list[dict[str, Any]]:
    """Of the whole API, what functions answer too."""
    return [operation for methods in document()["paths"].values() for operation in methods.values()]


def _sent() -> set[str]:
    """Names of request headers, in lower case: parameters, tokens and types of bodies."""
    named = {
        parameter["name"].lower()
        for operation in _operations()
        for parameter in operation.get("parameters", [])
        if parameter["in"] == "header"
    }
    tokens = {"authorization" for operation in _operations() if operation["security"]}
    bodies = {"content-type" for operation in _operations() if "requestBody" in operation}
    return named | tokens | bodies


def _told() -> set[str]:
    """Names of response headers, in lower case."""
    return {
        name.lower()
        for operation in _operations()
        for response in operation["responses"].values()
        for name in response.get("headers", {})
    }


SENT_BY_ANYBODY = {"accept-language"}
"""A page may send it to any origin without being allowed to (Fetch standard, "CORS-safelisted
request-header")."""


def test_pages_may_send_and_read_what_the_document_names(environment: Synthesized) -> None:
    origins = environment.settings.web.origins
    cors = environment.only("AWS::ApiGatewayV2::Api").get("CorsConfiguration", {})

    assert {"if-match", "authorization"} <= _sent()
    assert {"etag", "x-correlation-id"} <= _told()
    if origins:
        assert cors["AllowOrigins"] == origins
        assert not _sent() - SENT_BY_ANYBODY - set(cors["AllowHeaders"])
        assert not _told() - set(cors["ExposeHeaders"])
    else:
        assert not cors
