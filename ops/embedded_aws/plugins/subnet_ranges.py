"""Two subnets of a VPC cannot share addresses: EC2 refuses the second one.

MiniStack makes it. A subnet that is replaced, for another zone say, is created while the old one
stands, so it meets this.
"""

import ipaddress
from collections.abc import Callable

from ministack.services import ec2
from ministack.services.cloudformation import provisioners

from embedded_aws.plugins.resource_types import Properties, Provisioned


def apply() -> None:
    handlers = provisioners._RESOURCE_HANDLERS["AWS::EC2::Subnet"]
    create: Callable[..., Provisioned] = handlers["create"]

    def created(logical_id: str, properties: Properties, stack: str) -> Provisioned:
        wanted = ipaddress.ip_network(properties["CidrBlock"])
        for subnet in ec2._subnets.values():
            if subnet["VpcId"] == properties["VpcId"] and wanted.overlaps(
                ipaddress.ip_network(subnet["CidrBlock"])
            ):
                raise ValueError(
                    f"The CIDR '{wanted}' conflicts with another subnet "
                    "(Service: Ec2, Status Code: 400)"
                )
        return create(logical_id, properties, stack)

    handlers["create"] = created
