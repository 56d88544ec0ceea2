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
        self.name = name

    def deploy(self, resources: Template, outputs: dict[str, Any] | None = None) -> dict[str, str]:
        """Outputs are values, or what a template says of an output."""
        wanted = "UPDATE_COMPLETE" if self._described() else "CREATE_COMPLETE"
        described = self._attempt(resources, outputs)
        assert described["StackStatus"] == wanted, self.why()
        return {
            output["OutputKey"]: output["OutputValue"] for output in described.get("Outputs", [])
        }

    def refused(self, resources: Template, outputs: dict[str, Any] | None = None) -> str:
        """Why CloudFormation refused it; the stack is rolled back."""
        before = self._described()
        described = self._attempt(resources, outputs)
        wanted = "UPDATE_ROLLBACK_COMPLETE" if before else "ROLLBACK_COMPLETE"
        assert described["StackStatus"] == wanted, self.why()
        return self.why()

    def _attempt(self, resources: Template, outputs: dict[str, Any] | None) -> Template:
        template: Template = {"Resources": resources}
        if outputs:
            template["Outputs"] = {
                key: value if isinstance(value, dict) and "Value" in value else {"Value": value}
                for key, value in outputs.items()
            }
        request: dict[str, Any] = {
            "StackName": self.name,
            "TemplateBody": json.dumps(template),
            "Capabilities": ["CAPABILITY_NAMED_IAM"],
        }
        if self._described() is None:
            self._cloudformation.create_stack(**request)
        else:
            self._cloudformation.update_stack(**request)
        return self.settled()

    def physical_id(self, logical_id: str) -> str:
        found = self._cloudformation.describe_stack_resource(
            StackName=self.name, LogicalResourceId=logical_id
        )
        identifier: str = found["StackResourceDetail"]["PhysicalResourceId"]
        return identifier

    def close(self) -> None:
        self._cloudformation.delete_stack(StackName=self.name)
        deadline = time.monotonic() + 10
        while (described := self._described()) and time.monotonic() < deadline:
            assert described["StackStatus"] in ("DELETE_IN_PROGRESS", "DELETE_COMPLETE")
            time.sleep(0.02)

    def _described(self) -> Template | None:
        try:
            found = self._cloudformation.describe_stacks(StackName=self.name)["Stacks"]
        except self._cloudformation.exceptions.ClientError:
            return None
        described: Template = found[0]
        return None if described["StackStatus"] == "DELETE_COMPLETE" else described

    def settled(self) -> Template:
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            described = self._described()
            if described and not described["StackStatus"].endswith("IN_PROGRESS"):
                return described
            time.sleep(0.02)
        raise AssertionError(f"{self.name} did not settle")

    def why(self) -> str:
        events = self._cloudformation.describe_stack_events(StackName=self.name)["StackEvents"]
        return "; ".join(
            event["ResourceStatusReason"] for event in events if "ResourceStatusReason" in event
        )
