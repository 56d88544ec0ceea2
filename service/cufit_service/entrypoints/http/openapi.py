"""The API's own description: every error of every route with its code, readable offline."""

from collections.abc import Iterable
from http import HTTPStatus
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.openapi.utils import get_openapi
from fastapi.staticfiles import StaticFiles
from starlette.responses import HTMLResponse

from cufit_service.domain import errors
from cufit_service.entrypoints.http.errors import STATUS_OF, Problem

TITLE = "cufit"
DESCRIPTION = """\
An introduction service (소개팅): makers introduce candidates, AI recommends, people decide.

Every answer carries `X-Correlation-Id`; of a recommendation it is the recommendation's id, and it
is the same in the queue, the functions and the logs. Errors are `application/problem+json` with a
`code` that never changes its meaning. Lists are newest first and continue with `cursor=<next>`.
"""

PROBLEM_TYPE = "application/problem+json"
PROBLEM_REF = {"$ref": "#/components/schemas/Problem"}

_OF_ANY_ROUTE: tuple[type[errors.Refusal], ...] = (
    errors.RateLimited,
    errors.Overloaded,
    errors.Unavailable,
)

Responses = dict[int | str, dict[str, Any]]


def refusals(*kinds: type[errors.Refusal]) -> Responses:
    """`responses` of a route that may refuse in these ways."""
    by_status: dict[HTTPStatus, list[type[errors.Refusal]]] = {}
    for kind in (*kinds, *_OF_ANY_ROUTE):
        status = next(STATUS_OF[base] for base in kind.__mro__ if base in STATUS_OF)
        by_status.setdefault(status, []).append(kind)
    return {
        status.value: _response(status, [(kind.code, kind.message) for kind in group])
        for status, group in by_status.items()
    }


def describe(app: FastAPI) -> None:
    """Give `app` its document at /openapi.json and a page to read it at /docs."""

    def document() -> dict[str, Any]:
        if not app.openapi_schema:
            app.openapi_schema = _document(app)
        return app.openapi_schema

    # FastAPI's documented way to extend the document.
    app.openapi = document  # type: ignore[method-assign]
    app.mount("/docs/assets", StaticFiles(directory=_swagger_ui()), name="docs-assets")

    @app.get("/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        return get_swagger_ui_html(
            openapi_url="/openapi.json",
            title=TITLE,
            swagger_js_url="/docs/assets/swagger-ui-bundle.js",
            swagger_css_url="/docs/assets/swagger-ui.css",
            swagger_favicon_url="/docs/assets/favicon.png",
        )


def _document(app: FastAPI) -> dict[str, Any]:
    document = get_openapi(
        title=TITLE,
        version=app.version,
        description=DESCRIPTION,
        routes=app.routes,
        openapi_version=app.openapi_version,
        tags=app.openapi_tags,
    )
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for replaced in ("HTTPValidationError", "ValidationError"):
        schemas.pop(replaced, None)
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(problem.pop("$defs"))
    schemas["Problem"] = problem
    for operation in _operations(document):
        if operation.get("security"):
            _add(operation, HTTPStatus.UNAUTHORIZED, "token_invalid", "The bearer token is …")
        if "422" in operation["responses"]:
            del operation["responses"]["422"]
            invalid = errors.Invalid
            _add(operation, STATUS_OF[invalid], invalid.code, invalid.message)
    return document


def _operations(document: dict[str, Any]) -> Iterable[dict[str, Any]]:
    for path in document["paths"].values():
        yield from (operation for operation in path.values() if "responses" in operation)


def _add(operation: dict[str, Any], status: HTTPStatus, code: str, detail: str) -> None:
    operation["responses"].setdefault(str(status.value), _response(status, [(code, detail)]))


def _response(status: HTTPStatus, codes: list[tuple[str, str]]) -> dict[str, Any]:
    examples = {
        code: {
            "summary": detail,
            "value": {
                "type": f"/problems/{code}",
                "title": status.phrase,
                "status": status.value,
                "detail": detail,
                "code": code,
                "correlationId": "01JDA2Z3C4E5F6G7H8J9K0M1N2",
            },
        }
        for code, detail in codes
    }
    return {
        "description": " · ".join(f"`{code}`" for code, _ in codes),
        "content": {PROBLEM_TYPE: {"schema": PROBLEM_REF, "examples": examples}},
    }


def _swagger_ui() -> Path:
    """Swagger UI as fastapi_offline carries it; its Python is not imported."""
    spec = find_spec("fastapi_offline")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("fastapi_offline, which carries Swagger UI, is not installed")
    return Path(spec.origin).parent / "static"
