"""A JWT authorizer of an HTTP API, for tokens of the local issuer."""

from typing import Any

import jwt

from cufit_ops.laptop.platform.http_api import JwtAuthorizer
from cufit_ops.laptop.platform.issuer import ISSUER, LocalIssuer


class Unauthorized(Exception):
    pass


def claims_of(
    authorization: str, authorizer: JwtAuthorizer | None, issuer: LocalIssuer
) -> dict[str, Any] | None:
    """Of the token in an Authorization header; None where no authorizer asks for one.

    Raises:
        Unauthorized: the token is not good for it.
    """
    if authorizer is None:
        return None
    if authorizer.issuer != ISSUER:
        raise Unauthorized  # no other issuer can be asked from here
    scheme, _, token = authorization.partition(" ")
    try:
        claims: dict[str, Any] = jwt.decode(
            token if scheme.lower() == "bearer" else "",
            issuer.public_key(),
            algorithms=["RS256"],
            issuer=authorizer.issuer,
            audience=list(authorizer.audience),
            options={"require": ["exp", "iss", "sub"]},
        )
    except jwt.InvalidTokenError as error:
        raise Unauthorized from error
    return claims
