"""The list of what each role does, as it is committed: made of what the roles were heard to need.

`make approve LIST=used` writes tests/infra/approved/used anew. What a role may is not asked here,
but for two things: the conditions it is held to, and, where people and deployments act on whatever
has a name of this project, how wide the name is.
"""

import re
from collections.abc import Mapping

from cufit_ops.access.granted import ATTRIBUTES, granted, holder, holders
from cufit_ops.access.portable import Portable
from cufit_ops.review.permissions.patterns import contains
from cufit_ops.review.permissions.resolved import ACCOUNT, Names
from cufit_ops.review.permissions.sources import Sources
from tests.infra.simulated.design import Design
from tests.infra.simulated.policies import ADMINISTRATOR, Policies
from tests.infra.simulated.requests import Request
from tests.infra.synthesis import plain

SOURCE = "sample"
"""Of tests/fixtures/config, with everything: no edit of config/ changes the lists."""

_OF_MANY = "Delivery."
"""Roles of people and deployments, who act on whatever has a name of this project."""
_MADE_UP = "made-up"
_STREAM = f":log-stream:{_MADE_UP}"

Told = dict[str, dict[str, dict[str, str]]]
"""Resource → action → by whom, attributes, conditions."""


def used(design: Design) -> Mapping[str, Told]:
    """By who takes the role."""
    sources = sources_of(design.policies)
    words, may, who = Portable(sources.names), granted(sources), holders(sources)
    found: dict[str, Told] = {}
    for request in design.wanted.values():
        if request.role is None or request.role == ADMINISTRATOR:
            continue
        taker = who.get(request.role) or holder(f"role {request.role[1]}")
        arn = _arn(design.policies, request)
        on = words.text(arn.removesuffix(_STREAM).replace(_MADE_UP, "*"))
        spoken = [
            one
            for one in may.get(taker, ())
            if one.action == request.action and (one.on == on or contains(one.resource, arn))
        ]
        if taker.startswith(_OF_MANY) and spoken:
            on = spoken[0].on
        told = (
            found.setdefault(taker, {})
            .setdefault(on, {})
            .setdefault(request.action, {"by": _by(request)})
        )
        if keys := frozenset.intersection(*(one.keys for one in spoken)) if spoken else None:
            told["only if"] = ", ".join(sorted(keys))
            if ATTRIBUTES in keys:
                before = told.get("attributes", "").split(", ")
                named = {*before, *request.context["dynamodb:Attributes"]} - {""}
                told["attributes"] = ", ".join(sorted(named))
    return found


def sources_of(policies: Policies) -> Sources:
    settings = policies.environment.settings
    return Sources.of(Names(policies.environment.account, settings.name, settings.account))


def _arn(policies: Policies, request: Request) -> str:
    """Of the request, as one of the templates."""
    arn = request.resource
    if arn.startswith("arn:aws:s3"):  # buckets, of vectors too, have names in small letters
        arn = arn.lower()
    arn = arn.replace(policies.naming.account, ACCOUNT)
    return re.sub(r"-madeup\b", "-{id}", arn, flags=re.IGNORECASE)


def _by(request: Request) -> str:
    assert request.role
    return request.why.removeprefix(f"{plain(request.role)} ")
