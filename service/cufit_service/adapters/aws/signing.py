"""How requests to AWS get their signatures, whoever makes them."""

from typing import Protocol

from cufit_service.adapters.aws.asyncio_connections import Request


class Signer(Protocol):
    async def sign(self, request: Request) -> Request:
        """With the headers that sign it. Raises Unsigned."""


class Presigner(Signer, Protocol):
    async def presign(self, request: Request, seconds: int) -> Request:
        """With the signature in the query of its target. Raises Unsigned."""


class Unsigned(Exception):
    """There are no credentials, or they did not come in time; `reason` is a name for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def reason_of(error: OSError | Unsigned) -> str:
    """Why a call was not answered, in words fit for the log."""
    return error.reason if isinstance(error, Unsigned) else type(error).__name__
