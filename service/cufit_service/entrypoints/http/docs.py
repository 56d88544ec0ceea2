"""The API's document at /openapi.json and, to read and try it offline, Swagger UI at /docs."""

from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from cufit_service.entrypoints.http.openapi import TITLE, document
from cufit_service.entrypoints.http.routing import Operation

_SCRIPT: Final = "swagger_bundle.js"
_STYLE: Final = "swagger_style.css"
_ASSETS: Final = "/docs/assets"

_PAGE: Final = f"""\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{TITLE}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="{_ASSETS}/{_STYLE}">
</head>
<body>
<div id="swagger-ui"></div>
<script src="{_ASSETS}/{_SCRIPT}"></script>
<script>
SwaggerUIBundle({{url: "/openapi.json", dom_id: "#swagger-ui", deepLinking: true}});
</script>
</body>
</html>
"""


def docs_routes(operations: Sequence[Operation]) -> list[Route]:
    folder = _swagger_ui()

    @cache
    def made() -> dict[str, object]:
        return document(operations)

    async def openapi(_: Request) -> Response:
        return JSONResponse(made())

    async def docs(_: Request) -> Response:
        return HTMLResponse(_PAGE)

    async def asset(request: Request) -> Response:
        return FileResponse(folder / request.url.path.rpartition("/")[2])

    return [
        Route("/openapi.json", openapi),
        Route("/docs", docs),
        *(Route(f"{_ASSETS}/{name}", asset) for name in (_SCRIPT, _STYLE)),
    ]


def _swagger_ui() -> Path:
    """Swagger UI's files as offapi carries them; its Python is not imported."""
    spec = find_spec("offapi")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("offapi, which carries Swagger UI, is not installed")
    return Path(spec.origin).parent
