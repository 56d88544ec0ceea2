"""`AWS::CloudWatch::CompositeAlarm`, unknown to MiniStack's CloudFormation although its CloudWatch
evaluates composite alarms. Ref is the name; the rule and everything else update in place."""

from ministack.services import cloudwatch

from embedded_aws.plugins import resource_types
from embedded_aws.plugins.resource_types import Properties, Provisioned, physical_name

LONGEST_NAME = 255


def apply() -> None:
    resource_types.add(
        "AWS::CloudWatch::CompositeAlarm", create=_create, update=_update, delete=_delete
    )


def _create(logical_id: str, properties: Properties, stack: str) -> Provisioned:
    return _put(
        properties.get("AlarmName") or physical_name(stack, logical_id, LONGEST_NAME), properties
    )


def _update(physical_id: str, old: Properties, new: Properties, _stack: str) -> Provisioned:
    if new.get("AlarmName", physical_id) != physical_id:
        provisioned = _put(new["AlarmName"], new)
        _delete(physical_id, old)
        return provisioned
    return _put(physical_id, new)


def _delete(physical_id: str, _properties: Properties) -> None:
    cloudwatch._composite_alarms.pop(physical_id, None)


def _put(name: str, properties: Properties) -> Provisioned:
    request = {**properties, "AlarmName": name}
    status, _headers, body = cloudwatch._put_composite_alarm({}, request, False, is_json=True)
    if status >= 400:
        raise ValueError(f"composite alarm {name}: {body!r}")
    return name, {"Arn": cloudwatch._composite_alarms[name]["AlarmArn"]}
