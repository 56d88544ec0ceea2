"""`AWS::EC2::SecurityGroupIngress` and `AWS::EC2::SecurityGroupEgress`, unknown to MiniStack's
CloudFormation although its EC2 keeps a group's rules. CDK makes them when two groups name each
other. Ref is the rule's id."""

from collections.abc import Callable

from ministack.services import ec2
from ministack.services.cloudformation import provisioners

from embedded_aws.plugins import resource_types
from embedded_aws.plugins.resource_types import Delete, Properties, Provisioned, Update

Create = Callable[[str, Properties, str], Provisioned]


def apply() -> None:
    for direction, store, egress in (
        ("Ingress", "IpPermissions", False),
        ("Egress", "IpPermissionsEgress", True),
    ):
        create, delete = _create_in(store, egress), _delete_in(store)
        resource_types.add(
            f"AWS::EC2::SecurityGroup{direction}",
            create=create,
            update=_replace_by(create, delete),
            delete=delete,
        )


def _create_in(store: str, egress: bool) -> Create:
    def create(_logical_id: str, properties: Properties, _stack: str) -> Provisioned:
        group_id = properties["GroupId"]
        group = ec2._security_groups.get(group_id)
        if group is None:
            raise ValueError(f"there is no security group {group_id}")
        (rule,) = provisioners._ec2_sg_permissions([properties])
        group.setdefault(store, []).append(rule)
        rule_id: str = ec2._sg_rule_id(group_id, egress, rule)
        return rule_id, {"Id": rule_id}

    return create


def _delete_in(store: str) -> Delete:
    def delete(_physical_id: str, properties: Properties) -> None:
        group = ec2._security_groups.get(properties["GroupId"])
        (rule,) = provisioners._ec2_sg_permissions([properties])
        if group is not None and rule in group.get(store, []):
            group[store].remove(rule)

    return delete


def _replace_by(create: Create, delete: Delete) -> Update:
    def update(physical_id: str, old: Properties, new: Properties, stack: str) -> Provisioned:
        provisioned = create(physical_id, new, stack)
        delete(physical_id, old)
        return provisioned

    return update
