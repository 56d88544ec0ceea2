"""CloudFormation stacks for contract tests."""

import json
import time
from typing import Any

from tests.integration.embedded_aws.server import Server

Template = dict[str, Any]


class Stack:
    """A stack of `resources`; outputs by name. Fails when CloudFormation does."""

    def __init__(self, server: Server, name: str) -> None:
        self._cloudformation = server.client("cloudformation")
        self._name = name

    def deploy(self, resources: Template, outputs: dict[str, Any] | None = None) -> dict[str, str]:
        template: Template = {"Resources": resources}
        if outputs:
            template["Outputs"] = {key: {"Value": value} for key, value in outputs.items()}
        return self.deploy_template(template)

    def deploy_template(self, template: Template) -> dict[str, str]:
        request: dict[str, Any] = {
            "StackName": self._name,
            "TemplateBody": json.dumps(template),
            "Capabilities": ["CAPABILITY_NAMED_IAM"],
        }
        if self._described() is None:
            self._cloudformation.create_stack(**request)
            wanted = "CREATE_COMPLETE"
        else:
            self._cloudformation.update_stack(**request)
            wanted = "UPDATE_COMPLETE"
        described = self._settled()
        assert described["StackStatus"] == wanted, self._why()
        return {
            output["OutputKey"]: output["OutputValue"] for output in described.get("Outputs", [])
        }

    def physical_id(self, logical_id: str) -> str:
        found = self._cloudformation.describe_stack_resource(
            StackName=self._name, LogicalResourceId=logical_id
        )
        identifier: str = found["StackResourceDetail"]["PhysicalResourceId"]
        return identifier

    def close(self) -> None:
        self._cloudformation.delete_stack(StackName=self._name)
        deadline = time.monotonic() + 10
        while (described := self._described()) and time.monotonic() < deadline:
            assert described["StackStatus"] in ("DELETE_IN_PROGRESS", "DELETE_COMPLETE")
            time.sleep(0.02)

    def _described(self) -> Template | None:
        try:
            found = self._cloudformation.describe_stacks(StackName=self._name)["Stacks"]
        except self._cloudformation.exceptions.ClientError:
            return None
        described: Template = found[0]
        return None if described["StackStatus"] == "DELETE_COMPLETE" else described

    def _settled(self) -> Template:
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            described = self._described()
            if described and not described["StackStatus"].endswith("IN_PROGRESS"):
                return described
            time.sleep(0.02)
        raise AssertionError(f"{self._name} did not settle")

    def _why(self) -> str:
        events = self._cloudformation.describe_stack_events(StackName=self._name)["StackEvents"]
        return "; ".join(
            event["ResourceStatusReason"] for event in events if "ResourceStatusReason" in event
        )
