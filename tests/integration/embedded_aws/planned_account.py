"""An account with stacks to be planned, on the embedded AWS."""

import json
import time
from contextlib import suppress
from typing import Any

from cufit_ops.delivering.assembly import SynthesizedStack
from cufit_ops.delivering.change_sets import ChangeSets
from cufit_ops.delivering.execution import carry_out
from cufit_ops.delivering.plan import Plan, PlannedStack
from cufit_ops.delivering.stack_execution import execute_change_set
from tests.integration.embedded_aws.server import ACCOUNT, REGION, Server

BUCKET = "staged-templates"


def parameter(value: Any, **properties: Any) -> dict[str, Any]:
    given = {"Type": "String", "Value": value, **properties}
    return {"Type": "AWS::SSM::Parameter", "Properties": given}


class Account:
    """An account with two stacks in it, the second of which imports from the first."""

    def __init__(self, server: Server, name: str) -> None:
        self.cloudformation = server.client("cloudformation")
        self.change_sets = ChangeSets(self.cloudformation, poll_seconds=0.02)
        self._s3 = server.client("s3")
        with suppress(self._s3.exceptions.BucketAlreadyOwnedByYou):
            self._s3.create_bucket(
                Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION}
            )
        self._name = name
        self.executed: list[str] = []
        self.events: list[str] = []

    def stacks(self, timeout: int = 30, **more: Any) -> list[SynthesizedStack]:
        """`more` are resources of the first."""
        queue = {"Type": "AWS::SQS::Queue", "Properties": {"VisibilityTimeout": timeout}}
        export = {"Name": f"{self._name}-queue"}
        first = {
            "Resources": {"Queue": queue, **more},
            "Outputs": {"Queue": {"Value": {"Ref": "Queue"}, "Export": export}},
        }
        second = {
            "Resources": {
                "Parameter": {
                    "Type": "AWS::SSM::Parameter",
                    "Properties": {
                        "Type": "String",
                        "Value": {"Fn::ImportValue": export["Name"]},
                    },
                }
            }
        }
        return [self.staged("First", first), self.staged("Second", second)]

    def publishing(self, value: str) -> list[SynthesizedStack]:
        """Two stacks, the second of which reads what the first writes into a parameter of SSM."""
        name = f"/{self._name}/published"
        first = {"Resources": {"Published": parameter(value, Name=name)}}
        second = {
            "Parameters": {"Read": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": name}},
            "Resources": {"Copy": parameter({"Ref": "Read"}), "Other": parameter("same")},
            "Outputs": {"Copied": {"Value": {"Fn::GetAtt": ["Copy", "Value"]}}},
        }
        return [self.staged("First", first), self.staged("Second", second)]

    def copied(self) -> str:
        (found,) = self.cloudformation.describe_stacks(StackName=f"{self._name}-Second")["Stacks"]
        return str(found["Outputs"][0]["OutputValue"])

    def plan(self, stacks: list[SynthesizedStack]) -> Plan:
        exported = self.change_sets.exported([stack.name for stack in stacks])
        planned: list[PlannedStack] = []
        changing: set[str] = set()
        for stack in stacks:
            planned.append(self.change_sets.prepare(stack, exported, changing))
            changing |= stack.published(change.logical_id for change in planned[-1].changes)
        return Plan("test", ACCOUNT, REGION, "c0ffee", tuple(planned))

    def carry_out(self, plan: Plan, stacks: list[SynthesizedStack]) -> list[str]:
        return carry_out(plan, stacks, self.change_sets, self._execute)

    def deploy(self, stacks: list[SynthesizedStack]) -> list[str]:
        return self.carry_out(self.plan(stacks), stacks)

    def protected(self, stack: str) -> bool:
        (found,) = self.cloudformation.describe_stacks(StackName=stack)["Stacks"]
        return bool(found["EnableTerminationProtection"])

    def close(self) -> None:
        for stack in ("Second", "First"):
            with suppress(self.cloudformation.exceptions.ClientError):
                self.cloudformation.update_termination_protection(
                    StackName=f"{self._name}-{stack}", EnableTerminationProtection=False
                )
            self.cloudformation.delete_stack(StackName=f"{self._name}-{stack}")
            self._settle(f"{self._name}-{stack}")

    def _execute(self, stack: SynthesizedStack, change_set: str) -> None:
        self.executed.append(change_set)
        execute_change_set(
            self.cloudformation, stack, change_set, self.events.append, poll_seconds=0.02
        )

    def _settle(self, stack: str) -> None:
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            try:
                (found,) = self.cloudformation.describe_stacks(StackName=stack)["Stacks"]
            except self.cloudformation.exceptions.ClientError:
                return
            if not found["StackStatus"].endswith("IN_PROGRESS"):
                return
            time.sleep(0.02)
        raise AssertionError(f"{stack} did not settle")

    def staged(self, id_: str, template: dict[str, Any]) -> SynthesizedStack:
        name = f"{self._name}-{id_}"
        body = json.dumps(template, ensure_ascii=False)  # as the CDK writes it
        self._s3.put_object(Bucket=BUCKET, Key=f"{name}.json", Body=body.encode())
        role = f"arn:aws:iam::{ACCOUNT}:role/cdk"
        url = f"s3://{BUCKET}/{name}.json"
        return SynthesizedStack(name, f"test/{id_}", template, url, role, role, {"a": "b"})
