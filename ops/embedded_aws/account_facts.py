"""What an account is, beside its resources: plan, quotas, zones, models it may use.

AWS decides these, nothing here can; so they are facts that a test may change.

PUT, GET, DELETE `/_cufit/account`: some of the members below, e.g. {"concurrency": 10}.
"""

import copy
import json
from http import HTTPStatus
from typing import Any

Facts = dict[str, Any]

_USUAL: Facts = {
    # GetAccountPlanState, without accountId.
    "plan": {"accountPlanType": "PAID", "accountPlanStatus": "ACTIVE"},
    # Of Bedrock, by QuotaName.
    "quotas": {
        "On-demand model inference tokens per minute for cufit Simulated": 400_000.0,
        "Model invocation max tokens per day for cufit Simulated": 576_000_000.0,
        "Cross-region model inference tokens per minute for Amazon Nova Lite": 400_000.0,
    },
    # Executions of all functions at once.
    "concurrency": 1000,
    # Zone name to zone id, for those that are not as usual.
    "zone_ids": {},
    # Model id to members of GetFoundationModelAvailability.
    "models": {},
    # Region to its RegionOptStatus.
    "regions": {},
    # Whether people have clicked the link in the mails of their subscriptions; no mail is sent.
    "mail_confirmed": False,
    # Whether vector buckets are from before 2026-09-30: their indexes are CLASSIC.
    "old_vector_buckets": False,
    # Service (as its requests are signed) to seconds it takes to answer.
    "slow": {},
}

facts: Facts = copy.deepcopy(_USUAL)


def answer(method: str, body: bytes) -> tuple[HTTPStatus, Any]:
    """Status and JSON for a request to `/_cufit/account`."""
    if method == "DELETE":
        facts.update(copy.deepcopy(_USUAL))
    elif method == "PUT":
        try:
            changed = json.loads(body or b"null")
        except ValueError:
            changed = None
        if not isinstance(changed, dict) or not set(changed) <= set(_USUAL):
            legal = f"a JSON object with some of {', '.join(_USUAL)}"
            return HTTPStatus.BAD_REQUEST, {"message": f"account: {legal}"}
        facts.update(changed)
    elif method != "GET":
        return HTTPStatus.NOT_FOUND, {"message": f"{method} account is not known here"}
    return HTTPStatus.OK, facts
