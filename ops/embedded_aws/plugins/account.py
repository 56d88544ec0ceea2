"""What MiniStack does not know of an account, or answers alike for every one.

Service Quotas and the Free Tier API it lacks. Zone ids, models, a region's status and Lambda's
concurrency it answers by a fixed rule; here a test may change them (`embedded_aws.account_facts`).
E-mail subscriptions it takes for confirmed, and service-linked roles it names after the service.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from ministack import app
from ministack.core.responses import get_account_id
from ministack.services import account as account_api
from ministack.services import bedrock, ec2, iam, lambda_svc, sns

from embedded_aws.account_facts import facts
from embedded_aws.bedrock.simulated_model import MODEL_ID

Response = tuple[int, dict[str, str], bytes]
Handler = Callable[[str, str, Mapping[str, str], bytes, Mapping[str, Any]], Awaitable[Response]]

LINKED_ROLES = {
    "ecs.amazonaws.com": "AWSServiceRoleForECS",
    "ops.apigateway.amazonaws.com": "AWSServiceRoleForAPIGateway",
    "elasticloadbalancing.amazonaws.com": "AWSServiceRoleForElasticLoadBalancing",
    "ecs.application-autoscaling.amazonaws.com": (
        "AWSServiceRoleForApplicationAutoScaling_ECSService"
    ),
}
"""Service to the name of its role (each service's guide, "Using service-linked roles")."""


def apply() -> None:
    app.SERVICE_HANDLERS["freetier"] = _json_service("freetier", _free_tier)
    app.SERVICE_HANDLERS["servicequotas"] = _json_service("servicequotas", _service_quotas)
    _change_json(account_api, "_get_region_opt_status", _region)
    _change_json(lambda_svc, "_get_account_settings", _lambda_limits)
    _know_the_simulated_model()
    _change_json(bedrock, "_get_foundation_model_availability", _availability)
    _zone_ids()
    _linked_role_names()
    _pending_mail()


def _json_service(name: str, operation: Callable[[str], Any]) -> Handler:
    async def handle(_method: str, _path: str, headers: Mapping[str, str], *_: Any) -> Response:
        await asyncio.sleep(facts["slow"].get(name, 0))
        asked = headers.get("x-amz-target", "").rpartition(".")[2]
        answer = operation(asked)
        if answer is None:
            answer = {"__type": "UnknownOperationException", "message": f"no {asked} here"}
            return 400, {"Content-Type": "application/x-amz-json-1.1"}, json.dumps(answer).encode()
        return 200, {"Content-Type": "application/x-amz-json-1.1"}, json.dumps(answer).encode()

    return handle


def _free_tier(operation: str) -> Any:
    if operation == "GetAccountPlanState":
        return {"accountId": get_account_id(), **facts["plan"]}
    return None


def _service_quotas(operation: str) -> Any:
    if operation != "ListServiceQuotas":
        return None
    return {
        "Quotas": [
            {"ServiceCode": "bedrock", "QuotaName": name, "Value": value, "Adjustable": True}
            for name, value in facts["quotas"].items()
        ]
    }


def _change_json(module: Any, name: str, change: Callable[[dict[str, Any]], None]) -> None:
    """Let `change` alter what a handler answers with success."""
    original = getattr(module, name)

    def changed(*arguments: Any) -> Response:
        status, headers, body = original(*arguments)
        if status == 200:
            content = json.loads(body)
            change(content)
            body = json.dumps(content).encode()
        return status, headers, body

    setattr(module, name, changed)
    for route, handler in getattr(module, "_DISPATCH", {}).items():
        if handler is original:
            module._DISPATCH[route] = changed


def _region(answer: dict[str, Any]) -> None:
    region = answer["RegionName"]
    answer["RegionOptStatus"] = facts["regions"].get(region, answer["RegionOptStatus"])


def _lambda_limits(answer: dict[str, Any]) -> None:
    limits = answer["AccountLimit"]
    reserved = limits["ConcurrentExecutions"] - limits["UnreservedConcurrentExecutions"]
    limits["ConcurrentExecutions"] = facts["concurrency"]
    limits["UnreservedConcurrentExecutions"] = max(0, facts["concurrency"] - reserved)


def _know_the_simulated_model() -> None:
    bedrock._CATALOG.append((MODEL_ID, "Simulated", "cufit", ["TEXT"], ["TEXT"], True))


def _availability(answer: dict[str, Any]) -> None:
    if answer["modelId"] == MODEL_ID:  # nobody's licence
        answer["agreementAvailability"] = {"status": "AVAILABLE"}
    answer.update(facts["models"].get(answer["modelId"], {}))


def _zone_ids() -> None:
    usual: Callable[[str], str] = ec2._az_id_for_zone_name

    def zone_id(name: str) -> str:
        changed: dict[str, str] = facts["zone_ids"]
        return changed.get(name) or usual(name)

    ec2._az_id_for_zone_name = zone_id


def _linked_role_names() -> None:
    create = iam._create_service_linked_role

    def created(request: Any) -> Response:
        service = iam._p(request, "AWSServiceName")
        name = LINKED_ROLES.get(service)
        if name is None or name in iam._roles:
            message = f"Service role name {name} has been taken in this account"
            refused: Response = iam._error(400, "InvalidInput", message, ns="iam")
            return refused
        status, headers, body = create(request)
        given = f"AWSServiceRoleFor{service.split('.')[0].capitalize()}"
        role = iam._roles.pop(given)
        iam._roles[name] = {**role, "RoleName": name, "Arn": role["Arn"].replace(given, name)}
        return status, headers, _renamed(body, given, name)

    iam._IAM_HANDLERS["CreateServiceLinkedRole"] = created


def _renamed(body: bytes | str, given: str, name: str) -> bytes:
    text = body.decode() if isinstance(body, bytes) else body
    return text.replace(given, name).encode()


def _pending_mail() -> None:
    """As SNS lists a subscription until somebody follows the link in its mail."""
    listed = sns._list_subscriptions_by_topic

    def listed_with_pending(request: Any) -> Response:
        status, headers, body = listed(request)
        topic, _ = sns._get_topic(sns._p(request, "TopicArn"))
        if topic is not None and not facts["mail_confirmed"]:
            for held in topic["subscriptions"]:
                if held["protocol"] == "email":
                    body = _renamed(body, held["arn"], "PendingConfirmation")
        return status, headers, body

    sns._list_subscriptions_by_topic = listed_with_pending
