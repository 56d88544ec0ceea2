"""Removes what stands, in the order in which AWS lets it go."""

import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any

from botocore.exceptions import ClientError

from cufit_ops.deployed_environment import Deployed
from cufit_ops.step_progress import Say
from cufit_ops.teardown.standing import (
    BOOTSTRAP_BUCKET,
    BOOTSTRAP_IMAGES,
    BOOTSTRAP_STACK,
    LOGS,
    PARAMETER,
    PHOTOS,
    STACK,
    TABLE,
    Thing,
    living_stacks,
)


class TeardownError(Exception):
    """Something could not be removed, or was not wished; says what, and that the rest stands."""


class Removal:
    def __init__(self, deployed: Deployed, *, poll_seconds: float = 5) -> None:
        self._deployed = deployed
        self._cloudformation = deployed.client("cloudformation")
        self._poll_seconds = poll_seconds

    def stacks(self, stands: Sequence[Thing], *, empty: bool, say: Say) -> None:
        """The environment's stacks, and what is in its photo bucket if `empty`.

        The newest first: what uses another was made after it. Who is still used waits for the next
        round.

        Raises:
            TeardownError: a round deleted nothing; has CloudFormation's reasons.
        """
        left = {thing.name for thing in stands if thing.kind == STACK}
        while left:
            if empty:
                self._empty(thing.name for thing in stands if thing.kind == PHOTOS)
            refused: dict[str, str] = {}
            for name in self._newest_first(left):
                say(f"deleting {name}")
                if reason := self._refusal(name):
                    refused[name] = reason
            if refused.keys() == left:
                reasons = "\n".join(f"{name}: {reason}" for name, reason in refused.items())
                raise TeardownError(f"CloudFormation does not delete these:\n{reasons}")
            left = set(refused)

    def data(self, stands: Iterable[Thing], say: Say) -> None:
        """Tables and photo bucket that outlived their stack; deletion protection is taken off."""
        dynamodb = self._deployed.client("dynamodb")
        for thing in stands:
            say(f"deleting {thing}")
            if thing.kind == TABLE:
                dynamodb.update_table(TableName=thing.name, DeletionProtectionEnabled=False)
                dynamodb.get_waiter("table_exists").wait(TableName=thing.name)
                dynamodb.delete_table(TableName=thing.name)
                dynamodb.get_waiter("table_not_exists").wait(TableName=thing.name)
            elif thing.kind == PHOTOS:
                self._delete_bucket(thing.name)

    def rest(self, stands: Iterable[Thing], say: Say) -> None:
        """Parameters, log groups and the bootstrap: nobody deploys here any more."""
        for thing in stands:
            say(f"deleting {thing}")
            if thing.kind == PARAMETER:
                self._deployed.client("ssm").delete_parameter(Name=thing.name)
            elif thing.kind == LOGS:
                self._deployed.client("logs").delete_log_group(logGroupName=thing.name)
            elif thing.kind == BOOTSTRAP_IMAGES:
                # With its images; CloudFormation deletes only an empty one.
                self._deployed.client("ecr").delete_repository(
                    repositoryName=thing.name, force=True
                )
            elif thing.kind == BOOTSTRAP_BUCKET:
                self._delete_bucket(thing.name)  # the bootstrap's template retains it
            elif thing.kind == BOOTSTRAP_STACK and (reason := self._refusal(thing.name)):
                raise TeardownError(f"{thing.name} was not deleted: {reason}")

    def _refusal(self, name: str) -> str | None:
        """Why the stack was not deleted; None when it was."""
        self._cloudformation.update_termination_protection(
            StackName=name, EnableTerminationProtection=False
        )
        try:
            self._cloudformation.delete_stack(StackName=name)
        except ClientError as error:
            return error.response["Error"]["Message"]
        while self._status(name) == "DELETE_IN_PROGRESS":
            time.sleep(self._poll_seconds)
        if self._status(name) is None:
            return None
        # A failed deletion ends in DELETE_FAILED, a cancelled one in the state it had before.
        events = self._cloudformation.describe_stack_events(StackName=name)["StackEvents"]
        reasons = (one.get("ResourceStatusReason") for one in events)
        return next((reason for reason in reasons if reason), "CloudFormation gives no reason")

    def _status(self, name: str) -> str | None:
        """None when it is gone."""
        stacks = living_stacks(self._cloudformation)
        return next((one["StackStatus"] for one in stacks if one["StackName"] == name), None)

    def _newest_first(self, names: set[str]) -> list[str]:
        found = [one for one in living_stacks(self._cloudformation) if one["StackName"] in names]
        found.sort(key=lambda one: one["CreationTime"], reverse=True)
        return [one["StackName"] for one in found]

    def _empty(self, buckets: Iterable[str]) -> None:
        for name in buckets:
            bucket = self._bucket(name)
            with suppress(bucket.meta.client.exceptions.NoSuchBucket):  # went in an earlier round
                bucket.object_versions.delete()

    def _delete_bucket(self, name: str) -> None:
        self._empty([name])
        self._bucket(name).delete()

    def _bucket(self, name: str) -> Any:
        s3 = self._deployed.session.resource("s3", endpoint_url=self._deployed.endpoint_url)
        return s3.Bucket(name)
