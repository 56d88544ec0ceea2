"""`AWS::Budgets::Budget`, unknown to MiniStack's CloudFormation although it has the Budgets API.

As on AWS the notifications are create-only: changing them, or the name, makes a new budget.
Nothing costs anything here, so no notification is ever sent by itself.
"""

import json
from typing import Any

from ministack.services import budgets

from embedded_aws.plugins import resource_types
from embedded_aws.plugins.resource_types import Properties, Provisioned, physical_name


def apply() -> None:
    resource_types.add("AWS::Budgets::Budget", create=_create, update=_update, delete=_delete)


def _create(logical_id: str, properties: Properties, stack: str) -> Provisioned:
    name = properties["Budget"].get("BudgetName") or physical_name(stack, logical_id, 100)
    notifications = [
        {**entry, "Notification": _notification(entry["Notification"])}
        for entry in properties.get("NotificationsWithSubscribers") or []
    ]
    request = {
        "Budget": _budget(properties, name),
        "NotificationsWithSubscribers": notifications,
        "ResourceTags": properties.get("ResourceTags") or [],
    }
    _checked(budgets._create_budget(request))
    return name, {}


def _update(physical_id: str, old: Properties, new: Properties, stack: str) -> Provisioned:
    renamed = new["Budget"].get("BudgetName", physical_id) != physical_id
    key = "NotificationsWithSubscribers"
    if renamed or old.get(key) != new.get(key):
        _delete(physical_id, old)
        named = {**new, "Budget": {"BudgetName": physical_id, **new["Budget"]}}
        return _create(physical_id, named, stack)
    _checked(budgets._update_budget({"NewBudget": _budget(new, physical_id)}))
    return physical_id, {}


def _delete(physical_id: str, _properties: Properties) -> None:
    budgets._delete_budget({"BudgetName": physical_id})


def _budget(properties: Properties, name: str) -> dict[str, Any]:
    declared: dict[str, Any] = {**properties["Budget"], "BudgetName": name}
    limit = declared.get("BudgetLimit")
    if limit:
        declared["BudgetLimit"] = {**limit, "Amount": str(limit["Amount"])}
    return declared


def _notification(declared: dict[str, Any]) -> dict[str, Any]:
    return {**declared, "Threshold": float(declared["Threshold"])}


def _checked(answer: tuple[int, dict[str, str], bytes]) -> None:
    status, _headers, body = answer
    if status >= 400:
        content = json.loads(body)
        raise ValueError(content.get("Message") or content.get("message") or "budget refused")
