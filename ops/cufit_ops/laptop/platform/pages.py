"""The page that uploads photos: files beside this module, and tokens for the people on it.

A page like any other to the API and to storage: its origin (`localhost`) is not theirs, so that
browsers ask them before they let it in. It is of the laptop alone: it mints tokens.
"""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from cufit_ops.demo.people import people
from cufit_ops.laptop.platform.issuer import LocalIssuer
from cufit_ops.workspace import ROOT, Workspace

PATH = "/_local/photos/"
FOLDER = Path(__file__).with_name("photos_page")
TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
THUMBHASH = ROOT / "node_modules/thumbhash/thumbhash.js"

_Answer = Callable[[Request], Awaitable[Response]]


def photos_page(workspace: Workspace) -> str:
    """Its address."""
    return workspace.page_origin + PATH


class Pages:
    def __init__(self, workspace: Workspace, issuer: LocalIssuer) -> None:
        self._workspace = workspace
        self._issuer = issuer
        files = {file.name: file for file in FOLDER.iterdir()} | {THUMBHASH.name: THUMBHASH}
        self._files = files | {"": files["index.html"]}
        self._people = {one.name: one.profile["nickname"] for one in people()}
        self._headers = {
            "content-security-policy": _policy(workspace),
            "cache-control": "no-store",
            "x-content-type-options": "nosniff",
            # The embedded AWS shows pictures to pages of this machine alone, and has to know whose.
            "referrer-policy": "origin",
            "cross-origin-opener-policy": "same-origin",
            "cross-origin-resource-policy": "same-origin",
        }

    def routes(self) -> list[Route]:
        return [
            Route(PATH.rstrip("/"), self._asked_here(self._moved)),
            Route(PATH + "settings.json", self._asked_here(self._say_settings)),
            Route(PATH + "{name:path}", self._asked_here(self._file)),
            Route("/_local/token", self._asked_here(self._token), methods=["POST"]),
        ]

    def _asked_here(self, answer: _Answer) -> _Answer:
        """Under the page's own address alone: a name somewhere else that leads to 127.0.0.1 (DNS
        rebinding) gets nothing, and the API's address has not the page's origin."""

        async def asked(request: Request) -> Response:
            origin = f"http://{request.headers.get('host', '')}"
            if origin == self._workspace.page_origin:
                response = await answer(request)
            elif origin == self._workspace.url and request.method == "GET":
                response = await self._moved(request)
            else:
                response = _refused(f"the page is at {photos_page(self._workspace)}", 421)
            response.headers.update(self._headers)
            return response

        return asked

    async def _moved(self, _: Request) -> Response:
        return RedirectResponse(photos_page(self._workspace), status_code=307)

    async def _file(self, request: Request) -> Response:
        file = self._files.get(request.path_params["name"])
        if file is None:
            return _refused("there is no such file", 404)
        return Response(file.read_bytes(), media_type=TYPES[file.suffix])

    async def _say_settings(self, _: Request) -> Response:
        listed = [{"name": name, "nickname": nick} for name, nick in self._people.items()]
        return JSONResponse({"api": self._workspace.url, "people": listed})

    async def _token(self, request: Request) -> Response:
        """Only the page itself may ask: browsers say `Origin` with each POST."""
        if request.headers.get("origin") != self._workspace.page_origin:
            return _refused("tokens are for the page alone; a shell has `cufit token`", 403)
        try:
            name = json.loads(await request.body())["name"]
        except (ValueError, KeyError, TypeError):
            name = None
        if not isinstance(name, str) or name not in self._people:
            first, *_, last = self._people
            return _refused(f"name = {name!r}: legal are {first} to {last}", 422)
        return JSONResponse({"token": self._issuer.token(name)})


def _policy(workspace: Workspace) -> str:
    """Scripts and styles from here, requests to the API and to storage, and no text as HTML."""
    # The function that signs uploads and the service that signs views call it by either name.
    storage = f"http://127.0.0.1:{workspace.aws_port} {workspace.aws_url}"
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            f"img-src data: {storage}",
            f"connect-src 'self' {workspace.url} {storage}",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )


def _refused(message: str, status: int) -> Response:
    return JSONResponse({"message": message}, status)
