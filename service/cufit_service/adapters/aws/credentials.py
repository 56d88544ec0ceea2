"""botocore's credentials, for the event loop: looked for and renewed in a thread.

Imported when AWS is first asked (clients.py).
"""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Final

from botocore.credentials import Credentials, ReadOnlyCredentials, RefreshableCredentials
from botocore.exceptions import NoCredentialsError

from cufit_service.adapters.aws.exchange import Unanswered

CREDENTIALS_SECONDS: Final = 3.0
"""What a call waits for the task's credentials endpoint."""

LOOK_SECONDS: Final = 1.0
"""Between two looks at when they end."""

TELL_SECONDS: Final = 60.0
"""Between two lines in the log about renewals that fail; there is one a second."""

logger = logging.getLogger(__name__)

# botocore tells each of them, with a traceback.
logging.getLogger("botocore.credentials").setLevel(logging.ERROR)


class LoopCredentials:
    """Renewed once for all who ask. Whoever has some goes on with them until they end.

    botocore begins to renew them 15 minutes before that (RefreshableCredentials).
    """

    def __init__(self, find: Callable[[], Credentials | None]) -> None:
        """`find` goes through botocore's chain; it may block."""
        self._find = find
        self._source: Credentials | None = None
        self._known: ReadOnlyCredentials | None = None
        self._look_at = 0.0
        self._renewal: asyncio.Task[None] | None = None
        self._failure = ""
        self._failures = 0
        self._tell_at = 0.0

    async def current(self) -> ReadOnlyCredentials:
        """Raises Unanswered: there are none, or they did not come in time."""
        if self._known is None or time.monotonic() >= self._look_at:
            await self._look()
        if self._known is None:
            raise Unanswered(self._failure)
        return self._known

    async def _look(self) -> None:
        self._look_at = time.monotonic() + LOOK_SECONDS
        if self._ends_within(0):
            self._known = None
        if self._known is not None and not self._ends_within(None):
            return
        if self._renewal is None or self._renewal.done():
            self._renewal = asyncio.create_task(self._renew())
        if self._known is None:
            # Who is cancelled while waiting does not end the renewal for the others.
            done, _ = await asyncio.wait([self._renewal], timeout=CREDENTIALS_SECONDS)
            if not done:
                self._failure = "credentials did not come in time"

    def _ends_within(self, seconds: int | None) -> bool:
        """None: as long before the end as botocore begins to renew."""
        source = self._source
        return isinstance(source, RefreshableCredentials) and source.refresh_needed(seconds)

    async def _renew(self) -> None:
        try:
            self._known = await asyncio.to_thread(self._fetched)
        except Exception as error:  # botocore's providers raise all kinds
            self._fail(type(error).__name__)
            return
        if self._ends_within(None):
            # botocore gives what it has, while that is good for ten minutes more.
            self._fail("the former are still good")
            return
        self._failures = 0
        self._tell_at = 0.0

    def _fail(self, reason: str) -> None:
        self._failure = reason
        self._failures += 1
        if time.monotonic() >= self._tell_at:
            self._tell_at = time.monotonic() + TELL_SECONDS
            fields = {"reason": reason, "count": self._failures}
            logger.warning("credentials not renewed", extra=fields)

    def _fetched(self) -> ReadOnlyCredentials:
        if self._source is None:
            self._source = self._find()
        if self._source is None:
            raise NoCredentialsError
        return self._source.get_frozen_credentials()
