"""How a signed-in person becomes a member id, the same in the service and in the functions."""

import base64
import hashlib
from functools import lru_cache


@lru_cache(maxsize=4096)  # asked twice in every request
def member_id_of(issuer: str, subject: str) -> str:
    """Pseudonymous id of the person an OIDC `issuer` calls `subject`: stable, and free of both."""
    digest = hashlib.sha256(f"{issuer}|{subject}".encode()).digest()
    return "m_" + base64.b32encode(digest).decode().lower()[:26]
