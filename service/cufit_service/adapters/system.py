"""Time and chance as the machine has them."""

import secrets
from datetime import UTC, datetime

from ulid import ULID

CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base32: no I, L, O or U to mistake or to spell something with."""

CODE_CHARACTERS = 16
"""80 bits."""


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class RandomIds:
    def recommendation_id(self) -> str:
        return f"rec_{ULID()}"

    def suggestion_id(self) -> str:
        return f"sug_{ULID()}"

    def request_id(self) -> str:
        return f"req_{ULID()}"

    def invitation_code(self) -> str:
        return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_CHARACTERS))
