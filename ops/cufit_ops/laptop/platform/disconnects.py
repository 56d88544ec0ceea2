"""Work for a client that goes away before its answer is given up, so that none piles up."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response


async def unless_gone(request: Request, answer: Coroutine[Any, Any, Response]) -> Response:
    """The answer to `request`, whose body has been read; cancelled when its client goes away.

    Raises:
        ClientDisconnect: nobody is there to be answered.
    """
    answering, leaving = asyncio.create_task(answer), asyncio.create_task(_left(request))
    jobs = {answering, leaving}
    try:
        await asyncio.wait(jobs, return_when=asyncio.FIRST_COMPLETED)
        if not answering.done():
            raise ClientDisconnect
        return answering.result()
    finally:
        for job in jobs:
            job.cancel()
        await asyncio.gather(*jobs, return_exceptions=True)


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
